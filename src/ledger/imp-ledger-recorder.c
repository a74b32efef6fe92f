/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-recorder-private.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "imp-contracts.h"
#include "imp-digest.h"
#include "imp-error.h"
#include "imp-ledger-rows-private.h"
#include "imp-ledger-state-private.h"
#include "imp-time.h"

/* Makes what waits to be recorded: copies of the texts, and the task that is answered with what comes
 * of it.
 */
ImpLedgerSubmission *
imp_ledger_submission_new (GTask             *task,
                           const char        *contract,
                           const char        *function,
                           const char *const *arguments)
{
  ImpLedgerSubmission *self = g_new0 (ImpLedgerSubmission, 1);

  self->task = g_object_ref (task);
  self->contract = g_strdup (contract);
  self->function = g_strdup (function);
  self->arguments = g_strdupv ((char **) arguments);

  return self;
}

/* A token is among the arguments of createUpdate, and what createAuthor returns. */
static void
wipe (char *text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));

  g_free (text);
}

static void
wipe_arguments (char **arguments)
{
  for (guint i = 0; arguments[i] != NULL; i++)
    wipe (arguments[i]);

  g_free (arguments);
}

/* Frees a submission. Arguments and result may hold tokens, so they are overwritten first. */
void
imp_ledger_submission_free (ImpLedgerSubmission *self)
{
  g_clear_object (&self->task);
  g_free (self->contract);
  g_free (self->function);
  wipe_arguments (self->arguments);
  wipe (self->result);
  g_clear_object (&self->transaction);
  g_clear_pointer (&self->receipt, imp_receipt_free);
  g_clear_error (&self->error);
  g_free (self);
}

/* Takes over @db, the connection that writes; @head is lent by the ledger, which outlives the recorder.
 * Without @payloads no contract can look at a payload.
 */
ImpLedgerRecorder *
imp_ledger_recorder_new (ImpLedgerDb      *db,
                         ImpLedgerHead    *head,
                         const char       *creator,
                         ImpPayloadReader *payloads,
                         ImpKey           *token_key)
{
  ImpLedgerRecorder *self = g_new0 (ImpLedgerRecorder, 1);

  self->db = db;
  self->head = head;
  self->creator = g_strdup (creator);
  self->token_key = g_object_ref (token_key);
  g_set_object (&self->payloads, payloads);

  return self;
}

/* Closes the connection that writes, and frees the rest. */
void
imp_ledger_recorder_free (ImpLedgerRecorder *self)
{
  g_clear_pointer (&self->db, imp_ledger_db_close);
  g_clear_object (&self->payloads);
  g_clear_object (&self->token_key);
  g_free (self->creator);
  g_free (self);
}

static char *
make_id (GError **error)
{
  guint8 bytes[32];

  if (getrandom (bytes, sizeof bytes, 0) == sizeof bytes)
    return imp_hex_encode (bytes, sizeof bytes);

  g_set_error (error, IMP_ERROR, IMP_ERROR_LEDGER_UNAVAILABLE,
               "the system gives no random numbers: %s", g_strerror (errno));
  return NULL;
}

static char *
run_contract (ImpLedgerRecorder    *self,
              ImpLedgerSubmission  *submission,
              ImpLedgerState       *state,
              GError              **error)
{
  ImpContractContext context = {
    .state = IMP_WORLD_STATE (state),
    .payloads = self->payloads,
    .token_key = self->token_key,
  };
  gint64 start = g_get_monotonic_time ();
  char *result;

  result = imp_contract_invoke (&context, submission->contract, submission->function,
                                (const char *const *) submission->arguments, error);
  submission->verify_time = g_get_monotonic_time () - start;

  return result;
}

static ImpTransaction *
make_transaction (ImpLedgerRecorder    *self,
                  ImpLedgerSubmission  *submission,
                  guint64               sequence,
                  ImpLedgerState       *state,
                  GError              **error)
{
  ImpWorldState *world = IMP_WORLD_STATE (state);
  g_auto(GStrv) arguments = NULL;
  g_autofree char *leaf = NULL;

  arguments = imp_contract_redact (submission->contract, submission->function,
                                   (const char *const *) submission->arguments);
  leaf = imp_transaction_make_leaf (imp_world_state_get_transaction (world),
                                    imp_world_state_get_time (world), self->creator,
                                    submission->contract, submission->function,
                                    (const char *const *) arguments,
                                    imp_ledger_state_get_writes (state));

  return imp_transaction_new_from_leaf (sequence, leaf, error);
}

static gboolean
record_leaf (ImpLedgerRecorder  *self,
             ImpTransaction     *transaction,
             ImpLedgerTree      *tree,
             GError            **error)
{
  const char *leaf = imp_transaction_get_leaf (transaction);
  ImpHash hash;

  imp_merkle_hash_leaf (leaf, strlen (leaf), &hash);

  return imp_ledger_row_insert (self->db, transaction, error) &&
         imp_ledger_tree_append (tree, &hash, imp_ledger_node_write, self->db, error);
}

/* A refusal takes back what the contract wrote, and the batch goes on without it. */
static gboolean
refuse (ImpLedgerRecorder    *self,
        ImpLedgerSubmission  *submission,
        ImpLedgerState       *state,
        GError               *refusal,
        GError              **error)
{
  submission->error = refusal;

  return !imp_ledger_state_get_failure (state, error) &&
         imp_ledger_db_execute (self->db, "ROLLBACK TO submission; RELEASE submission", error);
}

