/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-keyring-private.h"

#include "imp-error.h"
#include "imp-keyring-secrets.h"
#include "imp-text.h"
#include "imp-time.h"

/* How keys come into the keyring, or onto a token. */

/* What becomes a key: generated or imported in a thread, then stored; or made by a token. */
typedef struct
{
  ImpKeyType      type;
  ImpPkcs11Token *token;     /* (owned) (nullable): makes the key */
  ImpPinAsker    *pin;       /* (owned) (nullable): for @token */
  GBytes         *pem;       /* (owned) (nullable): imported from these bytes */
  char           *password;  /* (owned) (nullable) */
  char           *label;     /* (owned) */
  ImpKey         *key;       /* (owned) (nullable): once it is made */
} Making;

static void
making_free (Making *making)
{
  g_clear_object (&making->token);
  g_clear_pointer (&making->pin, imp_pin_asker_unref);
  g_clear_pointer (&making->pem, g_bytes_unref);
  if (making->password != NULL)
    secret_password_wipe (making->password);
  g_free (making->password);
  g_free (making->label);
  g_clear_object (&making->key);
  g_free (making);
}

static gboolean
check_label (const char  *label,
             GError     **error)
{
  gunichar c;
  guint position;

  if (!g_utf8_validate (label, -1, NULL))
    return imp_error_set (error, IMP_ERROR_MALFORMED, "the key’s name is not UTF-8");

  if (*label == '\0' || g_utf8_strlen (label, -1) > IMP_KEYRING_MAX_LABEL_CHARS)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the key’s name must have 1 to %d characters", IMP_KEYRING_MAX_LABEL_CHARS);

  if (g_ascii_isspace (label[0]) || g_ascii_isspace (label[strlen (label) - 1]))
    return imp_error_set (error, IMP_ERROR_MALFORMED, "the key’s name begins or ends with a space");

  if (imp_text_find_unseen (label, &c, &position))
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the key’s name has U+%04X as character %u, which cannot be seen", c,
                          position);

  return TRUE;
}

static gboolean
check_key_is_new (ImpKeyring  *self,
                  Making      *making,
                  GError     **error)
{
  ImpKeyringItem *same = imp_keyring_find_fingerprint (self, imp_key_get_fingerprint (making->key));

  if (same == NULL)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "this key is there already, as “%s” (%s)",
               imp_keyring_item_get_label (same), imp_keyring_item_get_location (same));
  return FALSE;
}

/* Two keys of one name could not be told apart where a key is chosen by name. */
static gboolean
check_label_is_free (ImpKeyring  *self,
                     const char  *label,
                     GError     **error)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      if (g_str_equal (imp_keyring_item_get_label (g_ptr_array_index (self->items, i)), label))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "there is another key named “%s”", label);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
check_is_new (ImpKeyring  *self,
              Making      *making,
              GError     **error)
{
  return check_key_is_new (self, making, error) && check_label_is_free (self, making->label, error);
}

/* Takes @task. What was made must show now. */
static void
return_made (GTask *task)
{
  ImpKeyring *self = g_task_get_source_object (task);
  Making *making = g_task_get_task_data (task);
  ImpKeyringItem *item = imp_keyring_find_fingerprint (self, imp_key_get_fingerprint (making->key));

  if (item == NULL)
    g_task_return_new_error (task, IMP_ERROR, IMP_ERROR_CORRUPT,
                             "the key “%s” was taken but is not listed", making->label);
  else
    g_task_return_pointer (task, g_object_ref (item), g_object_unref);

  g_object_unref (task);
}

static void
reload_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (!imp_keyring_load_finish (IMP_KEYRING (object), result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    return_made (g_steal_pointer (&task));
}

static void
reload_tokens_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  imp_keyring_load_tokens_finish (IMP_KEYRING (object), result, NULL);
  return_made (user_data);
}

static void
store_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpKeyring *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;

  /* It is in the keyring now: to be cancelled here would deny it. */
  if (!secret_password_store_finish (result, &error))
    g_task_return_error (task, imp_keyring_explain_error (g_steal_pointer (&error)));
  else
    imp_keyring_load_async (self, NULL, reload_cb, g_steal_pointer (&task));
}

static void
store (GTask *task)
{
  Making *making = g_task_get_task_data (task);
  g_autofree char *created = g_strdup_printf ("%" G_GINT64_FORMAT, imp_time_now ());
  g_autoptr(GHashTable) attributes = NULL;
  g_autoptr(GError) error = NULL;
  SecretValue *secret = imp_keyring_secret_from_key (making->key, &error);

  if (secret == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
      return;
    }

  attributes = secret_attributes_build (&imp_keyring_schema,
                                        "fingerprint", imp_key_get_fingerprint (making->key),
                                        "algorithm", imp_key_get_algorithm (making->key),
                                        "created", created,
                                        "public-key", imp_key_get_public_pem (making->key),
                                        NULL);
  secret_password_storev_binary (&imp_keyring_schema, attributes, SECRET_COLLECTION_DEFAULT, making->label,
                                 secret, g_task_get_cancellable (task), store_cb, task);
  secret_value_unref (secret);
}

