/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void imp_early_reply_send (SoupServerMessage *message,
                           GBytes            *reply);

G_END_DECLS