/* FALSE says that the file failed, and with it the batch. */
static gboolean
run (ImpLedgerRecorder    *self,
     ImpLedgerSubmission  *submission,
     ImpLedgerTree        *tree,
     GError              **error)
{
  g_autofree char *id = NULL;
  g_autoptr(ImpLedgerState) state = NULL;
  GError *refusal = NULL;

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (submission->task),
                                            &submission->error))
    return TRUE;

  if (!(id = make_id (error)) ||
      !imp_ledger_db_execute (self->db, "SAVEPOINT submission", error))
    return FALSE;

  state = imp_ledger_state_new (self->db, tree->size, id, imp_time_now ());
  submission->result = run_contract (self, submission, state, &refusal);
  if (submission->result != NULL)
    submission->transaction = make_transaction (self, submission, tree->size, state, &refusal);
  if (submission->transaction == NULL)
    return refuse (self, submission, state, refusal, error);

  return record_leaf (self, submission->transaction, tree, error) &&
         imp_ledger_db_execute (self->db, "RELEASE submission", error);
}

/* Writes a signed head in place of the one before. */
gboolean
imp_ledger_recorder_seal (ImpLedgerDb    *db,
                          ImpCheckpoint  *checkpoint,
                          gint64          now,
                          GError        **error)
{
  gint64 size = (gint64) imp_checkpoint_get_size (checkpoint);
  g_autoptr(ImpLedgerStatement) clear = NULL;
  g_autoptr(ImpLedgerStatement) insert = NULL;

  if (!(clear = imp_ledger_db_prepare (db, "DELETE FROM checkpoints WHERE size <= ?", error)) ||
      !(insert = imp_ledger_db_prepare (db, "INSERT INTO checkpoints VALUES (?, ?, ?)", error)))
    return FALSE;

  sqlite3_bind_int64 (clear, 1, size);
  sqlite3_bind_int64 (insert, 1, size);
  sqlite3_bind_int64 (insert, 2, now);
  imp_ledger_statement_bind_text (insert, 3, imp_checkpoint_get_text (checkpoint));

  return imp_ledger_db_run (db, clear, error) && imp_ledger_db_run (db, insert, error);
}

static ImpCheckpoint *
sign_and_commit (ImpLedgerRecorder    *self,
                 const ImpLedgerTree  *tree,
                 gint64                now,
                 GError              **error)
{
  g_autoptr(ImpCheckpoint) checkpoint = NULL;
  ImpHash root;

  imp_ledger_tree_get_root (tree, &root);
  if (!(checkpoint = imp_ledger_head_sign (self->head, tree->size, &root, now, error)) ||
      !imp_ledger_recorder_seal (self->db, checkpoint, now, error) ||
      !imp_ledger_db_check_place (self->db, error) ||
      !imp_ledger_db_execute (self->db, "COMMIT", error))
    return NULL;

  return g_steal_pointer (&checkpoint);
}

/* What was refused may have been refused because of one that is now gone, so nobody's answer stands
 * when the file failed. Only who cancelled gets what was wanted.
 */
static void
fail (ImpLedgerSubmission *submission,
      const GError        *failure)
{
  if (g_error_matches (submission->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_error (&submission->error);
  submission->error = g_error_copy (failure);
}

static void
make_receipt (ImpLedgerSubmission *submission,
              ImpCheckpoint       *checkpoint)
{
  submission->receipt = imp_receipt_new (submission->result, submission->transaction, checkpoint);
  submission->receipt->verify_time = submission->verify_time;
}

static gboolean
run_all (ImpLedgerRecorder  *self,
         GPtrArray          *submissions,
         ImpLedgerTree      *tree,
         gint64             *last_time,
         GError            **error)
{
  if (!imp_ledger_db_execute (self->db, "BEGIN IMMEDIATE", error))
    return FALSE;

  for (guint i = 0; i < submissions->len; i++)
    {
      ImpLedgerSubmission *submission = g_ptr_array_index (submissions, i);

      if (!run (self, submission, tree, error))
        return FALSE;

      if (submission->transaction != NULL)
        *last_time = imp_transaction_get_time (submission->transaction);
    }

  return TRUE;
}

/* Runs all of @submissions in one transaction of SQLite: leaves, state, nodes and the head that
 * signs for them become durable together, or none of them. Each submission has its receipt or its
 * error afterwards.
 */
void
imp_ledger_recorder_record (ImpLedgerRecorder *self,
                            GPtrArray         *submissions)
{
  ImpLedgerTree tree = self->tree;
  gint64 now = imp_time_now ();
  gint64 last_time = -1;
  g_autoptr(ImpCheckpoint) checkpoint = NULL;
  g_autoptr(GError) failure = NULL;

  if (run_all (self, submissions, &tree, &last_time, &failure) && tree.size > self->tree.size)
    checkpoint = sign_and_commit (self, &tree, now, &failure);

  if (checkpoint != NULL)
    {
      self->tree = tree;
      imp_ledger_head_set (self->head, checkpoint, now, last_time);
    }
  else
    imp_ledger_db_roll_back (self->db);

  for (guint i = 0; i < submissions->len; i++)
    {
      ImpLedgerSubmission *submission = g_ptr_array_index (submissions, i);

      if (failure != NULL)
        fail (submission, failure);
      else if (submission->error == NULL)
        make_receipt (submission, checkpoint);
    }
}
