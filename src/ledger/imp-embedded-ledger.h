/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-ledger.h"
#include "imp-payload-reader.h"

G_BEGIN_DECLS

/* The embedded transparency log: ledger.db (SQLite, WAL, synchronous=FULL) and its keys (log key Ed25519, token key RSA-2048; files 0600) in @directory,
 * made when they are not there. Opening replays from the last signed head and names the leaf that does not fit (IMP_ERROR_CORRUPT). Blocking: call
 * it before the main loop runs, or in a thread.
 */
#define IMP_TYPE_EMBEDDED_LEDGER (imp_embedded_ledger_get_type ())
G_DECLARE_FINAL_TYPE (ImpEmbeddedLedger, imp_embedded_ledger, IMP, EMBEDDED_LEDGER, GObject)

ImpLedger *imp_embedded_ledger_open   (const char         *directory,
                                       const char         *origin,    /* "imprimatur.local/<random>" when NULL and new; kept in the file */
                                       const char         *creator,   /* who is written down as having submitted */
                                       ImpPayloadReader   *payloads,
                                       GError            **error);
/* Every leaf from the first: hashes, nodes, state digests, checkpoint. @progress may be NULL. */
gboolean   imp_embedded_ledger_verify (ImpEmbeddedLedger  *self,
                                       void              (*progress) (guint64 done, guint64 all, gpointer user_data),
                                       gpointer            user_data,
                                       GCancellable       *cancellable,
                                       GError            **error);

G_END_DECLS
