/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-log-routes.h"

#include "imp-error.h"
#include "imp-merkle.h"

#define DEFAULT_LIMIT   100
#define MAX_LIMIT       1000
#define MAX_LEAVES_SIZE (8 * 1024 * 1024)  /* of one reply: one leaf at least, and no more than these */
#define LEAVES_BATCH    16
#define MAX_SEQUENCE    ((guint64) G_MAXINT64 - MAX_LIMIT)

/* Leaves that are being read, and the request that waits for them. */
typedef struct
{
  ImpLedger  *ledger;   /* (owned) */
  ImpRequest *request;  /* (owned) */
  guint64     from;
  guint64     limit;
  JsonArray  *leaves;   /* (owned) */
  gsize       size;
} Leaves;

static void
leaves_free (Leaves *leaves)
{
  g_clear_pointer (&leaves->leaves, json_array_unref);
  g_object_unref (leaves->ledger);
  g_object_unref (leaves->request);
  g_free (leaves);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Leaves, leaves_free)

static Leaves *
leaves_new (ImpLedger  *ledger,
            ImpRequest *request)
{
  Leaves *leaves = g_new0 (Leaves, 1);

  leaves->ledger = g_object_ref (ledger);
  leaves->request = g_object_ref (request);
  leaves->limit = DEFAULT_LIMIT;
  leaves->leaves = json_array_new ();
  return leaves;
}

static void
reply_object (ImpRequest *request,
              JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), object);

  imp_request_reply_json (request, SOUP_STATUS_OK, node);
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

static void read_leaves (Leaves *leaves_owned);

static void
reply_leaves (Leaves *self)
{
  g_autoptr(JsonObject) reply = json_object_new ();

  json_object_set_int_member (reply, "from", self->from);
  json_object_set_array_member (reply, "leaves", json_array_ref (self->leaves));
  reply_object (self->request, reply);
}

/* Gives whether there is room for more. */
static gboolean
add_leaves (Leaves    *self,
            GPtrArray *leaves)
{
  for (guint i = 0; i < leaves->len; i++)
    {
      const char *leaf = g_ptr_array_index (leaves, i);

      self->size += strlen (leaf);
      if (self->size > MAX_LEAVES_SIZE && json_array_get_length (self->leaves) > 0)
        return FALSE;

      json_array_add_string_element (self->leaves, leaf);
    }

  return json_array_get_length (self->leaves) < self->limit;
}

static void
leaves_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Leaves) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) leaves = NULL;

  leaves = imp_ledger_read_leaves_finish (IMP_LEDGER (object), result, &error);
  if (leaves == NULL)
    imp_request_reply_error (self->request, error);
  else if (add_leaves (self, leaves) && leaves->len == LEAVES_BATCH)
    read_leaves (g_steal_pointer (&self));
  else
    reply_leaves (self);
}

/* A few at a time: a thousand of the largest would be a gigabyte. */
static void
read_leaves (Leaves *leaves_owned)
{
  g_autoptr(Leaves) self = leaves_owned;
  guint n_read = json_array_get_length (self->leaves);
  guint batch = MIN (self->limit - n_read, LEAVES_BATCH);
  guint64 from = self->from + n_read;
  ImpLedger *ledger = self->ledger;
  GCancellable *cancellable = imp_request_get_cancellable (self->request);

  imp_ledger_read_leaves_async (ledger, from, batch, cancellable, leaves_cb,
                                g_steal_pointer (&self));
}

static void
handle_leaves (ImpRequest *request,
               gpointer    user_data)
{
  static const char *const names[] = { "from", "limit", NULL };
  g_autoptr(Leaves) self = leaves_new (user_data, request);
  g_autoptr(GError) error = NULL;

  if (!imp_request_check_query (request, names, &error) ||
      !imp_request_get_query_int (request, "from", 0, MAX_SEQUENCE, &self->from, &error) ||
      !imp_request_get_query_int (request, "limit", 1, MAX_LIMIT, &self->limit, &error))
    {
      imp_request_reply_error (request, error);
      return;
    }

  read_leaves (g_steal_pointer (&self));
}

static const ImpRoute routes[] = {
  { "GET", "/v1/ledger/key", IMP_ROUTE_PLAIN, 0, handle_key },
  { "GET", "/v1/ledger/checkpoint", IMP_ROUTE_PLAIN, 0, handle_checkpoint },
  { "GET", "/v1/ledger/proof", IMP_ROUTE_PLAIN, 0, handle_proof },
  { "GET", "/v1/ledger/consistency", IMP_ROUTE_PLAIN, 0, handle_consistency },
  { "GET", "/v1/ledger/leaves", IMP_ROUTE_PLAIN, 0, handle_leaves },
};

/**
 * imp_log_routes_add:
 * @agent: an agent
 * @ledger: a ledger that is a transparency log, which outlives @agent
 *
 * Lets @agent answer what proves that @ledger only grows.
 */
void
imp_log_routes_add (ImpAgent  *agent,
                    ImpLedger *ledger)
{
  g_return_if_fail (IMP_IS_AGENT (agent));
  g_return_if_fail (IMP_IS_LEDGER (ledger));

  imp_agent_add_routes (agent, routes, G_N_ELEMENTS (routes), ledger);
}
