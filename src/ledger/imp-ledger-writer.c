/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-writer-private.h"

#include "imp-error.h"
#include "imp-ledger-rows-private.h"

#define MAX_QUEUE 1024
#define MAX_BATCH 256

/* What can wait is done when nobody does: the search index and writing the WAL back. Where
 * submissions never cease it is done all the same once so much has gathered.
 */
#define IDLE_TIME       (100 * 1000)  /* µs */
#define INDEX_ROWS      256
#define MAX_UNINDEXED   2048
#define IDLE_WAL_PAGES  256
#define MAX_WAL_PAGES   4096

struct _ImpLedgerWriter
{
  GThread           *thread;    /* (owned) */
  GAsyncQueue       *queue;     /* (owned) */
  ImpLedgerRecorder *recorder;  /* (owned) used by the thread only */
  GMainContext      *context;   /* (owned) where the ledger was made */
  GWeakRef           ledger;
  guint64            indexed;
  gboolean           idle;      /* nothing is left to be done */
};

/* Pushed to end the thread. */
static ImpLedgerSubmission quit;

typedef struct
{
  ImpLedger *ledger;        /* (owned) */
  GPtrArray *transactions;  /* (owned) */
} Announcement;

static void
announcement_free (Announcement *self)
{
  g_object_unref (self->ledger);
  g_ptr_array_unref (self->transactions);
  g_free (self);
}

static gboolean
announce_cb (gpointer user_data)
{
  Announcement *announcement = user_data;

  for (guint i = 0; i < announcement->transactions->len; i++)
    g_signal_emit_by_name (announcement->ledger, "committed",
                           g_ptr_array_index (announcement->transactions, i));

  return G_SOURCE_REMOVE;
}

/* Sources of one priority run in the order in which they came, which keeps the ledger's order. */
static void
post (GMainContext   *context,
      GSourceFunc     func,
      gpointer        data,
      GDestroyNotify  destroy)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, destroy);
  g_source_attach (source, context);
}

static void
announce (ImpLedgerWriter *self,
          GPtrArray       *submissions)
{
  g_autoptr(GPtrArray) transactions = g_ptr_array_new_with_free_func (g_object_unref);
  Announcement *announcement;
  ImpLedger *ledger;

  for (guint i = 0; i < submissions->len; i++)
    {
      ImpLedgerSubmission *submission = g_ptr_array_index (submissions, i);

      if (submission->receipt != NULL)
        g_ptr_array_add (transactions, g_object_ref (submission->receipt->transaction));
    }

  ledger = transactions->len > 0 ? g_weak_ref_get (&self->ledger) : NULL;
  if (ledger == NULL)
    return;

  announcement = g_new0 (Announcement, 1);
  announcement->ledger = ledger;
  announcement->transactions = g_steal_pointer (&transactions);
  post (self->context, announce_cb, announcement, (GDestroyNotify) announcement_free);
}

static gboolean
answer_cb (gpointer user_data)
{
  ImpLedgerSubmission *submission = user_data;

  if (submission->error != NULL)
    g_task_return_error (submission->task, g_steal_pointer (&submission->error));
  else
    g_task_return_pointer (submission->task, g_steal_pointer (&submission->receipt),
                           (GDestroyNotify) imp_receipt_free);

  return G_SOURCE_REMOVE;
}

/* The task is returned and let go in its own context, so that this thread never holds the last
 * reference to the ledger, which would have it wait for itself.
 */
static void
answer (ImpLedgerSubmission *submission)
{
  post (g_task_get_context (submission->task), answer_cb, submission,
        (GDestroyNotify) imp_ledger_submission_free);
}

static void
answer_all (ImpLedgerWriter *self,
            GPtrArray       *submissions)
{
  announce (self, submissions);
  for (guint i = 0; i < submissions->len; i++)
    answer (g_ptr_array_index (submissions, i));
}

