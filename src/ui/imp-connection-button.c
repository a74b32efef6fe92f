/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-connection-button.h"

#include <glib/gi18n.h>

#include "imp-connection-look.h"
#include "imp-connection-popover.h"

/**
 * ImpConnectionButton:
 *
 * The connection in use, with a dot that says how it does. Its popover tells more,
 * and switches connections.
 */
struct _ImpConnectionButton
{
  AdwBin parent_instance;

  ImpSession    *session;  /* (owned) */
  GSignalGroup  *signals;  /* (owned): of the connection in use */

  GtkMenuButton *button;
  GtkImage      *dot;
  GtkLabel      *name_label;
  GtkLabel      *state_label;
};

G_DEFINE_FINAL_TYPE (ImpConnectionButton, imp_connection_button, ADW_TYPE_BIN)

static void
update_button (ImpConnectionButton *self)
{
  ImpConnection *connection = imp_session_get_connection (self->session);
  ImpConnectionLook look = imp_connection_look_get (connection);
  const char *css[] = { "connection-dot", look.css_class, NULL };
  g_autofree char *name = NULL;

  /* Translators: “Connection “This computer”: Answering”. */
  name = g_strdup_printf (_("Connection “%s”: %s"), imp_connection_get_name (connection),
                          look.word);
  gtk_label_set_text (self->name_label, imp_connection_get_name (connection));
  gtk_label_set_text (self->state_label, look.word);
  gtk_image_set_from_icon_name (self->dot, look.icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (self->dot), css);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}

static void
client_changed_cb (ImpConnectionButton *self)
{
  g_signal_group_set_target (self->signals, imp_session_get_connection (self->session));
  update_button (self);
}

/* Made when it is wanted: the window's first frame needs none. */
static void
create_popover (GtkMenuButton *button,
                gpointer       user_data)
{
  ImpConnectionButton *self = user_data;

  if (gtk_menu_button_get_popover (button) == NULL)
    gtk_menu_button_set_popover (button, imp_connection_popover_new (self->session));
}

static void
imp_connection_button_dispose (GObject *object)
{
  ImpConnectionButton *self = IMP_CONNECTION_BUTTON (object);

  g_clear_object (&self->signals);
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_CONNECTION_BUTTON);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (imp_connection_button_parent_class)->dispose (object);
}

static void
imp_connection_button_class_init (ImpConnectionButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_connection_button_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-connection-button.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionButton, button);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionButton, dot);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionButton, name_label);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionButton, state_label);
}

static void
imp_connection_button_init (ImpConnectionButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->signals = g_signal_group_new (IMP_TYPE_CONNECTION);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (update_button), self);
  gtk_menu_button_set_create_popup_func (self->button, create_popover, self, NULL);
}

/**
 * imp_connection_button_set_session:
 * @self: a connection button
 * @session: whose connection to show
 *
 * Shows the session's connection and follows it.
 */
void
imp_connection_button_set_session (ImpConnectionButton *self,
                                   ImpSession          *session)
{
  g_return_if_fail (IMP_IS_CONNECTION_BUTTON (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::client", G_CALLBACK (client_changed_cb), self,
                           G_CONNECT_SWAPPED);
  client_changed_cb (self);
}
