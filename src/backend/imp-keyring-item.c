/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-keyring-item.h"

#define GETTEXT_PACKAGE IMP_GETTEXT_PACKAGE
#include <glib/gi18n-lib.h>

/**
 * ImpKeyringItem:
 *
 * A signing key of the keyring or of a PKCS#11 token, as it is listed.
 *
 * There is no secret in it: the private key is asked for with
 * [method@Imp.Keyring.open_key_async] when something is to be signed.
 */
struct _ImpKeyringItem
{
  GObject parent_instance;

  char   *label;        /* (owned) */
  char   *algorithm;    /* (owned) */
  char   *fingerprint;  /* (owned) */
  char   *public_pem;   /* (owned) */
  char   *location;     /* (owned) */
  gint64  created;
  char   *token;        /* (owned) (nullable): what the token is called that has it */
  char   *url;          /* (owned) (nullable): of the private key on the token, RFC 7512 */
};

enum
{
  PROP_LABEL = 1,
  PROP_ALGORITHM,
  PROP_FINGERPRINT,
  PROP_LOCATION,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (ImpKeyringItem, imp_keyring_item, G_TYPE_OBJECT)

static void
imp_keyring_item_finalize (GObject *object)
{
  ImpKeyringItem *self = IMP_KEYRING_ITEM (object);

  g_free (self->label);
  g_free (self->algorithm);
  g_free (self->fingerprint);
  g_free (self->public_pem);
  g_free (self->location);
  g_free (self->token);
  g_free (self->url);

  G_OBJECT_CLASS (imp_keyring_item_parent_class)->finalize (object);
}

static void
imp_keyring_item_get_property (GObject    *object,
                               guint       property_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  ImpKeyringItem *self = IMP_KEYRING_ITEM (object);

  switch (property_id)
    {
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    case PROP_ALGORITHM:
      g_value_set_string (value, self->algorithm);
      break;
    case PROP_FINGERPRINT:
      g_value_set_string (value, self->fingerprint);
      break;
    case PROP_LOCATION:
      g_value_set_string (value, self->location);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
imp_keyring_item_class_init (ImpKeyringItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  static const char *const names[] = {
    [PROP_LABEL] = "label",
    [PROP_ALGORITHM] = "algorithm",
    [PROP_FINGERPRINT] = "fingerprint",
    [PROP_LOCATION] = "location",
  };

  object_class->finalize = imp_keyring_item_finalize;
  object_class->get_property = imp_keyring_item_get_property;

  for (guint i = PROP_LABEL; i < N_PROPS; i++)
    props[i] = g_param_spec_string (names[i], NULL, NULL, NULL,
                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
imp_keyring_item_init (ImpKeyringItem *self)
{
}

/**
 * imp_keyring_item_new:
 * @label: what people call it
 * @algorithm: what kind of key it is, for people
 * @fingerprint: of the public key
 * @public_pem: the public key
 * @location: where the private key is kept, for people
 * @created: when the key came into the keyring, in milliseconds since 1970, or -1
 *
 * Makes an item, with copies of the texts.
 *
 * Returns: (transfer full): the item
 */
ImpKeyringItem *
imp_keyring_item_new (const char *label,
                      const char *algorithm,
                      const char *fingerprint,
                      const char *public_pem,
                      const char *location,
                      gint64      created)
{
  ImpKeyringItem *self = g_object_new (IMP_TYPE_KEYRING_ITEM, NULL);

  self->label = g_strdup (label);
  self->algorithm = g_strdup (algorithm);
  self->fingerprint = g_strdup (fingerprint);
  self->public_pem = g_strdup (public_pem);
  self->location = g_strdup (location);
  self->created = created;

  return self;
}

/**
 * imp_keyring_item_new_on_token:
 * @label: what the key is called
 * @public_key: its public half
 * @token: what its token is called
 * @url: of the private key, as RFC 7512 writes it
 *
 * Makes an item for a key that a PKCS#11 token has.
 *
 * Returns: (transfer full): the item
 */
ImpKeyringItem *
imp_keyring_item_new_on_token (const char *label,
                               ImpKey     *public_key,
                               const char *token,
                               const char *url)
{
  g_autofree char *location = g_strdup_printf (_("PKCS#11 token “%s”"), token);
  ImpKeyringItem *self;

  self = imp_keyring_item_new (label, imp_key_get_algorithm (public_key), imp_key_get_fingerprint (public_key),
                               imp_key_get_public_pem (public_key), location, -1);
  self->token = g_strdup (token);
  self->url = g_strdup (url);

  return self;
}

/**
 * imp_keyring_item_equal:
 * @self: a key
 * @other: another
 *
 * Returns: whether both are the same key under the same label in the same place
 */
gboolean
imp_keyring_item_equal (ImpKeyringItem *self,
                        ImpKeyringItem *other)
{
  return g_str_equal (self->fingerprint, other->fingerprint) &&
         g_strcmp0 (self->label, other->label) == 0 &&
         g_strcmp0 (self->location, other->location) == 0 &&
         g_strcmp0 (self->url, other->url) == 0;
}

/**
 * imp_keyring_item_get_label:
 * @self: a key of the keyring
 *
 * Returns: what people call it
 */
const char *
imp_keyring_item_get_label (ImpKeyringItem *self)
{
  g_return_val_if_fail (IMP_IS_KEYRING_ITEM (self), NULL);

  return self->label;
}

/**
 * imp_keyring_item_get_algorithm:
 * @self: a key of the keyring
 *
 * Returns: what kind of key it is, for people: “EC P-256”
 */
const char *
imp_keyring_item_get_algorithm (ImpKeyringItem *self)
{
  g_return_val_if_fail (IMP_IS_KEYRING_ITEM (self), NULL);

  return self->algorithm;
}

/**
 * imp_keyring_item_get_fingerprint:
 * @self: a key of the keyring
 *
 * Returns: the fingerprint of its public key, by which agents and the ledger know the author
 */
const char *
imp_keyring_item_get_fingerprint (ImpKeyringItem *self)
{
  g_return_val_if_fail (IMP_IS_KEYRING_ITEM (self), NULL);

  return self->fingerprint;
}

/**
 * imp_keyring_item_get_location:
 * @self: a key of the keyring
 *
 * Says where the private key is kept, for people: “Login keyring”.
 *
 * Returns: a place
 */
const char *
imp_keyring_item_get_location (ImpKeyringItem *self)
{
  g_return_val_if_fail (IMP_IS_KEYRING_ITEM (self), NULL);

  return self->location;
}

/**
 * imp_keyring_item_get_public_pem:
 * @self: a key of the keyring
 *
 * Returns: the public key in PEM, which is no secret
 */
const char *
imp_keyring_item_get_public_pem (ImpKeyringItem *self)
{
  g_return_val_if_fail (IMP_IS_KEYRING_ITEM (self), NULL);

  return self->public_pem;
}

/**
 * imp_keyring_item_get_created:
 * @self: a key of the keyring
 *
 * Says when the key came into the keyring.
 *
 * Returns: milliseconds since 1970, or -1
 */
gint64
imp_keyring_item_get_created (ImpKeyringItem *self)
{
  g_return_val_if_fail (IMP_IS_KEYRING_ITEM (self), -1);

  return self->created;
}

/**
 * imp_keyring_item_get_token:
 * @self: a key
 *
 * Gets what the PKCS#11 token is called that has the key.
 *
 * Returns: (nullable): a name, or `NULL` for a key that the keyring has
 */
const char *
imp_keyring_item_get_token (ImpKeyringItem *self)
{
  g_return_val_if_fail (IMP_IS_KEYRING_ITEM (self), NULL);

  return self->token;
}

/**
 * imp_keyring_item_get_url:
 * @self: a key
 *
 * Gets where the private key is on its PKCS#11 token.
 *
 * Returns: (nullable): a URL of RFC 7512, or `NULL` for a key that the keyring has
 */
const char *
imp_keyring_item_get_url (ImpKeyringItem *self)
{
  g_return_val_if_fail (IMP_IS_KEYRING_ITEM (self), NULL);

  return self->url;
}
