/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "imp-destination.h"

G_BEGIN_DECLS

#define IMP_TYPE_DESTINATION_ROW (imp_destination_row_get_type ())
G_DECLARE_FINAL_TYPE (ImpDestinationRow, imp_destination_row, IMP, DESTINATION_ROW, GtkListBoxRow)

GtkWidget      *imp_destination_row_new             (ImpDestination    *destination);

ImpDestination *imp_destination_row_get_destination (ImpDestinationRow *self);

G_END_DECLS
