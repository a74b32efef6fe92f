/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-destination.h"

G_BEGIN_DECLS

/* What was gone to last, newest first. */
GPtrArray *imp_recent_destinations_list (GSettings      *settings,
                                         const char     *connection);
void       imp_recent_destinations_add  (GSettings      *settings,
                                         const char     *connection,
                                         ImpDestination *destination);

G_END_DECLS
