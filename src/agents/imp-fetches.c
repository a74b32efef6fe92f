/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-fetches.h"

#include "imp-device-id.h"
#include "imp-download.h"
#include "imp-error.h"
#include "imp-time.h"

#define MAX_EXPECTED 10000

/**
 * ImpFetches:
 *
 * Sends payloads and writes down who was sent what.
 *
 * One payload may belong to several updates. Which of them a device is after is known from what it
 * asked for before.
 */
struct _ImpFetches
{
  GObject parent_instance;

  ImpAgent *agent;           /* its owner */
  ImpStore *store;           /* (owned) */
  ImpActivityLog *activity;  /* (owned) */
  GHashTable *expected;      /* (owned) device (owned) -> Expected (owned) */
};

typedef struct
{
  char *cid;
  char *class_id;
  char *version;
} Expected;

typedef struct
{
  ImpFetches *fetches;  /* (owned) */
  ImpRequest *request;  /* (owned) */
  ImpCid *cid;          /* (owned) */
  char *device;         /* (owned) */
  char *class_id;       /* (owned) */
  char *version;        /* (owned) */
  char *etag;           /* (owned) */
  guint64 size;
  gint64 time;          /* ms since 1970 */
  gint64 begun;         /* µs of the monotonic clock */
} Fetch;

G_DEFINE_FINAL_TYPE (ImpFetches, imp_fetches, G_TYPE_OBJECT)

static void
expected_free (Expected *expected)
{
  g_free (expected->cid);
  g_free (expected->class_id);
  g_free (expected->version);
  g_free (expected);
}

static void
fetch_free (Fetch *fetch)
{
  g_object_unref (fetch->fetches);
  g_object_unref (fetch->request);
  imp_cid_unref (fetch->cid);
  g_free (fetch->device);
  g_free (fetch->class_id);
  g_free (fetch->version);
  g_free (fetch->etag);
  g_free (fetch);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fetch, fetch_free)

static const char *
describe_outcome (ImpDownloadOutcome outcome)
{
  switch (outcome)
    {
    case IMP_DOWNLOAD_COMPLETE:
      return "complete";

    case IMP_DOWNLOAD_CUT:
      return "cut";

    default:
      return "failed";
    }
}

static void
set_string_or_null (JsonObject *object,
                    const char *name,
                    const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

static JsonObject *
describe_fetch (const Fetch        *fetch,
                ImpDownloadOutcome  outcome,
                guint64             bytes)
{
  g_autofree char *time = imp_time_format (fetch->time);
  JsonObject *record = json_object_new ();

  json_object_set_string_member (record, "device", fetch->device);
  set_string_or_null (record, "class", fetch->class_id);
  set_string_or_null (record, "version", fetch->version);
  json_object_set_string_member (record, "cid", imp_cid_get_string (fetch->cid));
  json_object_set_string_member (record, "time", time);
  json_object_set_int_member (record, "bytes", bytes);
  json_object_set_double_member (record, "ms", (g_get_monotonic_time () - fetch->begun) / 1000.0);
  json_object_set_string_member (record, "outcome", describe_outcome (outcome));
  return record;
}

/* A fetch that has been written down, to be told with its id. */
typedef struct
{
  ImpFetches *fetches;  /* (owned) */
  JsonObject *record;   /* (owned) */
} Entry;

static void
recorded_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autofree Entry *entry = user_data;
  g_autoptr(ImpFetches) self = entry->fetches;
  g_autoptr(JsonObject) record = entry->record;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;
  guint64 id = imp_activity_log_add_finish (IMP_ACTIVITY_LOG (object), result, &error);

  if (error != NULL)
    {
      g_warning ("A fetch is not written down: %s", error->message);
      return;
    }

  json_object_set_int_member (record, "id", id);
  node = json_node_init_object (json_node_alloc (), record);
  if (self->agent != NULL)
    imp_event_log_append (imp_agent_get_events (self->agent), "fetch", node);
}

