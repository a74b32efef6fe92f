/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-connections-dialog.h"

#include <glib/gi18n.h>

#include "imp-agent-address.h"
#include "imp-field-row.h"
#include "imp-format.h"

/**
 * ImpConnectionsDialog:
 *
 * The connections that this user has set up, and a form to add one.
 */
struct _ImpConnectionsDialog
{
  AdwWindow parent_instance;

  ImpSession *session;  /* (owned) */

  GtkListBox  *list;
  ImpFieldRow *name_row;
  ImpFieldRow *author_row;
  ImpFieldRow *register_row;
  ImpFieldRow *retrieval_row;
  ImpFieldRow *verification_row;
  GtkLabel    *problem_label;
};

G_DEFINE_FINAL_TYPE (ImpConnectionsDialog, imp_connections_dialog, ADW_TYPE_WINDOW)

static void
show_problem (ImpConnectionsDialog *self,
              const char           *problem)
{
  gtk_label_set_text (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
}

static void
remove_cb (ImpConnectionsDialog *self,
           GtkButton            *button)
{
  ImpConnection *connection = g_object_get_data (G_OBJECT (button), "connection");
  ImpConnections *connections = imp_session_get_connections (self->session);
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (connection == imp_session_get_connection (self->session))
    {
      show_problem (self, _("This connection is in use: switch to another one first."));
      return;
    }
  if (!imp_connections_remove (connections, connection, &error))
    sentence = imp_format_error (error);

  show_problem (self, sentence);
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  ImpConnectionsDialog *self = user_data;
  ImpConnection *connection = item;
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW,
                                 "title", imp_connection_get_name (connection),
                                 "subtitle", imp_connection_is_embedded (connection)
                                   ? _("Agents on this computer, started with the console")
                                   : imp_connection_get_url (connection, "retrieval"),
                                 "use-markup", FALSE,
                                 NULL);
  g_autofree char *label = NULL;
  GtkWidget *button;

  if (imp_connection_is_embedded (connection))
    return row;

  button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  label = g_strdup_printf (_("Remove Connection “%s”"), imp_connection_get_name (connection));
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_object_set_data (G_OBJECT (button), "connection", connection);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (remove_cb), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

/* Nobody sees the spaces around a name. */
static char *
dup_name (ImpConnectionsDialog *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));
}

/* As it is typed; what is empty is not wrong yet. */
static void
name_changed_cb (ImpConnectionsDialog *self)
{
  g_autofree char *name = dup_name (self);
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (*name != '\0' && !imp_connection_check_name (name, &error))
    sentence = imp_format_error (error);
  imp_field_row_set_problem (self->name_row, sentence);
}

static const char *
get_role (ImpConnectionsDialog *self,
          ImpFieldRow          *row)
{
  if (row == self->author_row)
    return "author";
  if (row == self->register_row)
    return "register";

  return row == self->retrieval_row ? "retrieval" : "verification";
}

static void
address_changed_cb (ImpConnectionsDialog *self,
                    ImpFieldRow          *row)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));
  g_autoptr(GError) error = NULL;
  g_autofree char *url = NULL;
  g_autofree char *sentence = NULL;

  if (*text != '\0')
    url = imp_agent_address_normalize (get_role (self, row), text, &error);
  if (error != NULL)
    sentence = imp_format_error (error);
  imp_field_row_set_problem (row, sentence);
}

static const char *
get_url (ImpFieldRow *row)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));

  return *text != '\0' ? text : NULL;
}

static void
add_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  ImpConnectionsDialog *self = IMP_CONNECTIONS_DIALOG (widget);
  ImpFieldRow *rows[] = { self->name_row, self->author_row, self->register_row,
                          self->retrieval_row, self->verification_row };
  g_autofree char *name = dup_name (self);
  g_autoptr(ImpConnection) connection = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (imp_field_row_get_problem (rows[i]) != NULL)
        {
          gtk_widget_grab_focus (GTK_WIDGET (rows[i]));
          return;
        }
    }

  connection = imp_connection_new_remote (name,
                                          get_url (self->author_row),
                                          get_url (self->register_row),
                                          get_url (self->retrieval_row),
                                          get_url (self->verification_row),
                                          &error);
  if (connection == NULL ||
      !imp_connections_add (imp_session_get_connections (self->session), connection, &error))
    {
      sentence = imp_format_error (error);
      show_problem (self, sentence);
      return;
    }

  show_problem (self, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    gtk_editable_set_text (GTK_EDITABLE (rows[i]), "");
}

static void
imp_connections_dialog_dispose (GObject *object)
{
  ImpConnectionsDialog *self = IMP_CONNECTIONS_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_CONNECTIONS_DIALOG);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (imp_connections_dialog_parent_class)->dispose (object);
}

static void
imp_connections_dialog_class_init (ImpConnectionsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_connections_dialog_dispose;

  gtk_widget_class_install_action (widget_class, "connections.add", NULL, add_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  g_type_ensure (IMP_TYPE_FIELD_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-connections-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionsDialog, list);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionsDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionsDialog, author_row);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionsDialog, register_row);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionsDialog, retrieval_row);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionsDialog, verification_row);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionsDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, address_changed_cb);
}

static void
imp_connections_dialog_init (ImpConnectionsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * imp_connections_dialog_new:
 * @session: whose connections
 *
 * Makes the dialog.
 *
 * Returns: (transfer none): the dialog, which GTK owns
 */
GtkWidget *
imp_connections_dialog_new (ImpSession *session)
{
  ImpConnectionsDialog *self = g_object_new (IMP_TYPE_CONNECTIONS_DIALOG, NULL);

  self->session = g_object_ref (session);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (imp_session_get_connections (session)),
                           create_row, self, NULL);
  return GTK_WIDGET (self);
}
