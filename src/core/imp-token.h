/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-key.h"

G_BEGIN_DECLS

#define IMP_TOKEN_LIFETIME (30 * 60 * 1000)  /* ms */
#define IMP_TOKEN_MAX_SIZE (16 * 1024)

char     *imp_token_issue       (ImpKey      *ledger_key,
                                 ImpKey      *author,
                                 gint64       now,
                                 GError     **error);
ImpKey   *imp_token_verify      (const char  *token,
                                 ImpKey      *ledger_key,
                                 gint64       now,
                                 GError     **error);
gboolean  imp_token_peek_expiry (const char  *token,
                                 gint64      *expires);

G_END_DECLS
