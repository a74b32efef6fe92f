/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-go-to-dialog.h"

#include <string.h>

#include <glib/gi18n.h>

#include "imp-destination-row.h"
#include "imp-destinations.h"
#include "imp-fit.h"
#include "imp-format.h"
#include "imp-ledger-finder.h"
#include "imp-recent-destinations.h"
#include "imp-stack.h"

/**
 * ImpGoToDialog:
 *
 * Goes to anything: pages, actions, keys, devices and submissions as they are
 * typed, and whatever the ledger knows a moment later. What is known here stays
 * on top, so that nothing moves under the hand. A whole identifier that means
 * one thing only is gone to at once.
 */
struct _ImpGoToDialog
{
  AdwWindow parent_instance;

  ImpSession      *session;   /* (owned) */
  GSettings       *settings;  /* (owned) (nullable) */
  GListModel      *pages;     /* (owned): of ImpDestination */
  ImpLedgerFinder *finder;    /* (owned) */

  GtkSearchEntry *entry;
  GtkStack       *stack;
  GtkListBox     *list;
  AdwStatusPage  *empty_page;
  GtkWidget      *busy_box;
  GtkSpinner     *spinner;
  GtkLabel       *problem_label;
};

G_DEFINE_FINAL_TYPE (ImpGoToDialog, imp_go_to_dialog, ADW_TYPE_WINDOW)

static const char *
get_identity (ImpGoToDialog *self)
{
  return imp_connection_get_identity (imp_session_get_connection (self->session));
}

static char *
dup_text (ImpGoToDialog *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));
}

/* The parent does the work; by then this dialog is gone and does not cover it. */
static void
go (ImpGoToDialog  *self,
    ImpDestination *destination)
{
  GtkWidget *parent = GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self)));
  const char *target = imp_destination_get_target (destination);
  g_autofree char *action = g_strdup (imp_destination_get_action (destination));
  g_autoptr(GVariant) value = NULL;

  if (target != NULL)
    value = g_variant_ref_sink (g_variant_new_string (target));

  imp_recent_destinations_add (self->settings, get_identity (self), destination);
  gtk_window_close (GTK_WINDOW (self));
  gtk_widget_activate_action_variant (parent, action, value);
}

static void
clear_list (ImpGoToDialog *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
}

static void
append (ImpGoToDialog *self,
        GPtrArray     *destinations)
{
  for (guint i = 0; i < destinations->len; i++)
    gtk_list_box_append (self->list,
                         imp_destination_row_new (g_ptr_array_index (destinations, i)));

  if (gtk_list_box_get_selected_row (self->list) == NULL)
    gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
}

static void
update_state (ImpGoToDialog *self)
{
  gboolean busy = imp_ledger_finder_get_busy (self->finder);
  gboolean any = gtk_list_box_get_row_at_index (self->list, 0) != NULL;
  const char *name = "results";

  if (!any)
    name = busy ? "waiting" : "empty";

  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_widget_set_visible (self->busy_box, busy);
  gtk_spinner_set_spinning (self->spinner, busy);
}

