/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Asks where to save something, and saves it. */
void imp_save_dialog_show (GtkWidget  *from,
                           const char *title,
                           const char *name,
                           GBytes     *bytes,
                           const char *saved);

G_END_DECLS
