/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-key-pin.h"

#include "imp-error.h"
#include "imp-secret.h"

#include <gio/gio.h>
#include <gnutls/pkcs11.h>
#include <string.h>

/**
 * ImpPinAsker:
 *
 * Whom to ask for the PIN of a PKCS#11 token, in the form in which GnuTLS asks.
 *
 * It keeps no PIN, only why there was none: GnuTLS itself says no more than that there was an error.
 */
struct _ImpPinAsker
{
  gatomicrefcount  ref_count;
  ImpPinFunc       func;
  gpointer         user_data;
  GDestroyNotify   destroy;
  GMutex           lock;
  GError          *error;  /* (owned) (nullable): why there was no PIN */
};

/**
 * imp_pin_asker_new:
 * @func: (scope notified): asks for a PIN, in whatever thread GnuTLS is called
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data, in the thread that drops the last reference
 *
 * Makes an asker. Keys that were opened with it may hold it longer than whoever made it.
 *
 * Returns: (transfer full): the asker
 */
ImpPinAsker *
imp_pin_asker_new (ImpPinFunc      func,
                   gpointer        user_data,
                   GDestroyNotify  destroy)
{
  ImpPinAsker *self = g_new0 (ImpPinAsker, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;

  return self;
}

/**
 * imp_pin_asker_ref:
 * @self: an asker
 *
 * Takes another reference. Any thread may.
 *
 * Returns: (transfer full): @self
 */
ImpPinAsker *
imp_pin_asker_ref (ImpPinAsker *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * imp_pin_asker_unref:
 * @self: (transfer full): an asker, not `NULL`
 *
 * Drops a reference; the last one frees the data of the function. Any thread may.
 */
void
imp_pin_asker_unref (ImpPinAsker *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_clear_error (&self->error);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static ImpPinFlags
read_flags (unsigned int flags)
{
  ImpPinFlags result = 0;

  if (flags & GNUTLS_PIN_WRONG)
    result |= IMP_PIN_WRONG;
  if (flags & GNUTLS_PIN_COUNT_LOW)
    result |= IMP_PIN_FEW_TRIES;
  if (flags & GNUTLS_PIN_FINAL_TRY)
    result |= IMP_PIN_LAST_TRY;
  if (flags & GNUTLS_PIN_CONTEXT_SPECIFIC)
    result |= IMP_PIN_EACH_TIME;

  return result;
}

static void
keep_error (ImpPinAsker *self,
            GError      *error)
{
  g_mutex_lock (&self->lock);
  g_clear_error (&self->error);
  self->error = error;
  g_mutex_unlock (&self->lock);
}

static gboolean
copy_pin (const char  *given,
          char        *pin,
          size_t       pin_size,
          GError     **error)
{
  if (strlen (given) < pin_size)
    {
      memcpy (pin, given, strlen (given) + 1);
      return TRUE;
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
               "a PIN has at most %u characters; the token was not asked", (guint) pin_size - 1);
  return FALSE;
}

/**
 * imp_pin_asker_ask:
 * @self: an asker
 * @attempt: how many times it was asked before
 * @token_url: the token
 * @token_label: what the token is called
 * @flags: `GNUTLS_PIN_…`
 * @pin: (out caller-allocates): where GnuTLS wants the PIN
 * @pin_size: size of @pin
 *
 * Asks, as a `gnutls_pin_callback_t`. Without a PIN the reason is kept for
 * [method@Imp.PinAsker.set_error].
 *
 * Returns: 0, or an error of GnuTLS
 */
int
imp_pin_asker_ask (void         *self,
                   int           attempt,
                   const char   *token_url,
                   const char   *token_label,
                   unsigned int  flags,
                   char         *pin,
                   size_t        pin_size)
{
  ImpPinAsker *asker = self;
  GError *error = NULL;
  gboolean copied;
  char *given;

  given = asker->func (token_label != NULL ? token_label : "", read_flags (flags), asker->user_data, &error);
  copied = given != NULL && copy_pin (given, pin, pin_size, &error);

  if (given != NULL)
    imp_secret_wipe (given, strlen (given));
  g_free (given);

  if (copied)
    return 0;

  keep_error (asker, error);
  return GNUTLS_E_PKCS11_PIN_ERROR;
}

static GPrivate entered;

static int
ask_entered_cb (void         *user_data,
                int           attempt,
                const char   *token_url,
                const char   *token_label,
                unsigned int  flags,
                char         *pin,
                size_t        pin_size)
{
  ImpPinAsker *self = g_private_get (&entered);

  if (self == NULL)
    return GNUTLS_E_PKCS11_PIN_ERROR;

  return imp_pin_asker_ask (self, attempt, token_url, token_label, flags, pin, pin_size);
}

/**
 * imp_pin_asker_enter:
 * @self: (nullable): an asker, or `NULL` for calls that must not ask
 *
 * Has @self asked by those calls of GnuTLS that have no key yet to ask for, in this thread and until
 * [func@Imp.pin_asker_leave]: to GnuTLS there is one function for the whole process.
 */
void
imp_pin_asker_enter (ImpPinAsker *self)
{
  static gsize once;

  if (g_once_init_enter (&once))
    {
      gnutls_pkcs11_set_pin_function (ask_entered_cb, NULL);
      g_once_init_leave (&once, 1);
    }

  g_private_set (&entered, self);
}

/**
 * imp_pin_asker_leave:
 *
 * Ends what [func@Imp.pin_asker_enter] began in this thread: calls of GnuTLS without a key ask nobody
 * any more.
 */
void
imp_pin_asker_leave (void)
{
  g_private_set (&entered, NULL);
}

static GError *
explain (int         code,
         const char *token)
{
  switch (code)
    {
    case GNUTLS_E_PKCS11_PIN_LOCKED:
      return g_error_new (G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                          "the PIN of the token “%s” is locked after too many wrong ones; unblock it with "
                          "the tool of its maker", token);

    case GNUTLS_E_PKCS11_PIN_EXPIRED:
      return g_error_new (G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                          "the PIN of the token “%s” has expired; set a new one with the tool of its maker", token);

    case GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE:
    case GNUTLS_E_PKCS11_REQUESTED_OBJECT_NOT_AVAILBLE:
      return g_error_new (IMP_ERROR, IMP_ERROR_NOT_FOUND,
                          "the token “%s” is not there, or does not have this private key", token);

    case GNUTLS_E_PKCS11_DEVICE_ERROR:
    case GNUTLS_E_PKCS11_SESSION_ERROR:
    case GNUTLS_E_PKCS11_TOKEN_ERROR:
    case GNUTLS_E_PKCS11_SLOT_ERROR:
      return g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                          "the token “%s” does not answer: it was removed, or has failed (%s)", token,
                          gnutls_strerror (code));

    case GNUTLS_E_PKCS11_UNSUPPORTED_FEATURE_ERROR:
    case GNUTLS_E_PKCS11_ATTRIBUTE_ERROR:
    case GNUTLS_E_UNIMPLEMENTED_FEATURE:
      return g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                          "the token “%s” cannot do this: %s", token, gnutls_strerror (code));

    default:
      return g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED,
                          "the token “%s” did not do it: %s", token, gnutls_strerror (code));
    }
}

/**
 * imp_pin_asker_set_error:
 * @self: an asker
 * @code: an error of GnuTLS
 * @token: what the token is called
 * @error: return location for an error
 *
 * Says why a token did not do what it was asked to. A PIN that was wrong or locked is
 * `G_IO_ERROR_PERMISSION_DENIED`, a token that is gone `G_IO_ERROR_NOT_CONNECTED` or
 * %IMP_ERROR_NOT_FOUND; a person who gave no PIN cancelled.
 *
 * Returns: `FALSE`, always
 */
gboolean
imp_pin_asker_set_error (ImpPinAsker  *self,
                         int           code,
                         const char   *token,
                         GError      **error)
{
  GError *kept;

  g_mutex_lock (&self->lock);
  kept = g_steal_pointer (&self->error);
  g_mutex_unlock (&self->lock);

  g_propagate_error (error, kept != NULL ? kept : explain (code, token));
  return FALSE;
}
