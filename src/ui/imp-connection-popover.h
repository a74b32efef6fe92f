/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "imp-session.h"

G_BEGIN_DECLS

#define IMP_TYPE_CONNECTION_POPOVER (imp_connection_popover_get_type ())
G_DECLARE_FINAL_TYPE (ImpConnectionPopover, imp_connection_popover, IMP, CONNECTION_POPOVER,
                      GtkPopover)

GtkWidget *imp_connection_popover_new (ImpSession *session);

G_END_DECLS
