/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define IMP_ERROR (imp_error_quark ())

/**
 * ImpError:
 *
 * What a caller can act on. Network and disk keep their own domains.
 *
 * Those from %IMP_ERROR_KEY_NOT_VERIFIABLE on have a name on the wire (`ERR_…`), see
 * [func@Imp.error_get_code].
 */
typedef enum
{
  IMP_ERROR_MALFORMED,   /* bytes that are not of the form they should have */
  IMP_ERROR_NOT_FOUND,
  IMP_ERROR_REFUSED,     /* the other side said no, for a reason that has no code of its own */
  IMP_ERROR_CORRUPT,     /* our own file, block or log is not what was written to it */
  IMP_ERROR_BAD_REPLY,   /* the other side answered something that it should not */

  IMP_ERROR_KEY_NOT_VERIFIABLE,
  IMP_ERROR_KEY_NOT_VALID,
  IMP_ERROR_MANIFEST_NOT_VERIFIABLE,
  IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
  IMP_ERROR_INCORRECT_MANIFEST_FORMAT,
  IMP_ERROR_UPDATE_ALREADY_EXISTS,
  IMP_ERROR_UPDATE_NON_EXISTENT,
  IMP_ERROR_TOKEN_EXPIRED,
  IMP_ERROR_PETITION_REPLAYED,
  IMP_ERROR_SEQUENCE_NOT_MONOTONIC,
  IMP_ERROR_VERSION_NOT_NEWER,
  IMP_ERROR_MANIFEST_EXPIRED,
  IMP_ERROR_PAYLOAD_TOO_LARGE,
  IMP_ERROR_STORE_UNAVAILABLE,
  IMP_ERROR_LEDGER_UNAVAILABLE,
} ImpError;

GQuark      imp_error_quark     (void);

const char *imp_error_get_code  (const GError *error);
gboolean    imp_error_from_code (const char *code,
                                 ImpError   *error);
gboolean    imp_error_set       (GError    **error,
                                 ImpError    code,
                                 const char *format,
                                 ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
