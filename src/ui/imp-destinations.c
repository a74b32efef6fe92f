/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-destinations.h"

#include <string.h>

#include <glib/gi18n.h>

#include "imp-author.h"
#include "imp-format.h"
#include "imp-search-text.h"
#include "imp-transaction.h"

/* More of a kind than these are for the page of that kind, which can be searched. */
#define MAX_PER_KIND 6

static const struct
{
  const char *action;
  const char *title;
} actions[] = {
  { "win.new-update", N_("New update") },
  { "win.open-file", N_("Choose a firmware file…") },
  { "win.generate-key", N_("Generate a key…") },
  { "win.import-key", N_("Import a key…") },
  { "win.register-key", N_("Register a key") },
  { "win.add-devices", N_("Add devices…") },
  { "win.audit-ledger", N_("Audit the ledger…") },
  { "win.edit-connections", N_("Connections…") },
  { "win.refresh", N_("Refresh") },
  { "app.preferences", N_("Preferences") },
  { "win.show-help-overlay", N_("Keyboard shortcuts") },
  { "app.help", N_("Help") },
  { "app.about", N_("About Imprimatur") },
};

/* Takes the destination; says whether another of its kind is wanted. */
static gboolean
add_matching (GPtrArray      *found,
              ImpDestination *destination,
              const char     *text,
              guint          *n_added)
{
  if (imp_destination_matches (destination, text))
    {
      g_ptr_array_add (found, destination);
      *n_added += 1;
    }
  else
    g_object_unref (destination);

  return *n_added < MAX_PER_KIND;
}

static ImpDestination *
describe_page (gpointer item)
{
  return g_object_ref (item);
}

static ImpDestination *
describe_connection (gpointer item)
{
  ImpConnection *connection = item;

  return imp_destination_new (IMP_DESTINATION_CONNECTION, imp_connection_get_name (connection),
                              imp_connection_is_embedded (connection)
                                ? NULL : imp_connection_get_identity (connection),
                              "win.use-connection", imp_connection_get_name (connection));
}

static ImpDestination *
describe_key (gpointer item)
{
  return imp_destination_new (IMP_DESTINATION_KEY, imp_author_get_label (item),
                              imp_author_get_fingerprint (item),
                              "win.show-key", imp_author_get_fingerprint (item));
}

static ImpDestination *
describe_device (gpointer item)
{
  g_autofree char *detail = NULL;

  detail = imp_device_get_version (item) != NULL
             ? g_strdup_printf ("%s %s", imp_device_get_class_id (item), imp_device_get_version (item))
             : g_strdup (imp_device_get_class_id (item));

  return imp_destination_new (IMP_DESTINATION_DEVICE, imp_device_get_id (item), detail,
                              "win.show-device", imp_device_get_id (item));
}

static ImpDestination *
describe_submission (gpointer item)
{
  g_autofree char *title = g_strdup_printf ("%s %s", imp_submission_get_class_id (item),
                                            imp_submission_get_version (item));

  return imp_destination_new (IMP_DESTINATION_SUBMISSION, title,
                              imp_submission_get_file_name (item),
                              "win.show-submission", imp_submission_get_id (item));
}

static void
find_in (GPtrArray       *found,
         GListModel      *model,
         const char      *text,
         ImpDestination *(*describe) (gpointer item))
{
  guint n = g_list_model_get_n_items (model);
  guint n_added = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (model, i);

      if (!add_matching (found, describe (item), text, &n_added))
        return;
    }
}

static void
find_actions (GPtrArray  *found,
              const char *text)
{
  guint n_added = 0;

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (!add_matching (found, imp_destination_new (IMP_DESTINATION_ACTION, _(actions[i].title),
                                                     NULL, actions[i].action, NULL),
                         text, &n_added))
        return;
    }
}

/**
 * imp_destinations_find:
 * @session: whose keys, devices, submissions and connections
 * @pages: a list of [class@Destination], the window's own pages
 * @text: what was typed
 *
 * Finds what can be gone to and is known here already.
 *
 * Returns: (transfer full) (element-type ImpDestination): the destinations
 */