/* The search index serves only convenience: where it cannot be written, the rows are looked through. */
static gboolean
index_some (ImpLedgerWriter *self,
            guint64          max_behind)
{
  guint64 size = self->recorder->tree.size;
  g_autoptr(GError) error = NULL;

  if (self->indexed + max_behind >= size)
    return FALSE;

  if (imp_ledger_search_update (self->recorder->db, size, INDEX_ROWS, &self->indexed, &error))
    return TRUE;

  g_info ("The search index waits: %s", error->message);
  return FALSE;
}

static gboolean
keep_house (ImpLedgerWriter *self,
            guint64          max_behind,
            int              max_pages)
{
  return index_some (self, max_behind) || imp_ledger_db_checkpoint (self->recorder->db, max_pages);
}

/* Where something is left to be done, only for a while. */
static ImpLedgerSubmission *
pop (ImpLedgerWriter *self)
{
  if (self->idle)
    return g_async_queue_pop (self->queue);

  return g_async_queue_timeout_pop (self->queue, IDLE_TIME);
}

static ImpLedgerSubmission *
wait_for_work (ImpLedgerWriter *self)
{
  ImpLedgerSubmission *submission;

  while ((submission = pop (self)) == NULL)
    {
      while (g_async_queue_length (self->queue) <= 0 && keep_house (self, 0, IDLE_WAL_PAGES))
        ;
      self->idle = g_async_queue_length (self->queue) <= 0;
    }

  return submission;
}

/* Takes all that waits. Returns whether the thread goes on. */
static gboolean
take (ImpLedgerWriter *self,
      GPtrArray       *batch)
{
  ImpLedgerSubmission *submission = wait_for_work (self);

  while (submission != NULL && submission != &quit)
    {
      g_ptr_array_add (batch, submission);
      submission = batch->len < MAX_BATCH ? g_async_queue_try_pop (self->queue) : NULL;
    }

  return submission != &quit;
}

static gpointer
write_thread (gpointer user_data)
{
  ImpLedgerWriter *self = user_data;
  gboolean running = TRUE;

  while (running)
    {
      g_autoptr(GPtrArray) batch = g_ptr_array_new ();

      running = take (self, batch);
      if (batch->len == 0)
        continue;

      imp_ledger_recorder_record (self->recorder, batch);
      answer_all (self, batch);
      keep_house (self, MAX_UNINDEXED, MAX_WAL_PAGES);
      self->idle = FALSE;
    }

  return NULL;
}

/* Starts the thread that records, takes over @recorder, and answers in the main context of the caller.
 * @ledger is held weakly, since it owns the writer.
 */
ImpLedgerWriter *
imp_ledger_writer_new (ImpLedgerRecorder *recorder,
                       ImpLedger         *ledger)
{
  ImpLedgerWriter *self = g_new0 (ImpLedgerWriter, 1);

  self->recorder = recorder;
  self->context = g_main_context_ref_thread_default ();
  self->queue = g_async_queue_new ();
  g_weak_ref_init (&self->ledger, ledger);
  self->thread = g_thread_new ("ledger-writer", write_thread, self);

  return self;
}

/* Ends when what is being committed is committed. */
void
imp_ledger_writer_free (ImpLedgerWriter *self)
{
  g_async_queue_push (self->queue, &quit);
  g_thread_join (g_steal_pointer (&self->thread));

  g_clear_pointer (&self->recorder, imp_ledger_recorder_free);
  g_clear_pointer (&self->queue, g_async_queue_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_weak_ref_clear (&self->ledger);
  g_free (self);
}

/* Takes @submission. */
void
imp_ledger_writer_submit (ImpLedgerWriter     *self,
                          ImpLedgerSubmission *submission)
{
  if (g_async_queue_length (self->queue) < MAX_QUEUE)
    {
      g_async_queue_push (self->queue, submission);
      return;
    }

  submission->error = g_error_new (IMP_ERROR, IMP_ERROR_LEDGER_UNAVAILABLE,
                                   "%d submissions wait already", MAX_QUEUE);
  answer (submission);
}
