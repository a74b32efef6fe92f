/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-pkcs11-objects.h"

#define GETTEXT_PACKAGE IMP_GETTEXT_PACKAGE
#include <glib/gi18n-lib.h>
#include <gnutls/abstract.h>
#include <gnutls/pkcs11.h>
#include <gnutls/x509.h>
#include <p11-kit/pkcs11.h>
#include <string.h>

#include "imp-key.h"
#include "imp-text.h"

#define MAX_OBJECTS     1024
#define MAX_LABEL_CHARS 128

#define ED25519_SIZE 32

/* A walk over the objects of one token. */
typedef struct
{
  const char   *token_url;
  const char   *token;
  GHashTable   *private_ids;  /* (owned) (nullable): IDs of the private keys, where they show */
  GPtrArray    *keys;         /* (owned) */
  GStrvBuilder *unusable;     /* (owned) */
} Reading;

static GBytes *
get_id (gnutls_pkcs11_obj_t object)
{
  guint8 id[256];
  size_t size = sizeof id;

  if (gnutls_pkcs11_obj_get_info (object, GNUTLS_PKCS11_OBJ_ID, id, &size) < 0)
    size = 0;

  return g_bytes_new (id, size);
}

/* A key without a label is called by its ID, which is what other tools show then. */
static char *
get_label (gnutls_pkcs11_obj_t object)
{
  char text[512];
  size_t size = sizeof text;

  if (gnutls_pkcs11_obj_get_info (object, GNUTLS_PKCS11_OBJ_LABEL, text, &size) >= 0 && *text != '\0')
    return imp_text_make_printable (text, -1, MAX_LABEL_CHARS);

  size = sizeof text;
  if (gnutls_pkcs11_obj_get_info (object, GNUTLS_PKCS11_OBJ_ID_HEX, text, &size) >= 0 && *text != '\0')
    return g_strdup_printf (_("Key %s"), text);

  return g_strdup (_("Key without a name"));
}

/* The private half of a key has its ID; where there is none, its label. */
static char *
make_private_url (Reading             *reading,
                  gnutls_pkcs11_obj_t  object)
{
  g_autoptr(GBytes) id = get_id (object);
  g_autoptr(GString) url = g_string_new (reading->token_url);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (id, &size);

  if (size > 0)
    {
      g_string_append (url, ";id=");
      for (gsize i = 0; i < size; i++)
        g_string_append_printf (url, "%%%02X", bytes[i]);
    }
  else
    {
      g_autofree char *label = get_label (object);

      g_string_append (url, ";object=");
      g_string_append_uri_escaped (url, label, NULL, FALSE);
    }
  g_string_append (url, ";type=private");

  return g_string_free (g_steal_pointer (&url), FALSE);
}

/* The bytes of a public key as PKCS#11 2.40 and 3.0 and those before the standard spell it: as they
 * are, in an OCTET STRING, in a BIT STRING.
 */
static const guint8 *
find_ed25519_point (const guint8 *value,
                    gsize         size)
{
  static const guint8 octet_string[] = { 0x04, ED25519_SIZE };
  static const guint8 bit_string[] = { 0x03, ED25519_SIZE + 1, 0x00 };

  if (size == ED25519_SIZE)
    return value;
  if (size == ED25519_SIZE + sizeof octet_string && memcmp (value, octet_string, sizeof octet_string) == 0)
    return value + sizeof octet_string;
  if (size == ED25519_SIZE + sizeof bit_string && memcmp (value, bit_string, sizeof bit_string) == 0)
    return value + sizeof bit_string;

  return NULL;
}

