/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-pkcs11-token.h"

#include <gnutls/pkcs11.h>
#include <string.h>

#include "imp-pkcs11-objects.h"
#include "imp-text.h"

#define MAX_TOKENS      64
#define MAX_LABEL_CHARS 64

/**
 * ImpPkcs11Token:
 *
 * A PKCS#11 token that is there, and the keys on it that can sign updates.
 *
 * Public keys are listed without a PIN. What a token keeps private until somebody is logged in shows
 * after [method@Imp.Pkcs11Token.reveal].
 */
struct _ImpPkcs11Token
{
  GObject parent_instance;

  char      *url;       /* (owned): RFC 7512 */
  char      *label;     /* (owned) */
  char      *model;     /* (owned) */
  char      *serial;    /* (owned) */
  guint      flags;     /* GNUTLS_PKCS11_TOKEN_… */
  gboolean   revealed;
  GPtrArray *keys;      /* (owned) (element-type ImpKeyringItem) */
  GStrv      unusable;  /* (owned): sentences that name a key and what is against it */
};

G_DEFINE_FINAL_TYPE (ImpPkcs11Token, imp_pkcs11_token, G_TYPE_OBJECT)

static void
imp_pkcs11_token_finalize (GObject *object)
{
  ImpPkcs11Token *self = IMP_PKCS11_TOKEN (object);

  g_free (self->url);
  g_free (self->label);
  g_free (self->model);
  g_free (self->serial);
  g_clear_pointer (&self->keys, g_ptr_array_unref);
  g_strfreev (self->unusable);

  G_OBJECT_CLASS (imp_pkcs11_token_parent_class)->finalize (object);
}

static void
imp_pkcs11_token_class_init (ImpPkcs11TokenClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_pkcs11_token_finalize;
}

static void
imp_pkcs11_token_init (ImpPkcs11Token *self)
{
}

static char *
get_info (const char                 *url,
          gnutls_pkcs11_token_info_t  type)
{
  char text[256];
  size_t size = sizeof text;

  if (gnutls_pkcs11_token_get_info (url, type, text, &size) < 0)
    return g_strdup ("");

  return imp_text_make_printable (text, -1, MAX_LABEL_CHARS);
}

/* A token without a name of its own is called after what it is. */
static char *
get_label (const char *url)
{
  char *label = get_info (url, GNUTLS_PKCS11_TOKEN_LABEL);

  if (*g_strstrip (label) != '\0')
    return label;

  g_free (label);
  return get_info (url, GNUTLS_PKCS11_TOKEN_MODEL);
}

/* Takes @url. */
static ImpPkcs11Token *
token_new (char  *url,
           guint  flags)
{
  ImpPkcs11Token *self = g_object_new (IMP_TYPE_PKCS11_TOKEN, NULL);

  self->url = url;
  self->flags = flags;
  self->label = get_label (url);
  self->model = get_info (url, GNUTLS_PKCS11_TOKEN_MODEL);
  self->serial = get_info (url, GNUTLS_PKCS11_TOKEN_SERIAL);

  return self;
}

/* p11-kit’s trust module has certificates only, and an empty slot’s token cannot keep keys. */
static gboolean
is_for_keys (guint flags)
{
  return (flags & GNUTLS_PKCS11_TOKEN_TRUSTED) == 0 && (flags & GNUTLS_PKCS11_TOKEN_INITIALIZED) != 0;
}

static ImpPkcs11Token *
find_known (GPtrArray  *known,
            const char *url,
            guint       flags)
{
  for (guint i = 0; known != NULL && i < known->len; i++)
    {
      ImpPkcs11Token *token = known->pdata[i];

      if (token->flags == flags && g_str_equal (token->url, url))
        return token;
    }

  return NULL;
}

static void
add_token (GPtrArray  *tokens,
           GPtrArray  *known,
           const char *url)
{
  ImpPkcs11Token *self;
  guint flags = 0;

  if (gnutls_pkcs11_token_get_flags (url, &flags) < 0 || !is_for_keys (flags))
    return;

  if ((self = find_known (known, url, flags)) != NULL)
    {
      g_ptr_array_add (tokens, g_object_ref (self));
      return;
    }

  self = token_new (g_strdup (url), flags);
  imp_pkcs11_objects_read (self->url, self->label, FALSE, &self->keys, &self->unusable);
  g_ptr_array_add (tokens, self);
}

static int
compare_tokens (gconstpointer a,
                gconstpointer b)
{
  ImpPkcs11Token *first = *(ImpPkcs11Token *const *) a;
  ImpPkcs11Token *second = *(ImpPkcs11Token *const *) b;
  int order = g_utf8_collate (first->label, second->label);

  return order != 0 ? order : strcmp (first->url, second->url);
}

/**
 * imp_pkcs11_token_list:
 * @known: (nullable) (element-type ImpPkcs11Token): tokens that need not be read again
 *
 * Lists the tokens that are there now, with the keys that they show without a PIN. A token that does
 * not answer is listed without keys. It blocks: call it from a thread.
 *
 * Returns: (transfer full) (element-type ImpPkcs11Token): the tokens, by label
 */
GPtrArray *
imp_pkcs11_token_list (GPtrArray *known)
{
  GPtrArray *tokens = g_ptr_array_new_with_free_func (g_object_unref);
  char *url;

  imp_pin_asker_enter (NULL);
  for (guint i = 0; i < MAX_TOKENS && gnutls_pkcs11_token_get_url (i, GNUTLS_PKCS11_URL_GENERIC, &url) >= 0; i++)
    {
      add_token (tokens, known, url);
      gnutls_free (url);
    }
  imp_pin_asker_leave ();
  g_ptr_array_sort (tokens, compare_tokens);

  return tokens;
}

