/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-connection-button.h"

#include <glib/gi18n.h>

#include "imp-agent-row.h"
#include "imp-connection-look.h"
#include "imp-connections-dialog.h"
#include "imp-fit.h"

/**
 * ImpConnectionButton:
 *
 * The connection in use, with a dot that says how it does. Its popover asks each
 * agent for its version and how fast it answers, and switches connections.
 */
struct _ImpConnectionButton
{
  AdwBin parent_instance;

  ImpSession    *session;      /* (owned) */
  GSignalGroup  *signals;      /* (owned): of the connection in use */
  GCancellable  *cancellable;  /* (owned) (nullable): of the questions to the agents */

  GtkMenuButton *button;
  GtkImage      *dot;
  GtkLabel      *name_label;
  GtkLabel      *state_label;
  GtkPopover    *popover;
  GtkListBox    *connections_list;
  GtkLabel      *detail_label;
  ImpAgentRow   *author_row;
  ImpAgentRow   *register_row;
  ImpAgentRow   *retrieval_row;
  ImpAgentRow   *verification_row;
};

G_DEFINE_FINAL_TYPE (ImpConnectionButton, imp_connection_button, ADW_TYPE_BIN)

static void
update_button (ImpConnectionButton *self)
{
  ImpConnection *connection = imp_session_get_connection (self->session);
  ImpConnectionLook look = imp_connection_look_get (connection);
  const char *detail = imp_connection_get_detail (connection);
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
  gtk_label_set_text (self->detail_label, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), detail != NULL && *detail != '\0');
}

static void
ask_all (ImpConnectionButton *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();

  imp_agent_row_ask (self->author_row, self->session, self->cancellable);
  imp_agent_row_ask (self->register_row, self->session, self->cancellable);
  imp_agent_row_ask (self->retrieval_row, self->session, self->cancellable);
  imp_agent_row_ask (self->verification_row, self->session, self->cancellable);
}

static void
popover_shown_cb (ImpConnectionButton *self)
{
  update_button (self);
  ask_all (self);
}

static void
popover_closed_cb (ImpConnectionButton *self)
{
  g_cancellable_cancel (self->cancellable);
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  ImpConnectionButton *self = user_data;
  ImpConnection *connection = item;
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW,
                                 "title", imp_connection_get_name (connection),
                                 "use-markup", FALSE,
                                 "activatable", TRUE,
                                 NULL);

  if (connection == imp_session_get_connection (self->session))
    {
      GtkWidget *check = gtk_image_new_from_icon_name ("object-select-symbolic");

      gtk_accessible_update_property (GTK_ACCESSIBLE (check),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, _("in use"),
                                      -1);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), check);
    }

  g_object_set_data_full (G_OBJECT (row), "connection", g_object_ref (connection), g_object_unref);
  return row;
}

static void
rebuild_list (ImpConnectionButton *self)
{
  gtk_list_box_bind_model (self->connections_list,
                           G_LIST_MODEL (imp_session_get_connections (self->session)),
                           create_row, self, NULL);
}

static void
row_activated_cb (ImpConnectionButton *self,
                  GtkListBoxRow       *row)
{
  gtk_popover_popdown (self->popover);
  imp_session_use (self->session, g_object_get_data (G_OBJECT (row), "connection"));
}

static void
client_changed_cb (ImpConnectionButton *self)
{
  g_signal_group_set_target (self->signals, imp_session_get_connection (self->session));
  update_button (self);
  rebuild_list (self);
  if (gtk_widget_get_visible (GTK_WIDGET (self->popover)))
    ask_all (self);
}

static void
edit_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  ImpConnectionButton *self = IMP_CONNECTION_BUTTON (widget);
  GtkWidget *dialog = imp_connections_dialog_new (self->session);

  gtk_popover_popdown (self->popover);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (gtk_widget_get_root (widget)));
  imp_fit_to_parent (GTK_WINDOW (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
imp_connection_button_dispose (GObject *object)
{
  ImpConnectionButton *self = IMP_CONNECTION_BUTTON (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
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

  gtk_widget_class_install_action (widget_class, "connection.edit", NULL, edit_action);

  g_type_ensure (IMP_TYPE_AGENT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-connection-button.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionButton, button);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionButton, dot);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionButton, name_label);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionButton, state_label);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionButton, popover);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionButton, connections_list);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionButton, detail_label);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionButton, author_row);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionButton, register_row);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionButton, retrieval_row);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionButton, verification_row);
  gtk_widget_class_bind_template_callback (widget_class, popover_shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, popover_closed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
imp_connection_button_init (ImpConnectionButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->signals = g_signal_group_new (IMP_TYPE_CONNECTION);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (update_button), self);
  g_signal_group_connect_swapped (self->signals, "notify::detail", G_CALLBACK (update_button),
                                  self);
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
