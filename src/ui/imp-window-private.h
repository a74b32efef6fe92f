/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-connection-button.h"
#include "imp-place.h"
#include "imp-window.h"

G_BEGIN_DECLS

struct _ImpWindow
{
  AdwApplicationWindow parent_instance;

  ImpSession *session;   /* (owned) */
  int         current;   /* the place shown, or to be shown with the first frame */
  GSettings  *settings;  /* (owned) (nullable) */
  guint       start_id;  /* source: until the session is started */

  AdwLeaflet          *leaflet;
  GtkListBox          *sidebar;
  ImpConnectionButton *connection_button;
  GtkStack            *stack;
  GtkWidget           *drop_area;
};

ImpPlace   *imp_window_get_visible_place (ImpWindow      *self);
ImpPlace   *imp_window_go_to             (ImpWindow      *self,
                                          const char     *name);
GListModel *imp_window_list_places       (void);
void        imp_window_install_actions   (GtkWidgetClass *widget_class);
void        imp_window_install_desk_actions (GtkWidgetClass *widget_class);

G_END_DECLS
