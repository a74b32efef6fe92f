/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-fetches-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "imp-chart.h"
#include "imp-fetch-list.h"
#include "imp-fetch-row.h"
#include "imp-search-text.h"
#include "imp-stack.h"
#include "imp-state-stack.h"
#include "imp-time.h"

/* The list, and the chart, are brought up to date this often, in milliseconds, however many fetches
 * there are. Nobody reads faster.
 */
#define FLUSH_PAUSE 250
#define CHART_PAUSE 1000
#define MINUTE G_GINT64_CONSTANT (60000)
#define CHART_MINUTES 30
/* Half as large again as those of most screens. */
#define LARGE_DPI 144

/**
 * ImpFetchesView:
 *
 * Who fetched what from the retrieval agent, newest first, as it happens, and how many did so in
 * each minute.
 */
struct _ImpFetchesView
{
  AdwBin parent_instance;

  ImpAgentClient *client;       /* (owned) (nullable) */
  GCancellable   *cancellable;  /* (owned) (nullable) */
  ImpFetchList   *fetches;      /* (owned) */
  char           *text;         /* (owned) (nullable): searched for, case-folded */
  guint           flush_id;
  guint           chart_id;
  gboolean        folded;       /* the window is narrow */
  gboolean        narrow;       /* there is little room for its letters */

  ImpStateStack      *state_stack;
  ImpChart           *chart;
  GtkOrientable      *search_box;
  GtkSearchEntry     *search_entry;
  GtkDropDown        *outcome_choice;
  GtkStack           *list_stack;
  GtkListView        *list;
  GtkFilterListModel *shown;
  GtkFilter          *filter;
};

G_DEFINE_FINAL_TYPE (ImpFetchesView, imp_fetches_view, ADW_TYPE_BIN)

/* The first choice is that of all outcomes. */
static gboolean
is_shown (gpointer item,
          gpointer user_data)
{
  ImpFetchesView *self = user_data;
  guint choice = gtk_drop_down_get_selected (self->outcome_choice);

  if (choice > 0 && choice != GTK_INVALID_LIST_POSITION &&
      imp_fetch_get_outcome (item) != choice - 1)
    return FALSE;

  return self->text == NULL ||
         imp_search_text_matches (self->text, imp_fetch_get_device (item)) ||
         imp_search_text_matches (self->text, imp_fetch_get_class_id (item)) ||
         imp_search_text_matches (self->text, imp_fetch_get_version (item));
}

static void
update_match (ImpFetchesView *self)
{
  gboolean any = g_list_model_get_n_items (G_LIST_MODEL (self->shown)) > 0;

  gtk_stack_set_visible_child_name (self->list_stack, any ? "list" : "none");
}

static void
filter_changed_cb (ImpFetchesView *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->search_entry))));

  g_free (self->text);
  self->text = *text != '\0' ? g_utf8_casefold (text, -1) : NULL;
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  update_match (self);
}

static void
add_minute (ImpFetchesView *self,
            ImpChartData   *data,
            gint64          minute)
{
  const ImpFetchMinute *counted = imp_fetch_list_get_minute (self->fetches, minute);
  gboolean known = minute * MINUTE >= imp_fetch_list_get_since (self->fetches);
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (minute * MINUTE / 1000);
  /* Translators: an hour of the day, as strftime writes it. */
  g_autofree char *label = g_date_time_format (time, _("%H:%M"));
  double values[IMP_FETCH_FAILED + 1];

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    values[i] = counted != NULL ? counted->counts[i] : known ? 0 : NAN;
  imp_chart_data_add_row (data, minute, label, NULL, values);
}

static gboolean
draw_chart_cb (gpointer user_data)
{
  static const ImpChartLook chart_looks[] = { IMP_CHART_BLUE, IMP_CHART_ORANGE, IMP_CHART_RED };
  ImpFetchesView *self = user_data;
  gint64 now = imp_time_now () / MINUTE;
  g_autoptr(ImpChartData) data = imp_chart_data_new (IMP_CHART_BARS, _("Minute"), _("Fetches"),
                                                     IMP_CHART_COUNT);

  self->chart_id = 0;
  for (guint i = 0; i < G_N_ELEMENTS (chart_looks); i++)
    imp_chart_data_add_series (data, imp_fetch_outcome_get_title (i), chart_looks[i]);
  for (gint64 minute = now - CHART_MINUTES + 1; minute <= now; minute++)
    add_minute (self, data, minute);

  imp_chart_set_data (self->chart, data);
  return G_SOURCE_REMOVE;
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
  if (page == NULL)
    {
      /* What came before must not hide that this failed. */
      g_clear_handle_id (&self->flush_id, g_source_remove);
      imp_state_stack_set_failed (self->state_stack, _("The fetches could not be listed"), error);
      return;
    }

  imp_fetch_list_replace (self->fetches, page->items, page->next == 0);
  imp_state_stack_set_loaded (self->state_stack, page->items->len == 0);
  update_match (self);
  g_clear_handle_id (&self->chart_id, g_source_remove);
  draw_chart_cb (self);
}

static void
list_fetches (ImpFetchesView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  imp_agent_client_list_fetches_async (self->client, 0, IMP_FETCH_LIST_MAX, NULL, self->cancellable,
                                       listed_cb, g_object_ref (self));
}

