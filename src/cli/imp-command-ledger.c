/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-command.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#include "imp-error.h"
#include "imp-file.h"
#include "imp-ledger-export.h"
#include "imp-output.h"
#include "imp-time.h"
#include "imp-transactions.h"
#include "imp-verdicts.h"

static struct
{
  ImpPageOptions  page;
  char           *from;
  char           *contract;
  char           *cid;
  char           *text;
  char           *since;
  char           *until;
  gboolean        oldest_first;
  gboolean        csv;
  char           *output;
  gboolean        force;
  gboolean        payload;
} options;

/* A day of this computer's calendar, or a time as agents write it. */
static gboolean
parse_time (const char  *name,
            const char  *text,
            gboolean     end,
            gint64      *ms,
            GError     **error)
{
  if (text == NULL || imp_ledger_filter_parse_day (text, end, ms) || imp_time_parse (text, ms, NULL))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("%s: “%s” is neither a day such as 2026-03-31 nor a time such as "
                 "2026-03-31T14:04:19Z"), name, text);
  return FALSE;
}

static gboolean
parse_from (const char  *text,
            guint64     *from,
            GError     **error)
{
  if (text == NULL || g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, from, NULL))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("“%s” is no sequence number"), text);
  return FALSE;
}

static gboolean
make_query (ImpRun        *run,
            ImpPageQuery  *query,
            char         **author,
            GError       **error)
{
  if (!imp_page_options_make_query (&options.page, run, query, author, error) ||
      !parse_from (options.from, &query->from, error) ||
      !parse_time ("--since", options.since, FALSE, &query->since, error) ||
      !parse_time ("--until", options.until, TRUE, &query->until, error))
    return FALSE;

  query->oldest_first = options.oldest_first;
  query->contract = options.contract;
  query->cid = options.cid;
  query->text = options.text;
  return TRUE;
}

/* All that fits, a line at a time, whatever its length. */
static gboolean
export (ImpRun              *run,
        ImpAgentClient      *client,
        const ImpPageQuery  *query,
        GError             **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpProgressBar) bar = imp_run_start_progress (run, _("Writing lines"), IMP_PROGRESS_COUNT);
  g_autoptr(GArray) stretches = g_array_new (FALSE, FALSE, sizeof (ImpLedgerStretch));
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (options.output);
  ImpLedgerExportFormat format = options.csv ? IMP_LEDGER_EXPORT_CSV : IMP_LEDGER_EXPORT_JSON;
  ImpLedgerStretch stretch = { .first = -1, .count = G_MAXUINT64 };
  const ImpLedgerFilter filter = {
    (char *) query->text, (char *) query->author, (char *) query->class_id, (char *) query->version,
    (char *) query->cid, (char *) query->contract, query->since, query->until, query->oldest_first,
  };
  guint64 n;

  if (options.page.limit > 0)
    stretch.count = options.page.limit;
  if (query->oldest_first && query->from > 0)
    stretch.first = query->from;
  else if (!query->oldest_first && query->before > 0)
    stretch.first = query->before - 1;
  g_array_append_val (stretches, stretch);
  imp_ledger_export_async (client, &filter, stretches, format, file, imp_run_get_cancellable (run),
                           imp_progress_bar_cb, bar, imp_wait_cb, &wait);
  n = imp_ledger_export_finish (client, imp_wait (&wait), error);
  g_clear_pointer (&bar, imp_progress_bar_free);
  if (*error != NULL)
    return FALSE;

  imp_run_note (run, ngettext ("%" PRIu64 " line written to “%s”",
                               "%" PRIu64 " lines written to “%s”", n), n, options.output);
  return TRUE;
}

static void
print_csv (ImpPage *page)
{
  imp_print ("%s", IMP_LEDGER_EXPORT_CSV_HEAD);
  for (guint i = 0; i < page->items->len; i++)
    {
      g_autofree char *line = imp_ledger_export_make_line (page->items->pdata[i],
                                                           IMP_LEDGER_EXPORT_CSV);

      imp_print ("%s", line);
    }
}

