/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-key.h"
#include "imp-merkle.h"

G_BEGIN_DECLS

#define IMP_CHECKPOINT_MAX_SIZE (64 * 1024)

/* C2SP tlog-checkpoint in a signed-note: origin, size, root; then signatures. Immutable. The log signs twice with its Ed25519 key:
 * as the log (algorithm 1) and as a cosigner (algorithm 4, tlog-cosignature, with a time), so that a reader can tell a fresh head from a
 * frozen one.
 */
#define IMP_TYPE_CHECKPOINT (imp_checkpoint_get_type ())
G_DECLARE_FINAL_TYPE (ImpCheckpoint, imp_checkpoint, IMP, CHECKPOINT, GObject)

ImpCheckpoint *imp_checkpoint_new_signed    (const char     *origin,
                                             guint64         size,
                                             const ImpHash  *root,
                                             ImpKey         *log_key,
                                             gint64          now,
                                             GError        **error);
/* Parses only (IMP_ERROR_MALFORMED names the line); nothing of it may be believed before verify. */
ImpCheckpoint *imp_checkpoint_new_from_text (const char     *text,
                                             gssize          length,
                                             GError        **error);

const char    *imp_checkpoint_get_text      (ImpCheckpoint  *self);
const char    *imp_checkpoint_get_origin    (ImpCheckpoint  *self);
guint64        imp_checkpoint_get_size      (ImpCheckpoint  *self);
const ImpHash *imp_checkpoint_get_root      (ImpCheckpoint  *self);

/* @log_key is a verifier key of signed-note: "<name>+<8 hex>+<base64 of 0x01 and the 32 bytes>". Gives the time of the log's own cosignature (ms),
 * or -1 when there is none. IMP_ERROR_REFUSED.
 */
gboolean       imp_checkpoint_verify        (ImpCheckpoint  *self,
                                             const char     *log_key,
                                             gint64         *time,
                                             GError        **error);
char          *imp_note_verifier_key        (const char     *name,
                                             ImpKey         *key);

G_END_DECLS
