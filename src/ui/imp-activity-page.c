/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-activity-page.h"

#include <glib/gi18n.h>

#include "imp-format.h"
#include "imp-search-text.h"
#include "imp-stack.h"
#include "imp-submission-retry.h"
#include "imp-submission-row.h"
#include "imp-submission-state.h"
#include "imp-submission-view.h"
#include "imp-timings-view.h"

/**
 * ImpActivityPage:
 *
 * Every submission of this console, newest first, and the one that is selected
 * with its steps.
 */
struct _ImpActivityPage
{
  ImpPlace parent_instance;

  GtkFilterListModel *model;  /* (owned) */
  char               *text;   /* (owned) (nullable): searched for, case-folded */
  guint               newest_id;

  GtkStack          *stack;
  ImpStateStack     *state_stack;
  AdwStatusPage     *empty_page;
  AdwLeaflet        *leaflet;
  GtkListBox        *list;
  ImpStateStack     *detail_stack;
  ImpSubmissionView *view;
  GtkButton         *cancel_button;
  GtkButton         *ledger_button;
  GtkLabel          *problem_label;
  GtkButton         *edit_button;
  GtkButton         *retry_button;
  GtkButton         *duplicate_button;
  ImpTimingsView    *timings;
};

G_DEFINE_FINAL_TYPE (ImpActivityPage, imp_activity_page, IMP_TYPE_PLACE)

static gboolean
is_shown (gpointer item,
          gpointer user_data)
{
  ImpActivityPage *self = user_data;

  return self->text == NULL ||
         imp_search_text_matches (self->text, imp_submission_get_class_id (item)) ||
         imp_search_text_matches (self->text, imp_submission_get_version (item)) ||
         imp_search_text_matches (self->text, imp_submission_get_file_name (item)) ||
         imp_search_text_matches (self->text, imp_submission_get_transaction (item)) ||
         imp_search_text_matches (self->text, imp_submission_get_cid (item));
}

static void
update_deep (ImpActivityPage *self)
{
  gboolean list = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "submissions") == 0;
  gboolean detail = g_strcmp0 (adw_leaflet_get_visible_child_name (self->leaflet), "detail") == 0;

  imp_place_set_deep (IMP_PLACE (self), list && detail && adw_leaflet_get_folded (self->leaflet));
}

static void
update_buttons (ImpActivityPage *self)
{
  ImpSubmission *submission = imp_submission_view_get_submission (self->view);
  gboolean running;
  gboolean recorded;

  if (submission == NULL)
    return;

  running = imp_submission_state_running (submission);
  recorded = imp_submission_get_transaction (submission) != NULL;
  gtk_widget_set_visible (GTK_WIDGET (self->cancel_button), running);
  gtk_widget_set_visible (GTK_WIDGET (self->ledger_button), recorded);
  gtk_widget_set_visible (GTK_WIDGET (self->duplicate_button), recorded);
  gtk_widget_set_visible (GTK_WIDGET (self->retry_button), !running && !recorded);
  gtk_widget_set_visible (GTK_WIDGET (self->edit_button),
                          !running && !recorded && imp_submission_get_draft (submission) != NULL);
}

static void
show_problem (ImpActivityPage *self,
              const char      *problem)
{
  gtk_label_set_text (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
}

static void
select_row (ImpActivityPage *self,
            ImpSubmission   *submission)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      if (imp_submission_row_get_submission (IMP_SUBMISSION_ROW (row)) == submission)
        gtk_list_box_select_row (self->list, row);
    }
}

/* Shows it beside the list, or keeps it ready where the list hides it. */
static void
set_submission (ImpActivityPage *self,
                ImpSubmission   *submission)
{
  ImpSubmission *previous = imp_submission_view_get_submission (self->view);

  if (previous != NULL)
    g_signal_handlers_disconnect_by_func (previous, update_buttons, self);
  imp_submission_view_set_submission (self->view, submission);
  select_row (self, submission);
  g_signal_connect_object (submission, "notify::state", G_CALLBACK (update_buttons), self,
                           G_CONNECT_SWAPPED);
  show_problem (self, NULL);
  update_buttons (self);
  imp_state_stack_set_loaded (self->detail_stack, FALSE);
}

static void
show_submission (ImpActivityPage *self,
                 ImpSubmission   *submission)
{
  set_submission (self, submission);
  gtk_stack_set_visible_child_name (self->stack, "submissions");
  adw_leaflet_set_visible_child_name (self->leaflet, "detail");
  update_deep (self);
}

