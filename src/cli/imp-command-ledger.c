/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-command.h"

#include <glib/gi18n.h>

#include "imp-error.h"
#include "imp-output.h"
#include "imp-transactions.h"
#include "imp-verdicts.h"

static struct
{
  ImpPageOptions  page;
  char           *contract;
  char           *cid;
  char           *text;
  gboolean        payload;
} options;

static gboolean
run_log (ImpRun  *run,
         GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpPage) page = NULL;
  g_autofree char *author = NULL;
  ImpAgentClient *client;
  ImpPageQuery query;

  if (!imp_page_options_make_query (&options.page, run, &query, &author, error))
    return FALSE;

  query.contract = options.contract;
  query.cid = options.cid;
  query.text = options.text;
  if (!(client = imp_run_connect (run, error)))
    return FALSE;

  imp_agent_client_list_transactions_async (client, &query, imp_run_get_cancellable (run),
                                            imp_wait_cb, &wait);
  if (!(page = imp_agent_client_list_transactions_finish (client, imp_wait (&wait), error)))
    return FALSE;

  imp_transactions_print (page, "transactions", run);
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
