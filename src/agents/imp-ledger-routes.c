/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-routes.h"

#include "imp-contracts.h"
#include "imp-error.h"
#include "imp-time.h"
#include "imp-update-details.h"

#define DEFAULT_LIMIT 100
#define MAX_LIMIT     1000

/* A page that is being read, and the request that waits for it. */
typedef struct
{
  ImpRequest *request;       /* (owned) */
  const char *member;
} Page;

static void
page_free (Page *page)
{
  g_object_unref (page->request);
  g_free (page);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Page, page_free)

static Page *
page_new (ImpRequest *request,
          const char *member)
{
  Page *page = g_new0 (Page, 1);

  page->request = g_object_ref (request);
  page->member = member;
  return page;
}

static void
reply_object (ImpRequest *request,
              JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), object);

  imp_request_reply_json (request, SOUP_STATUS_OK, node);
}

static JsonNode *
describe_update (ImpTransaction *transaction)
{
  JsonNode *node = imp_transaction_to_json (transaction, FALSE);
  JsonObject *object = json_node_get_object (node);

  json_object_remove_member (object, "contract");
  json_object_remove_member (object, "function");
  json_object_remove_member (object, "creator");
  return node;
}

static void
reply_page (ImpRequest *request,
            const char *member,
            GPtrArray  *transactions,
            guint64     next)
{
  g_autoptr(JsonObject) reply = json_object_new ();
  gboolean updates = g_str_equal (member, "updates");
  JsonArray *array = json_array_new ();

  for (guint i = 0; transactions != NULL && i < transactions->len; i++)
    {
      ImpTransaction *transaction = g_ptr_array_index (transactions, i);

      json_array_add_element (array, updates ? describe_update (transaction)
                                             : imp_transaction_to_json (transaction, FALSE));
    }

  if (next != 0)
    json_object_set_int_member (reply, "next", next);
  else
    json_object_set_null_member (reply, "next");
  json_object_set_array_member (reply, member, array);
  reply_object (request, reply);
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Page) page = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) transactions = NULL;
  guint64 next;

  transactions = imp_ledger_list_transactions_finish (IMP_LEDGER (object), result, &next, &error);
  if (transactions != NULL)
    reply_page (page->request, page->member, transactions, next);
  else
    imp_request_reply_error (page->request, error);
}

/* 1970 itself would mean any time, and nothing was recorded then. */
static gboolean
get_time (ImpRequest  *request,
          const char  *name,
          gint64      *time,
          GError     **error)
{
  const char *text = imp_request_get_query (request, name);

  if (text == NULL)
    return TRUE;

  if (!imp_time_parse (text, time, error))
    {
      g_prefix_error (error, "“%s”: ", name);
      return FALSE;
    }

  *time = MAX (*time, 1);
  return TRUE;
}

static gboolean
get_order (ImpRequest  *request,
           gboolean    *oldest_first,
           GError     **error)
{
  const char *order = imp_request_get_query (request, "order");

  *oldest_first = g_strcmp0 (order, "oldest") == 0;
  if (order == NULL || *oldest_first || g_str_equal (order, "newest"))
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
               "“order” must be “newest” or “oldest”, not “%.32s”", order);
  return FALSE;
}

static gboolean
read_query (ImpRequest      *request,
            ImpLedgerQuery  *query,
            GError         **error)
{
  guint64 limit = DEFAULT_LIMIT;

  if (!imp_request_get_query_int (request, "before", 0, G_MAXINT64, &query->before, error) ||
      !imp_request_get_query_int (request, "from", 0, G_MAXINT64, &query->from, error) ||
      !imp_request_get_query_int (request, "limit", 1, MAX_LIMIT, &limit, error) ||
      !get_time (request, "since", &query->since, error) ||
      !get_time (request, "until", &query->until, error) ||
      !get_order (request, &query->oldest_first, error))
    return FALSE;

  query->limit = limit;
  query->contract = imp_request_get_query (request, "contract");
  query->function = imp_request_get_query (request, "function");
  query->author = imp_request_get_query (request, "author");
  query->class_id = imp_request_get_query (request, "class");
  query->version = imp_request_get_query (request, "version");
  query->cid = imp_request_get_query (request, "cid");
  query->text = imp_request_get_query (request, "text");
  return TRUE;
}

