/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-key.h"

G_BEGIN_DECLS

typedef enum
{
  IMP_NOTE_ED25519 = 0x01,
  IMP_NOTE_COSIGNATURE = 0x04,
} ImpNoteAlgorithm;

gboolean  imp_note_name_is_valid      (const char        *name);
gboolean  imp_note_get_key_id         (const char        *name,
                                       ImpNoteAlgorithm   algorithm,
                                       ImpKey            *key,
                                       guint32           *id,
                                       GError           **error);

char     *imp_note_verifier_key       (const char        *name,
                                       ImpKey            *key);
gboolean  imp_note_parse_verifier_key (const char        *text,
                                       char             **name,
                                       ImpKey           **key,
                                       GError           **error);

G_END_DECLS
