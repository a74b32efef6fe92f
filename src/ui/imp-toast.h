/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

AdwToast *imp_toast_new        (const char *text);
void      imp_toast_offer_undo (AdwToast   *toast);
void      imp_toast_show       (GtkWidget  *from,
                                AdwToast   *toast);
void      imp_toast_say        (GtkWidget  *from,
                                const char *text);
void      imp_toast_copy       (GtkWidget  *from,
                                const char *text,
                                const char *what);

G_END_DECLS
