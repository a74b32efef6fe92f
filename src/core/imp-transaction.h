/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* One line of the ledger. Immutable. The leaf is canonical JSON
 * {arguments, contract, creator, function, time, transaction, writes}: arguments an array of strings with each token replaced by
 * "sha256:<hex>"; writes an array of {key, digest}, digest the SHA-256 of the value; time ISO 8601.
 */
#define IMP_TYPE_TRANSACTION (imp_transaction_get_type ())
G_DECLARE_FINAL_TYPE (ImpTransaction, imp_transaction, IMP, TRANSACTION, GObject)

/* From the leaf's bytes: what a ledger does. Everything else is derived from them. */
ImpTransaction *imp_transaction_new_from_leaf  (guint64          sequence,
                                                const char      *leaf,
                                                GError         **error);
/* From and to the wire (docs/api.md), where a page leaves the leaf out. If a leaf is there, all is derived from it and a member that
 * disagrees is IMP_ERROR_BAD_REPLY.
 */
ImpTransaction *imp_transaction_new_from_json  (JsonNode        *node,
                                                GError         **error);
JsonNode       *imp_transaction_to_json        (ImpTransaction  *self,
                                                gboolean         with_leaf);
/* The leaf of a transaction that is being made. */
char           *imp_transaction_make_leaf      (const char        *transaction,
                                                gint64             time,
                                                const char        *creator,
                                                const char        *contract,
                                                const char        *function,
                                                const char *const *arguments,
                                                JsonArray         *writes);

guint64         imp_transaction_get_sequence   (ImpTransaction  *self);
const char     *imp_transaction_get_id         (ImpTransaction  *self);
gint64          imp_transaction_get_time       (ImpTransaction  *self);
const char     *imp_transaction_get_contract   (ImpTransaction  *self);
const char     *imp_transaction_get_function   (ImpTransaction  *self);
const char     *imp_transaction_get_creator    (ImpTransaction  *self);
const char     *imp_transaction_get_author     (ImpTransaction  *self);  /* (nullable) fingerprint */
const char     *imp_transaction_get_class_id   (ImpTransaction  *self);  /* (nullable) */
const char     *imp_transaction_get_version    (ImpTransaction  *self);  /* (nullable) */
const char     *imp_transaction_get_cid        (ImpTransaction  *self);  /* (nullable) */
const char     *imp_transaction_get_leaf       (ImpTransaction  *self);  /* (nullable) on a page */

/* Keys of the world state: a kind and its parts, each percent-encoded so that no part can reach another's key. */
char           *imp_state_key                  (const char      *kind,
                                                ...) G_GNUC_NULL_TERMINATED;
char          **imp_state_key_split            (const char      *key);

G_END_DECLS
