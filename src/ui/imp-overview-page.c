/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-overview-page.h"

#include <glib/gi18n.h>

#include "imp-agent-row.h"
#include "imp-author.h"
#include "imp-figures-view.h"
#include "imp-format.h"
#include "imp-stack.h"
#include "imp-submission-row.h"

#define N_RECENT 5

/**
 * ImpOverviewPage:
 *
 * At first, three steps that lead to a first update; afterwards how the agents
 * and the ledger do, and what was submitted last.
 */
struct _ImpOverviewPage
{
  ImpPlace parent_instance;

  GPtrArray         *authors;  /* (owned): those whose state is followed */
  GtkSliceListModel *recent;   /* (owned) */
  ImpFiguresView    *figures;  /* (nullable): while there are agents, and ever after */

  GtkWidget    *steps_group;
  AdwActionRow *key_step;
  AdwActionRow *register_step;
  AdwActionRow *publish_step;
  GtkStack     *key_stack;
  GtkStack     *register_stack;
  GtkStack     *publish_stack;
  ImpAgentRow  *author_row;
  ImpAgentRow  *register_row;
  ImpAgentRow  *retrieval_row;
  ImpAgentRow  *verification_row;
  AdwBin       *figures_bin;
  AdwActionRow *height_row;
  AdwActionRow *checkpoint_row;
  GtkWidget    *recent_group;
  GtkListBox   *recent_list;
};

G_DEFINE_FINAL_TYPE (ImpOverviewPage, imp_overview_page, IMP_TYPE_PLACE)

