/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-key.h"

G_BEGIN_DECLS

#define IMP_TOKEN_LIFETIME (30 * 60 * 1000)  /* ms */
#define IMP_TOKEN_MAX_SIZE (16 * 1024)

/* A registration token: JWT (RFC 7519), RS384 and nothing else. */
char     *imp_token_issue       (ImpKey      *ledger_key,
                                 ImpKey      *author,
                                 gint64       now,
                                 GError     **error);
/* Gives the author's key. IMP_ERROR_KEY_NOT_VALID: not ours, wrong alg, malformed, not yet valid,
 * sub that is not publicKey's fingerprint (the reference's tokens have no sub: then publicKey decides);
 * IMP_ERROR_TOKEN_EXPIRED: it was good until `exp`.
 */
ImpKey   *imp_token_verify      (const char  *token,
                                 ImpKey      *ledger_key,
                                 gint64       now,
                                 GError     **error);
/* When it ends (ms), read WITHOUT verification: to show, never to decide. */
gboolean  imp_token_peek_expiry (const char  *token,
                                 gint64      *expires);

G_END_DECLS
