/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "imp-session.h"

G_BEGIN_DECLS

/* Tells of submissions that end while nobody looks. */
#define IMP_TYPE_NOTIFIER (imp_notifier_get_type ())
G_DECLARE_FINAL_TYPE (ImpNotifier, imp_notifier, IMP, NOTIFIER, GObject)

ImpNotifier *imp_notifier_new (GtkApplication *application,
                               ImpSession     *session);

G_END_DECLS
