/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-submission-view.h"

#include <glib/gi18n.h>

#include "imp-digest-row.h"
#include "imp-format.h"
#include "imp-status-chip.h"
#include "imp-submission-state.h"
#include "imp-text.h"
#include "imp-timeline.h"
#include "imp-toast.h"
#include "imp-width-first.h"

/**
 * ImpSubmissionView:
 *
 * One submission whole: its steps as they happen, and what came of it. Live
 * while it runs, from the record afterwards; the sheet of steps and the details
 * in Activity are this same widget.
 */
struct _ImpSubmissionView
{
  AdwBin parent_instance;

  ImpSubmission *submission;   /* (owned) (nullable) */
  GSignalGroup  *signals;      /* (owned): of the submission */
  GSignalGroup  *pub_signals;  /* (owned): of its publication */

  GtkLabel      *title_label;
  GtkLabel      *subtitle_label;
  ImpStatusChip *chip;
  GtkLabel      *detail_label;
  ImpTimeline   *timeline;
  AdwActionRow  *file_row;
  AdwActionRow  *time_row;
  AdwActionRow  *connection_row;
  ImpDigestRow  *transaction_row;
  ImpDigestRow  *cid_row;
  ImpDigestRow  *request_row;
  GtkWidget     *reply_group;
  GtkTextView   *reply_view;
};

G_DEFINE_FINAL_TYPE (ImpSubmissionView, imp_submission_view, ADW_TYPE_BIN)

static const ImpTimelineState timeline_states[] = {
  [IMP_STEP_WAITING] = IMP_TIMELINE_WAITING,
  [IMP_STEP_RUNNING] = IMP_TIMELINE_RUNNING,
  [IMP_STEP_DONE] = IMP_TIMELINE_DONE,
  [IMP_STEP_FAILED] = IMP_TIMELINE_FAILED,
};

static char *
describe_upload (ImpPublication *publication)
{
  guint64 sent = imp_publication_get_sent (publication);
  guint64 total = imp_publication_get_total (publication);
  double ms = imp_publication_get_step_ms (publication, IMP_STEP_UPLOAD);
  g_autofree char *sent_text = g_format_size (sent);
  g_autofree char *total_text = g_format_size (total);
  g_autofree char *rate = NULL;
  g_autofree char *left = NULL;

  if (ms < 1 || sent == 0)
    return g_strdup_printf (_("%s of %s"), sent_text, total_text);

  rate = g_format_size ((guint64) (sent * 1000.0 / ms));
  if (sent >= total)
    /* Translators: “3 MB of 36 MB, 120 MB/s”. */
    return g_strdup_printf (_("%s of %s, %s/s"), sent_text, total_text, rate);

  left = imp_format_duration (ms * (total - sent) / sent);
  /* Translators: “3 MB of 36 MB, 120 MB/s, 2 s left”. */
  return g_strdup_printf (_("%s of %s, %s/s, %s left"), sent_text, total_text, rate, left);
}

static void
show_live_step (ImpSubmissionView *self,
                ImpPublication    *publication,
                ImpStep            step)
{
  ImpStepState state = imp_publication_get_step_state (publication, step);
  g_autofree char *detail = NULL;

  if (step == IMP_STEP_UPLOAD && state != IMP_STEP_WAITING)
    detail = describe_upload (publication);
  imp_timeline_set (self->timeline, step, timeline_states[state],
                    imp_publication_get_step_ms (publication, step), detail);
}

/* The record knows how long each step took, and of the first that has no time
 * what became of it.
 */
static void
show_recorded_step (ImpSubmissionView *self,
                    ImpStep            step,
                    gboolean          *ended)
{
  gboolean recorded = g_strcmp0 (imp_submission_get_state (self->submission), "recorded") == 0;
  double ms = imp_submission_get_step_ms (self->submission, step);
  ImpTimelineState state = IMP_TIMELINE_DONE;

  if (*ended)
    state = IMP_TIMELINE_SKIPPED;
  else if (ms < 0 && !recorded)
    {
      state = IMP_TIMELINE_FAILED;
      *ended = TRUE;
    }

  imp_timeline_set (self->timeline, step, state, ms, NULL);
}

static void
update_steps (ImpSubmissionView *self)
{
  ImpPublication *publication = imp_submission_get_publication (self->submission);
  gboolean ended = FALSE;

  for (int step = 0; step < IMP_N_STEPS; step++)
    {
      if (publication != NULL)
        show_live_step (self, publication, step);
      else
        show_recorded_step (self, step, &ended);
    }
}