static void
loaded_before_store_cb (GObject      *object,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  ImpKeyring *self = IMP_KEYRING (object);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (!imp_keyring_load_finish (self, result, &error) ||
      !check_is_new (self, g_task_get_task_data (task), &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    store (g_steal_pointer (&task));
}

static ImpKey *
import_key (Making  *making,
            GError **error)
{
  g_autoptr(ImpKey) key = NULL;
  gsize size;
  const char *text = g_bytes_get_data (making->pem, &size);

  key = imp_key_new_from_pem (text != NULL ? text : "", size, making->password, error);
  if (key == NULL || imp_key_has_private (key))
    return g_steal_pointer (&key);

  g_set_error_literal (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID,
                       "this is only a public key; signing needs the private one");
  return NULL;
}

static ImpKey *
make_key (Making  *making,
          GError **error)
{
  if (making->pem != NULL)
    return import_key (making, error);

  if (making->token != NULL)
    return imp_key_generate_on_pkcs11 (making->type, imp_pkcs11_token_get_url (making->token), making->label,
                                       imp_pkcs11_token_get_label (making->token), making->pin, error);

  return imp_key_generate (making->type, error);
}

static void
make_key_thread (GTask        *thread_task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  GError *error = NULL;
  ImpKey *key = make_key (g_task_get_task_data (task_data), &error);

  if (key != NULL)
    g_task_return_pointer (thread_task, key, g_object_unref);
  else
    g_task_return_error (thread_task, error);
}

static void
make_key_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  ImpKeyring *self = IMP_KEYRING (object);
  g_autoptr(GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  Making *making = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  making->key = g_task_propagate_pointer (G_TASK (result), &error);
  if (making->key == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (making->token != NULL)
    imp_keyring_load_tokens_async (self, TRUE, NULL, reload_tokens_cb, g_steal_pointer (&task));
  else
    imp_keyring_load_async (self, cancellable, loaded_before_store_cb, g_steal_pointer (&task));
}

/* What a token makes is on it at once, so its name is looked at before. */
static gboolean
check_making (ImpKeyring  *self,
              Making      *making,
              GError     **error)
{
  return check_label (making->label, error) &&
         (making->token == NULL || check_label_is_free (self, making->label, error));
}

/* Making an RSA key and opening an encrypted one both take long enough to be seen. */
static void
make (ImpKeyring          *self,
      Making              *making,
      gpointer             source_tag,
      GCancellable        *cancellable,
      GAsyncReadyCallback  callback,
      gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GTask) thread_task = NULL;
  g_autoptr(GError) error = NULL;

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, making, (GDestroyNotify) making_free);

  if (!check_making (self, making, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* A task that was cancelled would not tell what it has made. */
  thread_task = g_task_new (self, making->token != NULL ? NULL : cancellable, make_key_cb, g_object_ref (task));
  g_task_set_source_tag (thread_task, make);
  g_task_set_task_data (thread_task, g_steal_pointer (&task), g_object_unref);
  g_task_run_in_thread (thread_task, make_key_thread);
}

/**
 * imp_keyring_check_label:
 * @self: a loaded keyring
 * @label: what a new key shall be called
 * @error: return location for an error
 *
 * Checks a name before a key is made for it. One that is taken is `G_IO_ERROR_EXISTS`.
 *
 * Returns: whether it will do
 */
gboolean
imp_keyring_check_label (ImpKeyring  *self,
                         const char  *label,
                         GError     **error)
{
  g_return_val_if_fail (IMP_IS_KEYRING (self), FALSE);
  g_return_val_if_fail (label != NULL, FALSE);

  return check_label (label, error) && check_label_is_free (self, label, error);
}

/**
 * imp_keyring_generate_async:
 * @self: a keyring
 * @token: (nullable): the token that makes and keeps it, or `NULL` for the keyring service
 * @type: what key
 * @label: what people call it
 * @cancellable: (nullable): cancels it, until the keyring has the key
 * @callback: called once
 * @user_data: data for @callback
 *
 * Makes a key and stores it; one of a token never leaves that.
 */
void
imp_keyring_generate_async (ImpKeyring          *self,
                            ImpPkcs11Token      *token,
                            ImpKeyType           type,
                            const char          *label,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  Making *making;

  g_return_if_fail (IMP_IS_KEYRING (self));
  g_return_if_fail (label != NULL);

  making = g_new0 (Making, 1);
  making->type = type;
  if (g_set_object (&making->token, token))
    making->pin = imp_pin_request_new_asker (G_OBJECT (self), imp_keyring_ask_pin, cancellable);
  making->label = g_strdup (label);
  make (self, making, imp_keyring_generate_async, cancellable, callback, user_data);
}

/**
 * imp_keyring_generate_finish:
 * @self: a keyring
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the new key, or `NULL` with @error set
 */
ImpKeyringItem *
imp_keyring_generate_finish (ImpKeyring    *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * imp_keyring_import_async:
 * @self: a keyring
 * @pem: a private key in PEM: PKCS#1, SEC 1 or PKCS#8
 * @password: (nullable): for an encrypted key
 * @label: what people call it
 * @cancellable: (nullable): cancels it, until the keyring has the key
 * @callback: called once
 * @user_data: data for @callback
 *
 * Stores a key that exists already. A key or a name that the keyring has is `G_IO_ERROR_EXISTS`.
 */
void
imp_keyring_import_async (ImpKeyring          *self,
                          GBytes              *pem,
                          const char          *password,
                          const char          *label,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Making *making;

  g_return_if_fail (IMP_IS_KEYRING (self));
  g_return_if_fail (pem != NULL);
  g_return_if_fail (label != NULL);

  making = g_new0 (Making, 1);
  making->pem = g_bytes_ref (pem);
  making->password = g_strdup (password);
  making->label = g_strdup (label);
  make (self, making, imp_keyring_import_async, cancellable, callback, user_data);
}

/**
 * imp_keyring_import_finish:
 * @self: a keyring
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the key, or `NULL` with @error set
 */
ImpKeyringItem *
imp_keyring_import_finish (ImpKeyring    *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
