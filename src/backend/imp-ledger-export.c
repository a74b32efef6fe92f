/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-export.h"

#include <string.h>

#include "imp-agent-client-private.h"
#include "imp-agent-sync.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-progress.h"
#include "imp-time.h"

#define MAX_LIMIT 1000

/* Lines are written as they come, by a thread: neither the ledger nor the file is ever whole in
 * memory. The file takes its place when it is whole, and not at all otherwise.
 */
typedef struct
{
  ImpAgentSync          *agent;      /* (owned) */
  ImpLedgerFilter       *filter;     /* (owned) */
  GArray                *stretches;  /* (owned) of ImpLedgerStretch */
  ImpLedgerExportFormat  format;
  GFile                 *file;       /* (owned) */
  ImpProgress           *progress;   /* (owned) */
  guint64                done;
  guint64                total;      /* 0: not known */
} Export;

static void
export_free (gpointer data)
{
  Export *self = data;

  g_clear_pointer (&self->progress, imp_progress_end);
  g_clear_pointer (&self->agent, imp_agent_sync_free);
  imp_ledger_filter_free (self->filter);
  g_array_unref (self->stretches);
  g_object_unref (self->file);
  g_free (self);
}

/* RFC 4180. What a spreadsheet would take for a formula is marked as text for it: a class is named
 * by whoever registers an update.
 */
static void
append_field (GString    *line,
              const char *value)
{
  gboolean formula = value != NULL && *value != '\0' && strchr ("=+-@\t\r", *value) != NULL;

  if (value == NULL)
    return;

  if (!formula && strpbrk (value, ",\"\r\n") == NULL)
    {
      g_string_append (line, value);
      return;
    }

  g_string_append (line, formula ? "\"'" : "\"");
  for (const char *p = value; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (line, '"');
      g_string_append_c (line, *p);
    }
  g_string_append_c (line, '"');
}

static char *
make_csv_line (ImpTransaction *transaction)
{
  g_autoptr(GString) line = g_string_new (NULL);
  g_autofree char *time = imp_time_format (imp_transaction_get_time (transaction));
  const char *values[] = {
    time,
    imp_transaction_get_id (transaction),
    imp_transaction_get_contract (transaction),
    imp_transaction_get_function (transaction),
    imp_transaction_get_creator (transaction),
    imp_transaction_get_author (transaction),
    imp_transaction_get_class_id (transaction),
    imp_transaction_get_version (transaction),
    imp_transaction_get_cid (transaction),
  };

  g_string_append_printf (line, "%" G_GUINT64_FORMAT, imp_transaction_get_sequence (transaction));
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_string_append_c (line, ',');
      append_field (line, values[i]);
    }
  g_string_append (line, "\r\n");

  return g_string_free (g_steal_pointer (&line), FALSE);
}

/**
 * imp_ledger_export_make_line:
 * @transaction: a line of the ledger
 * @format: CSV as RFC 4180 has it, or JSON as agents send it
 *
 * Returns: (transfer full): the line, with its end where it is CSV
 */
char *
imp_ledger_export_make_line (ImpTransaction        *transaction,
                             ImpLedgerExportFormat  format)
{
  g_autoptr(JsonNode) node = NULL;

  g_return_val_if_fail (IMP_IS_TRANSACTION (transaction), NULL);

  if (format == IMP_LEDGER_EXPORT_CSV)
    return make_csv_line (transaction);

  node = imp_transaction_to_json (transaction, FALSE);
  return imp_json_canonicalize (node);
}

static gboolean
write_text (GOutputStream  *stream,
            const char     *text,
            GCancellable   *cancellable,
            GError        **error)
{
  return g_output_stream_write_all (stream, text, strlen (text), NULL, cancellable, error);
}

static gboolean
write_line (Export          *self,
            GOutputStream   *stream,
            ImpTransaction  *transaction,
            GCancellable    *cancellable,
            GError         **error)
{
  g_autofree char *line = imp_ledger_export_make_line (transaction, self->format);

  if (self->format == IMP_LEDGER_EXPORT_JSON && self->done > 0 &&
      !write_text (stream, ",\n", cancellable, error))
    return FALSE;

  self->done++;
  return write_text (stream, line, cancellable, error);
}

static ImpPage *
fetch_page (Export              *self,
            const ImpPageQuery  *query,
            GCancellable        *cancellable,
            GError             **error)
{
  g_autofree char *path = imp_page_query_make_path (query, "/v1/ledger");
  g_autoptr(JsonNode) node = imp_agent_sync_get_json (self->agent, path, cancellable, error);

  return node != NULL ? imp_page_new_of_transactions (node, error) : NULL;
}

/* Writes what is meant of a page, and says what is left to be skipped and written. */
static gboolean
write_page (Export            *self,
            GOutputStream     *stream,
            ImpPage           *page,
            ImpLedgerStretch  *left,
            GCancellable      *cancellable,
            GError           **error)
{
  guint skipped = MIN (left->skip, page->items->len);

  left->skip -= skipped;
  for (guint i = skipped; i < page->items->len && left->count > 0; i++)
    {
      if (!write_line (self, stream, page->items->pdata[i], cancellable, error))
        return FALSE;
      left->count--;
    }

  imp_progress_report (self->progress, self->done, self->total);
  return TRUE;
}

