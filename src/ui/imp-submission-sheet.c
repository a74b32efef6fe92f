/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-submission-sheet.h"

#include <glib/gi18n.h>

#include "imp-fit.h"
#include "imp-submission-state.h"
#include "imp-submission-view.h"

/**
 * ImpSubmissionSheet:
 *
 * The sheet of steps over the form. Closing it stops nothing: Activity shows
 * the rest.
 */
struct _ImpSubmissionSheet
{
  AdwWindow parent_instance;

  ImpSubmissionView *view;
  GtkButton         *cancel_button;
  GtkButton         *back_button;
  GtkButton         *ledger_button;
  GtkButton         *close_button;
};

G_DEFINE_FINAL_TYPE (ImpSubmissionSheet, imp_submission_sheet, ADW_TYPE_WINDOW)

static void
update (ImpSubmissionSheet *self)
{
  ImpSubmission *submission = imp_submission_view_get_submission (self->view);
  gboolean running = imp_submission_state_running (submission);
  gboolean recorded = imp_submission_get_transaction (submission) != NULL && !running;

  gtk_widget_set_visible (GTK_WIDGET (self->cancel_button), running);
  gtk_widget_set_visible (GTK_WIDGET (self->back_button), !running && !recorded);
  gtk_widget_set_visible (GTK_WIDGET (self->ledger_button), recorded);
  gtk_widget_set_visible (GTK_WIDGET (self->close_button), recorded);
  if (recorded)
    gtk_window_set_default_widget (GTK_WINDOW (self), GTK_WIDGET (self->ledger_button));
}

static void
cancel_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpSubmissionSheet *self = IMP_SUBMISSION_SHEET (widget);

  imp_submission_cancel (imp_submission_view_get_submission (self->view));
}

static void
show_in_ledger_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  ImpSubmissionSheet *self = IMP_SUBMISSION_SHEET (widget);
  ImpSubmission *submission = imp_submission_view_get_submission (self->view);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  gtk_widget_activate_action (GTK_WIDGET (parent), "win.show-transaction", "s",
                              imp_submission_get_transaction (submission));
  gtk_window_close (GTK_WINDOW (self));
}

static void
imp_submission_sheet_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), IMP_TYPE_SUBMISSION_SHEET);

  G_OBJECT_CLASS (imp_submission_sheet_parent_class)->dispose (object);
}

static void
imp_submission_sheet_class_init (ImpSubmissionSheetClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_submission_sheet_dispose;

  gtk_widget_class_install_action (widget_class, "sheet.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "sheet.show-in-ledger", NULL,
                                   show_in_ledger_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  g_type_ensure (IMP_TYPE_SUBMISSION_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-submission-sheet.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionSheet, view);
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionSheet, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionSheet, back_button);
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionSheet, ledger_button);
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionSheet, close_button);
}

static void
imp_submission_sheet_init (ImpSubmissionSheet *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * imp_submission_sheet_new:
 * @parent: the window it lies on
 * @submission: what to follow
 *
 * Makes the sheet.
 *
 * Returns: (transfer none): the sheet, which GTK owns
 */
GtkWidget *
imp_submission_sheet_new (GtkWindow     *parent,
                          ImpSubmission *submission)
{
  ImpSubmissionSheet *self = g_object_new (IMP_TYPE_SUBMISSION_SHEET, "transient-for", parent,
                                           NULL);

  imp_fit_to_parent (GTK_WINDOW (self));
  imp_submission_view_set_submission (self->view, submission);
  g_signal_connect_object (submission, "notify::state", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
