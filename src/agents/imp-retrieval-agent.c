/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-retrieval-agent.h"

#include "imp-activity-routes.h"
#include "imp-contracts.h"
#include "imp-device-id.h"
#include "imp-engine-status.h"
#include "imp-error.h"
#include "imp-fetches.h"
#include "imp-json.h"
#include "imp-ledger-routes.h"
#include "imp-log-routes.h"
#include "imp-manifest.h"
#include "imp-sbom-download.h"
#include "imp-statistics-routes.h"
#include "imp-update-details.h"

#define DEVICE_ID_SIZE (128 * 1024)

/**
 * ImpRetrievalAgent:
 *
 * What devices ask and what reviewers read: versions, updates, payloads, and the ledger itself.
 */
struct _ImpRetrievalAgent
{
  GObject parent_instance;

  ImpAgent *agent;      /* (owned) */
  ImpLedger *ledger;    /* (owned) */
  ImpStore *store;      /* (owned) */
  ImpFetches *fetches;  /* (owned) */
};

G_DEFINE_FINAL_TYPE (ImpRetrievalAgent, imp_retrieval_agent, G_TYPE_OBJECT)

/* A request that waits for the ledger. */
typedef struct
{
  ImpRetrievalAgent *self;  /* (owned) */
  ImpRequest *request;      /* (owned) */
  ImpDeviceId *id;          /* (owned) (nullable) */
  ImpCid *cid;              /* (owned) (nullable) */
} Query;

static Query *
query_new (ImpRetrievalAgent *self,
           ImpRequest        *request)
{
  Query *query = g_new0 (Query, 1);

  query->self = g_object_ref (self);
  query->request = g_object_ref (request);
  return query;
}

static void
query_free (Query *query)
{
  g_object_unref (query->self);
  g_object_unref (query->request);
  g_clear_pointer (&query->id, imp_device_id_free);
  g_clear_pointer (&query->cid, imp_cid_unref);
  g_free (query);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Query, query_free)

static void
ask_for_device (ImpRetrievalAgent   *self,
                ImpRequest          *request,
                const char          *function,
                GAsyncReadyCallback  callback)
{
  g_autoptr(Query) query = query_new (self, request);
  g_autoptr(GError) error = NULL;
  const char *arguments[] = { NULL, NULL, NULL };

  query->id = imp_device_id_parse (request, &error);
  if (query->id == NULL)
    {
      imp_request_reply_error (request, error);
      return;
    }

  arguments[0] = query->id->public_key;
  arguments[1] = query->id->class_id;
  imp_ledger_evaluate_async (self->ledger, IMP_CONTRACT_RETRIEVE_UPDATE, function, arguments,
                             imp_request_get_cancellable (request), callback,
                             g_steal_pointer (&query));
}

static void
version_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Query) query = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *version = imp_ledger_evaluate_finish (IMP_LEDGER (object), result, &error);

  if (version != NULL)
    imp_request_reply_string (query->request, SOUP_STATUS_CREATED, version);
  else
    imp_request_reply_error (query->request, error);
}

static void
handle_version (ImpRequest *request,
                gpointer    user_data)
{
  ask_for_device (user_data, request, "queryVersion", version_cb);
}

/* The newest update, as the contract gives it. */
static JsonNode *
read_newest (GObject       *object,
             GAsyncResult  *result,
             GError       **error)
{
  g_autofree char *text = imp_ledger_evaluate_finish (IMP_LEDGER (object), result, error);
  g_autoptr(JsonNode) node = NULL;

  if (text == NULL)
    return NULL;

  node = imp_json_parse (text, -1, 2 * IMP_MANIFEST_MAX_SIZE, error);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  return g_steal_pointer (&node);
}

static void
update_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  static const char *const extra[] = { "cid", "time", "transaction" };
  g_autoptr(Query) query = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = read_newest (object, result, &error);

  if (node == NULL)
    {
      imp_request_reply_error (query->request, error);
      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (extra); i++)
    json_object_remove_member (json_node_get_object (node), extra[i]);

  imp_request_reply_json (query->request, SOUP_STATUS_OK, node);
}

