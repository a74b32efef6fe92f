/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-agent-client-private.h"

#include "imp-error.h"
#include "imp-time.h"

#define MAX_TEXT 1024  /* bytes: three times the longest name */

/* The calls that are answered with a page. */

static void
append_parameter (GString    *path,
                  const char *name,
                  const char *value)
{
  g_autofree char *escaped = NULL;

  if (value == NULL)
    return;

  escaped = g_uri_escape_string (value, NULL, FALSE);
  g_string_append_printf (path, "%c%s=%s", strchr (path->str, '?') != NULL ? '&' : '?', name,
                          escaped);
}

static void
append_number (GString    *path,
               const char *name,
               guint64     value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, value);

  if (value != 0)
    append_parameter (path, name, text);
}

static void
append_time (GString    *path,
             const char *name,
             gint64      time)
{
  g_autofree char *text = time != 0 ? imp_time_format (time) : NULL;

  append_parameter (path, name, text);
}

/**
 * imp_page_query_make_path:
 * @query: what is asked for
 * @base: of what
 *
 * Returns: (transfer full): a path with its query
 */
char *
imp_page_query_make_path (const ImpPageQuery *query,
                          const char         *base)
{
  GString *path = g_string_new (base);

  append_number (path, "before", query->before);
  append_number (path, "from", query->from);
  append_number (path, "limit", query->limit);
  append_time (path, "since", query->since);
  append_time (path, "until", query->until);
  append_parameter (path, "order", query->oldest_first ? "oldest" : NULL);
  append_parameter (path, "contract", query->contract);
  append_parameter (path, "function", query->function);
  append_parameter (path, "author", query->author);
  append_parameter (path, "class", query->class_id);
  append_parameter (path, "version", query->version);
  append_parameter (path, "cid", query->cid);
  append_parameter (path, "text", query->text);

  return g_string_free (path, FALSE);
}

static gpointer
read_updates (JsonNode  *node,
              GError   **error)
{
  return imp_page_new_of_updates (node, error);
}

static gpointer
read_transactions (JsonNode  *node,
                   GError   **error)
{
  return imp_page_new_of_transactions (node, error);
}

static gpointer
read_fetches (JsonNode  *node,
              GError   **error)
{
  return imp_page_new_of_fetches (node, error);
}

/* What is asked, until there is something to answer. */
typedef struct
{
  const char  *base;
  ImpPageQuery query;
  char        *strings[7];  /* (owned): of the query */
} Listing;

static void
listing_free (gpointer data)
{
  Listing *self = data;

  for (guint i = 0; i < G_N_ELEMENTS (self->strings); i++)
    g_free (self->strings[i]);
  g_free (self);
}

static Listing *
listing_new (const char         *base,
             const ImpPageQuery *query)
{
  Listing *self = g_new0 (Listing, 1);
  const char **const strings[G_N_ELEMENTS (self->strings)] = {
    &self->query.contract, &self->query.function, &self->query.author, &self->query.class_id,
    &self->query.version,  &self->query.cid,      &self->query.text,
  };

  self->base = base;
  self->query = *query;
  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    *strings[i] = self->strings[i] = g_strdup (*strings[i]);
  return self;
}

static void list_next (GTask *task_owned);

/* An agent that looked for a while without finding anything says where to go on. */
static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Listing *listing = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  ImpPage *page = imp_agent_client_request_finish (IMP_AGENT_CLIENT (object), result, &error);

  if (page == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (page->items->len > 0 || page->next == 0)
    g_task_return_pointer (task, page, (GDestroyNotify) imp_page_free);
  else
    {
      *(listing->query.oldest_first ? &listing->query.from : &listing->query.before) = page->next;
      imp_page_free (page);
      list_next (g_steal_pointer (&task));
    }
}

static void
list_next (GTask *task_owned)
{
  Listing *listing = g_task_get_task_data (task_owned);
  g_autofree char *path = imp_page_query_make_path (&listing->query, listing->base);
  ImpReplyFunc func = g_str_has_suffix (listing->base, "updates") ? read_updates : read_transactions;

  imp_agent_client_request_async (g_task_get_source_object (task_owned), "retrieval", "GET", path,
                                  NULL, func, (GDestroyNotify) imp_page_free,
                                  g_task_get_cancellable (task_owned), listed_cb, task_owned);
}

