/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-token-pin.h"

#include <glib/gi18n.h>

#include "imp-password.h"

/**
 * ImpTokenPin:
 *
 * Answers when a token asks for its PIN.
 *
 * A PIN of a file descriptor is tried once only: a command that tries a wrong one again and again
 * locks the token.
 */
struct _ImpTokenPin
{
  int           fd;           /* -1: the terminal */
  GCancellable *cancellable;  /* (owned) */
  char         *pin;          /* (owned) (nullable): read from @fd; some keys ask for each signature */
};

static char *
make_prompt (ImpPinRequest *request)
{
  const char *token = imp_pin_request_get_token (request);
  ImpPinFlags flags = imp_pin_request_get_flags (request);
  gboolean last = (flags & IMP_PIN_LAST_TRY) != 0;

  if ((flags & IMP_PIN_WRONG) != 0 && last)
    return g_strdup_printf (_("That PIN was wrong, and one more wrong one locks the token. "
                              "PIN of the token “%s”: "), token);
  if ((flags & IMP_PIN_WRONG) != 0)
    return g_strdup_printf (_("That PIN was wrong, and few tries are left. PIN of the token “%s”: "), token);
  if (last)
    return g_strdup_printf (_("One wrong PIN locks the token. PIN of the token “%s”: "), token);

  return g_strdup_printf (_("PIN of the token “%s”: "), token);
}

static char *
ask_on_terminal (ImpTokenPin    *self,
                 ImpPinRequest  *request,
                 GError        **error)
{
  g_autofree char *prompt = NULL;

  if (!imp_password_can_ask ())
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                   _("The token “%s” asks for its PIN, and there is no terminal to ask on; "
                     "give it with --pin-fd"), imp_pin_request_get_token (request));
      return NULL;
    }

  prompt = make_prompt (request);
  return imp_password_ask (prompt, self->cancellable, error);
}

static const char *
read_once (ImpTokenPin    *self,
           ImpPinRequest  *request,
           GError        **error)
{
  if ((imp_pin_request_get_flags (request) & IMP_PIN_WRONG) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                   _("The PIN of the token “%s” is wrong; it was tried once only"),
                   imp_pin_request_get_token (request));
      return NULL;
    }

  if (self->pin == NULL)
    self->pin = imp_password_read (self->fd, error);

  return self->pin;
}

static gboolean
ask_pin_cb (ImpKeyring    *keyring,
            ImpPinRequest *request,
            ImpTokenPin   *self)
{
  g_autoptr(GError) error = NULL;
  char *asked = NULL;
  const char *pin;

  if (self->fd >= 0)
    pin = read_once (self, request, &error);
  else
    pin = asked = ask_on_terminal (self, request, &error);

  if (pin != NULL && *pin != '\0')
    imp_pin_request_answer (request, pin);
  else
    imp_pin_request_refuse (request, error);

  imp_password_free (asked);
  return TRUE;
}

/**
 * imp_token_pin_new:
 * @keyring: a keyring, which must not ask any more once the answers are freed
 * @fd: where the PIN is read from, or -1 for the terminal
 * @cancellable: gives up asking
 *
 * Answers whenever a token of @keyring asks for its PIN.
 *
 * Returns: (transfer full): what answers
 */
ImpTokenPin *
imp_token_pin_new (ImpKeyring   *keyring,
                   int           fd,
                   GCancellable *cancellable)
{
  ImpTokenPin *self = g_new0 (ImpTokenPin, 1);

  self->fd = fd;
  self->cancellable = g_object_ref (cancellable);
  g_signal_connect (keyring, "ask-pin", G_CALLBACK (ask_pin_cb), self);

  return self;
}

/**
 * imp_token_pin_free:
 * @self: (transfer full): what answers, not `NULL`
 *
 * Overwrites the PIN that was read, and frees the rest.
 */
void
imp_token_pin_free (ImpTokenPin *self)
{
  g_object_unref (self->cancellable);
  imp_password_free (self->pin);
  g_free (self);
}