/* Until somebody chooses, the newest one is what a person looks for. */
static gboolean
newest_cb (gpointer user_data)
{
  ImpActivityPage *self = user_data;
  g_autoptr(ImpSubmission) newest = g_list_model_get_item (G_LIST_MODEL (self->model), 0);

  self->newest_id = 0;
  if (newest != NULL && imp_submission_view_get_submission (self->view) == NULL)
    set_submission (self, newest);

  return G_SOURCE_REMOVE;
}

/* For who comes to the page, not for who is there already. After the list has been drawn: list and
 * details are much for one frame. */
static void
show_newest_soon (ImpActivityPage *self)
{
  if (self->newest_id == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)) &&
      imp_submission_view_get_submission (self->view) == NULL)
    self->newest_id = g_idle_add_full (G_PRIORITY_LOW, newest_cb, self, NULL);
}

static void
row_activated_cb (ImpActivityPage *self,
                  GtkListBoxRow   *row)
{
  show_submission (self, imp_submission_row_get_submission (IMP_SUBMISSION_ROW (row)));
}

/* Nothing submitted and nothing found are different news. */
static void
update_empty (ImpActivityPage *self)
{
  gboolean searched = self->text != NULL;

  adw_status_page_set_title (self->empty_page, searched ? _("Nothing found") : _("Nothing submitted yet"));
  gtk_widget_set_visible (adw_status_page_get_child (self->empty_page), !searched);
  adw_status_page_set_description (self->empty_page,
                                   searched ? NULL
                                            : _("Every update that you submit appears here, with each of its steps."));
}

static void
update_state (ImpActivityPage *self)
{
  ImpSubmissions *submissions = imp_session_get_submissions (imp_place_get_session (IMP_PLACE (self)));
  const GError *error = imp_submissions_get_error (submissions);
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0;

  update_empty (self);
  if (!empty)
    imp_state_stack_set_loaded (self->state_stack, FALSE);
  else if (!imp_submissions_get_loaded (submissions))
    imp_state_stack_set_loading (self->state_stack);
  else if (error != NULL)
    imp_state_stack_set_failed (self->state_stack, _("The submissions cannot be read"), error);
  else
    imp_state_stack_set_loaded (self->state_stack, TRUE);
}

static void
loaded_cb (ImpActivityPage *self)
{
  update_state (self);
  show_newest_soon (self);
}

static void
load_again (ImpActivityPage *self)
{
  imp_submissions_load (imp_session_get_submissions (imp_place_get_session (IMP_PLACE (self))));
}

static void
cancel_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpActivityPage *self = IMP_ACTIVITY_PAGE (widget);

  imp_submission_cancel (imp_submission_view_get_submission (self->view));
}

static void
retried_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ImpActivityPage) self = user_data;
  g_autoptr(ImpSubmission) submission = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  submission = imp_submission_retry_finish (IMP_SESSION (object), result, &error);
  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "activity.retry", TRUE);
  if (submission != NULL)
    {
      show_submission (self, submission);
      return;
    }

  sentence = imp_format_error (error);
  show_problem (self, sentence);
}

static void
retry_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  ImpActivityPage *self = IMP_ACTIVITY_PAGE (widget);

  show_problem (self, NULL);
  gtk_widget_action_set_enabled (widget, "activity.retry", FALSE);
  imp_submission_retry_async (imp_place_get_session (IMP_PLACE (self)),
                              imp_submission_view_get_submission (self->view),
                              imp_place_get_cancellable (IMP_PLACE (self)), retried_cb,
                              g_object_ref (self));
}

static void
edit_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  ImpActivityPage *self = IMP_ACTIVITY_PAGE (widget);
  ImpSubmission *submission = imp_submission_view_get_submission (self->view);

  gtk_widget_activate_action (widget, "win.edit-submission", "s",
                              imp_submission_get_id (submission));
}

static void
duplicate_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  ImpActivityPage *self = IMP_ACTIVITY_PAGE (widget);
  ImpSubmission *submission = imp_submission_view_get_submission (self->view);

  gtk_widget_activate_action (widget, "win.duplicate", "s",
                              imp_submission_get_transaction (submission));
}

static void
show_in_ledger_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  ImpActivityPage *self = IMP_ACTIVITY_PAGE (widget);
  ImpSubmission *submission = imp_submission_view_get_submission (self->view);

  gtk_widget_activate_action (widget, "win.show-transaction", "s",
                              imp_submission_get_transaction (submission));
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  return imp_submission_row_new (item);
}