static void
list (ImpLedger         *ledger,
      ImpRequest        *request,
      const char        *member,
      const char *const *names)
{
  g_autoptr(GError) error = NULL;
  ImpLedgerQuery query = { 0 };

  if (!imp_request_check_query (request, names, &error) ||
      !read_query (request, &query, &error))
    {
      imp_request_reply_error (request, error);
      return;
    }

  /* Nothing is older than the first transaction, while 0 would mean from the newest on. */
  if (query.before == 0 && imp_request_get_query (request, "before") != NULL)
    {
      reply_page (request, member, NULL, 0);
      return;
    }

  if (g_str_equal (member, "updates"))
    query.contract = IMP_CONTRACT_REGISTER_UPDATE;

  imp_ledger_list_transactions_async (ledger, &query, imp_request_get_cancellable (request),
                                      listed_cb, page_new (request, member));
}

static void
handle_updates (ImpRequest *request,
                gpointer    user_data)
{
  static const char *const names[] = { "author", "class", "version", "before", "limit", NULL };

  list (user_data, request, "updates", names);
}

static void
handle_transactions (ImpRequest *request,
                     gpointer    user_data)
{
  static const char *const names[] = {
    "author", "class", "version", "before", "limit", "cid", "contract", "function", "text",
    "from", "since", "until", "order", NULL,
  };

  list (user_data, request, "transactions", names);
}

static void
details_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ImpRequest) request = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = imp_update_details_finish (IMP_LEDGER (object), result, &error);

  if (node != NULL)
    imp_request_reply_json (request, SOUP_STATUS_OK, node);
  else
    imp_request_reply_error (request, error);
}

static void
handle_update (ImpRequest *request,
               gpointer    user_data)
{
  imp_update_details_async (user_data, imp_request_get_parameter (request, "transaction"),
                            imp_request_get_cancellable (request), details_cb,
                            g_object_ref (request));
}

static void
transaction_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(ImpRequest) request = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpTransaction) transaction = NULL;
  g_autoptr(JsonNode) node = NULL;

  transaction = imp_ledger_get_transaction_finish (IMP_LEDGER (object), result, &error);
  if (transaction == NULL)
    {
      imp_request_reply_error (request, error);
      return;
    }

  node = imp_transaction_to_json (transaction, TRUE);
  imp_request_reply_json (request, SOUP_STATUS_OK, node);
}

static void
handle_transaction (ImpRequest *request,
                    gpointer    user_data)
{
  imp_ledger_get_transaction_async (user_data, imp_request_get_parameter (request, "transaction"),
                                    imp_request_get_cancellable (request), transaction_cb,
                                    g_object_ref (request));
}

static const ImpRoute routes[] = {
  { "GET", "/v1/updates", IMP_ROUTE_PLAIN, 0, handle_updates },
  { "GET", "/v1/updates/{transaction}", IMP_ROUTE_PLAIN, 0, handle_update },
  { "GET", "/v1/ledger", IMP_ROUTE_PLAIN, 0, handle_transactions },
  { "GET", "/v1/ledger/{transaction}", IMP_ROUTE_PLAIN, 0, handle_transaction },
};

/**
 * imp_ledger_routes_add:
 * @agent: an agent
 * @ledger: a ledger, which outlives @agent
 *
 * Lets @agent answer what @ledger holds.
 */
void
imp_ledger_routes_add (ImpAgent  *agent,
                       ImpLedger *ledger)
{
  g_return_if_fail (IMP_IS_AGENT (agent));
  g_return_if_fail (IMP_IS_LEDGER (ledger));

  imp_agent_add_routes (agent, routes, G_N_ELEMENTS (routes), ledger);
}
