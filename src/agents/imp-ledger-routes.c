/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-routes.h"

#include "imp-contracts.h"
#include "imp-error.h"
#include "imp-update-details.h"

#define DEFAULT_LIMIT   100
#define MAX_LIMIT       1000
#define MAX_LEAVES_SIZE (8 * 1024 * 1024)  /* of one reply: one leaf at least, and no more than these */
#define LEAVES_BATCH    16
#define MAX_SEQUENCE    ((guint64) G_MAXINT64 - MAX_LIMIT)

/* A page that is being read, and the request that waits for it. */
typedef struct
{
  ImpLedger *ledger;         /* (owned) */
  ImpRequest *request;       /* (owned) */
  const char *member;
  guint64 from;
  guint64 limit;
  JsonArray *leaves;         /* (owned) (nullable) */
  gsize size;
} Page;

static void
page_free (Page *page)
{
  g_clear_pointer (&page->leaves, json_array_unref);
  g_object_unref (page->ledger);
  g_object_unref (page->request);
  g_free (page);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Page, page_free)

static Page *
page_new (ImpLedger  *ledger,
          ImpRequest *request)
{
  Page *page = g_new0 (Page, 1);

  page->ledger = g_object_ref (ledger);
  page->request = g_object_ref (request);
  page->limit = DEFAULT_LIMIT;
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
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Page) page = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) transactions = NULL;
  g_autoptr(JsonObject) reply = json_object_new ();
  gboolean updates = strcmp (page->member, "updates") == 0;
  JsonArray *array;

  transactions = imp_ledger_list_transactions_finish (IMP_LEDGER (object), result, &error);
  if (transactions == NULL)
    {
      imp_request_reply_error (page->request, error);
      return;
    }

  array = json_array_new ();
  for (guint i = 0; i < transactions->len; i++)
    {
      ImpTransaction *transaction = g_ptr_array_index (transactions, i);

      json_array_add_element (array, updates ? describe_update (transaction)
                                             : imp_transaction_to_json (transaction, FALSE));
    }

  /* A page that is full may have a next one; that of the very first transaction has none. */
  json_object_set_null_member (reply, "next");
  if (transactions->len > 0 && transactions->len == page->limit)
    {
      guint64 last = imp_transaction_get_sequence (
        g_ptr_array_index (transactions, transactions->len - 1));

      if (last > 0)
        json_object_set_int_member (reply, "next", last);
    }

  json_object_set_array_member (reply, page->member, array);
  reply_object (page->request, reply);
}

static void
list (ImpLedger         *ledger,
      ImpRequest        *request,
      const char        *member,
      const char *const *names)
{
  g_autoptr(Page) page = page_new (ledger, request);
  g_autoptr(GError) error = NULL;
  ImpLedgerQuery query = { 0 };
  guint64 before = 0;

  if (!imp_request_check_query (request, names, &error) ||
      !imp_request_get_query_int (request, "before", 0, G_MAXINT64, &before, &error) ||
      !imp_request_get_query_int (request, "limit", 1, MAX_LIMIT, &page->limit, &error))
    {
      imp_request_reply_error (request, error);
      return;
    }

  /* Nothing is older than the first transaction, while 0 would mean from the newest on. */
  if (before == 0 && imp_request_get_query (request, "before") != NULL)
    {
      g_autoptr(JsonObject) reply = json_object_new ();

      json_object_set_array_member (reply, member, json_array_new ());
      json_object_set_null_member (reply, "next");
      reply_object (request, reply);
      return;
    }

  page->member = member;
  query.before = before;
  query.limit = page->limit;
  query.contract = imp_request_get_query (request, "contract");
  query.function = imp_request_get_query (request, "function");
  query.author = imp_request_get_query (request, "author");
  query.class_id = imp_request_get_query (request, "class");
  query.version = imp_request_get_query (request, "version");
  query.cid = imp_request_get_query (request, "cid");
  query.text = imp_request_get_query (request, "text");
  if (strcmp (member, "updates") == 0)
    query.contract = IMP_CONTRACT_REGISTER_UPDATE;

  imp_ledger_list_transactions_async (ledger, &query, imp_request_get_cancellable (request),
                                      listed_cb, g_steal_pointer (&page));
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
  static const char *const names[] = { "author", "class",    "version",  "before", "limit",
                                       "cid",    "contract", "function", "text",   NULL };

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

static void
handle_key (ImpRequest *request,
            gpointer    user_data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *key = imp_ledger_get_log_key (user_data, &error);
  g_autoptr(JsonObject) reply = NULL;

  if (key == NULL)
    {
      imp_request_reply_error (request, error);
      return;
    }

  reply = json_object_new ();
  json_object_set_string_member (reply, "key", key);
  reply_object (request, reply);
}

static void
checkpoint_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ImpRequest) request = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpCheckpoint) checkpoint = imp_ledger_get_checkpoint_finish (IMP_LEDGER (object),
                                                                          result, &error);

  if (checkpoint != NULL)
    imp_request_reply (request, SOUP_STATUS_OK, "text/plain; charset=utf-8",
                       imp_checkpoint_get_text (checkpoint), -1);
  else
    imp_request_reply_error (request, error);
}

