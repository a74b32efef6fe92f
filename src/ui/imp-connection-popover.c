/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-connection-popover.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "imp-agent-row.h"

/**
 * ImpConnectionPopover:
 *
 * The connections to choose from, and of the one in use what is wrong with it
 * and, asked whenever it opens, each agent's version and how fast it answers.
 */
struct _ImpConnectionPopover
{
  GtkPopover parent_instance;

  ImpSession    *session;      /* (owned) */
  GSignalGroup  *signals;      /* (owned): of the connection in use */
  GCancellable  *cancellable;  /* (owned) (nullable): of the questions to the agents */

  GtkListBox    *connections_list;
  GtkLabel      *detail_label;
  ImpAgentRow   *author_row;
  ImpAgentRow   *register_row;
  ImpAgentRow   *retrieval_row;
  ImpAgentRow   *verification_row;
};

G_DEFINE_FINAL_TYPE (ImpConnectionPopover, imp_connection_popover, GTK_TYPE_POPOVER)

static void
update_detail (ImpConnectionPopover *self)
{
  const char *detail = imp_connection_get_detail (imp_session_get_connection (self->session));

  gtk_label_set_text (self->detail_label, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), detail != NULL && *detail != '\0');
}

static void
stop_asking (ImpConnectionPopover *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
ask_all (ImpConnectionPopover *self)
{
  ImpAgentRow *rows[] = { self->author_row, self->register_row, self->retrieval_row,
                          self->verification_row };

  stop_asking (self);
  self->cancellable = g_cancellable_new ();
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    imp_agent_row_ask (rows[i], self->session, self->cancellable);
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  ImpConnectionPopover *self = user_data;
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
row_activated_cb (ImpConnectionPopover *self,
                  GtkListBoxRow        *row)
{
  gtk_popover_popdown (GTK_POPOVER (self));
  imp_session_use (self->session, g_object_get_data (G_OBJECT (row), "connection"));
}

static void
client_changed_cb (ImpConnectionPopover *self)
{
  g_signal_group_set_target (self->signals, imp_session_get_connection (self->session));
  update_detail (self);
  gtk_list_box_bind_model (self->connections_list,
                           G_LIST_MODEL (imp_session_get_connections (self->session)),
                           create_row, self, NULL);
  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    ask_all (self);
}

static void
imp_connection_popover_show (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (imp_connection_popover_parent_class)->show (widget);

  ask_all (IMP_CONNECTION_POPOVER (widget));
}

static void
imp_connection_popover_closed (GtkPopover *popover)
{
  stop_asking (IMP_CONNECTION_POPOVER (popover));
}

static void
imp_connection_popover_dispose (GObject *object)
{
  ImpConnectionPopover *self = IMP_CONNECTION_POPOVER (object);

  stop_asking (self);
  g_clear_object (&self->signals);
  /* The popover does not notice that its template goes away. */
  gtk_popover_set_child (GTK_POPOVER (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_CONNECTION_POPOVER);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (imp_connection_popover_parent_class)->dispose (object);
}

static void
imp_connection_popover_class_init (ImpConnectionPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_connection_popover_dispose;
  widget_class->show = imp_connection_popover_show;
  GTK_POPOVER_CLASS (klass)->closed = imp_connection_popover_closed;

  g_type_ensure (IMP_TYPE_AGENT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-connection-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionPopover, connections_list);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionPopover, detail_label);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionPopover, author_row);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionPopover, register_row);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionPopover, retrieval_row);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionPopover, verification_row);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
imp_connection_popover_init (ImpConnectionPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->signals = g_signal_group_new (IMP_TYPE_CONNECTION);
  g_signal_group_connect_swapped (self->signals, "notify::detail", G_CALLBACK (update_detail), self);
}

/**
 * imp_connection_popover_new:
 * @session: whose connections to show
 *
 * Makes a popover that follows the session's connection.
 *
 * Returns: (transfer floating): the popover
 */
GtkWidget *
imp_connection_popover_new (ImpSession *session)
{
  ImpConnectionPopover *self = g_object_new (IMP_TYPE_CONNECTION_POPOVER, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::client", G_CALLBACK (client_changed_cb), self,
                           G_CONNECT_SWAPPED);
  client_changed_cb (self);
  return GTK_WIDGET (self);
}
