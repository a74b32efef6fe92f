/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-keyring-private.h"

#include "imp-error.h"

#define MIN_FINGERPRINT_DIGITS 8

/**
 * ImpKeyring:
 *
 * The signing keys of this user, by label: those in the system’s keyring and those on PKCS#11 tokens.
 *
 * It is a [iface@Gio.ListModel] of [class@Imp.KeyringItem], empty until
 * [method@Imp.Keyring.load_async]. Private keys stay where they are: one of the keyring comes out of it
 * to sign with, and one of a token signs there.
 *
 * Where `SECRET_BACKEND=file` is set, libsecret’s own file takes the place of a keyring service.
 * `G_IO_ERROR_NOT_SUPPORTED` means that there is no keyring at all, `G_IO_ERROR_PERMISSION_DENIED`
 * that it is locked and was not unlocked. Keys of tokens are listed even then.
 */
enum
{
  SIGNAL_ASK_PIN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void imp_keyring_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpKeyring, imp_keyring, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      imp_keyring_list_model_init))

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
contains_fingerprint (GPtrArray      *items,
                      ImpKeyringItem *item)
{
  for (guint i = 0; i < items->len; i++)
    {
      if (g_str_equal (imp_keyring_item_get_fingerprint (items->pdata[i]), imp_keyring_item_get_fingerprint (item)))
        return TRUE;
    }

  return FALSE;
}

/* A fingerprint is an author. Of a key that is in several places one is enough, and the keyring asks
 * for no PIN.
 */
static void
add_new (GPtrArray *items,
         GPtrArray *found)
{
  for (guint i = 0; i < found->len; i++)
    {
      if (!contains_fingerprint (items, found->pdata[i]))
        g_ptr_array_add (items, g_object_ref (found->pdata[i]));
    }
}

static GPtrArray *
collect (ImpKeyring *self)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_tokens = g_list_model_get_n_items (G_LIST_MODEL (self->tokens));

  add_new (items, self->stored);
  for (guint i = 0; i < n_tokens; i++)
    {
      g_autoptr(ImpPkcs11Token) token = g_list_model_get_item (G_LIST_MODEL (self->tokens), i);

      add_new (items, imp_pkcs11_token_get_keys (token));
    }
  g_ptr_array_sort (items, compare_items);

  return items;
}

/* Those that stay in front keep their objects: what is shown of them stays as it is. */
static guint
keep_same (GPtrArray *before,
           GPtrArray *after)
{
  guint n = 0;

  while (n < MIN (before->len, after->len) && imp_keyring_item_equal (before->pdata[n], after->pdata[n]))
    {
      g_set_object ((GObject **) &after->pdata[n], before->pdata[n]);
      n++;
    }

  return n;
}

/*< private >
 * imp_keyring_merge:
 * @self: a keyring
 *
 * Lists what the keyring service and the tokens have now, and tells what has changed. From the first
 * change on all is told to be new: GTK 4.8’s GtkMapListModel takes what is put in front of an item for
 * something behind it.
 */
void
imp_keyring_merge (ImpKeyring *self)
{
  g_autoptr(GPtrArray) before = g_steal_pointer (&self->items);
  GPtrArray *after = collect (self);
  guint n_same = keep_same (before, after);

  self->items = after;
  if (n_same < before->len || n_same < after->len)
    g_list_model_items_changed (G_LIST_MODEL (self), n_same, before->len - n_same, after->len - n_same);
}

/**
 * imp_keyring_find_fingerprint:
 * @self: a keyring
 * @fingerprint: of a public key
 *
 * Returns: (transfer none) (nullable): the first key that has it, or `NULL`
 */
ImpKeyringItem *
imp_keyring_find_fingerprint (ImpKeyring *self,
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

/**
 * imp_keyring_ask_pin:
 * @self: a keyring
 * @request: a question for a PIN
 *
 * Shows a question, in the main context, by emitting [signal@Imp.Keyring::ask-pin].
 *
 * Returns: whether somebody has taken it up; nobody need ask otherwise
 */
gboolean
imp_keyring_ask_pin (GObject       *self,
                     ImpPinRequest *request)
{
  gboolean handled = FALSE;

  g_signal_emit (self, signals[SIGNAL_ASK_PIN], 0, request, &handled);
  return handled;
}

/* What is loaded at the same time: the keyring service’s keys and the tokens’. */
typedef struct
{
  guint   n_pending;
  GError *error;  /* (owned) (nullable) */
} Loading;

static void
loading_free (Loading *loading)
{
  g_clear_error (&loading->error);
  g_free (loading);
}

/* Takes @task. */
static void
finish_part (GTask *task)
{
  Loading *loading = g_task_get_task_data (task);

  if (--loading->n_pending == 0)
    {
      if (loading->error != NULL)
        g_task_return_error (task, g_steal_pointer (&loading->error));
      else
        g_task_return_boolean (task, TRUE);
    }

  g_object_unref (task);
}

static void
searched_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Loading *loading = g_task_get_task_data (user_data);

  imp_keyring_search_finish (IMP_KEYRING (object), result, &loading->error);
  finish_part (user_data);
}