static void
handle_checkpoint (ImpRequest *request,
                   gpointer    user_data)
{
  imp_ledger_get_checkpoint_async (user_data, imp_request_get_cancellable (request), checkpoint_cb,
                                   g_object_ref (request));
}

static void
reply_path (ImpRequest  *request,
            const char  *first,
            const char  *second,
            GArray      *path)
{
  g_autoptr(JsonObject) reply = json_object_new ();
  JsonArray *hashes = json_array_new ();

  for (guint i = 0; i < path->len; i++)
    {
      g_autofree char *hash = imp_hash_to_base64 (&g_array_index (path, ImpHash, i));

      json_array_add_string_element (hashes, hash);
    }

  json_object_set_int_member (reply, first,
                              g_ascii_strtoll (imp_request_get_query (request, first), NULL, 10));
  json_object_set_int_member (reply, second,
                              g_ascii_strtoll (imp_request_get_query (request, second), NULL, 10));
  json_object_set_array_member (reply, "path", hashes);
  reply_object (request, reply);
}

static gboolean
get_numbers (ImpRequest  *request,
             const char  *first_name,
             const char  *second_name,
             guint64     *first,
             guint64     *second,
             GError     **error)
{
  const char *const names[] = { first_name, second_name, NULL };

  if (!imp_request_check_query (request, names, error))
    return FALSE;

  for (guint i = 0; names[i] != NULL; i++)
    {
      if (imp_request_get_query (request, names[i]) == NULL)
        {
          g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "the query has no “%s”", names[i]);
          return FALSE;
        }
    }

  return imp_request_get_query_int (request, first_name, 0, G_MAXINT64, first, error) &&
         imp_request_get_query_int (request, second_name, 0, G_MAXINT64, second, error);
}

static void
inclusion_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(ImpRequest) request = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) path = imp_ledger_prove_inclusion_finish (IMP_LEDGER (object), result, &error);

  if (path != NULL)
    reply_path (request, "leaf", "size", path);
  else
    imp_request_reply_error (request, error);
}

static void
handle_proof (ImpRequest *request,
              gpointer    user_data)
{
  g_autoptr(GError) error = NULL;
  guint64 leaf, size;

  if (!get_numbers (request, "leaf", "size", &leaf, &size, &error))
    imp_request_reply_error (request, error);
  else
    imp_ledger_prove_inclusion_async (user_data, leaf, size, imp_request_get_cancellable (request),
                                      inclusion_cb, g_object_ref (request));
}

static void
consistency_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(ImpRequest) request = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) path = imp_ledger_prove_consistency_finish (IMP_LEDGER (object), result,
                                                                &error);

  if (path != NULL)
    reply_path (request, "from", "to", path);
  else
    imp_request_reply_error (request, error);
}