static void
handle_update (ImpRequest *request,
               gpointer    user_data)
{
  ask_for_device (user_data, request, "queryUpdate", update_cb);
}

static void
payload_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Query) query = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = read_newest (object, result, &error);
  g_autoptr(ImpCid) cid = NULL;
  JsonObject *manifest = NULL;
  JsonObject *newest = node != NULL ? json_node_get_object (node) : NULL;
  const char *text = NULL;
  const char *version = NULL;

  if (newest == NULL ||
      !(text = imp_json_get_string (newest, "cid", &error)) ||
      !(cid = imp_cid_new_from_string (text, &error)) ||
      !(manifest = imp_json_get_object (newest, "manifest", &error)) ||
      !(version = imp_json_get_string (manifest, IMP_MANIFEST_VERSION_ID, &error)))
    imp_request_reply_error (query->request, error);
  else
    imp_fetches_send (query->self->fetches, query->request, cid, query->id->class_id, version);
}

static void
handle_payload_of_device (ImpRequest *request,
                          gpointer    user_data)
{
  ask_for_device (user_data, request, "queryUpdate", payload_cb);
}

static void
details_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Query) query = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = imp_update_details_finish (IMP_LEDGER (object), result, &error);
  JsonObject *transaction;

  if (node == NULL)
    {
      imp_request_reply_error (query->request, error);
      return;
    }

  transaction = json_object_get_object_member (json_node_get_object (node), "transaction");
  imp_fetches_expect (query->self->fetches, imp_request_get_parameter (query->request, "id"),
                      json_object_get_string_member (transaction, "cid"),
                      json_object_get_string_member (transaction, "class"),
                      json_object_get_string_member (transaction, "version"));
  imp_request_reply_json (query->request, SOUP_STATUS_OK, node);
}

static void
latest_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Query) query = user_data;
  GCancellable *cancellable = imp_request_get_cancellable (query->request);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = read_newest (object, result, &error);
  const char *transaction = NULL;

  if (node == NULL ||
      !(transaction = imp_json_get_string (json_node_get_object (node), "transaction", &error)))
    imp_request_reply_error (query->request, error);
  else
    imp_update_details_async (IMP_LEDGER (object), transaction, cancellable, details_cb,
                              g_steal_pointer (&query));
}

static void
handle_latest (ImpRequest *request,
               gpointer    user_data)
{
  if (imp_device_name_check_request (request))
    ask_for_device (user_data, request, "queryUpdate", latest_cb);
}

/* Only what is registered is given away: a payload that is staged may yet be refused. */
static void
registered_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(Query) query = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) transactions = NULL;
  ImpTransaction *newest;

  transactions = imp_ledger_list_transactions_finish (IMP_LEDGER (object), result, NULL, &error);
  if (error != NULL)
    {
      imp_request_reply_error (query->request, error);
      return;
    }
  if (transactions->len == 0)
    {
      imp_sbom_download (query->self->store, query->request, query->cid);
      return;
    }

  newest = g_ptr_array_index (transactions, 0);
  imp_fetches_send (query->self->fetches, query->request, query->cid,
                    imp_transaction_get_class_id (newest), imp_transaction_get_version (newest));
}

static void
handle_payload (ImpRequest *request,
                gpointer    user_data)
{
  ImpRetrievalAgent *self = IMP_RETRIEVAL_AGENT (user_data);
  g_autoptr(Query) query = query_new (self, request);
  g_autoptr(GError) error = NULL;
  ImpLedgerQuery ledger_query = { .limit = 1, .contract = IMP_CONTRACT_REGISTER_UPDATE };

  query->cid = imp_cid_new_from_string (imp_request_get_parameter (request, "cid"), &error);
  if (query->cid == NULL)
    {
      imp_request_reply_error (request, error);
      return;
    }

  ledger_query.cid = imp_cid_get_string (query->cid);
  imp_ledger_list_transactions_async (self->ledger, &ledger_query,
                                      imp_request_get_cancellable (request), registered_cb,
                                      g_steal_pointer (&query));
}