GPtrArray *
imp_destinations_find (ImpSession *session,
                       GListModel *pages,
                       const char *text)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

  find_in (found, pages, text, describe_page);
  find_actions (found, text);
  find_in (found, imp_session_get_authors (session), text, describe_key);
  find_in (found, G_LIST_MODEL (imp_session_get_fleet (session)), text, describe_device);
  find_in (found, G_LIST_MODEL (imp_session_get_submissions (session)), text, describe_submission);
  find_in (found, G_LIST_MODEL (imp_session_get_connections (session)), text, describe_connection);
  return found;
}

static gboolean
has (const char *value,
     const char *text)
{
  g_autofree char *wanted = g_utf8_casefold (text, -1);

  return imp_search_text_matches (wanted, value);
}

/* Takes the destination, unless it is there already or there are enough of its kind. */
static void
add_new (GPtrArray      *found,
         ImpDestination *destination)
{
  guint n_same = 0;

  for (guint i = 0; i < found->len; i++)
    {
      ImpDestination *other = g_ptr_array_index (found, i);

      n_same += imp_destination_get_kind (other) == imp_destination_get_kind (destination);
      if (n_same == MAX_PER_KIND || imp_destination_equal (other, destination))
        {
          g_object_unref (destination);
          return;
        }
    }

  g_ptr_array_add (found, destination);
}

static gboolean
is_own (ImpSession *session,
        const char *fingerprint)
{
  GListModel *authors = imp_session_get_authors (session);
  guint n = g_list_model_get_n_items (authors);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpAuthor) author = g_list_model_get_item (authors, i);

      if (g_str_equal (imp_author_get_fingerprint (author), fingerprint))
        return TRUE;
    }

  return FALSE;
}

static void
classify_update (GPtrArray      *found,
                 ImpTransaction *transaction,
                 const char     *text)
{
  const char *id = imp_transaction_get_id (transaction);
  const char *class_id = imp_transaction_get_class_id (transaction);
  const char *version = imp_transaction_get_version (transaction);
  const char *cid = imp_transaction_get_cid (transaction);
  g_autofree char *update = g_strdup_printf ("%s %s", class_id, version);

  if (has (class_id, text))
    add_new (found, imp_destination_new (IMP_DESTINATION_CLASS, class_id, NULL,
                                         "win.search-ledger", class_id));
  if (has (class_id, text) || has (version, text))
    add_new (found, imp_destination_new (IMP_DESTINATION_VERSION, update, id,
                                         "win.show-transaction", id));
  if (has (cid, text))
    add_new (found, imp_destination_new (IMP_DESTINATION_CID, cid, update,
                                         "win.show-transaction", id));
}

static void
classify (GPtrArray      *found,
          ImpSession     *session,
          ImpTransaction *transaction,
          const char     *text)
{
  const char *id = imp_transaction_get_id (transaction);
  const char *author = imp_transaction_get_author (transaction);
  g_autofree char *time = imp_format_time (imp_transaction_get_time (transaction));

  if (imp_transaction_get_class_id (transaction) != NULL &&
      imp_transaction_get_version (transaction) != NULL)
    classify_update (found, transaction, text);
  if (has (id, text))
    add_new (found, imp_destination_new (IMP_DESTINATION_TRANSACTION, id, time,
                                         "win.show-transaction", id));
  /* An own key is among the keys. */
  if (has (author, text) && !is_own (session, author))
    add_new (found, imp_destination_new (IMP_DESTINATION_AUTHOR, author, NULL,
                                         "win.search-ledger", author));
}

static int
compare_kinds (gconstpointer a,
               gconstpointer b)
{
  ImpDestination *first = *(ImpDestination **) a;
  ImpDestination *second = *(ImpDestination **) b;

  return (int) imp_destination_get_kind (first) - (int) imp_destination_get_kind (second);
}

/**
 * imp_destinations_classify:
 * @session: whose keys are known by name
 * @transactions: (element-type ImpTransaction): what the ledger found
 * @text: what was asked for
 *
 * Says what @text means on the ledger: a class, a version, a transaction, a
 * payload, an author; each once.
 *
 * Returns: (transfer full) (element-type ImpDestination): the destinations
 */
GPtrArray *
imp_destinations_classify (ImpSession *session,
                           GPtrArray  *transactions,
                           const char *text)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < transactions->len; i++)
    classify (found, session, g_ptr_array_index (transactions, i), text);

  g_ptr_array_sort (found, compare_kinds);
  return found;
}
