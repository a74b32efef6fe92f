/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void imp_fit_wrap        (GtkWidget *top);
void imp_fit_identifiers (GtkLabel  *label);
void imp_fit_to_parent   (GtkWindow *self);

G_END_DECLS
