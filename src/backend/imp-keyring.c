/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-keyring.h"

#include "imp-error.h"
#include "imp-keyring-secrets.h"
#include "imp-time.h"

#define MIN_FINGERPRINT_DIGITS 8

/**
 * ImpKeyring:
 *
 * The signing keys of this user in the system’s keyring, by label.
 *
 * It is a [iface@Gio.ListModel] of [class@Imp.KeyringItem], empty until
 * [method@Imp.Keyring.load_async]. Private keys stay in the keyring and come out of it one at a
 * time, to sign with.
 *
 * Where `SECRET_BACKEND=file` is set, libsecret’s own file takes the place of a keyring service.
 * `G_IO_ERROR_NOT_SUPPORTED` means that there is no keyring at all, `G_IO_ERROR_PERMISSION_DENIED`
 * that it is locked and was not unlocked.
 */
struct _ImpKeyring
{
  GObject parent_instance;

  GPtrArray *items;  /* (owned) (element-type ImpKeyringItem) by label */
};

static void imp_keyring_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpKeyring, imp_keyring, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      imp_keyring_list_model_init))

/* What becomes a key of the keyring: generated or imported in a thread, then stored. */
typedef struct
{
  ImpKeyType  type;
  GBytes     *pem;       /* (owned) (nullable): imported from these bytes */
  char       *password;  /* (owned) (nullable) */
  char       *label;     /* (owned) */
  ImpKey     *key;       /* (owned) (nullable): once it is made */
} Making;

static void
making_free (Making *making)
{
  g_clear_pointer (&making->pem, g_bytes_unref);
  if (making->password != NULL)
    secret_password_wipe (making->password);
  g_free (making->password);
  g_free (making->label);
  g_clear_object (&making->key);
  g_free (making);
}

static int
compare_items (gconstpointer a,
               gconstpointer b)
{
  ImpKeyringItem *first = *(ImpKeyringItem *const *) a;
  ImpKeyringItem *second = *(ImpKeyringItem *const *) b;
  int order = g_utf8_collate (imp_keyring_item_get_label (first),
                              imp_keyring_item_get_label (second));

  return order != 0 ? order : g_strcmp0 (imp_keyring_item_get_fingerprint (first),
                                         imp_keyring_item_get_fingerprint (second));
}

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
replace_items (ImpKeyring *self,
               GList      *found)
{
  guint n_before = self->items->len;

  g_ptr_array_set_size (self->items, 0);
  for (GList *l = found; l != NULL; l = l->next)
    {
      ImpKeyringItem *item = imp_keyring_item_from_secret (l->data);

      if (item != NULL)
        g_ptr_array_add (self->items, item);
    }
  g_ptr_array_sort (self->items, compare_items);

  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->items->len);
}

static ImpKeyringItem *
find_fingerprint (ImpKeyring *self,
                  const char *fingerprint)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      ImpKeyringItem *item = g_ptr_array_index (self->items, i);

      if (g_str_equal (imp_keyring_item_get_fingerprint (item), fingerprint))
        return item;
    }

  return NULL;
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
      replace_items (self, found);
      g_task_return_boolean (task, TRUE);
    }

  g_list_free_full (found, g_object_unref);
}

/* Two keys of one name could not be told apart where a key is chosen by name. */
static gboolean
check_is_new (ImpKeyring  *self,
              Making      *making,
              GError     **error)
{
  ImpKeyringItem *same = find_fingerprint (self, imp_key_get_fingerprint (making->key));

  if (same != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "the keyring has this key already, as “%s”",
                   imp_keyring_item_get_label (same));
      return FALSE;
    }

  for (guint i = 0; i < self->items->len; i++)
    {
      if (g_str_equal (imp_keyring_item_get_label (g_ptr_array_index (self->items, i)),
                       making->label))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                       "the keyring has another key named “%s”", making->label);
          return FALSE;
        }
    }

  return TRUE;
}

