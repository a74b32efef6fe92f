/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-keyring-private.h"

/* The keys that PKCS#11 tokens have. A token may take its time, so all is asked of it in a thread. */

static GPtrArray *
dup_tokens (ImpKeyring *self)
{
  GPtrArray *tokens = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->tokens));

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (tokens, g_list_model_get_item (G_LIST_MODEL (self->tokens), i));

  return tokens;
}

static gboolean
tokens_equal (GPtrArray *tokens,
              GPtrArray *others)
{
  if (tokens->len != others->len)
    return FALSE;

  for (guint i = 0; i < tokens->len; i++)
    {
      if (!imp_pkcs11_token_equal (tokens->pdata[i], others->pdata[i]))
        return FALSE;
    }

  return TRUE;
}

static void
set_tokens (ImpKeyring *self,
            GPtrArray  *tokens)
{
  g_autoptr(GPtrArray) before = dup_tokens (self);

  if (tokens_equal (before, tokens))
    return;

  g_list_store_splice (self->tokens, 0, before->len, tokens->pdata, tokens->len);
  imp_keyring_merge (self);
}

static void
list_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_task_return_pointer (task, imp_pkcs11_token_list (task_data), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * imp_keyring_load_tokens_async:
 * @self: a keyring
 * @read_again: whether to look again at what is on tokens that were there before
 * @cancellable: (nullable): cancels the request
 * @callback: called once
 * @user_data: data for @callback
 *
 * Finds out which PKCS#11 tokens are there, without a PIN.
 */
void
imp_keyring_load_tokens_async (ImpKeyring          *self,
                               gboolean             read_again,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_KEYRING (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_keyring_load_tokens_async);
  if (!read_again)
    g_task_set_task_data (task, dup_tokens (self), (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, list_thread);
}

/**
 * imp_keyring_load_tokens_finish:
 * @self: a keyring
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Takes the tokens that are there into the keyring.
 *
 * Returns: whether they could be read; without it the keyring keeps those that it had
 */
gboolean
imp_keyring_load_tokens_finish (ImpKeyring    *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_autoptr(GPtrArray) tokens = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  tokens = g_task_propagate_pointer (G_TASK (result), error);
  if (tokens == NULL)
    return FALSE;

  set_tokens (self, tokens);
  return TRUE;
}

/**
 * imp_keyring_get_tokens:
 * @self: a keyring
 *
 * Gets the PKCS#11 tokens that were there when it was looked last.
 *
 * Returns: (transfer none): a list of [class@Imp.Pkcs11Token]
 */
GListModel *
imp_keyring_get_tokens (ImpKeyring *self)
{
  g_return_val_if_fail (IMP_IS_KEYRING (self), NULL);

  return G_LIST_MODEL (self->tokens);
}

/* What a thread works with. */
typedef struct
{
  ImpPkcs11Token *token;  /* (owned) (nullable) */
  ImpKeyringItem *item;   /* (owned) (nullable) */
  ImpPinAsker    *pin;    /* (owned) */
} Access;

static Access *
access_new (ImpKeyring     *self,
            ImpPkcs11Token *token,
            ImpKeyringItem *item,
            GCancellable   *cancellable)
{
  Access *access = g_new0 (Access, 1);

  g_set_object (&access->token, token);
  g_set_object (&access->item, item);
  access->pin = imp_pin_request_new_asker (G_OBJECT (self), imp_keyring_ask_pin, cancellable);

  return access;
}

static void
access_free (Access *access)
{
  g_clear_object (&access->token);
  g_clear_object (&access->item);
  imp_pin_asker_unref (access->pin);
  g_free (access);
}

static void
reveal_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Access *access = task_data;
  GError *error = NULL;
  ImpPkcs11Token *token = imp_pkcs11_token_reveal (access->token, access->pin, &error);

  if (token != NULL)
    g_task_return_pointer (task, token, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * imp_keyring_reveal_async:
 * @self: a keyring
 * @token: one of its tokens
 * @cancellable: (nullable): cancels the request
 * @callback: called once
 * @user_data: data for @callback
 *
 * Lists the keys that a token shows only after its PIN was given.
 */
void
imp_keyring_reveal_async (ImpKeyring          *self,
                          ImpPkcs11Token      *token,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_KEYRING (self));
  g_return_if_fail (IMP_IS_PKCS11_TOKEN (token));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_keyring_reveal_async);
  g_task_set_task_data (task, access_new (self, token, NULL, cancellable), (GDestroyNotify) access_free);
  g_task_run_in_thread (task, reveal_thread);
}

/**
 * imp_keyring_reveal_finish:
 * @self: a keyring
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Takes the keys that the token has shown into the keyring.
 *
 * Returns: whether it has shown them
 */
gboolean
imp_keyring_reveal_finish (ImpKeyring    *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_autoptr(ImpPkcs11Token) revealed = NULL;
  g_autoptr(GPtrArray) tokens = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  revealed = g_task_propagate_pointer (G_TASK (result), error);
  if (revealed == NULL)
    return FALSE;

  tokens = dup_tokens (self);
  for (guint i = 0; i < tokens->len; i++)
    {
      if (g_str_equal (imp_pkcs11_token_get_url (tokens->pdata[i]), imp_pkcs11_token_get_url (revealed)))
        g_set_object ((GObject **) &tokens->pdata[i], G_OBJECT (revealed));
    }

  set_tokens (self, tokens);
  return TRUE;
}

static void
open_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Access *access = task_data;
  GError *error = NULL;
  ImpKey *key = imp_key_new_from_pkcs11 (imp_keyring_item_get_url (access->item),
                                         imp_keyring_item_get_public_pem (access->item),
                                         imp_keyring_item_get_token (access->item), access->pin, &error);

  if (key != NULL)
    g_task_return_pointer (task, key, g_object_unref);
  else
    g_task_return_error (task, error);
}

/*< private >
 * imp_keyring_open_on_token:
 * @self: a keyring
 * @item: a key of a token
 * @task: (transfer full): gets the key
 *
 * Logs in to a token, and finds the private key there.
 */
void
imp_keyring_open_on_token (ImpKeyring     *self,
                           ImpKeyringItem *item,
                           GTask          *task)
{
  g_task_set_task_data (task, access_new (self, NULL, item, g_task_get_cancellable (task)),
                        (GDestroyNotify) access_free);
  g_task_run_in_thread (task, open_thread);
  g_object_unref (task);
}
