/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-request.h"

G_BEGIN_DECLS

/* A web page that somebody looks at must not be able to use the agents of this computer. */
gboolean imp_origin_refuses (ImpRequest *request);

G_END_DECLS