static gboolean
any_registered (ImpOverviewPage *self)
{
  for (guint i = 0; i < self->authors->len; i++)
    {
      if (imp_author_get_since (g_ptr_array_index (self->authors, i)) > 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
any_recorded (ImpOverviewPage *self)
{
  GListModel *model = gtk_slice_list_model_get_model (self->recent);
  guint n = g_list_model_get_n_items (model);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpSubmission) submission = g_list_model_get_item (model, i);

      if (imp_submission_get_transaction (submission) != NULL)
        return TRUE;
    }

  return FALSE;
}

/* What was published from elsewhere with one of the keys counts too. */
static gboolean
any_published (ImpOverviewPage *self)
{
  for (guint i = 0; i < self->authors->len; i++)
    {
      if (g_list_model_get_n_items (imp_author_get_published (g_ptr_array_index (self->authors, i))) > 0)
        return TRUE;
    }

  return any_recorded (self);
}

static void
ask_published (ImpOverviewPage *self)
{
  ImpAgentClient *client = imp_session_get_client (imp_place_get_session (IMP_PLACE (self)));

  if (client == NULL || any_published (self))
    return;

  for (guint i = 0; i < self->authors->len; i++)
    imp_author_refresh_published (g_ptr_array_index (self->authors, i), client);
}

static void
set_step (AdwActionRow *row,
          GtkStack     *stack,
          gboolean      done,
          gboolean      possible)
{
  gtk_stack_set_visible_child_name (stack, done ? "done" : "button");
  gtk_widget_set_sensitive (GTK_WIDGET (row), done || possible);
}

/* Nobody is told to do what may be done already. */
static gboolean
knows_steps (ImpOverviewPage *self,
             gboolean         registered,
             gboolean         published)
{
  ImpSession *session = imp_place_get_session (IMP_PLACE (self));

  for (guint i = 0; !registered && i < self->authors->len; i++)
    {
      if (imp_author_get_state (g_ptr_array_index (self->authors, i)) == IMP_AUTHOR_UNKNOWN)
        return FALSE;
    }

  for (guint i = 0; registered && !published && i < self->authors->len; i++)
    {
      if (!imp_author_is_published_known (g_ptr_array_index (self->authors, i)))
        return FALSE;
    }

  return imp_session_get_keys_loaded (session) &&
         imp_submissions_get_loaded (imp_session_get_submissions (session));
}

static void
update_steps (ImpOverviewPage *self)
{
  gboolean key = self->authors->len > 0;
  gboolean registered = any_registered (self);
  gboolean published = any_published (self);

  set_step (self->key_step, self->key_stack, key, TRUE);
  set_step (self->register_step, self->register_stack, registered, key);
  set_step (self->publish_step, self->publish_stack, published, key);
  gtk_widget_set_visible (self->steps_group, knows_steps (self, registered, published) &&
                                               !(key && registered && published));
}

static void
author_changed_cb (ImpOverviewPage *self)
{
  update_steps (self);
}

static void
follow_authors (ImpOverviewPage *self)
{
  GListModel *model = imp_session_get_authors (imp_place_get_session (IMP_PLACE (self)));
  guint n = g_list_model_get_n_items (model);

  for (guint i = 0; i < self->authors->len; i++)
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->authors, i), author_changed_cb,
                                          self);
  g_ptr_array_set_size (self->authors, 0);

  for (guint i = 0; i < n; i++)
    {
      ImpAuthor *author = g_list_model_get_item (model, i);

      g_signal_connect_object (author, "changed", G_CALLBACK (author_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_ptr_array_add (self->authors, author);
    }

  ask_published (self);
  update_steps (self);
}

static void
update_recent (ImpOverviewPage *self)
{
  gtk_widget_set_visible (self->recent_group,
                          g_list_model_get_n_items (G_LIST_MODEL (self->recent)) > 0);
  update_steps (self);
}

static void
checked_head_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(ImpOverviewPage) self = user_data;
  g_autoptr(ImpTrustHead) head = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;
  g_autofree char *height = NULL;
  g_autofree char *time = NULL;

  head = imp_trust_check_head_finish (IMP_TRUST (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (head == NULL)
    {
      sentence = imp_format_error (error);
      adw_action_row_set_subtitle (self->checkpoint_row, sentence);
      return;
    }

  height = g_strdup_printf (ngettext ("%lu line", "%lu lines", (gulong) head->size),
                            (gulong) head->size);
  time = head->time > 0 ? imp_format_time (head->time) : g_strdup (_("No time in it"));
  adw_action_row_set_subtitle (self->height_row, height);
  adw_action_row_set_subtitle (self->checkpoint_row, time);
}

static void
check_head (ImpOverviewPage *self)
{
  ImpSession *session = imp_place_get_session (IMP_PLACE (self));
  ImpAgentClient *client = imp_session_get_client (session);

  if (client != NULL)
    imp_trust_check_head_async (imp_session_get_trust (session), client,
                                imp_place_get_cancellable (IMP_PLACE (self)), checked_head_cb,
                                g_object_ref (self));
}

/* Others may have published. */
static void
figures_changed_cb (ImpOverviewPage *self)
{
  check_head (self);
  ask_published (self);
}

/* Made when there are agents to ask: charts are much to make for the window's first frame. */
static void
load_figures (ImpOverviewPage *self)
{
  ImpSession *session = imp_place_get_session (IMP_PLACE (self));

  if (self->figures == NULL && imp_session_get_client (session) != NULL)
    {
      self->figures = g_object_new (IMP_TYPE_FIGURES_VIEW, NULL);
      g_signal_connect_object (self->figures, "changed", G_CALLBACK (figures_changed_cb), self,
                               G_CONNECT_SWAPPED);
      adw_bin_set_child (self->figures_bin, GTK_WIDGET (self->figures));
    }
  if (self->figures != NULL)
    imp_figures_view_load (self->figures, session);
}

static void
row_activated_cb (ImpOverviewPage *self,
                  GtkListBoxRow   *row)
{
  ImpSubmission *submission = imp_submission_row_get_submission (IMP_SUBMISSION_ROW (row));

  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-submission", "s",
                              imp_submission_get_id (submission));
}

static void
update_duplicate (ImpSubmission *submission,
                  GParamSpec    *pspec,
                  GtkWidget     *button)
{
  const char *transaction = imp_submission_get_transaction (submission);

  gtk_widget_set_visible (button, transaction != NULL);
  if (transaction != NULL)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", transaction);
}

static GtkWidget *
create_duplicate (ImpSubmission *submission)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("list-add-symbolic");

  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", "");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.duplicate");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, _("Start the Next Version From This One"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Duplicate"), -1);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_object (submission, "notify::state", G_CALLBACK (update_duplicate), button, 0);
  update_duplicate (submission, NULL, button);
  return button;
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  GtkWidget *row = imp_submission_row_new (item);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), create_duplicate (item));
  return row;
}