static gboolean
run_log (ImpRun  *run,
         GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpPage) page = NULL;
  g_autofree char *author = NULL;
  ImpAgentClient *client;
  ImpPageQuery query;

  if (!make_query (run, &query, &author, error) ||
      (options.output != NULL && !imp_file_check_absent (options.output, options.force, error)) ||
      !(client = imp_run_connect (run, error)))
    return FALSE;

  if (options.output != NULL)
    return export(run, client, &query, error);

  imp_agent_client_list_transactions_async (client, &query, imp_run_get_cancellable (run),
                                            imp_wait_cb, &wait);
  if (!(page = imp_agent_client_list_transactions_finish (client, imp_wait (&wait), error)))
    return FALSE;

  if (options.csv)
    print_csv (page);
  else
    imp_transactions_print (page, "transactions", options.oldest_first, run);
  return TRUE;
}

static void
add_optional (ImpTable   *table,
              const char *title,
              const char *value)
{
  if (value != NULL)
    imp_table_add (table, title, value, NULL);
}

static void
print_transaction (ImpTransaction *transaction)
{
  static const char *const columns[] = { "", "", NULL };
  g_autoptr(ImpTable) table = imp_table_new (columns);
  g_autofree char *sequence = g_strdup_printf ("%" G_GUINT64_FORMAT,
                                               imp_transaction_get_sequence (transaction));
  g_autofree char *time = imp_format_local_time (imp_transaction_get_time (transaction));

  imp_table_add (table, _("Transaction"), imp_transaction_get_id (transaction), NULL);
  imp_table_add (table, _("Sequence"), sequence, NULL);
  imp_table_add (table, _("Time"), time, NULL);
  imp_table_add (table, _("Contract"), imp_transaction_get_contract (transaction), NULL);
  imp_table_add (table, _("Function"), imp_transaction_get_function (transaction), NULL);
  imp_table_add (table, _("Creator"), imp_transaction_get_creator (transaction), NULL);
  add_optional (table, _("Author"), imp_transaction_get_author (transaction));
  add_optional (table, _("Class"), imp_transaction_get_class_id (transaction));
  add_optional (table, _("Version"), imp_transaction_get_version (transaction));
  add_optional (table, _("CID"), imp_transaction_get_cid (transaction));
  add_optional (table, _("Leaf"), imp_transaction_get_leaf (transaction));
  imp_table_print (table);
}

static gboolean
run_show (ImpRun  *run,
          GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpTransaction) transaction = NULL;
  ImpAgentClient *client = imp_run_connect (run, error);

  if (client == NULL)
    return FALSE;

  imp_agent_client_get_transaction_async (client, imp_run_get_argument (run, 0),
                                          imp_run_get_cancellable (run), imp_wait_cb, &wait);
  transaction = imp_agent_client_get_transaction_finish (client, imp_wait (&wait), error);
  if (transaction == NULL)
    return FALSE;

  if (imp_run_is_json (run))
    {
      g_autoptr(JsonNode) node = imp_transaction_to_json (transaction, TRUE);

      imp_print_json (node);
    }
  else
    print_transaction (transaction);

  return TRUE;
}

static void
print_audit_json (const char *statement)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) node = NULL;

  json_builder_begin_object (builder);
  imp_json_add_boolean (builder, "verified", TRUE);
  imp_json_add_string (builder, "statement", statement);
  json_builder_end_object (builder);

  node = json_builder_get_root (builder);
  imp_print_json (node);
}

/* The whole log. What does not fit is a failed verification, whoever found it; an agent that cannot
 * be asked is not.
 */
