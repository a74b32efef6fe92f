/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "contract-fixture.h"
#include "imp-embedded-ledger.h"

G_BEGIN_DECLS

/* A ledger in a folder of its own, with an author who may publish. */
typedef struct
{
  char         *directory;
  TestPayloads *payloads;
  ImpLedger    *ledger;     /* (nullable) while it is closed */
  ImpKey       *author;
  char         *token;
  GPtrArray    *committed;  /* ImpTransaction, as the signal gave them */
} LedgerFixture;

/* One submission on its way. */
typedef struct
{
  char         *cid;
  GAsyncResult *result;
} LedgerCall;

void         ledger_set_up        (LedgerFixture       *self,
                                   gconstpointer        data);
void         ledger_tear_down     (LedgerFixture       *self,
                                   gconstpointer        data);
gboolean     ledger_try_open      (LedgerFixture       *self,
                                   GError             **error);
void         ledger_open          (LedgerFixture       *self);
void         ledger_close         (LedgerFixture       *self);
char        *ledger_path          (LedgerFixture       *self,
                                   const char          *name);
void         ledger_put_token_key (const char          *directory);

void         ledger_register      (LedgerFixture       *self,
                                   const char          *message);
LedgerCall  *ledger_start         (LedgerFixture       *self,
                                   const char          *class_id,
                                   const char          *version,
                                   gint64               sequence,
                                   GCancellable        *cancellable);
ImpReceipt  *ledger_finish        (LedgerFixture       *self,
                                   LedgerCall          *call,
                                   GError             **error);
ImpReceipt  *ledger_try_publish   (LedgerFixture       *self,
                                   const char          *class_id,
                                   const char          *version,
                                   gint64               sequence,
                                   GError             **error);
void         ledger_publish       (LedgerFixture       *self,
                                   guint                first,
                                   guint                n_updates);

char        *ledger_query_version (LedgerFixture       *self,
                                   const char          *class_id,
                                   GError             **error);
GPtrArray   *ledger_list          (LedgerFixture       *self,
                                   ImpLedgerQuery       query);
guint64      ledger_get_height    (LedgerFixture       *self);
gboolean     ledger_verify        (LedgerFixture       *self,
                                   GError             **error);
void         ledger_keep_result   (GObject             *object,
                                   GAsyncResult        *result,
                                   gpointer             user_data);
GAsyncResult *ledger_wait         (GAsyncResult       **result);

G_END_DECLS