static gboolean
read_ed25519_point (gnutls_pkcs11_obj_t  object,
                    guint8              *value,
                    gsize               *size)
{
  CK_FUNCTION_LIST *module;
  CK_KEY_TYPE key_type = CKK_RSA;
  CK_ATTRIBUTE attributes[] = {
    { CKA_KEY_TYPE, &key_type, sizeof key_type },
    { CKA_EC_POINT, value, *size },
  };
  void *functions, *session, *handle;
  CK_RV result;

  if (gnutls_pkcs11_obj_get_ptr (object, &functions, &session, &handle, NULL, 0) < 0)
    return FALSE;

  module = functions;
  result = module->C_GetAttributeValue ((CK_SESSION_HANDLE) session, (CK_OBJECT_HANDLE) handle,
                                        attributes, G_N_ELEMENTS (attributes));
  module->C_CloseSession ((CK_SESSION_HANDLE) session);
  *size = attributes[1].ulValueLen;

  return result == CKR_OK && key_type == CKK_EC_EDWARDS;
}

/* GnuTLS reads an Ed25519 key only where its curve is spelled as one of the standards has it. */
static int
import_ed25519 (gnutls_pubkey_t      public_key,
                gnutls_pkcs11_obj_t  object)
{
  guint8 value[128];
  gsize size = sizeof value;
  const guint8 *point;

  if (!read_ed25519_point (object, value, &size) || !(point = find_ed25519_point (value, size)))
    return GNUTLS_E_UNKNOWN_PK_ALGORITHM;

  return gnutls_pubkey_import_ecc_raw (public_key, GNUTLS_ECC_CURVE_ED25519,
                                       &(gnutls_datum_t) { (guint8 *) point, ED25519_SIZE }, NULL);
}

static int
import_certificate (gnutls_pubkey_t      public_key,
                    gnutls_pkcs11_obj_t  object)
{
  gnutls_x509_crt_t certificate;
  int ret;

  gnutls_x509_crt_init (&certificate);
  if ((ret = gnutls_x509_crt_import_pkcs11 (certificate, object)) >= 0)
    ret = gnutls_pubkey_import_x509 (public_key, certificate, 0);
  gnutls_x509_crt_deinit (certificate);

  return ret;
}

static int
import_public (gnutls_pubkey_t      public_key,
               gnutls_pkcs11_obj_t  object)
{
  int ret;

  if (gnutls_pkcs11_obj_get_type (object) == GNUTLS_PKCS11_OBJ_X509_CRT)
    return import_certificate (public_key, object);

  ret = gnutls_pubkey_import_pkcs11 (public_key, object, 0);
  return ret >= 0 ? ret : import_ed25519 (public_key, object);
}

/* What a public key may be used for is often not said, and then not restricted. */
static gboolean
is_for_signing (gnutls_pubkey_t public_key)
{
  guint usage = 0;

  gnutls_pubkey_get_key_usage (public_key, &usage);
  return usage == 0 || (usage & GNUTLS_KEY_DIGITAL_SIGNATURE) != 0;
}

static ImpKey *
make_key (gnutls_pubkey_t   public_key,
          GError          **error)
{
  gnutls_datum_t pem = { NULL };
  ImpKey *key = NULL;
  int ret = gnutls_pubkey_export2 (public_key, GNUTLS_X509_FMT_PEM, &pem);

  if (ret >= 0)
    key = imp_key_new_from_pem ((const char *) pem.data, pem.size, NULL, error);
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, gnutls_strerror (ret));

  gnutls_free (pem.data);
  return key;
}

static void
add_unusable (Reading    *reading,
              const char *label,
              const char *reason)
{
  g_autofree char *sentence = g_strdup_printf (_("“%s” cannot be used here: %s"), label, reason);

  g_strv_builder_add (reading->unusable, sentence);
}

static void
add_key (Reading             *reading,
         gnutls_pkcs11_obj_t  object,
         ImpKey              *key,
         const char          *label)
{
  g_autofree char *url = make_private_url (reading, object);

  g_ptr_array_add (reading->keys, imp_keyring_item_new_on_token (label, key, reading->token, url));
}

static gboolean
has_key (Reading *reading,
         ImpKey  *key)
{
  for (guint i = 0; i < reading->keys->len; i++)
    {
      if (g_str_equal (imp_keyring_item_get_fingerprint (reading->keys->pdata[i]), imp_key_get_fingerprint (key)))
        return TRUE;
    }

  return FALSE;
}

