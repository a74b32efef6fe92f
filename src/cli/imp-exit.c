/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-exit.h"

#include <gio/gio.h>

#include "imp-error.h"

static ImpExit
exit_from_imp_error (int code)
{
  switch ((ImpError) code)
    {
    case IMP_ERROR_MALFORMED:
    case IMP_ERROR_CORRUPT:
      return IMP_EXIT_FAILED;

    case IMP_ERROR_NOT_FOUND:
    case IMP_ERROR_UPDATE_NON_EXISTENT:
      return IMP_EXIT_NOT_FOUND;

    case IMP_ERROR_BAD_REPLY:
    case IMP_ERROR_STORE_UNAVAILABLE:
    case IMP_ERROR_LEDGER_UNAVAILABLE:
      return IMP_EXIT_UNREACHABLE;

    case IMP_ERROR_REFUSED:
    case IMP_ERROR_KEY_NOT_VERIFIABLE:
    case IMP_ERROR_KEY_NOT_VALID:
    case IMP_ERROR_MANIFEST_NOT_VERIFIABLE:
    case IMP_ERROR_PAYLOAD_NOT_VERIFIABLE:
    case IMP_ERROR_INCORRECT_MANIFEST_FORMAT:
    case IMP_ERROR_UPDATE_ALREADY_EXISTS:
    case IMP_ERROR_TOKEN_EXPIRED:
    case IMP_ERROR_PETITION_REPLAYED:
    case IMP_ERROR_SEQUENCE_NOT_MONOTONIC:
    case IMP_ERROR_VERSION_NOT_NEWER:
    case IMP_ERROR_MANIFEST_EXPIRED:
    case IMP_ERROR_PAYLOAD_TOO_LARGE:
      return IMP_EXIT_REFUSED;

    default:
      return IMP_EXIT_FAILED;
    }
}

static ImpExit
exit_from_io_error (int code)
{
  switch (code)
    {
    case G_IO_ERROR_CANCELLED:
      return IMP_EXIT_CANCELLED;

    case G_IO_ERROR_NOT_FOUND:
      return IMP_EXIT_NOT_FOUND;

    case G_IO_ERROR_CONNECTION_REFUSED:
    case G_IO_ERROR_CONNECTION_CLOSED:  /* also G_IO_ERROR_BROKEN_PIPE */
    case G_IO_ERROR_HOST_NOT_FOUND:
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
    case G_IO_ERROR_NOT_CONNECTED:
    case G_IO_ERROR_PARTIAL_INPUT:  /* it ended in the middle of its answer */
    case G_IO_ERROR_TIMED_OUT:
      return IMP_EXIT_UNREACHABLE;

    default:
      return IMP_EXIT_FAILED;
    }
}

/**
 * imp_exit_from_error:
 * @error: why a command failed
 *
 * Gets the status that a command ends with.
 *
 * Returns: a status other than %IMP_EXIT_DONE
 */
ImpExit
imp_exit_from_error (const GError *error)
{
  g_return_val_if_fail (error != NULL, IMP_EXIT_FAILED);

  if (error->domain == IMP_ERROR)
    return exit_from_imp_error (error->code);
  if (error->domain == G_IO_ERROR)
    return exit_from_io_error (error->code);
  if (error->domain == G_OPTION_ERROR)
    return IMP_EXIT_USAGE;
  if (error->domain == G_RESOLVER_ERROR || error->domain == G_TLS_ERROR)
    return IMP_EXIT_UNREACHABLE;
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return IMP_EXIT_NOT_FOUND;

  return IMP_EXIT_FAILED;
}

/**
 * imp_exit_get_code:
 * @status: what the command ends with
 * @error: why
 *
 * Gets a name for programs to act on: the contract's or the agent's own (`ERR_…`) where there is one.
 *
 * Returns: a code such as `ERR_VERSION_NOT_NEWER` or `NOT_FOUND`
 */
const char *
imp_exit_get_code (ImpExit       status,
                   const GError *error)
{
  const char *code = imp_error_get_code (error);

  if (code != NULL)
    return code;
  if (error->domain == IMP_ERROR && error->code == IMP_ERROR_MALFORMED)
    return "MALFORMED";
  if (error->domain == IMP_ERROR && error->code == IMP_ERROR_CORRUPT)
    return "CORRUPT";
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    return "EXISTS";

  switch (status)
    {
    case IMP_EXIT_USAGE:
      return "USAGE";
    case IMP_EXIT_REFUSED:
      return "REFUSED";
    case IMP_EXIT_UNREACHABLE:
      return "UNREACHABLE";
    case IMP_EXIT_NOT_FOUND:
      return "NOT_FOUND";
    case IMP_EXIT_NOT_VERIFIED:
      return "NOT_VERIFIED";
    case IMP_EXIT_CANCELLED:
      return "CANCELLED";
    case IMP_EXIT_DONE:
    case IMP_EXIT_FAILED:
    default:
      return "FAILED";
    }
}
