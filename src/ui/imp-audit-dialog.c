/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-audit-dialog.h"

#include <glib/gi18n.h>

#include "imp-fit.h"
#include "imp-format.h"

#define ESTIMATE_AFTER 2000  /* ms */

/**
 * ImpAuditDialog:
 *
 * Checks the whole ledger on this computer, and says in a sentence what was
 * proven, or where it breaks. Closing the dialog ends the audit.
 */
struct _ImpAuditDialog
{
  AdwWindow parent_instance;

  GCancellable *cancellable;  /* (owned) */
  gint64        began;

  AdwStatusPage  *page;
  GtkProgressBar *progress_bar;
  GtkButton      *button;
};

G_DEFINE_FINAL_TYPE (ImpAuditDialog, imp_audit_dialog, ADW_TYPE_WINDOW)

static char *
describe_progress (ImpAuditDialog *self,
                   goffset         done,
                   goffset         total)
{
  double ms = (g_get_monotonic_time () - self->began) / 1000.0;
  g_autofree char *done_text = g_strdup_printf ("%'" G_GOFFSET_FORMAT, done);
  g_autofree char *total_text = g_strdup_printf ("%'" G_GOFFSET_FORMAT, total);
  g_autofree char *left = NULL;

  /* A rate that was measured for a moment says nothing of the rest. */
  if (ms < ESTIMATE_AFTER || done == 0)
    /* Translators: how many lines of the ledger have been checked, and how many there are. */
    return g_strdup_printf (_("%s of %s lines"), done_text, total_text);

  left = imp_format_duration (ms * (total - done) / done);
  /* Translators: lines of the ledger that were checked, lines in all, time left. */
  return g_strdup_printf (_("%s of %s lines, %s left"), done_text, total_text, left);
}

static void
progress_cb (goffset  done,
             goffset  total,
             gpointer user_data)
{
  ImpAuditDialog *self = user_data;
  g_autofree char *text = NULL;

  if (self->progress_bar == NULL)
    return;

  text = describe_progress (self, done, total);
  gtk_progress_bar_set_text (self->progress_bar, text);
  if (total > 0)
    gtk_progress_bar_set_fraction (self->progress_bar, (double) done / total);
}

static void
show_end (ImpAuditDialog *self,
          const char     *icon_name,
          const char     *title,
          const char     *sentence)
{
  g_autofree char *text = imp_format_sentence (sentence);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_status_page_set_icon_name (self->page, icon_name);
  adw_status_page_set_title (self->page, title);
  adw_status_page_set_description (self->page, escaped);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), FALSE);
  gtk_button_set_label (self->button, _("Close"));
}

static void
audited_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ImpAuditDialog) self = user_data;
  g_autofree char *sentence = NULL;
  g_autoptr(GError) error = NULL;

  sentence = imp_trust_audit_finish (IMP_TRUST (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (sentence != NULL)
    {
      show_end (self, "emblem-ok-symbolic", _("The ledger holds"), sentence);
      return;
    }

  sentence = imp_format_error (error);
  show_end (self, "dialog-warning-symbolic", _("The audit did not succeed"), sentence);
}

static gboolean
imp_audit_dialog_close_request (GtkWindow *window)
{
  g_cancellable_cancel (IMP_AUDIT_DIALOG (window)->cancellable);

  return GTK_WINDOW_CLASS (imp_audit_dialog_parent_class)->close_request (window);
}

static void
imp_audit_dialog_dispose (GObject *object)
{
  ImpAuditDialog *self = IMP_AUDIT_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_AUDIT_DIALOG);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (imp_audit_dialog_parent_class)->dispose (object);
}

static void
imp_audit_dialog_class_init (ImpAuditDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_audit_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = imp_audit_dialog_close_request;

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-audit-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpAuditDialog, page);
  gtk_widget_class_bind_template_child (widget_class, ImpAuditDialog, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, ImpAuditDialog, button);
}

static void
imp_audit_dialog_init (ImpAuditDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * imp_audit_dialog_new:
 * @parent: the window it belongs to
 * @session: whose ledger; its connection must be open
 *
 * Makes the dialog and begins.
 *
 * Returns: (transfer none): the dialog, which GTK owns
 */
GtkWidget *
imp_audit_dialog_new (GtkWindow  *parent,
                      ImpSession *session)
{
  ImpAuditDialog *self = g_object_new (IMP_TYPE_AUDIT_DIALOG, "transient-for", parent, NULL);

  self->began = g_get_monotonic_time ();
  imp_fit_to_parent (GTK_WINDOW (self));
  imp_trust_audit_async (imp_session_get_trust (session), imp_session_get_client (session),
                         self->cancellable, progress_cb, self, audited_cb, g_object_ref (self));
  return GTK_WIDGET (self);
}