static void
add_object (Reading             *reading,
            gnutls_pkcs11_obj_t  object)
{
  g_autofree char *label = get_label (object);
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(GError) error = NULL;
  gnutls_pubkey_t public_key;
  int ret;

  gnutls_pubkey_init (&public_key);
  ret = import_public (public_key, object);
  if (ret >= 0)
    key = make_key (public_key, &error);

  if (ret < 0)
    add_unusable (reading, label, _("keys of this type are not supported"));
  else if (key == NULL)
    add_unusable (reading, label, error->message);
  else if (!is_for_signing (public_key))
    add_unusable (reading, label, _("its token does not let it sign"));
  else if (!has_key (reading, key))
    add_key (reading, object, key, label);

  gnutls_pubkey_deinit (public_key);
}

static gboolean
has_private_half (Reading             *reading,
                  gnutls_pkcs11_obj_t  object)
{
  g_autoptr(GBytes) id = get_id (object);

  return g_hash_table_contains (reading->private_ids, id);
}

/* A certificate is only somebody’s, unless its private key is seen to be here, too. */
static gboolean
is_candidate (Reading             *reading,
              gnutls_pkcs11_obj_t  object,
              gboolean             logged_in)
{
  switch ((int) gnutls_pkcs11_obj_get_type (object))
    {
    case GNUTLS_PKCS11_OBJ_PUBKEY:
      return !logged_in || has_private_half (reading, object);

    case GNUTLS_PKCS11_OBJ_X509_CRT:
      return has_private_half (reading, object);

    default:
      return FALSE;
    }
}

static void
note_private_ids (Reading             *reading,
                  gnutls_pkcs11_obj_t *objects,
                  guint                n_objects)
{
  for (guint i = 0; i < n_objects; i++)
    {
      if (gnutls_pkcs11_obj_get_type (objects[i]) == GNUTLS_PKCS11_OBJ_PRIVKEY)
        g_hash_table_add (reading->private_ids, get_id (objects[i]));
    }
}

static void
read_objects (Reading             *reading,
              gnutls_pkcs11_obj_t *objects,
              guint                n_objects,
              gboolean             logged_in)
{
  note_private_ids (reading, objects, n_objects);
  for (guint i = 0; i < MIN (n_objects, MAX_OBJECTS); i++)
    {
      if (is_candidate (reading, objects[i], logged_in))
        add_object (reading, objects[i]);
    }
}

/**
 * imp_pkcs11_objects_read:
 * @token_url: a token, as RFC 7512 writes it
 * @token: what it is called
 * @log_in: whether to log in first, so that all shows
 * @keys: (out) (element-type ImpKeyringItem): the keys that can sign updates
 * @unusable: (out): a sentence for each key that cannot
 *
 * Looks through what is on a token. It blocks, and asks for the PIN if @log_in is set.
 *
 * Returns: 0, or an error of GnuTLS, and then nothing was found
 */
int
imp_pkcs11_objects_read (const char  *token_url,
                         const char  *token,
                         gboolean     log_in,
                         GPtrArray  **keys,
                         GStrv       *unusable)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GHashTable) ids = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                                     (GDestroyNotify) g_bytes_unref, NULL);
  Reading reading = { token_url, token, ids, g_ptr_array_new_with_free_func (g_object_unref), builder };
  gnutls_pkcs11_obj_t *objects = NULL;
  guint n_objects = 0;
  int ret = gnutls_pkcs11_obj_list_import_url4 (&objects, &n_objects, token_url,
                                                log_in ? GNUTLS_PKCS11_OBJ_FLAG_LOGIN : 0);

  if (ret >= 0)
    read_objects (&reading, objects, n_objects, log_in);

  for (guint i = 0; ret >= 0 && i < n_objects; i++)
    gnutls_pkcs11_obj_deinit (objects[i]);
  gnutls_free (objects);

  *keys = reading.keys;
  *unusable = g_strv_builder_end (builder);
  return ret;
}
