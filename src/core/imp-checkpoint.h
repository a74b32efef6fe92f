/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-key.h"
#include "imp-merkle.h"
#include "imp-note.h"

G_BEGIN_DECLS

#define IMP_CHECKPOINT_MAX_SIZE IMP_NOTE_MAX_SIZE

/* The signed head of a log. */
#define IMP_TYPE_CHECKPOINT (imp_checkpoint_get_type ())
G_DECLARE_FINAL_TYPE (ImpCheckpoint, imp_checkpoint, IMP, CHECKPOINT, GObject)

ImpCheckpoint *imp_checkpoint_new_signed    (const char     *origin,
                                             guint64         size,
                                             const ImpHash  *root,
                                             ImpKey         *log_key,
                                             gint64          now,
                                             GError        **error);
ImpCheckpoint *imp_checkpoint_new_from_text (const char     *text,
                                             gssize          length,
                                             GError        **error);

const char    *imp_checkpoint_get_text      (ImpCheckpoint  *self);
const char    *imp_checkpoint_get_origin    (ImpCheckpoint  *self);
guint64        imp_checkpoint_get_size      (ImpCheckpoint  *self);
const ImpHash *imp_checkpoint_get_root      (ImpCheckpoint  *self);

gboolean       imp_checkpoint_verify        (ImpCheckpoint  *self,
                                             const char     *log_key,
                                             gint64         *time,
                                             GError        **error);

G_END_DECLS