/**
 * imp_pkcs11_token_reveal:
 * @self: a token
 * @pin: whom to ask for its PIN
 * @error: return location for an error
 *
 * Logs in to a token, lists all that it has, and logs out. It blocks: call it from a thread.
 *
 * Returns: (transfer full) (nullable): the token with all of its keys, or `NULL` with @error set
 */
ImpPkcs11Token *
imp_pkcs11_token_reveal (ImpPkcs11Token  *self,
                         ImpPinAsker     *pin,
                         GError         **error)
{
  g_autoptr(ImpPkcs11Token) revealed = NULL;
  int ret;

  g_return_val_if_fail (IMP_IS_PKCS11_TOKEN (self), NULL);

  revealed = token_new (g_strdup (self->url), self->flags);
  revealed->revealed = TRUE;
  imp_pin_asker_enter (pin);
  ret = imp_pkcs11_objects_read (self->url, self->label, TRUE, &revealed->keys, &revealed->unusable);
  imp_pin_asker_leave ();

  if (ret >= 0)
    return g_steal_pointer (&revealed);

  imp_pin_asker_set_error (pin, ret, self->label, error);
  return NULL;
}

static gboolean
keys_equal (GPtrArray *keys,
            GPtrArray *others)
{
  if (keys->len != others->len)
    return FALSE;

  for (guint i = 0; i < keys->len; i++)
    {
      if (!imp_keyring_item_equal (keys->pdata[i], others->pdata[i]))
        return FALSE;
    }

  return TRUE;
}

/**
 * imp_pkcs11_token_equal:
 * @self: a token
 * @other: another
 *
 * Returns: whether it is the same token in the same state with the same keys, so that nothing need be
 * shown anew
 */
gboolean
imp_pkcs11_token_equal (ImpPkcs11Token *self,
                        ImpPkcs11Token *other)
{
  return g_str_equal (self->url, other->url) &&
         self->flags == other->flags &&
         self->revealed == other->revealed &&
         keys_equal (self->keys, other->keys) &&
         g_strv_equal ((const char *const *) self->unusable, (const char *const *) other->unusable);
}

/**
 * imp_pkcs11_token_get_url:
 * @self: a token
 *
 * Returns: its URL (RFC 7512), lent by @self
 */
const char *
imp_pkcs11_token_get_url (ImpPkcs11Token *self)
{
  g_return_val_if_fail (IMP_IS_PKCS11_TOKEN (self), NULL);

  return self->url;
}

/**
 * imp_pkcs11_token_get_label:
 * @self: a token
 *
 * Returns: what its owner calls it
 */
const char *
imp_pkcs11_token_get_label (ImpPkcs11Token *self)
{
  g_return_val_if_fail (IMP_IS_PKCS11_TOKEN (self), NULL);

  return self->label;
}

/**
 * imp_pkcs11_token_get_model:
 * @self: a token
 *
 * Returns: what its maker calls the model
 */
const char *
imp_pkcs11_token_get_model (ImpPkcs11Token *self)
{
  g_return_val_if_fail (IMP_IS_PKCS11_TOKEN (self), NULL);

  return self->model;
}

/**
 * imp_pkcs11_token_get_serial:
 * @self: a token
 *
 * Returns: its serial number, as the token itself says it
 */
const char *
imp_pkcs11_token_get_serial (ImpPkcs11Token *self)
{
  g_return_val_if_fail (IMP_IS_PKCS11_TOKEN (self), NULL);

  return self->serial;
}

/**
 * imp_pkcs11_token_get_pin_locked:
 * @self: a token
 *
 * Returns: whether too many wrong PINs were tried, so that it takes none any more
 */
gboolean
imp_pkcs11_token_get_pin_locked (ImpPkcs11Token *self)
{
  g_return_val_if_fail (IMP_IS_PKCS11_TOKEN (self), FALSE);

  return (self->flags & GNUTLS_PKCS11_TOKEN_USER_PIN_LOCKED) != 0;
}

/**
 * imp_pkcs11_token_get_revealed:
 * @self: a token
 *
 * Gets whether somebody was logged in when the keys were listed, so that there are no others.
 *
 * Returns: whether these are all
 */
gboolean
imp_pkcs11_token_get_revealed (ImpPkcs11Token *self)
{
  g_return_val_if_fail (IMP_IS_PKCS11_TOKEN (self), FALSE);

  return self->revealed || (self->flags & GNUTLS_PKCS11_TOKEN_LOGIN_REQUIRED) == 0;
}

/**
 * imp_pkcs11_token_get_keys:
 * @self: a token
 *
 * Gets the keys that can sign updates.
 *
 * Returns: (transfer none) (element-type ImpKeyringItem): the keys
 */
GPtrArray *
imp_pkcs11_token_get_keys (ImpPkcs11Token *self)
{
  g_return_val_if_fail (IMP_IS_PKCS11_TOKEN (self), NULL);

  return self->keys;
}

/**
 * imp_pkcs11_token_get_unusable:
 * @self: a token
 *
 * Gets what is against the other keys of the token.
 *
 * Returns: (transfer none): a sentence for each
 */
const char *const *
imp_pkcs11_token_get_unusable (ImpPkcs11Token *self)
{
  g_return_val_if_fail (IMP_IS_PKCS11_TOKEN (self), NULL);

  return (const char *const *) self->unusable;
}