static gboolean
audit (ImpRun          *run,
       ImpAgentClient  *client,
       GError         **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpProgressBar) bar = imp_run_start_progress (run, _("Checking leaves"), IMP_PROGRESS_COUNT);
  g_autofree char *statement = NULL;
  ImpTrust *trust = imp_run_get_trust (run);

  imp_trust_audit_async (trust, client, imp_run_get_cancellable (run), imp_progress_bar_cb, bar,
                         imp_wait_cb, &wait);
  statement = imp_trust_audit_finish (trust, imp_wait (&wait), error);
  g_clear_pointer (&bar, imp_progress_bar_free);

  if (statement == NULL)
    {
      if ((*error)->domain == IMP_ERROR && imp_exit_from_error (*error) != IMP_EXIT_UNREACHABLE)
        imp_run_set_failure (run, IMP_EXIT_NOT_VERIFIED, NULL);
      if (g_error_matches (*error, IMP_ERROR, IMP_ERROR_REFUSED))
        imp_run_set_failure (run, IMP_EXIT_NOT_VERIFIED, "NOT_VERIFIED");
      return FALSE;
    }

  if (imp_run_is_json (run))
    print_audit_json (statement);
  else
    imp_print ("%s\n", statement);

  return TRUE;
}

static gboolean
verify_update (ImpRun          *run,
               ImpAgentClient  *client,
               const char      *transaction,
               GError         **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(ImpVerdicts) verdicts = NULL;
  ImpTrust *trust = imp_run_get_trust (run);

  imp_trust_verify_update_async (trust, client, transaction, options.payload,
                                 imp_run_get_cancellable (run), imp_wait_cb, &wait);
  if (!(items = imp_trust_verify_update_finish (trust, imp_wait (&wait), error)))
    return FALSE;

  verdicts = imp_verdicts_new_from (items);
  imp_verdicts_print (verdicts, run, transaction);
  return imp_verdicts_conclude (verdicts, run, error);
}

static gboolean
run_verify (ImpRun  *run,
            GError **error)
{
  const char *transaction = imp_run_get_argument (run, 0);
  ImpAgentClient *client;

  if (transaction == NULL && options.payload)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                           _("--payload needs to know of which transaction"));
      return FALSE;
    }

  if (!(client = imp_run_connect (run, error)))
    return FALSE;

  return transaction != NULL ? verify_update (run, client, transaction, error)
                             : audit (run, client, error);
}

static const GOptionEntry log_options[] = {
  IMP_PAGE_OPTION_ENTRIES (options.page),
  IMP_TARGET_OPTION_ENTRIES (options.page),
  { "contract", 0, 0, G_OPTION_ARG_STRING, &options.contract,
    N_("Only this contract’s"), N_("CONTRACT") },
  { "cid", 0, 0, G_OPTION_ARG_STRING, &options.cid,
    N_("Only those about this payload"), N_("CID") },
  { "text", 0, 0, G_OPTION_ARG_STRING, &options.text,
    N_("Only those with this text in them"), N_("TEXT") },
  { "from", 0, 0, G_OPTION_ARG_STRING, &options.from,
    N_("Only those from this sequence number on"), N_("N") },
  { "since", 0, 0, G_OPTION_ARG_STRING, &options.since,
    N_("Only those recorded on this day or later"), N_("DAY") },
  { "until", 0, 0, G_OPTION_ARG_STRING, &options.until,
    N_("Only those recorded on this day or earlier"), N_("DAY") },
  { "oldest-first", 0, 0, G_OPTION_ARG_NONE, &options.oldest_first,
    N_("Begin with the oldest"), NULL },
  { "csv", 0, 0, G_OPTION_ARG_NONE, &options.csv,
    N_("Print or write comma-separated values"), NULL },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
    N_("Write all that fits to this file, as JSON unless --csv is given"), N_("FILE") },
  { "force", 'f', 0, G_OPTION_ARG_NONE, &options.force,
    N_("Replace the file if it is there"), NULL },
  { NULL }
};

static const GOptionEntry verify_options[] = {
  { "payload", 0, 0, G_OPTION_ARG_NONE, &options.payload,
    N_("Fetch the payload too and check it"), NULL },
  { NULL }
};

const ImpCommand imp_ledger_commands[] = {
  { "ledger", "log", NULL, 0, 0, N_("List the ledger’s transactions, newest first"),
    log_options, run_log },
  { "ledger", "show", "TRANSACTION", 1, 1, N_("Show one transaction"),
    NULL, run_show },
  { "ledger", "verify", "[TRANSACTION]", 0, 1,
    N_("Check one update, or the whole log, on this machine"),
    verify_options, run_verify },
  { NULL }
};
