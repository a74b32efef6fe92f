/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-note-key.h"

G_BEGIN_DECLS

#define IMP_NOTE_MAX_SIZE       (64 * 1024)
#define IMP_NOTE_MAX_SIGNATURES 16

/* A text that keys have signed. */
typedef struct
{
  char      *text;        /* (owned) with its last newline */
  GPtrArray *signatures;  /* (owned) */
} ImpNote;

ImpNote  *imp_note_new                (const char        *text);
ImpNote  *imp_note_new_from_text      (const char        *bytes,
                                       gssize             length,
                                       GError           **error);
void      imp_note_free               (ImpNote           *self);
char     *imp_note_to_text            (const ImpNote     *self);

gboolean  imp_note_sign               (ImpNote           *self,
                                       const char        *name,
                                       ImpKey            *key,
                                       GError           **error);
gboolean  imp_note_cosign             (ImpNote           *self,
                                       const char        *name,
                                       ImpKey            *key,
                                       gint64             now,
                                       GError           **error);
gboolean  imp_note_verify             (const ImpNote     *self,
                                       const char        *name,
                                       ImpKey            *key,
                                       GError           **error);
gboolean  imp_note_verify_cosignature (const ImpNote     *self,
                                       const char        *name,
                                       ImpKey            *key,
                                       gint64            *time,
                                       GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpNote, imp_note_free)

G_END_DECLS
