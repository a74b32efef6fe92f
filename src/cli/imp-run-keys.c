/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-run-keys.h"

#include <glib/gi18n.h>

#include "imp-digest.h"
#include "imp-error.h"

/* Which key a command means: by its name, by its fingerprint, or the only one that there is. */

static ImpKeyringItem *
find_only_key (ImpKeyring  *keyring,
               GError     **error)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (keyring));

  if (n == 1)
    return g_list_model_get_item (G_LIST_MODEL (keyring), 0);

  if (n == 0)
    g_set_error_literal (error, IMP_ERROR, IMP_ERROR_NOT_FOUND,
                         _("There is no key yet; make one with “imprimaturctl key generate NAME”"));
  else
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                 _("There are %u keys; say which one with --key NAME"), n);

  return NULL;
}

/**
 * imp_run_find_key:
 * @self: a run
 * @name: (nullable): a label or a fingerprint, or `NULL` for the only key that there is
 * @error: return location for an error
 *
 * Finds a key in the keyring.
 *
 * Returns: (transfer full) (nullable): the key's entry
 */
ImpKeyringItem *
imp_run_find_key (ImpRun      *self,
                  const char  *name,
                  GError     **error)
{
  ImpKeyring *keyring = imp_run_load_keyring (self, error);

  if (keyring == NULL)
    return NULL;
  if (name == NULL)
    return find_only_key (keyring, error);

  return imp_keyring_find (keyring, name, error);
}

/**
 * imp_run_open_key:
 * @self: a run
 * @item: an entry of its keyring
 * @error: return location for an error
 *
 * Gets a key with its private half; a person may be asked to unlock it.
 *
 * Returns: (transfer full) (nullable): the key
 */
ImpKey *
imp_run_open_key (ImpRun          *self,
                  ImpKeyringItem  *item,
                  GError         **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  ImpKeyring *keyring = imp_run_load_keyring (self, error);

  if (keyring == NULL)
    return NULL;

  imp_keyring_open_key_async (keyring, item, imp_run_get_cancellable (self), imp_wait_cb, &wait);
  return imp_keyring_open_key_finish (keyring, imp_wait (&wait), error);
}

/**
 * imp_run_dup_fingerprint:
 * @self: a run
 * @name: (nullable): a label, a fingerprint, or `NULL` for the only key that there is
 * @error: return location for an error
 *
 * Finds an author, who is named by a key of ours or, without any keyring, by a whole fingerprint.
 *
 * Returns: (transfer full) (nullable): the fingerprint
 */
char *
imp_run_dup_fingerprint (ImpRun      *self,
                         const char  *name,
                         GError     **error)
{
  g_autoptr(ImpKeyringItem) item = NULL;

  if (name != NULL && imp_digest_is_hex (name, 2 * IMP_SHA256_SIZE))
    return g_strdup (name);
  if (!(item = imp_run_find_key (self, name, error)))
    return NULL;

  return g_strdup (imp_keyring_item_get_fingerprint (item));
}
