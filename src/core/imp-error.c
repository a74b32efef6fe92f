/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-error.h"

G_DEFINE_QUARK (imp-error-quark, imp_error)

/* The reference implementation's names, and ours in its manner. */
static const char *const codes[] = {
  [IMP_ERROR_KEY_NOT_VERIFIABLE] = "ERR_KEY_NOT_VERIFIABLE",
  [IMP_ERROR_KEY_NOT_VALID] = "ERR_KEY_NOT_VALID",
  [IMP_ERROR_MANIFEST_NOT_VERIFIABLE] = "ERR_MANIFEST_NOT_VERIFIABLE",
  [IMP_ERROR_PAYLOAD_NOT_VERIFIABLE] = "ERR_PAYLOAD_NOT_VERIFIABLE",
  [IMP_ERROR_INCORRECT_MANIFEST_FORMAT] = "ERR_INCORRECT_MANIFEST_FORMAT",
  [IMP_ERROR_UPDATE_ALREADY_EXISTS] = "ERR_UPDATE_ALREADY_EXISTS",
  [IMP_ERROR_UPDATE_NON_EXISTENT] = "ERR_UPDATE_NON_EXISTENT",
  [IMP_ERROR_TOKEN_EXPIRED] = "ERR_TOKEN_EXPIRED",
  [IMP_ERROR_PETITION_REPLAYED] = "ERR_PETITION_REPLAYED",
  [IMP_ERROR_SEQUENCE_NOT_MONOTONIC] = "ERR_SEQUENCE_NOT_MONOTONIC",
  [IMP_ERROR_VERSION_NOT_NEWER] = "ERR_VERSION_NOT_NEWER",
  [IMP_ERROR_MANIFEST_EXPIRED] = "ERR_MANIFEST_EXPIRED",
  [IMP_ERROR_PAYLOAD_TOO_LARGE] = "ERR_PAYLOAD_TOO_LARGE",
  [IMP_ERROR_STORE_UNAVAILABLE] = "ERR_STORE_UNAVAILABLE",
  [IMP_ERROR_LEDGER_UNAVAILABLE] = "ERR_LEDGER_UNAVAILABLE",
};

/**
 * imp_error_get_code:
 * @error: an error of any domain
 *
 * Gets the name that @error has on the wire.
 *
 * Returns: (nullable): a code such as `ERR_KEY_NOT_VALID`, or `NULL` if it has none
 */
const char *
imp_error_get_code (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain != IMP_ERROR || error->code < 0 || error->code >= (int) G_N_ELEMENTS (codes))
    return NULL;

  return codes[error->code];
}

/**
 * imp_error_from_code:
 * @code: a code from the wire
 * @error: (out): the error that it names
 *
 * Finds the error that an agent or a contract answered with.
 *
 * Returns: whether @code is known
 */
gboolean
imp_error_from_code (const char *code,
                     ImpError   *error)
{
  g_return_val_if_fail (code != NULL, FALSE);
  g_return_val_if_fail (error != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      if (g_strcmp0 (codes[i], code) == 0)
        {
          *error = i;
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * imp_error_set:
 * @error: return location for an error
 * @code: what went wrong
 * @format: printf() format of the message
 * @...: what it names
 *
 * Sets an error as g_set_error() does, for checks that end with it: `return imp_error_set (…)`.
 *
 * Returns: `FALSE`, always
 */
gboolean
imp_error_set (GError     **error,
               ImpError     code,
               const char  *format,
               ...)
{
  va_list args;

  if (error != NULL)
    {
      va_start (args, format);
      g_propagate_error (error, g_error_new_valist (IMP_ERROR, code, format, args));
      va_end (args);
    }

  return FALSE;
}
