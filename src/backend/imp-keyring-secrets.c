/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-keyring-secrets.h"

#define GETTEXT_PACKAGE IMP_GETTEXT_PACKAGE
#include <glib/gi18n-lib.h>

#include "imp-error.h"
#include "imp-text.h"

/* The public key stands in an attribute, so that listing the keys loads no secret. */
const SecretSchema imp_keyring_schema = {
  .name = "io.github.imprimatur.SigningKey",
  .flags = SECRET_SCHEMA_NONE,
  .attributes = {
    { "fingerprint", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "algorithm", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "created", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "public-key", SECRET_SCHEMA_ATTRIBUTE_STRING },
  },
};

static gboolean
is_file_backend (void)
{
  return g_strcmp0 (g_getenv ("SECRET_BACKEND"), "file") == 0;
}

/* libsecret passes on what D-Bus says, which names no remedy. */
GError *
imp_keyring_explain_error (GError *error)
{
  g_autoptr(GError) original = error;

  if (g_error_matches (original, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_steal_pointer (&original);

  if (g_error_matches (original, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                                "the keyring is locked; unlock it and try again");

  if (original->domain == SECRET_ERROR || is_file_backend ())
    {
      g_prefix_error (&original, "the keyring does not work: ");
      return g_steal_pointer (&original);
    }

  g_debug ("no keyring service: %s", original->message);
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                              "there is no keyring service to keep keys in; install and start GNOME Keyring "
                              "or KWallet, then try again");
}

/* The keyring of an item is only in its object path: …/collection/login/12. */
static char *
describe_location (SecretRetrievable *retrievable)
{
  g_auto(GStrv) parts = NULL;
  guint length;

  if (!SECRET_IS_ITEM (retrievable))
    return g_strdup (_("Keyring file"));

  parts = g_strsplit (g_dbus_proxy_get_object_path (G_DBUS_PROXY (retrievable)), "/", -1);
  length = g_strv_length (parts);
  if (length < 2 || g_str_equal (parts[length - 2], "login"))
    return g_strdup (_("Login keyring"));

  return g_strdup_printf (_("Keyring “%s”"), parts[length - 2]);
}

/**
 * imp_keyring_item_from_secret:
 * @retrievable: an entry of the keyring service
 *
 * Reads what is known of a key without unlocking it.
 *
 * Returns: (transfer full) (nullable): the entry, or `NULL` if it is not one of ours
 */
ImpKeyringItem *
imp_keyring_item_from_secret (SecretRetrievable *retrievable)
{
  g_autoptr(GHashTable) attributes = secret_retrievable_get_attributes (retrievable);
  g_autofree char *said = secret_retrievable_get_label (retrievable);
  g_autofree char *label = NULL;
  g_autofree char *location = describe_location (retrievable);
  const char *fingerprint = g_hash_table_lookup (attributes, "fingerprint");
  const char *algorithm = g_hash_table_lookup (attributes, "algorithm");
  const char *created = g_hash_table_lookup (attributes, "created");
  const char *pem = g_hash_table_lookup (attributes, "public-key");

  if (fingerprint == NULL || algorithm == NULL || pem == NULL)
    return NULL;

  /* Any program may have renamed it. */
  label = imp_text_make_printable (said != NULL && *said != '\0' ? said : fingerprint, -1,
                                   IMP_KEYRING_MAX_LABEL_CHARS);
  return imp_keyring_item_new (label, algorithm, fingerprint, pem, location,
                               created != NULL ? g_ascii_strtoll (created, NULL, 10) : -1);
}

/**
 * imp_keyring_match_fingerprint:
 * @fingerprint: of a public key
 *
 * Returns: (transfer full): the attributes under which the keyring service finds that key
 */
GHashTable *
imp_keyring_match_fingerprint (const char *fingerprint)
{
  return secret_attributes_build (&imp_keyring_schema, "fingerprint", fingerprint, NULL);
}

/**
 * imp_keyring_secret_from_key:
 * @key: a key with its private half
 * @error: return location for an error
 *
 * Makes what the keyring service keeps: the private key in PKCS#8, not encrypted, since the keyring is.
 *
 * Returns: (transfer full) (nullable): the secret, in memory that libsecret wipes, or `NULL` with
 * @error set
 */
SecretValue *
imp_keyring_secret_from_key (ImpKey  *key,
                             GError **error)
{
  g_autoptr(GBytes) pem = imp_key_export_private (key, error);
  gsize size;
  const char *text;

  if (pem == NULL)
    return NULL;

  text = g_bytes_get_data (pem, &size);
  return secret_value_new (text, size, "application/pkcs8");
}

/**
 * imp_keyring_key_from_secret:
 * @secret: (nullable): what the keyring gave
 * @item: the entry that it is of
 * @error: return location for an error
 *
 * Makes the key that an entry stands for, and sees that it has the entry’s fingerprint.
 *
 * Returns: (transfer full) (nullable): a key with both halves, or `NULL` with @error set
 */
ImpKey *
imp_keyring_key_from_secret (SecretValue     *secret,
                             ImpKeyringItem  *item,
                             GError         **error)
{
  g_autoptr(ImpKey) key = NULL;
  gsize size;
  const char *text;

  if (secret == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                   "the keyring did not give the private key of “%s”: it is locked, or the key was "
                   "removed", imp_keyring_item_get_label (item));
      return NULL;
    }

  text = secret_value_get (secret, &size);
  key = imp_key_new_from_pem (text, size, NULL, error);
  if (key == NULL)
    {
      g_prefix_error (error, "key “%s”: ", imp_keyring_item_get_label (item));
      return NULL;
    }

  if (!g_str_equal (imp_key_get_fingerprint (key), imp_keyring_item_get_fingerprint (item)))
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT,
                   "the keyring has another private key under the name “%s” than its fingerprint says",
                   imp_keyring_item_get_label (item));
      return NULL;
    }

  return g_steal_pointer (&key);
}
