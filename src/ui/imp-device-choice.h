/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A drop-down of devices. */
void imp_device_choice_set_up (GtkDropDown *devices,
                               const char  *label);

G_END_DECLS
