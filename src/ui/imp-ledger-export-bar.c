/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-export-bar.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#include "imp-format.h"
#include "imp-stack.h"
#include "imp-toast.h"

/**
 * ImpLedgerExportBar:
 *
 * Below the table: how many lines are selected, with what can be done with them,
 * and while lines are written to a file, how far that is.
 */
struct _ImpLedgerExportBar
{
  AdwBin parent_instance;

  GCancellable *cancellable;  /* (owned) (nullable): of what is being written */
  gint64        began;
  guint64       n_selected;

  GtkRevealer    *revealer;
  GtkStack       *stack;
  GtkLabel       *selected_label;
  GtkProgressBar *progress_bar;
};

G_DEFINE_FINAL_TYPE (ImpLedgerExportBar, imp_ledger_export_bar, ADW_TYPE_BIN)

static void
update (ImpLedgerExportBar *self)
{
  gboolean busy = self->cancellable != NULL;

  gtk_stack_set_visible_child_name (self->stack, busy ? "busy" : "selected");
  gtk_revealer_set_reveal_child (self->revealer, busy || self->n_selected > 1);
}

static char *
describe_progress (ImpLedgerExportBar *self,
                   goffset             done,
                   goffset             total)
{
  double ms = (g_get_monotonic_time () - self->began) / 1000.0;
  g_autofree char *done_text = g_strdup_printf ("%'" G_GOFFSET_FORMAT, done);
  g_autofree char *total_text = g_strdup_printf ("%'" G_GOFFSET_FORMAT, total);
  g_autofree char *left = NULL;

  if (total == 0 || done == 0)
    /* Translators: how many lines of the ledger are written to a file by now. */
    return g_strdup_printf (_("%s lines written"), done_text);

  left = imp_format_duration (ms * (total - done) / done);
  /* Translators: lines written to a file, lines in all, time left. */
  return g_strdup_printf (_("%s of %s lines, %s left"), done_text, total_text, left);
}

static void
progress_cb (goffset  done,
             goffset  total,
             gpointer user_data)
{
  ImpLedgerExportBar *self = user_data;
  g_autofree char *text = describe_progress (self, done, total);

  if (self->progress_bar == NULL)
    return;

  gtk_progress_bar_set_text (self->progress_bar, text);
  if (total > 0)
    gtk_progress_bar_set_fraction (self->progress_bar, (double) done / total);
  else
    gtk_progress_bar_pulse (self->progress_bar);
}

static void
exported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(ImpLedgerExportBar) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;
  guint64 n = imp_ledger_export_finish (IMP_AGENT_CLIENT (object), result, &error);

  g_clear_object (&self->cancellable);
  if (self->revealer == NULL)
    return;

  update (self);
  if (error == NULL)
    sentence = g_strdup_printf (ngettext ("%'" PRIu64 " line exported",
                                          "%'" PRIu64 " lines exported", n), n);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    sentence = g_strdup (_("The export was cancelled; no file was written."));
  else
    sentence = imp_format_error (error);
  imp_toast_say (GTK_WIDGET (self), sentence);
}

static void
cancel_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  g_cancellable_cancel (IMP_LEDGER_EXPORT_BAR (widget)->cancellable);
}

static void
imp_ledger_export_bar_dispose (GObject *object)
{
  ImpLedgerExportBar *self = IMP_LEDGER_EXPORT_BAR (object);

  imp_ledger_export_bar_close (self);
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_LEDGER_EXPORT_BAR);

  G_OBJECT_CLASS (imp_ledger_export_bar_parent_class)->dispose (object);
}

static void
imp_ledger_export_bar_class_init (ImpLedgerExportBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_ledger_export_bar_dispose;
  gtk_widget_class_install_action (widget_class, "export.cancel", NULL, cancel_action);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-ledger-export-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerExportBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerExportBar, stack);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerExportBar, selected_label);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerExportBar, progress_bar);
}

static void
imp_ledger_export_bar_init (ImpLedgerExportBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  imp_stack_hide_others (self->stack);
}

/**
 * imp_ledger_export_bar_set_selected:
 * @self: a bar
 * @n: lines that are selected
 *
 * Shows what can be done with several lines; one is shown in its own pane.
 */