static void
update_facts (ImpSubmissionView *self)
{
  ImpSubmission *submission = self->submission;
  const char *detail = imp_submission_get_detail (submission);
  const char *reply = imp_submission_get_reply (submission);
  g_autofree char *sentence = detail != NULL && *detail != '\0' ? imp_text_make_sentence (detail) : NULL;
  g_autofree char *size = g_format_size (imp_submission_get_size (submission));
  g_autofree char *file = g_strdup_printf ("%s, %s", imp_submission_get_file_name (submission),
                                           size);
  g_autofree char *time = imp_format_time (imp_submission_get_time (submission));

  gtk_label_set_text (self->title_label, imp_submission_get_version (submission));
  gtk_label_set_text (self->subtitle_label, imp_submission_get_class_id (submission));
  imp_submission_state_show (self->chip, submission);
  gtk_label_set_text (self->detail_label, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), sentence != NULL);

  adw_action_row_set_subtitle (self->file_row, file);
  adw_action_row_set_subtitle (self->time_row, time);
  adw_action_row_set_subtitle (self->connection_row, imp_submission_get_connection (submission));
  imp_digest_row_set_digest (self->transaction_row, imp_submission_get_transaction (submission));
  imp_digest_row_set_digest (self->cid_row, imp_submission_get_cid (submission));
  imp_digest_row_set_digest (self->request_row, imp_submission_get_id (submission));

  gtk_widget_set_visible (self->reply_group, reply != NULL);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->reply_view),
                            reply != NULL ? reply : "", -1);
}

static void
update (ImpSubmissionView *self)
{
  if (self->submission == NULL)
    return;

  g_signal_group_set_target (self->pub_signals, imp_submission_get_publication (self->submission));
  update_steps (self);
  update_facts (self);
}

static void
copy_reply_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  ImpSubmissionView *self = IMP_SUBMISSION_VIEW (widget);

  imp_toast_copy (widget, imp_submission_get_reply (self->submission), _("Reply copied"));
}

static void
imp_submission_view_dispose (GObject *object)
{
  ImpSubmissionView *self = IMP_SUBMISSION_VIEW (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->pub_signals);
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_SUBMISSION_VIEW);
  g_clear_object (&self->submission);

  G_OBJECT_CLASS (imp_submission_view_parent_class)->dispose (object);
}

static void
imp_submission_view_class_init (ImpSubmissionViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_submission_view_dispose;

  gtk_widget_class_install_action (widget_class, "submission.copy-reply", NULL, copy_reply_action);

  g_type_ensure (IMP_TYPE_STATUS_CHIP);
  g_type_ensure (IMP_TYPE_TIMELINE);
  g_type_ensure (IMP_TYPE_DIGEST_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-submission-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionView, title_label);
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionView, subtitle_label);
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionView, chip);
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionView, detail_label);
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionView, timeline);
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionView, file_row);
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionView, time_row);
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionView, connection_row);
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionView, transaction_row);
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionView, cid_row);
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionView, request_row);
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionView, reply_group);
  gtk_widget_class_bind_template_child (widget_class, ImpSubmissionView, reply_view);
}

static void
imp_submission_view_init (ImpSubmissionView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  for (int step = 0; step < IMP_N_STEPS; step++)
    imp_timeline_add (self->timeline, imp_step_get_title (step));
  imp_width_first (GTK_WIDGET (self));

  self->signals = g_signal_group_new (IMP_TYPE_SUBMISSION);
  g_signal_group_connect_swapped (self->signals, "notify", G_CALLBACK (update), self);
  self->pub_signals = g_signal_group_new (IMP_TYPE_PUBLICATION);
  g_signal_group_connect_swapped (self->pub_signals, "changed", G_CALLBACK (update_steps), self);
}

/**
 * imp_submission_view_get_submission:
 * @self: a view
 *
 * Returns: (transfer none) (nullable): the submission that is shown
 */
ImpSubmission *
imp_submission_view_get_submission (ImpSubmissionView *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION_VIEW (self), NULL);

  return self->submission;
}

/**
 * imp_submission_view_set_submission:
 * @self: a submission view
 * @submission: (nullable): what to show
 *
 * Shows a submission and follows it.
 */
void
imp_submission_view_set_submission (ImpSubmissionView *self,
                                    ImpSubmission     *submission)
{
  g_return_if_fail (IMP_IS_SUBMISSION_VIEW (self));

  if (!g_set_object (&self->submission, submission))
    return;

  g_signal_group_set_target (self->signals, submission);
  update (self);
}
