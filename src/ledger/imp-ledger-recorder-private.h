/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-ledger-db-private.h"
#include "imp-ledger-head-private.h"
#include "imp-ledger-tree-private.h"
#include "imp-ledger.h"
#include "imp-payload-reader.h"

G_BEGIN_DECLS

/* What was asked for, and what it came to: a receipt or an error. */
typedef struct
{
  GTask          *task;         /* (owned) */
  char           *contract;     /* (owned) */
  char           *function;     /* (owned) */
  char          **arguments;    /* (owned) */

  char           *result;       /* (nullable) (owned) */
  ImpTransaction *transaction;  /* (nullable) (owned) */
  gint64          verify_time;
  ImpReceipt     *receipt;      /* (nullable) (owned) */
  GError         *error;        /* (nullable) (owned) */
} ImpLedgerSubmission;

ImpLedgerSubmission *imp_ledger_submission_new  (GTask                *task,
                                                 const char           *contract,
                                                 const char           *function,
                                                 const char *const    *arguments);
void                 imp_ledger_submission_free (ImpLedgerSubmission  *self);

/* Runs submissions and makes what they did durable. */
typedef struct
{
  ImpLedgerDb      *db;         /* (owned) */
  ImpLedgerTree     tree;
  ImpLedgerHead    *head;       /* (borrowed) */
  char             *creator;    /* (owned) */
  ImpPayloadReader *payloads;   /* (nullable) (owned) */
  ImpKey           *token_key;  /* (owned) */
} ImpLedgerRecorder;

ImpLedgerRecorder *imp_ledger_recorder_new    (ImpLedgerDb        *db,
                                               ImpLedgerHead      *head,
                                               const char         *creator,
                                               ImpPayloadReader   *payloads,
                                               ImpKey             *token_key);
void               imp_ledger_recorder_free   (ImpLedgerRecorder  *self);
void               imp_ledger_recorder_record (ImpLedgerRecorder  *self,
                                               GPtrArray          *submissions);
gboolean           imp_ledger_recorder_seal   (ImpLedgerDb        *db,
                                               ImpCheckpoint      *checkpoint,
                                               gint64              now,
                                               GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpLedgerRecorder, imp_ledger_recorder_free)

G_END_DECLS