static void
handle_consistency (ImpRequest *request,
                    gpointer    user_data)
{
  g_autoptr(GError) error = NULL;
  guint64 from, to;

  if (!get_numbers (request, "from", "to", &from, &to, &error))
    imp_request_reply_error (request, error);
  else
    imp_ledger_prove_consistency_async (user_data, from, to, imp_request_get_cancellable (request),
                                        consistency_cb, g_object_ref (request));
}

static void read_leaves (Page *page_owned);

static void
reply_leaves (Page *page)
{
  g_autoptr(JsonObject) reply = json_object_new ();

  json_object_set_int_member (reply, "from", page->from);
  json_object_set_array_member (reply, "leaves", json_array_ref (page->leaves));
  reply_object (page->request, reply);
}

/* Gives whether there is room for more. */
static gboolean
add_leaves (Page      *page,
            GPtrArray *leaves)
{
  for (guint i = 0; i < leaves->len; i++)
    {
      const char *leaf = g_ptr_array_index (leaves, i);

      page->size += strlen (leaf);
      if (page->size > MAX_LEAVES_SIZE && json_array_get_length (page->leaves) > 0)
        return FALSE;

      json_array_add_string_element (page->leaves, leaf);
    }

  return json_array_get_length (page->leaves) < page->limit;
}

static void
leaves_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Page) page = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) leaves = NULL;

  leaves = imp_ledger_read_leaves_finish (IMP_LEDGER (object), result, &error);
  if (leaves == NULL)
    imp_request_reply_error (page->request, error);
  else if (add_leaves (page, leaves) && leaves->len == LEAVES_BATCH)
    read_leaves (g_steal_pointer (&page));
  else
    reply_leaves (page);
}

/* A few at a time: a thousand of the largest would be a gigabyte. */
static void
read_leaves (Page *page_owned)
{
  g_autoptr(Page) page = page_owned;
  guint n_read = json_array_get_length (page->leaves);
  guint batch = MIN (page->limit - n_read, LEAVES_BATCH);
  guint64 from = page->from + n_read;
  ImpLedger *ledger = page->ledger;
  GCancellable *cancellable = imp_request_get_cancellable (page->request);

  imp_ledger_read_leaves_async (ledger, from, batch, cancellable, leaves_cb,
                                g_steal_pointer (&page));
}

static void
handle_leaves (ImpRequest *request,
               gpointer    user_data)
{
  static const char *const names[] = { "from", "limit", NULL };
  g_autoptr(Page) page = page_new (user_data, request);
  g_autoptr(GError) error = NULL;

  if (!imp_request_check_query (request, names, &error) ||
      !imp_request_get_query_int (request, "from", 0, MAX_SEQUENCE, &page->from, &error) ||
      !imp_request_get_query_int (request, "limit", 1, MAX_LIMIT, &page->limit, &error))
    {
      imp_request_reply_error (request, error);
      return;
    }

  page->leaves = json_array_new ();
  read_leaves (g_steal_pointer (&page));
}

static const ImpRoute routes[] = {
  { "GET", "/v1/updates", IMP_ROUTE_PLAIN, 0, handle_updates },
  { "GET", "/v1/updates/{transaction}", IMP_ROUTE_PLAIN, 0, handle_update },
  { "GET", "/v1/ledger", IMP_ROUTE_PLAIN, 0, handle_transactions },
  { "GET", "/v1/ledger/key", IMP_ROUTE_PLAIN, 0, handle_key },
  { "GET", "/v1/ledger/checkpoint", IMP_ROUTE_PLAIN, 0, handle_checkpoint },
  { "GET", "/v1/ledger/proof", IMP_ROUTE_PLAIN, 0, handle_proof },
  { "GET", "/v1/ledger/consistency", IMP_ROUTE_PLAIN, 0, handle_consistency },
  { "GET", "/v1/ledger/leaves", IMP_ROUTE_PLAIN, 0, handle_leaves },
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