static gboolean
write_stretch (Export                  *self,
               GOutputStream           *stream,
               const ImpLedgerStretch  *stretch,
               GCancellable            *cancellable,
               GError                 **error)
{
  ImpLedgerStretch left = *stretch;
  ImpPageQuery query;
  guint64 *place;

  imp_ledger_filter_make_query (self->filter, &query);
  place = query.oldest_first ? &query.from : &query.before;
  if (stretch->first >= 0)
    *place = query.oldest_first ? stretch->first : stretch->first + 1;

  do
    {
      g_autoptr(ImpPage) page = NULL;

      query.limit = left.count < MAX_LIMIT ? MIN (left.count + left.skip, MAX_LIMIT) : MAX_LIMIT;
      if (!(page = fetch_page (self, &query, cancellable, error)) ||
          !write_page (self, stream, page, &left, cancellable, error))
        return FALSE;
      *place = page->next;
    }
  while (left.count > 0 && *place != 0);

  return TRUE;
}

static gboolean
write_all (Export         *self,
           GOutputStream  *stream,
           GCancellable   *cancellable,
           GError        **error)
{
  gboolean csv = self->format == IMP_LEDGER_EXPORT_CSV;

  if (!write_text (stream, csv ? IMP_LEDGER_EXPORT_CSV_HEAD : "[", cancellable, error))
    return FALSE;

  for (guint i = 0; i < self->stretches->len; i++)
    {
      if (!write_stretch (self, stream, &g_array_index (self->stretches, ImpLedgerStretch, i),
                          cancellable, error))
        return FALSE;
    }

  return csv || write_text (stream, "]\n", cancellable, error);
}

/* Closing under a cancellable that is cancelled leaves the file that was there before. Where there was
 * none, GIO writes into the new one itself.
 */
static gboolean
write_file (Export        *self,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(GCancellable) gone = g_cancellable_new ();
  g_autoptr(GFileOutputStream) file = NULL;
  g_autoptr(GOutputStream) stream = NULL;
  gboolean existed = g_file_query_exists (self->file, cancellable);

  file = g_file_replace (self->file, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, cancellable,
                         error);
  if (file == NULL)
    return FALSE;

  stream = g_buffered_output_stream_new_sized (G_OUTPUT_STREAM (file), 64 * 1024);
  if (write_all (self, stream, cancellable, error) &&
      g_output_stream_close (stream, cancellable, error))
    return TRUE;

  g_cancellable_cancel (gone);
  g_output_stream_close (G_OUTPUT_STREAM (file), gone, NULL);
  if (!existed)
    g_file_delete (self->file, NULL, NULL);
  return FALSE;
}

static void
export_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Export *self = task_data;
  g_autoptr(GError) error = NULL;

  if (write_file (self, cancellable, &error))
    g_task_return_int (task, self->done);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* 0 where a stretch has no end of its own. */
static guint64
count_lines (GArray *stretches)
{
  guint64 total = 0;

  for (guint i = 0; i < stretches->len; i++)
    {
      guint64 count = g_array_index (stretches, ImpLedgerStretch, i).count;

      if (count == G_MAXUINT64)
        return 0;
      total += count;
    }

  return total;
}

/**
 * imp_ledger_export_async:
 * @client: a client whose connection is open
 * @filter: which lines, and in which order
 * @stretches: (element-type ImpLedgerStretch): which of those
 * @format: what to write
 * @file: where to
 * @cancellable: (nullable): cancels it; a file that was there stays what it was
 * @progress: (nullable): told how many lines are written, of how many, 0 where that is not known
 * @progress_data: data for @progress
 * @callback: called once
 * @user_data: data for @callback
 *
 * Writes lines of the ledger to a file.
 */
void
imp_ledger_export_async (ImpAgentClient         *client,
                         const ImpLedgerFilter  *filter,
                         GArray                 *stretches,
                         ImpLedgerExportFormat   format,
                         GFile                  *file,
                         GCancellable           *cancellable,
                         GFileProgressCallback   progress,
                         gpointer                progress_data,
                         GAsyncReadyCallback     callback,
                         gpointer                user_data)
{
  g_autoptr(GTask) task = g_task_new (client, cancellable, callback, user_data);
  g_autoptr(GError) error = NULL;
  Export *self = g_new0 (Export, 1);

  g_return_if_fail (IMP_IS_AGENT_CLIENT (client));
  g_return_if_fail (filter != NULL && stretches != NULL);
  g_return_if_fail (G_IS_FILE (file));

  self->filter = imp_ledger_filter_copy (filter);
  self->stretches = g_array_ref (stretches);
  self->format = format;
  self->file = g_object_ref (file);
  self->total = count_lines (stretches);
  g_task_set_source_tag (task, imp_ledger_export_async);
  g_task_set_task_data (task, self, export_free);

  self->agent = imp_agent_sync_new (client, "retrieval", &error);
  if (self->agent == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self->progress = imp_progress_new (progress, progress_data);
  g_task_run_in_thread (task, export_thread);
}

/**
 * imp_ledger_export_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: how many lines were written; 0 with @error set where it failed
 */
guint64
imp_ledger_export_finish (ImpAgentClient  *client,
                          GAsyncResult    *result,
                          GError         **error)
{
  gssize n;

  g_return_val_if_fail (g_task_is_valid (result, client), 0);

  n = g_task_propagate_int (G_TASK (result), error);
  return MAX (n, 0);
}
