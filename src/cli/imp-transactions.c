/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-transactions.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#include "imp-error.h"
#include "imp-output.h"
#include "imp-run-keys.h"

#define MAX_LIMIT 1000
#define SHORT_ID 16  /* digits of a hash that a person tells apart */

static gboolean
parse_before (const char  *text,
              guint64     *before,
              GError     **error)
{
  *before = 0;
  if (text == NULL || g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, before, NULL))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("“%s” is no sequence number"), text);
  return FALSE;
}

/**
 * imp_page_options_make_query:
 * @self: what was given
 * @run: the command
 * @query: (out): the query, which borrows from @self and @author
 * @author: (out): a fingerprint that belongs to the query
 * @error: return location for an error
 *
 * Makes a query of the options.
 *
 * Returns: whether they make one
 */
gboolean
imp_page_options_make_query (ImpPageOptions  *self,
                             ImpRun          *run,
                             ImpPageQuery    *query,
                             char           **author,
                             GError         **error)
{
  *query = (ImpPageQuery) { .class_id = self->class_id, .version = self->version };

  if (self->limit < 0 || self->limit > MAX_LIMIT)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("--limit is between 1 and %d"), MAX_LIMIT);
      return FALSE;
    }

  query->limit = self->limit;
  if (!parse_before (self->before, &query->before, error))
    return FALSE;
  if (self->key != NULL && !(*author = imp_run_dup_fingerprint (run, self->key, error)))
    return FALSE;

  query->author = *author;
  return TRUE;
}

/* The newest update that the options fit. */
char *
imp_page_options_find_transaction (ImpPageOptions  *self,
                                   ImpRun          *run,
                                   GError         **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpPage) page = NULL;
  g_autofree char *author = NULL;
  ImpAgentClient *client;
  ImpPageQuery query;

  if (!imp_page_options_make_query (self, run, &query, &author, error) ||
      !(client = imp_run_connect (run, error)))
    return NULL;

  query.limit = 1;
  imp_agent_client_list_updates_async (client, &query, imp_run_get_cancellable (run),
                                       imp_wait_cb, &wait);
  if (!(page = imp_agent_client_list_updates_finish (client, imp_wait (&wait), error)))
    return NULL;

  if (page->items->len == 0)
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_UPDATE_NON_EXISTENT,
                           _("There is no such update on the ledger"));
      return NULL;
    }

  return g_strdup (imp_transaction_get_id (g_ptr_array_index (page->items, 0)));
}

/**
 * imp_page_options_dup_transaction:
 * @self: what was given
 * @run: the command
 * @error: return location for an error
 *
 * Finds the update that is meant: the one whose transaction is the command’s argument, or else the
 * newest that the options fit.
 *
 * Returns: (transfer full) (nullable): a transaction’s identity
 */
char *
imp_page_options_dup_transaction (ImpPageOptions  *self,
                                  ImpRun          *run,
                                  GError         **error)
{
  const char *given = imp_run_get_argument (run, 0);

  if (given == NULL)
    return imp_page_options_find_transaction (self, run, error);

  if (self->key != NULL || self->class_id != NULL || self->version != NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _("A transaction is one already; --key, --class and --version are for "
                             "finding one"));
      return NULL;
    }

  return g_strdup (given);
}

static void
print_json (ImpPage    *page,
            const char *member)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) node = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, member);
  json_builder_begin_array (builder);
  for (guint i = 0; i < page->items->len; i++)
    json_builder_add_value (builder, imp_transaction_to_json (g_ptr_array_index (page->items, i),
                                                              FALSE));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "next");
  if (page->next != 0)
    json_builder_add_int_value (builder, page->next);
  else
    json_builder_add_null_value (builder);
  json_builder_end_object (builder);

  node = json_builder_get_root (builder);
  imp_print_json (node);
}

static void
add_row (ImpTable       *table,
         ImpTransaction *transaction)
{
  g_autofree char *sequence = g_strdup_printf ("%" G_GUINT64_FORMAT,
                                               imp_transaction_get_sequence (transaction));
  g_autofree char *time = imp_format_local_time (imp_transaction_get_time (transaction));
  const char *author = imp_transaction_get_author (transaction);
  const char *class_id = imp_transaction_get_class_id (transaction);
  const char *version = imp_transaction_get_version (transaction);
  g_autofree char *who = g_strndup (author != NULL ? author : "", SHORT_ID);

  imp_table_add (table, sequence, time, imp_transaction_get_function (transaction), who,
                 class_id != NULL ? class_id : "", version != NULL ? version : "",
                 imp_transaction_get_id (transaction), NULL);
}

/**
 * imp_transactions_print:
 * @page: a page of the ledger
 * @member: the name of the list in JSON
 * @oldest_first: its order
 * @run: the command
 *
 * Prints a page, and how to get at the next one.
 */
void
imp_transactions_print (ImpPage    *page,
                        const char *member,
                        gboolean    oldest_first,
                        ImpRun     *run)
{
  const char *const header[] = { _("SEQUENCE"), _("TIME"), _("WHAT"), _("AUTHOR"),
                                 _("CLASS"), _("VERSION"), _("TRANSACTION"), NULL };
  g_autoptr(ImpTable) table = NULL;

  if (imp_run_is_json (run))
    {
      print_json (page, member);
      return;
    }

  if (page->items->len == 0)
    {
      imp_run_note (run, _("There is nothing on the ledger that fits"));
      return;
    }

  table = imp_table_new (header);
  for (guint i = 0; i < page->items->len; i++)
    add_row (table, g_ptr_array_index (page->items, i));
  imp_table_print (table);

  if (page->next != 0 && oldest_first)
    imp_run_note (run, _("There are more: --from %" PRIu64), page->next);
  else if (page->next != 0)
    imp_run_note (run, _("There are more: --before %" PRIu64), page->next);
}