/* An agent that is sent a longer line than it reads hangs up without a word. */
static gboolean
check_text (const char  *text,
            GError     **error)
{
  return text == NULL || strlen (text) <= MAX_TEXT ||
         imp_error_set (error, IMP_ERROR_MALFORMED, "what is searched for is longer than %d bytes", MAX_TEXT);
}

static void
list_async (ImpAgentClient      *self,
            const char          *base,
            const ImpPageQuery  *query,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, list_async);
  g_task_set_task_data (task, listing_new (base, query), listing_free);
  if (check_text (query->text, &error))
    list_next (task);
  else
    {
      g_task_return_error (task, error);
      g_object_unref (task);
    }
}

static ImpPage *
list_finish (ImpAgentClient  *self,
             GAsyncResult    *result,
             GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * imp_agent_client_list_updates_async:
 * @self: a client
 * @query: which updates, by author, class and version
 * @cancellable: (nullable): cancels the request
 * @callback: called once
 * @user_data: data for @callback
 *
 * Asks for a page of registered updates, newest first.
 */
void
imp_agent_client_list_updates_async (ImpAgentClient      *self,
                                     const ImpPageQuery  *query,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_return_if_fail (IMP_IS_AGENT_CLIENT (self));
  g_return_if_fail (query != NULL);

  list_async (self, "/v1/updates", query, cancellable, callback, user_data);
}

/**
 * imp_agent_client_list_updates_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): a page of [class@Imp.Transaction], or `NULL` with @error set
 */
ImpPage *
imp_agent_client_list_updates_finish (ImpAgentClient  *self,
                                      GAsyncResult    *result,
                                      GError         **error)
{
  return list_finish (self, result, error);
}

/**
 * imp_agent_client_list_transactions_async:
 * @self: a client
 * @query: which transactions
 * @cancellable: (nullable): cancels the request
 * @callback: called once
 * @user_data: data for @callback
 *
 * Asks for a page of the ledger, which is empty only where there is nothing more.
 */
void
imp_agent_client_list_transactions_async (ImpAgentClient      *self,
                                          const ImpPageQuery  *query,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  g_return_if_fail (IMP_IS_AGENT_CLIENT (self));
  g_return_if_fail (query != NULL);

  list_async (self, "/v1/ledger", query, cancellable, callback, user_data);
}

/**
 * imp_agent_client_list_transactions_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): a page of [class@Imp.Transaction], or `NULL` with @error set
 */
ImpPage *
imp_agent_client_list_transactions_finish (ImpAgentClient  *self,
                                           GAsyncResult    *result,
                                           GError         **error)
{
  return list_finish (self, result, error);
}

/**
 * imp_agent_client_list_fetches_async:
 * @self: a client
 * @before: the `next` of the page before, or 0
 * @limit: how many at most, or 0
 * @device: (nullable): of one device
 * @cancellable: (nullable): cancels the request
 * @callback: called once
 * @user_data: data for @callback
 *
 * Asks who fetched what, newest first.
 */
void
imp_agent_client_list_fetches_async (ImpAgentClient      *self,
                                     guint64              before,
                                     guint                limit,
                                     const char          *device,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autoptr(GString) path = NULL;

  g_return_if_fail (IMP_IS_AGENT_CLIENT (self));

  path = g_string_new ("/v1/fetches");
  append_number (path, "before", before);
  append_number (path, "limit", limit);
  append_parameter (path, "device", device);
  imp_agent_client_request_async (self, "retrieval", "GET", path->str, NULL, read_fetches,
                                  (GDestroyNotify) imp_page_free, cancellable, callback, user_data);
}

/**
 * imp_agent_client_list_fetches_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): a page of [class@Imp.Fetch], or `NULL` with @error set
 */
ImpPage *
imp_agent_client_list_fetches_finish (ImpAgentClient  *self,
                                      GAsyncResult    *result,
                                      GError         **error)
{
  return imp_agent_client_request_finish (self, result, error);
}
