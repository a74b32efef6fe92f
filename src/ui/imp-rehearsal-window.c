/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-rehearsal-window.h"

#include <glib/gi18n.h>

#include "imp-file-name.h"
#include "imp-format.h"
#include "imp-rehearsal-item.h"
#include "imp-state-stack.h"
#include "imp-toast.h"

/**
 * ImpRehearsalWindow:
 *
 * The grid of what was tried and how it ended, newest first, and the way out
 * of it to other programs.
 */
struct _ImpRehearsalWindow
{
  AdwWindow parent_instance;

  ImpRehearsalResults *results;  /* (owned) */

  AdwToastOverlay *overlay;
  ImpStateStack   *state_stack;
  GtkColumnView   *table;
};

G_DEFINE_FINAL_TYPE (ImpRehearsalWindow, imp_rehearsal_window, ADW_TYPE_WINDOW)

typedef char *(*TextFunc) (ImpAttackResult *result);

static char *
say_time (ImpAttackResult *result)
{
  return imp_format_time (result->time);
}

static char *
say_device (ImpAttackResult *result)
{
  return g_strdup (result->device);
}

static char *
say_attack (ImpAttackResult *result)
{
  return g_strdup (_(result->attack->title));
}

static char *
say_guard (ImpAttackResult *result)
{
  return result->attack->check != 0 ? g_strdup_printf (_("Check %d"), result->attack->check) : g_strdup (_("Limits"));
}

static char *
say_without (ImpAttackResult *result)
{
  return result->checks_off != 0 ? imp_checks_to_text (result->checks_off) : g_strdup ("—");
}

static char *
say_reason (ImpAttackResult *result)
{
  return g_strdup (result->reason != NULL && *result->reason != '\0' ? result->reason : "—");
}

static char *
say_duration (ImpAttackResult *result)
{
  return result->verdict != IMP_VERDICT_NOT_TRIED ? imp_format_duration (result->ms) : g_strdup ("—");
}

static char *
say_bytes (ImpAttackResult *result)
{
  return result->verdict != IMP_VERDICT_NOT_TRIED ? imp_format_size (result->bytes) : g_strdup ("—");
}

static void
setup_text_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (item, label);
}

static void
bind_text_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item,
              gpointer                  user_data)
{
  GtkWidget *label = gtk_list_item_get_child (item);
  g_autofree char *text = ((TextFunc) user_data) (gtk_list_item_get_item (item));

  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, text);
}

static void
setup_chip_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  gtk_list_item_set_child (item, imp_status_chip_new ());
}

static void
bind_chip_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item)
{
  imp_attack_show_verdict (gtk_list_item_get_item (item), FALSE, IMP_STATUS_CHIP (gtk_list_item_get_child (item)));
}

static void
add_column (ImpRehearsalWindow *self,
            const char         *title,
            GtkListItemFactory *factory,
            int                 width)
{
  g_autoptr(GtkColumnViewColumn) column = gtk_column_view_column_new (title, factory);

  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_fixed_width (column, width);
  gtk_column_view_append_column (self->table, column);
}

static void
add_text_column (ImpRehearsalWindow *self,
                 const char         *title,
                 TextFunc            func,
                 int                 width)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_text_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_text_cb), (gpointer) func);
  add_column (self, title, factory, width);
}

static void
add_columns (ImpRehearsalWindow *self)
{
  GtkListItemFactory *chips = gtk_signal_list_item_factory_new ();

  g_signal_connect (chips, "setup", G_CALLBACK (setup_chip_cb), NULL);
  g_signal_connect (chips, "bind", G_CALLBACK (bind_chip_cb), NULL);

  add_text_column (self, _("Attack"), say_attack, 240);
  add_column (self, _("How It Ended"), chips, 200);
  add_text_column (self, _("Must Stop It"), say_guard, 100);
  add_text_column (self, _("Without Check"), say_without, 110);
  add_text_column (self, _("Device"), say_device, 140);
  add_text_column (self, _("Reason"), say_reason, 300);
  add_text_column (self, _("Took"), say_duration, 90);
  add_text_column (self, _("Bytes"), say_bytes, 90);
  add_text_column (self, _("Time"), say_time, 170);
}

static void
update_state (ImpRehearsalWindow *self)
{
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->results)) == 0;

  imp_state_stack_set_loaded (self->state_stack, empty);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "results.export-json", !empty);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "results.export-csv", !empty);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "results.clear", !empty);
}

