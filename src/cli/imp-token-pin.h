/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-keyring.h"

G_BEGIN_DECLS

/* Where the PIN of a PKCS#11 token comes from: a file descriptor, or the terminal. */
typedef struct _ImpTokenPin ImpTokenPin;

ImpTokenPin *imp_token_pin_new  (ImpKeyring   *keyring,
                                 int           fd,
                                 GCancellable *cancellable);
void         imp_token_pin_free (ImpTokenPin  *self);

G_END_DECLS