static const ImpRoute routes[] = {
  { "POST", "/retrieve/version", IMP_ROUTE_REFERENCE, DEVICE_ID_SIZE, handle_version },
  { "POST", "/retrieve/update", IMP_ROUTE_REFERENCE, DEVICE_ID_SIZE, handle_update },
  { "POST", "/retrieve/payload", IMP_ROUTE_REFERENCE, DEVICE_ID_SIZE, handle_payload_of_device },
  { "GET", "/v1/payloads/{cid}", IMP_ROUTE_PLAIN, 0, handle_payload },
  { "POST", "/v1/devices/{id}/latest", IMP_ROUTE_PLAIN, DEVICE_ID_SIZE, handle_latest },
};

static void
get_status (GTask    *task,
            gpointer  user_data)
{
  ImpRetrievalAgent *self = IMP_RETRIEVAL_AGENT (user_data);

  imp_engine_status_collect (task, self->ledger, self->store);
}

static void
committed_cb (ImpLedger         *ledger,
              ImpTransaction    *transaction,
              ImpRetrievalAgent *self)
{
  g_autoptr(JsonNode) node = imp_transaction_to_json (transaction, FALSE);

  imp_event_log_append (imp_agent_get_events (self->agent), "transaction", node);
}

static void
imp_retrieval_agent_finalize (GObject *object)
{
  ImpRetrievalAgent *self = IMP_RETRIEVAL_AGENT (object);

  g_clear_object (&self->fetches);
  g_clear_object (&self->agent);
  g_clear_object (&self->ledger);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (imp_retrieval_agent_parent_class)->finalize (object);
}

static void
imp_retrieval_agent_class_init (ImpRetrievalAgentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_retrieval_agent_finalize;
}

static void
imp_retrieval_agent_init (ImpRetrievalAgent *self)
{
}

/**
 * imp_retrieval_agent_new:
 * @ledger: the ledger
 * @store: where payloads are
 * @activity: where fetches and reports are written down
 * @limits: what it puts up with
 *
 * Makes a retrieval agent, which does not listen yet.
 *
 * Returns: (transfer full): the agent
 */
ImpRetrievalAgent *
imp_retrieval_agent_new (ImpLedger       *ledger,
                         ImpStore        *store,
                         ImpActivityLog  *activity,
                         const ImpLimits *limits)
{
  ImpRetrievalAgent *self;

  g_return_val_if_fail (IMP_IS_LEDGER (ledger), NULL);
  g_return_val_if_fail (IMP_IS_STORE (store), NULL);

  self = g_object_new (IMP_TYPE_RETRIEVAL_AGENT, NULL);
  self->ledger = g_object_ref (ledger);
  self->store = g_object_ref (store);
  self->agent = imp_agent_new ("retrieval", limits);
  self->fetches = imp_fetches_new (self->agent, store, activity);

  imp_agent_add_routes (self->agent, routes, G_N_ELEMENTS (routes), self);
  imp_activity_routes_add (self->agent, activity);
  imp_log_routes_add (self->agent, ledger);
  imp_ledger_routes_add (self->agent, ledger);
  imp_statistics_routes_add (self->agent, ledger, activity);
  imp_agent_set_status_func (self->agent, get_status, self);
  g_signal_connect_object (ledger, "committed", G_CALLBACK (committed_cb), self, 0);

  return self;
}

/**
 * imp_retrieval_agent_get_agent:
 * @self: a retrieval agent
 *
 * Returns: (transfer none): the server that it answers through, which is started and stopped
 */
ImpAgent *
imp_retrieval_agent_get_agent (ImpRetrievalAgent *self)
{
  g_return_val_if_fail (IMP_IS_RETRIEVAL_AGENT (self), NULL);

  return self->agent;
}