static void
ask_agents (ImpOverviewPage *self)
{
  ImpSession *session = imp_place_get_session (IMP_PLACE (self));
  GCancellable *cancellable = imp_place_get_cancellable (IMP_PLACE (self));
  ImpAgentRow *rows[] = { self->author_row, self->register_row, self->retrieval_row,
                          self->verification_row };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    imp_agent_row_ask (rows[i], session, cancellable);
}

static void
imp_overview_page_set_up (ImpPlace *place)
{
  ImpOverviewPage *self = IMP_OVERVIEW_PAGE (place);
  ImpSession *session = imp_place_get_session (place);
  ImpSubmissions *submissions = imp_session_get_submissions (session);

  self->recent = gtk_slice_list_model_new (g_object_ref (G_LIST_MODEL (submissions)), 0, N_RECENT);
  gtk_list_box_bind_model (self->recent_list, G_LIST_MODEL (self->recent), create_row, NULL, NULL);
  g_signal_connect_object (self->recent, "items-changed", G_CALLBACK (update_recent), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (submissions, "notify::in-flight", G_CALLBACK (update_steps), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (imp_session_get_authors (session), "items-changed",
                           G_CALLBACK (follow_authors), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (submissions, "notify::loaded", G_CALLBACK (update_steps), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::keys-loaded", G_CALLBACK (update_steps), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "faltered", G_CALLBACK (ask_agents), self, G_CONNECT_SWAPPED);
  follow_authors (self);
  update_recent (self);
}

static void
imp_overview_page_refresh (ImpPlace *place)
{
  ImpOverviewPage *self = IMP_OVERVIEW_PAGE (place);

  update_steps (self);
  ask_published (self);
  ask_agents (self);
  load_figures (self);
  check_head (self);
}

static void
imp_overview_page_dispose (GObject *object)
{
  ImpOverviewPage *self = IMP_OVERVIEW_PAGE (object);

  if (self->figures != NULL)
    imp_figures_view_close (g_steal_pointer (&self->figures));
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_OVERVIEW_PAGE);
  g_clear_object (&self->recent);
  g_clear_pointer (&self->authors, g_ptr_array_unref);

  G_OBJECT_CLASS (imp_overview_page_parent_class)->dispose (object);
}

static void
imp_overview_page_class_init (ImpOverviewPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_overview_page_dispose;
  IMP_PLACE_CLASS (klass)->set_up = imp_overview_page_set_up;
  IMP_PLACE_CLASS (klass)->refresh = imp_overview_page_refresh;

  g_type_ensure (IMP_TYPE_AGENT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpOverviewPage, steps_group);
  gtk_widget_class_bind_template_child (widget_class, ImpOverviewPage, key_step);
  gtk_widget_class_bind_template_child (widget_class, ImpOverviewPage, register_step);
  gtk_widget_class_bind_template_child (widget_class, ImpOverviewPage, publish_step);
  gtk_widget_class_bind_template_child (widget_class, ImpOverviewPage, key_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpOverviewPage, register_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpOverviewPage, publish_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpOverviewPage, author_row);
  gtk_widget_class_bind_template_child (widget_class, ImpOverviewPage, register_row);
  gtk_widget_class_bind_template_child (widget_class, ImpOverviewPage, retrieval_row);
  gtk_widget_class_bind_template_child (widget_class, ImpOverviewPage, verification_row);
  gtk_widget_class_bind_template_child (widget_class, ImpOverviewPage, figures_bin);
  gtk_widget_class_bind_template_child (widget_class, ImpOverviewPage, height_row);
  gtk_widget_class_bind_template_child (widget_class, ImpOverviewPage, checkpoint_row);
  gtk_widget_class_bind_template_child (widget_class, ImpOverviewPage, recent_group);
  gtk_widget_class_bind_template_child (widget_class, ImpOverviewPage, recent_list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
imp_overview_page_init (ImpOverviewPage *self)
{
  self->authors = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  imp_stack_hide_others (self->key_stack);
  imp_stack_hide_others (self->register_stack);
  imp_stack_hide_others (self->publish_stack);
}