static void
imp_activity_page_set_up (ImpPlace *place)
{
  ImpActivityPage *self = IMP_ACTIVITY_PAGE (place);
  ImpSubmissions *submissions = imp_session_get_submissions (imp_place_get_session (place));
  GtkCustomFilter *filter = gtk_custom_filter_new (is_shown, self, NULL);

  self->model = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (submissions)),
                                           GTK_FILTER (filter));
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->model), create_row, NULL, NULL);
  g_signal_connect_object (self->model, "items-changed", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (submissions, "notify::loaded", G_CALLBACK (loaded_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->state_stack, "retry", G_CALLBACK (load_again), self,
                           G_CONNECT_SWAPPED);
  update_state (self);
  imp_timings_view_set_session (self->timings, imp_place_get_session (place));
}

static void
imp_activity_page_refresh (ImpPlace *place)
{
  imp_timings_view_load (IMP_ACTIVITY_PAGE (place)->timings);
}

static void
imp_activity_page_search (ImpPlace   *place,
                          const char *text)
{
  ImpActivityPage *self = IMP_ACTIVITY_PAGE (place);

  g_free (self->text);
  self->text = *text != '\0' ? g_utf8_casefold (text, -1) : NULL;
  gtk_filter_changed (gtk_filter_list_model_get_filter (self->model), GTK_FILTER_CHANGE_DIFFERENT);
  update_state (self);
}

static void
imp_activity_page_show_item (ImpPlace   *place,
                             const char *id)
{
  ImpActivityPage *self = IMP_ACTIVITY_PAGE (place);
  GListModel *model = gtk_filter_list_model_get_model (self->model);
  guint n = g_list_model_get_n_items (model);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpSubmission) submission = g_list_model_get_item (model, i);

      if (g_strcmp0 (id, imp_submission_get_id (submission)) == 0)
        show_submission (self, submission);
    }
}

static void
imp_activity_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (imp_activity_page_parent_class)->map (widget);

  show_newest_soon (IMP_ACTIVITY_PAGE (widget));
}

static gboolean
imp_activity_page_back (ImpPlace *place)
{
  ImpActivityPage *self = IMP_ACTIVITY_PAGE (place);

  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "submissions") == 0 &&
         adw_leaflet_get_folded (self->leaflet) &&
         adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
imp_activity_page_dispose (GObject *object)
{
  ImpActivityPage *self = IMP_ACTIVITY_PAGE (object);

  g_clear_handle_id (&self->newest_id, g_source_remove);
  if (self->timings != NULL)
    imp_timings_view_close (self->timings);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_ACTIVITY_PAGE);
  g_clear_object (&self->model);
  g_clear_pointer (&self->text, g_free);

  G_OBJECT_CLASS (imp_activity_page_parent_class)->dispose (object);
}

static void
imp_activity_page_class_init (ImpActivityPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  ImpPlaceClass *place_class = IMP_PLACE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_activity_page_dispose;
  widget_class->map = imp_activity_page_map;
  place_class->set_up = imp_activity_page_set_up;
  place_class->refresh = imp_activity_page_refresh;
  place_class->search = imp_activity_page_search;
  place_class->show_item = imp_activity_page_show_item;
  place_class->back = imp_activity_page_back;

  gtk_widget_class_install_action (widget_class, "activity.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "activity.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "activity.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget_class, "activity.duplicate", NULL, duplicate_action);
  gtk_widget_class_install_action (widget_class, "activity.show-in-ledger", NULL,
                                   show_in_ledger_action);

  g_type_ensure (IMP_TYPE_STATE_STACK);
  g_type_ensure (IMP_TYPE_SUBMISSION_VIEW);
  g_type_ensure (IMP_TYPE_TIMINGS_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-activity-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpActivityPage, stack);
  gtk_widget_class_bind_template_child (widget_class, ImpActivityPage, timings);
  gtk_widget_class_bind_template_child (widget_class, ImpActivityPage, state_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpActivityPage, empty_page);
  gtk_widget_class_bind_template_child (widget_class, ImpActivityPage, leaflet);
  gtk_widget_class_bind_template_child (widget_class, ImpActivityPage, list);
  gtk_widget_class_bind_template_child (widget_class, ImpActivityPage, detail_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpActivityPage, view);
  gtk_widget_class_bind_template_child (widget_class, ImpActivityPage, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, ImpActivityPage, ledger_button);
  gtk_widget_class_bind_template_child (widget_class, ImpActivityPage, problem_label);
  gtk_widget_class_bind_template_child (widget_class, ImpActivityPage, edit_button);
  gtk_widget_class_bind_template_child (widget_class, ImpActivityPage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, ImpActivityPage, duplicate_button);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_deep);
}

static void
imp_activity_page_init (ImpActivityPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  imp_stack_hide_others (self->stack);
  imp_state_stack_set_loaded (self->detail_stack, TRUE);
}
