/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What a transaction's leaf says, and what follows from it. */
typedef struct
{
  gint64  time;      /* ms */
  char   *id;        /* (owned) */
  char   *contract;  /* (owned) */
  char   *function;  /* (owned) */
  char   *creator;   /* (owned) */
  char   *author;    /* (owned) (nullable) */
  char   *class_id;  /* (owned) (nullable) */
  char   *version;   /* (owned) (nullable) */
  char   *cid;       /* (owned) (nullable) */
} ImpTransactionFields;

gboolean imp_transaction_fields_read_leaf (ImpTransactionFields  *fields,
                                           const char            *leaf,
                                           GError               **error);
gboolean imp_transaction_fields_read_head (ImpTransactionFields  *fields,
                                           JsonObject            *object,
                                           GError               **error);
void     imp_transaction_fields_clear     (ImpTransactionFields  *fields);

G_END_DECLS