/* What is against a token is said of that token. */
static void
loaded_tokens_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  imp_keyring_load_tokens_finish (IMP_KEYRING (object), result, NULL);
  finish_part (user_data);
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
  g_ptr_array_unref (self->stored);
  g_object_unref (self->tokens);

  G_OBJECT_CLASS (imp_keyring_parent_class)->finalize (object);
}

static void
imp_keyring_class_init (ImpKeyringClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_keyring_finalize;

  /**
   * ImpKeyring::ask-pin:
   * @self: a keyring
   * @request: the question
   *
   * Emitted when a token wants its PIN. Whoever handles it keeps a reference and answers later.
   *
   * Returns: whether the request will be answered
   */
  signals[SIGNAL_ASK_PIN] =
    g_signal_new ("ask-pin",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  g_signal_accumulator_true_handled, NULL, NULL,
                  G_TYPE_BOOLEAN, 1, IMP_TYPE_PIN_REQUEST);
}

static void
imp_keyring_init (ImpKeyring *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->stored = g_ptr_array_new_with_free_func (g_object_unref);
  self->tokens = g_list_store_new (IMP_TYPE_PKCS11_TOKEN);
}

/**
 * imp_keyring_new:
 *
 * Makes a keyring that is empty until it is loaded.
 *
 * Returns: (transfer full): the keyring
 */
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
 * its own prompt; tokens are looked at as they are, without a PIN.
 */
void
imp_keyring_load_async (ImpKeyring          *self,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  Loading *loading = g_new0 (Loading, 1);
  GTask *task;

  g_return_if_fail (IMP_IS_KEYRING (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_keyring_load_async);
  g_task_set_task_data (task, loading, (GDestroyNotify) loading_free);

  loading->n_pending = 2;
  imp_keyring_search_async (self, cancellable, searched_cb, g_object_ref (task));
  imp_keyring_load_tokens_async (self, TRUE, cancellable, loaded_tokens_cb, task);
}

/**
 * imp_keyring_load_finish:
 * @self: a keyring
 * @result: the result
 * @error: return location for an error
 *
 * Ends [method@Imp.Keyring.load_async].
 *
 * Returns: whether the keyring service could be read; the keys of tokens are listed either way
 */
gboolean
imp_keyring_load_finish (ImpKeyring    *self,
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
 * Takes the private key out of the keyring, or finds it on its token, to sign with now. Drop it when
 * that is done: its memory is wiped, or the token logged out. A locked keyring asks to be unlocked, a
 * token for its PIN with [signal@Imp.Keyring::ask-pin]. Signing with the key of a token may ask again.
 */
void
imp_keyring_open_key_async (ImpKeyring          *self,
                            ImpKeyringItem      *item,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (IMP_IS_KEYRING (self));
  g_return_if_fail (IMP_IS_KEYRING_ITEM (item));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_keyring_open_key_async);
  g_task_set_task_data (task, g_object_ref (item), g_object_unref);

  if (imp_keyring_item_get_token (item) != NULL)
    imp_keyring_open_on_token (self, item, task);
  else
    imp_keyring_lookup (self, item, task);
}

/**
 * imp_keyring_open_key_finish:
 * @self: a keyring
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the key with its private half, or `NULL` with @error set
 */
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

static gboolean
has_label (ImpKeyringItem *item,
           const char     *name)
{
  return g_str_equal (imp_keyring_item_get_label (item), name);
}

static guint
find_matches (ImpKeyring      *self,
              const char      *name,
              gboolean       (*matches) (ImpKeyringItem *item, const char *name),
              ImpKeyringItem **found)
{
  guint n_found = 0;

  for (guint i = 0; i < self->items->len; i++)
    {
      if (matches (self->items->pdata[i], name))
        {
          *found = self->items->pdata[i];
          n_found++;
        }
    }

  return n_found;
}

/**
 * imp_keyring_find:
 * @self: a loaded keyring
 * @name: a label, or the first eight or more digits of a fingerprint
 * @error: return location for an error
 *
 * Finds the one key that @name means. Several that fit are %IMP_ERROR_MALFORMED: tokens can have keys
 * of one name.
 *
 * Returns: (transfer full) (nullable): the key, or `NULL` with @error set
 */
ImpKeyringItem *
imp_keyring_find (ImpKeyring  *self,
                  const char  *name,
                  GError     **error)
{
  ImpKeyringItem *found = NULL;
  guint n_named, n_found;

  g_return_val_if_fail (IMP_IS_KEYRING (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  n_named = find_matches (self, name, has_label, &found);
  n_found = n_named > 0 ? n_named : find_matches (self, name, fingerprint_begins_with, &found);
  if (n_found == 1)
    return g_object_ref (found);

  if (n_named > 1)
    g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                 "%u keys are named “%s”; give the fingerprint of one", n_named, name);
  else if (n_found > 1)
    g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                 "%u keys have a fingerprint that begins with “%s”; give more digits", n_found, name);
  else
    g_set_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND, "the keyring has no key “%s”", name);
  return NULL;
}
