/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

/* Checks the ledger whenever agents are connected, and warns in the window. */
void imp_ledger_check_follow (GtkWidget  *from,
                              ImpSession *session);

G_END_DECLS
