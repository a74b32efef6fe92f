/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-token-store.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "imp-error.h"
#include "imp-json.h"
#include "imp-token.h"

#define MAX_FILE_SIZE (64 * 1024 * 1024)

/**
 * ImpTokenStore:
 *
 * Tokens by their author's fingerprint, in one file that is replaced whole.
 *
 * Expired ones go with the next change. Files are written one after the other by one thread, so
 * that an older content never replaces a newer one.
 */
struct _ImpTokenStore
{
  GObject parent_instance;

  char *path;           /* (owned) */
  GHashTable *tokens;   /* (owned) fingerprint (owned) -> token (owned) */
  GThreadPool *writer;  /* (owned) */
};

G_DEFINE_FINAL_TYPE (ImpTokenStore, imp_token_store, G_TYPE_OBJECT)

static gboolean
is_expired (gpointer key,
            gpointer value,
            gpointer user_data)
{
  const gint64 *now = user_data;
  gint64 expires;

  return !imp_token_peek_expiry (value, &expires) || expires <= *now;
}

static char *
format_file (ImpTokenStore *self)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(JsonObject) object = json_object_new ();
  GHashTableIter iter;
  gpointer fingerprint, token;

  g_hash_table_iter_init (&iter, self->tokens);
  while (g_hash_table_iter_next (&iter, &fingerprint, &token))
    json_object_set_string_member (object, fingerprint, token);

  json_node_set_object (node, object);
  return imp_json_canonicalize (node);
}

static void
write_func (gpointer data,
            gpointer user_data)
{
  g_autoptr(GTask) task = data;
  ImpTokenStore *self = g_task_get_source_object (task);
  const char *text = g_task_get_task_data (task);
  GError *error = NULL;

  if (g_file_set_contents_full (self->path, text, -1,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gboolean
parse_file (ImpTokenStore  *self,
            const char     *text,
            gsize           length,
            GError        **error)
{
  g_autoptr(JsonNode) node = imp_json_parse (text, length, MAX_FILE_SIZE, error);
  JsonObjectIter iter;
  const char *fingerprint;
  JsonNode *token;

  if (node == NULL)
    return FALSE;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_CORRUPT, "it is not a JSON object");
      return FALSE;
    }

  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &fingerprint, &token))
    {
      if (json_node_get_value_type (token) == G_TYPE_STRING)
        g_hash_table_insert (self->tokens, g_strdup (fingerprint), json_node_dup_string (token));
    }

  return TRUE;
}

static gboolean
read_file (ImpTokenStore  *self,
           GError        **error)
{
  g_autofree char *text = NULL;
  gsize length;
  g_autoptr(GError) local_error = NULL;

  if (!g_file_get_contents (self->path, &text, &length, &local_error))
    {
      if (g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return TRUE;

      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  /* A token is had again by registering again, so a file that cannot be read stops nobody. */
  if (!parse_file (self, text, length, &local_error))
    g_warning ("The kept registration tokens are dropped, “%s” cannot be read: %s", self->path,
               local_error->message);

  return TRUE;
}

static void
imp_token_store_finalize (GObject *object)
{
  ImpTokenStore *self = IMP_TOKEN_STORE (object);

  /* Each job holds us, so there is none left; but we may be in the last one's thread. */
  g_thread_pool_free (self->writer, FALSE, FALSE);
  g_hash_table_unref (self->tokens);
  g_free (self->path);

  G_OBJECT_CLASS (imp_token_store_parent_class)->finalize (object);
}

static void
imp_token_store_class_init (ImpTokenStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_token_store_finalize;
}

static void
imp_token_store_init (ImpTokenStore *self)
{
  self->tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->writer = g_thread_pool_new (write_func, NULL, 1, FALSE, NULL);
}

/**
 * imp_token_store_open:
 * @path: a file, which need not be there
 * @error: return location for an error
 *
 * Reads the tokens that were kept.
 *
 * Returns: (transfer full): the store
 */
ImpTokenStore *
imp_token_store_open (const char  *path,
                      GError     **error)
{
  g_autoptr(ImpTokenStore) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (IMP_TYPE_TOKEN_STORE, NULL);
  self->path = g_strdup (path);

  return read_file (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * imp_token_store_get:
 * @self: a token store
 * @fingerprint: an author
 * @now: the time in ms
 * @expires: (out) (optional): when it ends
 *
 * Gets an author's token.
 *
 * Returns: (nullable): the token, if one is kept and not expired
 */
const char *
imp_token_store_get (ImpTokenStore *self,
                     const char    *fingerprint,
                     gint64         now,
                     gint64        *expires)
{
  const char *token;
  gint64 until;

  g_return_val_if_fail (IMP_IS_TOKEN_STORE (self), NULL);

  token = g_hash_table_lookup (self->tokens, fingerprint);
  if (token == NULL || !imp_token_peek_expiry (token, &until) || until <= now)
    return NULL;

  if (expires != NULL)
    *expires = until;
  return token;
}

/**
 * imp_token_store_put_async:
 * @self: a token store
 * @fingerprint: an author
 * @token: its token
 * @now: the time in ms
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is kept
 * @user_data: data for @callback
 *
 * Keeps a token in the place of the author's earlier one.
 */
void
imp_token_store_put_async (ImpTokenStore       *self,
                           const char          *fingerprint,
                           const char          *token,
                           gint64               now,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_TOKEN_STORE (self));

  g_hash_table_foreach_remove (self->tokens, is_expired, &now);
  g_hash_table_replace (self->tokens, g_strdup (fingerprint), g_strdup (token));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_token_store_put_async);
  g_task_set_task_data (task, format_file (self), g_free);
  g_thread_pool_push (self->writer, g_steal_pointer (&task), NULL);
}

/**
 * imp_token_store_put_finish:
 * @self: a token store
 * @result: the result
 * @error: return location for an error
 *
 * Gets whether the token is on disk. It is used in any case.
 *
 * Returns: whether it is
 */
gboolean
imp_token_store_put_finish (ImpTokenStore  *self,
                            GAsyncResult   *result,
                            GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
