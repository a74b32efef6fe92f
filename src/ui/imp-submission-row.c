/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-submission-row.h"

#include <glib/gi18n.h>

#include "imp-format.h"
#include "imp-status-chip.h"
#include "imp-submission-state.h"
#include "imp-width-first.h"

/**
 * ImpSubmissionRow:
 *
 * A submission in a list, following its state.
 */
struct _ImpSubmissionRow
{
  AdwActionRow parent_instance;

  ImpSubmission *submission;  /* (owned) */
  ImpStatusChip *chip;
};

G_DEFINE_FINAL_TYPE (ImpSubmissionRow, imp_submission_row, ADW_TYPE_ACTION_ROW)

static void
update (ImpSubmissionRow *self)
{
  const char *class_id = imp_submission_get_class_id (self->submission);
  const char *version = imp_submission_get_version (self->submission);
  g_autofree char *title = g_strdup_printf ("%s %s", class_id != NULL ? class_id : "",
                                            version != NULL ? version : "");
  g_autofree char *age = imp_format_age (imp_submission_get_time (self->submission));
  g_autofree char *subtitle = g_strdup_printf ("%s, %s",
                                               imp_submission_get_file_name (self->submission),
                                               age);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), g_strstrip (title));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  imp_submission_state_show (self->chip, self->submission);
}

static void
imp_submission_row_dispose (GObject *object)
{
  ImpSubmissionRow *self = IMP_SUBMISSION_ROW (object);

  g_clear_object (&self->submission);

  G_OBJECT_CLASS (imp_submission_row_parent_class)->dispose (object);
}

static void
imp_submission_row_class_init (ImpSubmissionRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = imp_submission_row_dispose;
}

static void
imp_submission_row_init (ImpSubmissionRow *self)
{
  self->chip = IMP_STATUS_CHIP (imp_status_chip_new ());
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->chip));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 1);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
  imp_width_first (GTK_WIDGET (self));
}

/**
 * imp_submission_row_new:
 * @submission: what to show
 *
 * Makes a row.
 *
 * Returns: (transfer full): the row
 */
GtkWidget *
imp_submission_row_new (ImpSubmission *submission)
{
  ImpSubmissionRow *self = g_object_new (IMP_TYPE_SUBMISSION_ROW, NULL);

  self->submission = g_object_ref (submission);
  g_signal_connect_object (submission, "notify::state", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

/**
 * imp_submission_row_get_submission:
 * @self: a row
 *
 * Returns: (transfer none): the submission that it follows
 */
ImpSubmission *
imp_submission_row_get_submission (ImpSubmissionRow *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION_ROW (self), NULL);

  return self->submission;
}