static void
ended_cb (ImpDownloadOutcome outcome,
          guint64            bytes,
          gpointer           user_data)
{
  g_autoptr(Fetch) fetch = user_data;
  ImpFetches *self = fetch->fetches;
  Entry *entry = g_new0 (Entry, 1);

  if (self->agent != NULL)
    {
      ImpMetrics *metrics = imp_agent_get_metrics (self->agent);

      imp_metrics_add (metrics, "imprimatur_fetches_total", "outcome", describe_outcome (outcome), 1);
      imp_metrics_add (metrics, "imprimatur_payload_sent_bytes_total", NULL, NULL, bytes);
    }

  entry->fetches = g_object_ref (self);
  entry->record = describe_fetch (fetch, outcome, bytes);
  imp_activity_log_add_async (self->activity, IMP_ACTIVITY_FETCHES, entry->record, recorded_cb,
                              entry);
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Fetch) fetch = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) stream = imp_store_open_finish (IMP_STORE (object), result, &error);
  ImpRequest *request = fetch->request;
  const char *etag = fetch->etag;
  guint64 size = fetch->size;

  if (stream == NULL)
    imp_request_reply_error (request, error);
  else if (!imp_request_is_over (request))
    imp_download_start (request, stream, size, etag, ended_cb, g_steal_pointer (&fetch));
}

static gboolean
is_known_to_client (ImpRequest *request,
                    const char *etag)
{
  const char *header = imp_request_get_header (request, "If-None-Match");
  GSList *tags;
  gboolean known = FALSE;

  if (header == NULL)
    return FALSE;

  tags = soup_header_parse_list (header);
  for (GSList *l = tags; l != NULL && !known; l = l->next)
    {
      const char *tag = l->data;

      known = strcmp (tag, "*") == 0 || strcmp (tag, etag) == 0 ||
              (g_str_has_prefix (tag, "W/") && strcmp (tag + 2, etag) == 0);
    }

  soup_header_free_list (tags);
  return known;
}

static void
reply_not_modified (ImpRequest *request,
                    guint64     size,
                    const char *etag)
{
  SoupServerMessage *message = imp_request_get_message (request);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  /* The length is that of what is not sent. */
  soup_message_headers_replace (headers, "ETag", etag);
  soup_message_headers_set_content_length (headers, size);
  imp_request_reply (request, SOUP_STATUS_NOT_MODIFIED, "application/octet-stream", "", 0);
}

static void
info_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Fetch) fetch = user_data;
  ImpRequest *request = fetch->request;
  ImpCid *cid = fetch->cid;
  SoupServerMessage *message = imp_request_get_message (request);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpPayloadInfo) info = imp_store_get_info_finish (IMP_STORE (object), result, &error);

  if (info == NULL)
    {
      imp_request_reply_error (request, error);
      return;
    }
  if (imp_request_is_over (request))
    return;

  fetch->size = info->size;
  if (is_known_to_client (request, fetch->etag))
    reply_not_modified (request, info->size, fetch->etag);
  else if (soup_server_message_get_method (message) == SOUP_METHOD_HEAD)
    imp_download_reply_head (request, info->size, fetch->etag);
  else
    imp_store_open_async (IMP_STORE (object), cid, imp_request_get_cancellable (request), opened_cb,
                          g_steal_pointer (&fetch));
}

static void
imp_fetches_finalize (GObject *object)
{
  ImpFetches *self = IMP_FETCHES (object);

  g_clear_weak_pointer (&self->agent);
  g_object_unref (self->store);
  g_object_unref (self->activity);
  g_hash_table_unref (self->expected);

  G_OBJECT_CLASS (imp_fetches_parent_class)->finalize (object);
}

static void
imp_fetches_class_init (ImpFetchesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_fetches_finalize;
}

static void
imp_fetches_init (ImpFetches *self)
{
  self->expected = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) expected_free);
}

