/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define IMP_TRANSACTION_MAX_LEAF (8 * 1024 * 1024)  /* bytes */

#define IMP_TYPE_TRANSACTION (imp_transaction_get_type ())
G_DECLARE_FINAL_TYPE (ImpTransaction, imp_transaction, IMP, TRANSACTION, GObject)

ImpTransaction *imp_transaction_new_from_leaf  (guint64          sequence,
                                                const char      *leaf,
                                                GError         **error);
ImpTransaction *imp_transaction_new_from_json  (JsonNode        *node,
                                                GError         **error);
JsonNode       *imp_transaction_to_json        (ImpTransaction  *self,
                                                gboolean         with_leaf);
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
const char     *imp_transaction_get_author     (ImpTransaction  *self);
const char     *imp_transaction_get_class_id   (ImpTransaction  *self);
const char     *imp_transaction_get_version    (ImpTransaction  *self);
const char     *imp_transaction_get_cid        (ImpTransaction  *self);
const char     *imp_transaction_get_leaf       (ImpTransaction  *self);

char           *imp_state_key                  (const char      *kind,
                                                ...) G_GNUC_NULL_TERMINATED;
char          **imp_state_key_split            (const char      *key);

G_END_DECLS
