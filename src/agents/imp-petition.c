/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-petition.h"

#include "imp-error.h"
#include "imp-json.h"

/**
 * imp_author_key_parse:
 * @pem: an author's key as it came in a request
 * @error: return location for an error
 *
 * Reads an author's public key. A private key is refused: it must never travel.
 *
 * Returns: (transfer full): the key
 */
ImpKey *
imp_author_key_parse (const char  *pem,
                      GError     **error)
{
  g_autoptr(ImpKey) key = NULL;

  if (strstr (pem, "PRIVATE KEY-----") != NULL)
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID,
                           "this is a private key, which must never be sent anywhere; "
                           "regard it as disclosed and make a new one");
      return NULL;
    }

  if ((key = imp_key_new_from_pem (pem, -1, NULL, error)) != NULL)
    return g_steal_pointer (&key);

  if (error != NULL && imp_error_get_code (*error) == NULL)
    {
      g_autoptr(GError) cause = g_steal_pointer (error);

      g_set_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID, "the author’s public key: %s",
                   cause->message);
    }

  return NULL;
}

/**
 * imp_petition_parse:
 * @request: a request whose body has been read
 * @error: return location for an error
 *
 * Reads a petition; whether it is signed well is the contract's to say.
 *
 * Returns: (transfer full): the petition
 */
ImpPetition *
imp_petition_parse (ImpRequest  *request,
                    GError     **error)
{
  g_autoptr(JsonObject) object = imp_request_parse_body (request, error);
  g_autoptr(ImpPetition) petition = g_new0 (ImpPetition, 1);
  const char *pem;
  const char *message;
  const char *signed_message;

  if (object == NULL ||
      !(pem = imp_json_get_string (object, "publicKey", error)) ||
      !(message = imp_json_get_string (object, "message", error)) ||
      !(signed_message = imp_json_get_string (object, "signedMessage", error)) ||
      !(petition->author = imp_author_key_parse (pem, error)))
    return NULL;

  petition->message = g_strdup (message);
  petition->signed_message = g_strdup (signed_message);
  return g_steal_pointer (&petition);
}

/**
 * imp_petition_free:
 * @self: (transfer full): a petition, not `NULL`
 *
 * Frees a petition and its texts.
 */
void
imp_petition_free (ImpPetition *self)
{
  g_free (self->message);
  g_free (self->signed_message);
  g_clear_object (&self->author);
  g_free (self);
}