static void
say (ImpRehearsalWindow *self,
     const char         *text)
{
  AdwToast *toast = imp_toast_new (text);

  adw_toast_set_timeout (toast, 5);
  adw_toast_overlay_add_toast (self->overlay, toast);
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ImpRehearsalWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (g_file_replace_contents_finish (G_FILE (object), result, NULL, &error))
    {
      g_autofree char *name = imp_file_dup_name (G_FILE (object));

      text = g_strdup_printf (_("Results exported to “%s”."), name);
    }
  else
    text = imp_format_error (error);
  say (self, text);
}

static void
chosen_cb (GtkNativeDialog    *chooser,
           int                 response,
           ImpRehearsalWindow *self)
{
  g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_autoptr(GPtrArray) results = imp_rehearsal_results_dup_all (self->results);
  gboolean csv = g_object_get_data (G_OBJECT (chooser), "csv") != NULL;
  g_autoptr(GBytes) bytes = NULL;
  char *text;

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    {
      text = csv ? imp_attack_results_to_csv (results) : imp_attack_results_to_json (results);
      bytes = g_bytes_new_take (text, strlen (text));
      g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL,
                                           written_cb, g_object_ref (self));
    }
  g_object_unref (chooser);
}

static void
export_results (ImpRehearsalWindow *self,
                gboolean            csv)
{
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new (_("Export Results"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE,
                                 _("_Export"), _("_Cancel"));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), csv ? "rehearsal.csv" : "rehearsal.json");
  g_object_set_data (G_OBJECT (chooser), "csv", GINT_TO_POINTER (csv));
  g_signal_connect_object (chooser, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
export_json_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  export_results (IMP_REHEARSAL_WINDOW (widget), FALSE);
}

static void
export_csv_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  export_results (IMP_REHEARSAL_WINDOW (widget), TRUE);
}

static void
undo_cb (AdwToast           *toast,
         ImpRehearsalWindow *self)
{
  GPtrArray *forgotten = g_object_get_data (G_OBJECT (toast), "forgotten");

  for (guint i = forgotten->len; i > 0; i--)
    imp_rehearsal_results_add (self->results, g_ptr_array_index (forgotten, i - 1));
}

static void
clear_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  ImpRehearsalWindow *self = IMP_REHEARSAL_WINDOW (widget);
  AdwToast *toast = adw_toast_new (_("All results forgotten."));

  g_object_set_data_full (G_OBJECT (toast), "forgotten", imp_rehearsal_results_dup_all (self->results),
                          (GDestroyNotify) g_ptr_array_unref);
  imp_toast_offer_undo (toast);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_cb), self, 0);
  imp_rehearsal_results_clear (self->results);
  adw_toast_overlay_add_toast (self->overlay, toast);
}

static void
imp_rehearsal_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), IMP_TYPE_REHEARSAL_WINDOW);
  g_clear_object (&IMP_REHEARSAL_WINDOW (object)->results);

  G_OBJECT_CLASS (imp_rehearsal_window_parent_class)->dispose (object);
}

static void
imp_rehearsal_window_class_init (ImpRehearsalWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_rehearsal_window_dispose;

  gtk_widget_class_install_action (widget_class, "results.export-json", NULL, export_json_action);
  gtk_widget_class_install_action (widget_class, "results.export-csv", NULL, export_csv_action);
  gtk_widget_class_install_action (widget_class, "results.clear", NULL, clear_action);

  g_type_ensure (IMP_TYPE_STATE_STACK);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/imp-rehearsal-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalWindow, overlay);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalWindow, state_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalWindow, table);
}

static void
imp_rehearsal_window_init (ImpRehearsalWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_columns (self);
}

/**
 * imp_rehearsal_window_new:
 * @parent: the window it belongs to
 * @results: what was tried
 *
 * Returns: the window
 */
GtkWidget *
imp_rehearsal_window_new (GtkWindow           *parent,
                          ImpRehearsalResults *results)
{
  ImpRehearsalWindow *self = g_object_new (IMP_TYPE_REHEARSAL_WINDOW, "transient-for", parent, NULL);
  g_autoptr(GtkNoSelection) selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (results)));

  self->results = g_object_ref (results);
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (selection));
  g_signal_connect_object (results, "items-changed", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  update_state (self);

  return GTK_WIDGET (self);
}
