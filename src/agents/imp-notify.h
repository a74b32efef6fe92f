/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Tells the service manager, where there is one (sd_notify's protocol). */
void imp_notify (const char *state);

G_END_DECLS