/**
 * imp_fetches_new:
 * @agent: whose fetches these are
 * @store: where payloads are
 * @activity: where fetches are written down
 *
 * Makes ready to send payloads.
 *
 * Returns: (transfer full): the fetches
 */
ImpFetches *
imp_fetches_new (ImpAgent       *agent,
                 ImpStore       *store,
                 ImpActivityLog *activity)
{
  ImpFetches *self = g_object_new (IMP_TYPE_FETCHES, NULL);
  ImpMetrics *metrics = imp_agent_get_metrics (agent);

  g_set_weak_pointer (&self->agent, agent);
  self->store = g_object_ref (store);
  self->activity = g_object_ref (activity);
  imp_metrics_describe (metrics, "imprimatur_fetches_total", "counter",
                        "Payloads that were fetched, by outcome.");
  imp_metrics_describe (metrics, "imprimatur_payload_sent_bytes_total", "counter",
                        "Bytes of payloads that were sent.");
  return self;
}

/**
 * imp_fetches_expect:
 * @self: fetches
 * @device: a device's name
 * @cid: the payload that it will ask for
 * @class_id: the class of the update
 * @version: the version of the update
 *
 * Remembers what a device has been told of, so that its fetch is listed by the right update.
 */
void
imp_fetches_expect (ImpFetches *self,
                    const char *device,
                    const char *cid,
                    const char *class_id,
                    const char *version)
{
  Expected *expected;

  g_return_if_fail (IMP_IS_FETCHES (self));

  if (g_hash_table_size (self->expected) >= MAX_EXPECTED)
    g_hash_table_remove_all (self->expected);

  expected = g_new0 (Expected, 1);
  expected->cid = g_strdup (cid);
  expected->class_id = g_strdup (class_id);
  expected->version = g_strdup (version);
  g_hash_table_replace (self->expected, g_strdup (device), expected);
}

static char *
name_device (ImpRequest *request,
             const char *class_id)
{
  const char *name = imp_request_get_header (request, "X-Device-Id");
  g_autofree char *address = NULL;

  if (name != NULL)
    return g_strdup (name);

  address = imp_request_dup_address (request);
  return g_strdup_printf ("%s at %s", class_id, address);
}

/**
 * imp_fetches_send:
 * @self: fetches
 * @request: a request that has not been answered
 * @cid: a payload of an update that is registered
 * @class_id: the update's class, where it is the only one or the last
 * @version: the update's version
 *
 * Sends a payload.
 */
void
imp_fetches_send (ImpFetches *self,
                  ImpRequest *request,
                  ImpCid     *cid,
                  const char *class_id,
                  const char *version)
{
  Fetch *fetch;
  const Expected *expected;
  const char *name;
  g_autoptr(GError) error = NULL;

  g_return_if_fail (IMP_IS_FETCHES (self));

  name = imp_request_get_header (request, "X-Device-Id");
  if (name != NULL && !imp_device_name_check (name, &error))
    {
      imp_request_reply_error (request, error);
      return;
    }

  expected = name != NULL ? g_hash_table_lookup (self->expected, name) : NULL;
  if (expected != NULL && strcmp (expected->cid, imp_cid_get_string (cid)) != 0)
    expected = NULL;

  fetch = g_new0 (Fetch, 1);
  fetch->fetches = g_object_ref (self);
  fetch->request = g_object_ref (request);
  fetch->cid = imp_cid_ref (cid);
  fetch->class_id = g_strdup (expected != NULL ? expected->class_id : class_id);
  fetch->version = g_strdup (expected != NULL ? expected->version : version);
  fetch->device = name_device (request, fetch->class_id);
  fetch->etag = g_strdup_printf ("\"%s\"", imp_cid_get_string (cid));
  fetch->time = imp_time_now ();
  fetch->begun = g_get_monotonic_time ();
  imp_store_get_info_async (self->store, cid, imp_request_get_cancellable (request), info_cb,
                            fetch);
}