void
imp_ledger_export_bar_set_selected (ImpLedgerExportBar *self,
                                    guint64             n)
{
  g_autofree char *text = NULL;

  g_return_if_fail (IMP_IS_LEDGER_EXPORT_BAR (self));

  self->n_selected = n;
  if (n > 1)
    {
      text = g_strdup_printf (ngettext ("%'" PRIu64 " line selected",
                                        "%'" PRIu64 " lines selected", n), n);
      gtk_label_set_text (self->selected_label, text);
    }
  update (self);
}

/* By its name, which a person gives it. */
static ImpLedgerExportFormat
get_format (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *lower = g_ascii_strdown (name, -1);

  return g_str_has_suffix (lower, ".json") ? IMP_LEDGER_EXPORT_JSON : IMP_LEDGER_EXPORT_CSV;
}

/* What is to be exported, while a person chooses where to. */
typedef struct
{
  ImpLedgerExportBar *bar;        /* (owned) */
  ImpAgentClient     *client;     /* (owned) */
  ImpLedgerFilter    *filter;     /* (owned) */
  GArray             *stretches;  /* (owned) */
} Choice;

static void
choice_free (gpointer  data,
             GClosure *closure)
{
  Choice *choice = data;

  g_object_unref (choice->bar);
  g_object_unref (choice->client);
  imp_ledger_filter_free (choice->filter);
  g_array_unref (choice->stretches);
  g_free (choice);
}

static void
start (ImpLedgerExportBar *self,
       Choice             *choice,
       GFile              *file)
{
  self->cancellable = g_cancellable_new ();
  self->began = g_get_monotonic_time ();
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  progress_cb (0, 0, self);
  update (self);
  imp_ledger_export_async (choice->client, choice->filter, choice->stretches, get_format (file),
                           file, self->cancellable, progress_cb, self, exported_cb,
                           g_object_ref (self));
}

static void
chosen_cb (GtkFileChooserNative *chooser,
           int                   response,
           gpointer              user_data)
{
  Choice *choice = user_data;
  g_autoptr(GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT && choice->bar->cancellable == NULL)
    {
      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      start (choice->bar, choice, file);
    }

  g_object_unref (chooser);
}

static void
add_filter (GtkFileChooser *chooser,
            const char     *name,
            const char     *suffix)
{
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_suffix (filter, suffix);
  gtk_file_chooser_add_filter (chooser, filter);
}

/**
 * imp_ledger_export_bar_choose:
 * @self: a bar
 * @client: the agents
 * @filter: which lines
 * @stretches: (element-type ImpLedgerStretch): which of those
 *
 * Asks where to write lines, writes them, and says how that ended.
 */
void
imp_ledger_export_bar_choose (ImpLedgerExportBar    *self,
                              ImpAgentClient        *client,
                              const ImpLedgerFilter *filter,
                              GArray                *stretches)
{
  GtkFileChooserNative *chooser;
  Choice *choice;

  g_return_if_fail (IMP_IS_LEDGER_EXPORT_BAR (self));

  if (self->cancellable != NULL)
    {
      imp_toast_say (GTK_WIDGET (self), _("An export is under way already."));
      return;
    }

  choice = g_new0 (Choice, 1);
  choice->bar = g_object_ref (self);
  choice->client = g_object_ref (client);
  choice->filter = imp_ledger_filter_copy (filter);
  choice->stretches = g_array_ref (stretches);
  chooser = gtk_file_chooser_native_new (_("Export Lines of the Ledger"),
                                         GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                         GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), "ledger.csv");
  add_filter (GTK_FILE_CHOOSER (chooser), _("CSV (ledger.csv)"), "csv");
  add_filter (GTK_FILE_CHOOSER (chooser), _("JSON (ledger.json)"), "json");
  g_signal_connect_data (chooser, "response", G_CALLBACK (chosen_cb), choice, choice_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/**
 * imp_ledger_export_bar_close:
 * @self: a bar
 *
 * Cancels what is being written, since nobody waits for the file any more.
 */
void
imp_ledger_export_bar_close (ImpLedgerExportBar *self)
{
  g_return_if_fail (IMP_IS_LEDGER_EXPORT_BAR (self));

  g_cancellable_cancel (self->cancellable);
}