/* Who looks at the newest goes on looking at the newest; who has scrolled away is left in peace. */
static gboolean
flush (ImpFetchesView *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->list));
  gboolean at_top = gtk_adjustment_get_value (adjustment) <= gtk_adjustment_get_lower (adjustment);

  if (!imp_fetch_list_flush (self->fetches))
    return FALSE;

  if (at_top)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", 0);
  return TRUE;
}

static gboolean
flush_cb (gpointer user_data)
{
  ImpFetchesView *self = user_data;

  self->flush_id = 0;
  if (flush (self))
    {
      imp_state_stack_set_loaded (self->state_stack, FALSE);
      update_match (self);
    }

  return G_SOURCE_REMOVE;
}

static void
show_soon (ImpFetchesView *self)
{
  if (self->flush_id == 0)
    self->flush_id = g_timeout_add (FLUSH_PAUSE, flush_cb, self);
  if (self->chart_id == 0)
    self->chart_id = g_timeout_add (CHART_PAUSE, draw_chart_cb, self);
}

/* What the agent did not remember for us is to be listed again. */
static void
event_cb (ImpFetchesView *self,
          const char     *name,
          JsonObject     *data)
{
  g_autoptr(ImpFetch) fetch = NULL;
  g_autoptr(GError) error = NULL;

  if (g_str_equal (name, "reset"))
    list_fetches (self);
  if (!g_str_equal (name, "fetch"))
    return;

  fetch = imp_fetch_new_from_json (data, &error);
  if (fetch == NULL)
    {
      g_debug ("an event “fetch”: %s", error->message);
      return;
    }

  imp_fetch_list_put (self->fetches, fetch);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    show_soon (self);
}

static void
setup_row_cb (ImpFetchesView *self,
              GtkListItem    *item)
{
  gtk_list_item_set_child (item, imp_fetch_row_new (self->narrow));
  gtk_list_item_set_activatable (item, FALSE);
}

static gboolean
has_large_letters (ImpFetchesView *self)
{
  int dpi;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-xft-dpi", &dpi, NULL);

  return dpi >= LARGE_DPI * PANGO_SCALE;
}

/* Rows are made again: the size of one never changes. */
static void
update_room (ImpFetchesView *self)
{
  g_autoptr(GtkListItemFactory) factory = NULL;
  gboolean narrow = self->folded || has_large_letters (self);

  if (narrow == self->narrow)
    return;

  self->narrow = narrow;
  gtk_orientable_set_orientation (self->search_box,
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  factory = g_object_ref (gtk_list_view_get_factory (self->list));
  gtk_list_view_set_factory (self->list, NULL);
  gtk_list_view_set_factory (self->list, factory);
}

static void
bind_row_cb (ImpFetchesView *self,
             GtkListItem    *item)
{
  imp_fetch_row_set_fetch (IMP_FETCH_ROW (gtk_list_item_get_child (item)),
                           gtk_list_item_get_item (item));
}

static void
retry_cb (ImpFetchesView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.refresh", NULL);
}

static void
imp_fetches_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (imp_fetches_view_parent_class)->map (widget);

  show_soon (IMP_FETCHES_VIEW (widget));
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
  g_clear_object (&self->fetches);
  g_clear_pointer (&self->text, g_free);

  G_OBJECT_CLASS (imp_fetches_view_parent_class)->dispose (object);
}

static void
imp_fetches_view_class_init (ImpFetchesViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_fetches_view_dispose;
  widget_class->map = imp_fetches_view_map;

  g_type_ensure (IMP_TYPE_CHART);
  g_type_ensure (IMP_TYPE_STATE_STACK);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-fetches-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpFetchesView, state_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpFetchesView, chart);
  gtk_widget_class_bind_template_child (widget_class, ImpFetchesView, search_box);
  gtk_widget_class_bind_template_child (widget_class, ImpFetchesView, search_entry);
  gtk_widget_class_bind_template_child (widget_class, ImpFetchesView, outcome_choice);
  gtk_widget_class_bind_template_child (widget_class, ImpFetchesView, list_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpFetchesView, list);
  gtk_widget_class_bind_template_child (widget_class, ImpFetchesView, shown);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
}

static void
imp_fetches_view_init (ImpFetchesView *self)
{
  self->fetches = imp_fetch_list_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  imp_stack_hide_others (self->list_stack);

  /* GTK 4.8 names the choice, and not the button in it, which is what gets the focus. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->outcome_choice))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Outcome"), -1);

  self->filter = GTK_FILTER (gtk_custom_filter_new (is_shown, self, NULL));
  gtk_filter_list_model_set_filter (self->shown, self->filter);
  gtk_filter_list_model_set_model (self->shown, G_LIST_MODEL (self->fetches));
  g_object_unref (self->filter);

  g_signal_connect_object (gtk_widget_get_settings (GTK_WIDGET (self)), "notify::gtk-xft-dpi",
                           G_CALLBACK (update_room), self, G_CONNECT_SWAPPED);
  update_room (self);
}

/**
 * imp_fetches_view_set_narrow:
 * @self: a fetches view
 * @narrow: whether there is little room
 *
 * Puts the choice of outcomes below the search, not beside it, and gives rows more lines, where there
 * is no room for either.
 */
void
imp_fetches_view_set_narrow (ImpFetchesView *self,
                             gboolean        narrow)
{
  g_return_if_fail (IMP_IS_FETCHES_VIEW (self));

  self->folded = narrow;
  update_room (self);
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
  list_fetches (self);
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

  g_clear_handle_id (&self->flush_id, g_source_remove);
  g_clear_handle_id (&self->chart_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
}
