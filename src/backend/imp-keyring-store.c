/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-keyring-private.h"

#include "imp-error.h"
#include "imp-keyring-secrets.h"

/* The keys that the keyring service has: to list them, to take one out, to remove one. */

static gboolean
any_is_locked (GList *found)
{
  for (GList *l = found; l != NULL; l = l->next)
    {
      if (SECRET_IS_ITEM (l->data) && secret_item_get_locked (l->data))
        return TRUE;
    }

  return FALSE;
}

static void
replace_stored (ImpKeyring *self,
                GList      *found)
{
  g_ptr_array_set_size (self->stored, 0);
  for (GList *l = found; l != NULL; l = l->next)
    {
      ImpKeyringItem *item = imp_keyring_item_from_secret (l->data);

      if (item != NULL)
        g_ptr_array_add (self->stored, item);
    }

  imp_keyring_merge (self);
}

static void search_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data);

static void
search (GTask             *task,
        SecretSearchFlags  flags)
{
  g_autoptr(GHashTable) all = secret_attributes_build (&imp_keyring_schema, NULL);
  GCancellable *cancellable = g_task_get_cancellable (task);

  g_task_set_task_data (task, GUINT_TO_POINTER (flags), NULL);
  secret_password_searchv (&imp_keyring_schema, all, flags, cancellable, search_cb, task);
}

/* A locked keyring shows neither labels nor attributes, so it has to be unlocked even to list; the
 * prompt is only asked for when there is something in it.
 */
static void
search_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpKeyring *self = g_task_get_source_object (task);
  SecretSearchFlags flags = GPOINTER_TO_UINT (g_task_get_task_data (task));
  g_autoptr(GError) error = NULL;
  GList *found = secret_password_search_finish (result, &error);

  if (error != NULL)
    g_task_return_error (task, imp_keyring_explain_error (g_steal_pointer (&error)));
  else if (g_task_return_error_if_cancelled (task))
    ;
  else if (any_is_locked (found) && (flags & SECRET_SEARCH_UNLOCK) == 0)
    search (g_steal_pointer (&task), flags | SECRET_SEARCH_UNLOCK);
  else if (any_is_locked (found))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                             "the keyring is locked; unlock it to see your keys");
  else
    {
      replace_stored (self, found);
      g_task_return_boolean (task, TRUE);
    }

  g_list_free_full (found, g_object_unref);
}

/**
 * imp_keyring_search_async:
 * @self: a keyring
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Reads which keys the keyring service has, without their private halves. A keyring that is locked is
 * unlocked first, if there is anything in it.
 */
void
imp_keyring_search_async (ImpKeyring          *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, imp_keyring_search_async);
  search (task, SECRET_SEARCH_ALL);
}

/**
 * imp_keyring_search_finish:
 * @self: a keyring
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether the list is what the service has now; %G_IO_ERROR_PERMISSION_DENIED if the keyring
 * stays locked
 */
gboolean
imp_keyring_search_finish (ImpKeyring    *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
lookup_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  SecretValue *secret = secret_password_lookup_binary_finish (result, &error);
  ImpKey *key = NULL;

  if (error != NULL)
    g_task_return_error (task, imp_keyring_explain_error (g_steal_pointer (&error)));
  else if ((key = imp_keyring_key_from_secret (secret, g_task_get_task_data (task), &error)) == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, key, g_object_unref);

  g_clear_pointer (&secret, secret_value_unref);
}

/*< private >
 * imp_keyring_lookup:
 * @self: a keyring
 * @item: a key of the keyring service
 * @task: (transfer full): gets the key
 *
 * Takes a private key out of the keyring service.
 */
void
imp_keyring_lookup (ImpKeyring     *self,
                    ImpKeyringItem *item,
                    GTask          *task)
{
  g_autoptr(GHashTable) attributes = imp_keyring_match_fingerprint (imp_keyring_item_get_fingerprint (item));

  secret_password_lookupv (&imp_keyring_schema, attributes, g_task_get_cancellable (task), lookup_cb, task);
}

static void
remove_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpKeyring *self = g_task_get_source_object (task);
  ImpKeyringItem *item = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  guint position;

  if (!secret_password_clear_finish (result, &error))
    {
      if (error != NULL)
        g_task_return_error (task, imp_keyring_explain_error (g_steal_pointer (&error)));
      else
        g_task_return_new_error (task, IMP_ERROR, IMP_ERROR_NOT_FOUND,
                                 "the keyring did not remove the key “%s”: it is locked, or the key "
                                 "is gone already", imp_keyring_item_get_label (item));
      return;
    }

  if (g_ptr_array_find_with_equal_func (self->stored, item, (GEqualFunc) imp_keyring_item_equal, &position))
    g_ptr_array_remove_index (self->stored, position);
  imp_keyring_merge (self);
  g_task_return_boolean (task, TRUE);
}

/**
 * imp_keyring_remove_async:
 * @self: a keyring
 * @item: one of its keys
 * @cancellable: (nullable): cancels the request
 * @callback: called once
 * @user_data: data for @callback
 *
 * Removes a key from the keyring service. What a token has is not removed from here: it may be the
 * only copy in the world.
 */
void
imp_keyring_remove_async (ImpKeyring          *self,
                          ImpKeyringItem      *item,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GHashTable) attributes = NULL;
  GTask *task;

  g_return_if_fail (IMP_IS_KEYRING (self));
  g_return_if_fail (IMP_IS_KEYRING_ITEM (item));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_keyring_remove_async);
  g_task_set_task_data (task, g_object_ref (item), g_object_unref);

  if (imp_keyring_item_get_token (item) != NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                               "“%s” is on the token “%s”: remove it there, with the tool of its maker",
                               imp_keyring_item_get_label (item), imp_keyring_item_get_token (item));
      g_object_unref (task);
      return;
    }

  attributes = imp_keyring_match_fingerprint (imp_keyring_item_get_fingerprint (item));
  secret_password_clearv (&imp_keyring_schema, attributes, cancellable, remove_cb, task);
}

/**
 * imp_keyring_remove_finish:
 * @self: a keyring
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether the key is gone
 */
gboolean
imp_keyring_remove_finish (ImpKeyring    *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
