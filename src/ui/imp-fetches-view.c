/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-fetches-view.h"

#include <glib/gi18n.h>

#include "imp-format.h"
#include "imp-state-stack.h"
#include "imp-status-chip.h"
#include "imp-time.h"

#define N_FETCHES 100
/* Many devices fetch at once; the list is asked for once for all of them. */
#define PAUSE 300

/**
 * ImpFetchesView:
 *
 * Who fetched what from the retrieval agent, newest first, as it happens.
 */
struct _ImpFetchesView
{
  AdwBin parent_instance;

  ImpAgentClient *client;       /* (owned) (nullable) */
  GCancellable   *cancellable;  /* (owned) (nullable) */
  guint           reload_id;

  ImpStateStack *state_stack;
  GtkListBox    *list;
};

G_DEFINE_FINAL_TYPE (ImpFetchesView, imp_fetches_view, ADW_TYPE_BIN)

static const struct
{
  const char *outcome;
  ImpChipKind kind;
  const char *text;
} looks[] = {
  { "complete", IMP_CHIP_GOOD, N_("Complete") },
  { "cut", IMP_CHIP_WARNING, N_("Cut off") },
  { "failed", IMP_CHIP_BAD, N_("Failed") },
};

static void
show_outcome (ImpStatusChip *chip,
              const char    *outcome)
{
  imp_status_chip_set (chip, IMP_CHIP_NEUTRAL, outcome);
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      if (g_strcmp0 (looks[i].outcome, outcome) == 0)
        imp_status_chip_set (chip, looks[i].kind, _(looks[i].text));
    }
}

static const char *
get_text (JsonObject *fetch,
          const char *member)
{
  return json_object_get_string_member_with_default (fetch, member, "—");
}

static GtkWidget *
make_row (JsonObject *fetch)
{
  g_autofree char *title = g_strdup_printf ("%s, %s %s", get_text (fetch, "device"),
                                            get_text (fetch, "class"), get_text (fetch, "version"));
  g_autofree char *size = g_format_size (json_object_get_int_member_with_default (fetch, "bytes",
                                                                                  0));
  g_autofree char *took = imp_format_duration (json_object_get_double_member_with_default (fetch,
                                                                                           "ms",
                                                                                           -1));
  g_autofree char *time_text = NULL;
  g_autofree char *subtitle = NULL;
  GtkWidget *chip = imp_status_chip_new ();
  GtkWidget *row;
  gint64 time = 0;

  imp_time_parse (get_text (fetch, "time"), &time, NULL);
  time_text = imp_format_time (time);
  /* Translators: when, how many bytes, in which time. */
  subtitle = g_strdup_printf (_("%s, %s in %s"), time_text, size, took);
  row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title, "subtitle",
                      subtitle, NULL);
  show_outcome (IMP_STATUS_CHIP (chip), get_text (fetch, "outcome"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), chip);
  return row;
}

static void
show_fetches (ImpFetchesView *self,
              GPtrArray      *fetches)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < fetches->len; i++)
    gtk_list_box_append (self->list, make_row (g_ptr_array_index (fetches, i)));
  imp_state_stack_set_loaded (self->state_stack, fetches->len == 0);
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ImpFetchesView) self = user_data;
  g_autoptr(ImpPage) page = NULL;
  g_autoptr(GError) error = NULL;

  page = imp_agent_client_list_fetches_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (page != NULL)
    show_fetches (self, page->items);
  else
    imp_state_stack_set_failed (self->state_stack, _("The fetches could not be listed"), error);
}

static gboolean
reload_cb (gpointer user_data)
{
  ImpFetchesView *self = user_data;

  self->reload_id = 0;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  imp_agent_client_list_fetches_async (self->client, 0, N_FETCHES, NULL, self->cancellable,
                                       listed_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
event_cb (ImpFetchesView *self,
          const char     *name,
          JsonObject     *data)
{
  if (g_str_equal (name, "fetch") && self->reload_id == 0)
    self->reload_id = g_timeout_add (PAUSE, reload_cb, self);
}

static void
retry_cb (ImpFetchesView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.refresh", NULL);
}

static void
imp_fetches_view_dispose (GObject *object)
{
  ImpFetchesView *self = IMP_FETCHES_VIEW (object);

  imp_fetches_view_close (self);
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_FETCHES_VIEW);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (imp_fetches_view_parent_class)->dispose (object);
}

static void
imp_fetches_view_class_init (ImpFetchesViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_fetches_view_dispose;

  g_type_ensure (IMP_TYPE_STATE_STACK);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-fetches-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpFetchesView, state_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpFetchesView, list);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
}

static void
imp_fetches_view_init (ImpFetchesView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * imp_fetches_view_load:
 * @self: a fetches view
 * @session: whose agents
 *
 * Asks for the fetches, and follows them from then on.
 */
void
imp_fetches_view_load (ImpFetchesView *self,
                       ImpSession     *session)
{
  ImpAgentClient *client = imp_session_get_client (session);
  const GError *error = imp_session_get_error (session);

  g_return_if_fail (IMP_IS_FETCHES_VIEW (self));

  if (client == NULL && error != NULL)
    imp_state_stack_set_failed (self->state_stack, _("The agents do not answer"), error);
  if (client == NULL)
    return;

  if (self->client != client)
    {
      if (self->client != NULL)
        g_signal_handlers_disconnect_by_func (self->client, event_cb, self);
      g_set_object (&self->client, client);
      g_signal_connect_object (client, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
    }

  imp_state_stack_set_loading (self->state_stack);
  g_clear_handle_id (&self->reload_id, g_source_remove);
  reload_cb (self);
}

/**
 * imp_fetches_view_close:
 * @self: a fetches view
 *
 * Waits for no answer any more.
 */
void
imp_fetches_view_close (ImpFetchesView *self)
{
  g_return_if_fail (IMP_IS_FETCHES_VIEW (self));

  g_clear_handle_id (&self->reload_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
}