static void
reload_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  ImpKeyring *self = IMP_KEYRING (object);
  g_autoptr(GTask) task = user_data;
  Making *making = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  ImpKeyringItem *item;

  if (!imp_keyring_load_finish (self, result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if ((item = find_fingerprint (self, imp_key_get_fingerprint (making->key))) == NULL)
    g_task_return_new_error (task, IMP_ERROR, IMP_ERROR_CORRUPT,
                             "the keyring took the key “%s” but does not list it", making->label);
  else
    g_task_return_pointer (task, g_object_ref (item), g_object_unref);
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

static void
make_key_thread (GTask        *thread_task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  Making *making = g_task_get_task_data (task_data);
  GError *error = NULL;
  ImpKey *key;

  if (making->pem != NULL)
    {
      gsize size;
      const char *text = g_bytes_get_data (making->pem, &size);

      key = imp_key_new_from_pem (text != NULL ? text : "", size, making->password, &error);
    }
  else
    key = imp_key_generate (making->type, &error);

  if (key != NULL && !imp_key_has_private (key))
    {
      g_clear_object (&key);
      g_set_error_literal (&error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID,
                           "this is only a public key; signing needs the private one");
    }

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
  else
    imp_keyring_load_async (self, cancellable, loaded_before_store_cb, g_steal_pointer (&task));
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

  if (!imp_keyring_check_label (making->label, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  thread_task = g_task_new (self, cancellable, make_key_cb, g_object_ref (task));
  g_task_set_source_tag (thread_task, make);
  g_task_set_task_data (thread_task, g_steal_pointer (&task), g_object_unref);
  g_task_run_in_thread (thread_task, make_key_thread);
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

  if (g_ptr_array_find (self->items, item, &position))
    {
      g_ptr_array_remove_index (self->items, position);
      g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
    }
  g_task_return_boolean (task, TRUE);
}

static void
open_key_cb (GObject      *object,
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

static GType
imp_keyring_get_item_type (GListModel *model)
{
  return IMP_TYPE_KEYRING_ITEM;
}

static guint
imp_keyring_get_n_items (GListModel *model)
{
  return IMP_KEYRING (model)->items->len;
}

static gpointer
imp_keyring_get_item (GListModel *model,
                      guint       position)
{
  ImpKeyring *self = IMP_KEYRING (model);

  if (position >= self->items->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->items, position));
}

static void
imp_keyring_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = imp_keyring_get_item_type;
  iface->get_n_items = imp_keyring_get_n_items;
  iface->get_item = imp_keyring_get_item;
}

static void
imp_keyring_finalize (GObject *object)
{
  ImpKeyring *self = IMP_KEYRING (object);

  g_ptr_array_unref (self->items);

  G_OBJECT_CLASS (imp_keyring_parent_class)->finalize (object);
}

static void
imp_keyring_class_init (ImpKeyringClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_keyring_finalize;
}

static void
imp_keyring_init (ImpKeyring *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

ImpKeyring *
imp_keyring_new (void)
{
  return g_object_new (IMP_TYPE_KEYRING, NULL);
}

/**
 * imp_keyring_load_async:
 * @self: a keyring
 * @cancellable: (nullable): cancels the request
 * @callback: called once
 * @user_data: data for @callback
 *
 * Lists the keys, without their secrets. A locked keyring that has some asks to be unlocked, with
 * its own prompt.
 */
void
imp_keyring_load_async (ImpKeyring          *self,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (IMP_IS_KEYRING (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_keyring_load_async);
  search (task, SECRET_SEARCH_ALL);
}

gboolean
imp_keyring_load_finish (ImpKeyring    *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * imp_keyring_generate_async:
 * @self: a keyring
 * @type: what key
 * @label: what people call it
 * @cancellable: (nullable): cancels it, until the keyring has the key
 * @callback: called once
 * @user_data: data for @callback
 *
 * Makes a key and stores it.
 */
void
imp_keyring_generate_async (ImpKeyring          *self,
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
  making->label = g_strdup (label);
  make (self, making, imp_keyring_generate_async, cancellable, callback, user_data);
}

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

ImpKeyringItem *
imp_keyring_import_finish (ImpKeyring    *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

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

  attributes = imp_keyring_match_fingerprint (imp_keyring_item_get_fingerprint (item));
  secret_password_clearv (&imp_keyring_schema, attributes, cancellable, remove_cb, task);
}

gboolean
imp_keyring_remove_finish (ImpKeyring    *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * imp_keyring_open_key_async:
 * @self: a keyring
 * @item: one of its keys
 * @cancellable: (nullable): cancels the request
 * @callback: called once
 * @user_data: data for @callback
 *
 * Takes the private key out of the keyring, to sign with now. Drop it when that is done: its
 * memory is wiped. A locked keyring asks to be unlocked.
 */
void
imp_keyring_open_key_async (ImpKeyring          *self,
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
  g_task_set_source_tag (task, imp_keyring_open_key_async);
  g_task_set_task_data (task, g_object_ref (item), g_object_unref);

  attributes = imp_keyring_match_fingerprint (imp_keyring_item_get_fingerprint (item));
  secret_password_lookupv (&imp_keyring_schema, attributes, cancellable, open_key_cb, task);
}

ImpKey *
imp_keyring_open_key_finish (ImpKeyring    *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
fingerprint_begins_with (ImpKeyringItem *item,
                         const char     *name)
{
  return strlen (name) >= MIN_FINGERPRINT_DIGITS &&
         g_ascii_strncasecmp (imp_keyring_item_get_fingerprint (item), name, strlen (name)) == 0;
}

/**
 * imp_keyring_find:
 * @self: a loaded keyring
 * @name: a label, or the first eight or more digits of a fingerprint
 * @error: return location for an error
 *
 * Finds the one key that @name means. Several that fit are %IMP_ERROR_MALFORMED.
 *
 * Returns: (transfer full) (nullable): the key, or `NULL` with @error set
 */
ImpKeyringItem *
imp_keyring_find (ImpKeyring  *self,
                  const char  *name,
                  GError     **error)
{
  ImpKeyringItem *by_fingerprint = NULL;
  guint n_found = 0;

  g_return_val_if_fail (IMP_IS_KEYRING (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < self->items->len; i++)
    {
      ImpKeyringItem *item = g_ptr_array_index (self->items, i);

      if (g_str_equal (imp_keyring_item_get_label (item), name))
        return g_object_ref (item);
      if (fingerprint_begins_with (item, name))
        {
          by_fingerprint = item;
          n_found++;
        }
    }

  if (n_found == 1)
    return g_object_ref (by_fingerprint);

  if (n_found > 1)
    g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                 "%u keys have a fingerprint that begins with “%s”; give more digits", n_found, name);
  else
    g_set_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND, "the keyring has no key “%s”", name);
  return NULL;
}