static void
show_problem (ImpGoToDialog *self,
              const char    *problem)
{
  gtk_label_set_text (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
}

/* Goes to the one thing that the text can only mean, if it is among these. */
static gboolean
go_straight (ImpGoToDialog *self,
             GPtrArray     *destinations,
             const char    *text)
{
  for (guint i = 0; i < destinations->len; i++)
    {
      ImpDestination *destination = g_ptr_array_index (destinations, i);

      if (imp_destination_is_named (destination, text))
        {
          go (self, destination);
          return TRUE;
        }
    }

  return FALSE;
}

static void
found_cb (ImpGoToDialog *self,
          GPtrArray     *transactions)
{
  g_autofree char *text = dup_text (self);
  g_autoptr(GPtrArray) found = NULL;

  found = imp_destinations_classify (self->session, transactions, text);
  if (go_straight (self, found, text))
    return;

  append (self, found);
  update_state (self);
}

static void
failed_cb (ImpGoToDialog *self,
           const GError  *error)
{
  g_autofree char *sentence = imp_format_error (error);

  show_problem (self, sentence);
  update_state (self);
}

static void
ask_ledger (ImpGoToDialog *self,
            const char    *text)
{
  ImpAgentClient *client = imp_session_get_client (self->session);

  if (client != NULL)
    imp_ledger_finder_find (self->finder, client, text);
  else
    show_problem (self, _("The agents do not answer, so the ledger was not searched."));
}

static void
find (ImpGoToDialog *self,
      const char    *text)
{
  g_autoptr(GPtrArray) found = imp_destinations_find (self->session, self->pages, text);

  if (go_straight (self, found, text))
    return;

  append (self, found);
  ask_ledger (self, text);
}

/* Recent ones come first, and what can be done besides. */
static void
list_recent (ImpGoToDialog *self)
{
  g_autoptr(GPtrArray) recent = imp_recent_destinations_list (self->settings, get_identity (self));
  g_autoptr(GPtrArray) pages = imp_destinations_find (self->session, self->pages, "");

  append (self, recent);
  for (guint i = 0; i < recent->len; i++)
    {
      guint position;

      if (g_ptr_array_find_with_equal_func (pages, g_ptr_array_index (recent, i),
                                            (GEqualFunc) imp_destination_equal, &position))
        g_ptr_array_remove_index (pages, position);
    }
  append (self, pages);
}

static void
search_changed_cb (ImpGoToDialog *self)
{
  g_autofree char *text = dup_text (self);

  imp_ledger_finder_stop (self->finder);
  show_problem (self, NULL);
  clear_list (self);
  if (*text != '\0')
    find (self, text);
  else
    list_recent (self);
  update_state (self);
}

static void
activated_cb (ImpGoToDialog *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (row != NULL)
    go (self, imp_destination_row_get_destination (IMP_DESTINATION_ROW (row)));
}

static void
row_activated_cb (ImpGoToDialog     *self,
                  ImpDestinationRow *row)
{
  go (self, imp_destination_row_get_destination (row));
}

/* Down leads from the entry into the list, past the line that Enter would take anyway. */
static gboolean
entry_key_cb (ImpGoToDialog   *self,
              guint            keyval,
              guint            keycode,
              GdkModifierType  state)
{
  GtkListBoxRow *row;

  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_KP_Down)
    return FALSE;

  row = gtk_list_box_get_row_at_index (self->list, 1);
  if (row == NULL)
    row = gtk_list_box_get_row_at_index (self->list, 0);
  if (row == NULL)
    return FALSE;

  gtk_list_box_select_row (self->list, row);
  gtk_widget_grab_focus (GTK_WIDGET (row));
  return TRUE;
}

static gboolean
keynav_failed_cb (ImpGoToDialog    *self,
                  GtkDirectionType  direction)
{
  if (direction != GTK_DIR_UP)
    return FALSE;

  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  return TRUE;
}

static gboolean
imp_go_to_dialog_close_request (GtkWindow *window)
{
  imp_ledger_finder_stop (IMP_GO_TO_DIALOG (window)->finder);

  return GTK_WINDOW_CLASS (imp_go_to_dialog_parent_class)->close_request (window);
}

static void
imp_go_to_dialog_dispose (GObject *object)
{
  ImpGoToDialog *self = IMP_GO_TO_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_GO_TO_DIALOG);
  g_clear_object (&self->finder);
  g_clear_object (&self->pages);
  g_clear_object (&self->settings);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (imp_go_to_dialog_parent_class)->dispose (object);
}

static void
imp_go_to_dialog_class_init (ImpGoToDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_go_to_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = imp_go_to_dialog_close_request;

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-go-to-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpGoToDialog, entry);
  gtk_widget_class_bind_template_child (widget_class, ImpGoToDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, ImpGoToDialog, list);
  gtk_widget_class_bind_template_child (widget_class, ImpGoToDialog, empty_page);
  gtk_widget_class_bind_template_child (widget_class, ImpGoToDialog, busy_box);
  gtk_widget_class_bind_template_child (widget_class, ImpGoToDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, ImpGoToDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, gtk_window_close);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, keynav_failed_cb);
}

static void
imp_go_to_dialog_init (ImpGoToDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  imp_stack_hide_others (self->stack);
  gtk_search_entry_set_key_capture_widget (self->entry, GTK_WIDGET (self));

  self->finder = imp_ledger_finder_new ();
  g_signal_connect_object (self->finder, "found", G_CALLBACK (found_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->finder, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
}

/**
 * imp_go_to_dialog_new:
 * @parent: the window whose actions lead there
 * @session: what can be gone to
 * @settings: (nullable): where recent destinations are remembered
 * @pages: the window's own pages, a list of [class@Destination]
 *
 * Makes the dialog.
 *
 * Returns: (transfer none): the dialog, which GTK owns
 */
GtkWidget *
imp_go_to_dialog_new (GtkWindow  *parent,
                      ImpSession *session,
                      GSettings  *settings,
                      GListModel *pages)
{
  ImpGoToDialog *self = g_object_new (IMP_TYPE_GO_TO_DIALOG, "transient-for", parent, NULL);

  self->session = g_object_ref (session);
  self->pages = g_object_ref (pages);
  if (settings != NULL)
    self->settings = g_object_ref (settings);

  search_changed_cb (self);
  imp_fit_to_parent (GTK_WINDOW (self));
  return GTK_WIDGET (self);
}
