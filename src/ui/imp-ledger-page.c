/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-page.h"

#include <glib/gi18n.h>

#include "imp-audit-dialog.h"
#include "imp-format.h"
#include "imp-ledger-chips.h"
#include "imp-ledger-entry.h"
#include "imp-ledger-export-bar.h"
#include "imp-ledger-filter-popover.h"
#include "imp-ledger-model.h"
#include "imp-ledger-selection.h"
#include "imp-ledger-table.h"
#include "imp-stack.h"
#include "imp-transaction-view.h"

/**
 * ImpLedgerPage:
 *
 * The ledger as a table that loads as it is scrolled, and beside it the line
 * that was selected.
 */
struct _ImpLedgerPage
{
  ImpPlace parent_instance;

  ImpLedgerModel     *model;      /* (owned) */
  ImpLedgerSelection *selection;  /* (owned) */

  AdwFlap                *flap;
  GtkWidget              *export_button;
  GtkStack               *empty_stack;
  ImpLedgerChips         *chips;
  ImpLedgerFilterPopover *popover;
  ImpStateStack      *state_stack;
  ImpLedgerTable     *table;
  ImpLedgerExportBar *export_bar;
  ImpTransactionView *transaction_view;
};

G_DEFINE_FINAL_TYPE (ImpLedgerPage, imp_ledger_page, IMP_TYPE_PLACE)

enum {
  PROP_0,
  PROP_OLDEST_FIRST,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
update_layout (ImpLedgerPage *self)
{
  gboolean revealed = adw_flap_get_reveal_flap (self->flap);

  /* Where there is no room for it, the popover has it too. */
  gtk_widget_set_visible (self->export_button, !imp_place_get_folded (IMP_PLACE (self)));
  imp_place_set_deep (IMP_PLACE (self), revealed && adw_flap_get_folded (self->flap));
}

/* libadwaita 1.2 divides by the width of the flap, which it has once it was laid out. */
static gboolean
reveal_cb (GtkWidget     *flap,
           GdkFrameClock *clock,
           gpointer       user_data)
{
  if (gtk_widget_get_width (flap) == 0)
    return G_SOURCE_CONTINUE;

  adw_flap_set_reveal_flap (ADW_FLAP (flap), TRUE);
  return G_SOURCE_REMOVE;
}

static void
show_transaction (ImpLedgerPage *self,
                  const char    *id)
{
  imp_transaction_view_show (self->transaction_view, imp_place_get_session (IMP_PLACE (self)), id);
  if (reveal_cb (GTK_WIDGET (self->flap), NULL, NULL) == G_SOURCE_CONTINUE)
    gtk_widget_add_tick_callback (GTK_WIDGET (self->flap), reveal_cb, NULL, NULL);
}

static void
show_entry (ImpLedgerPage  *self,
            ImpLedgerEntry *entry)
{
  ImpTransaction *transaction = entry != NULL ? imp_ledger_entry_get_transaction (entry) : NULL;

  if (transaction != NULL)
    show_transaction (self, imp_transaction_get_id (transaction));
}

/* One line that is selected is shown; several are about to be exported. */
static void
selected_cb (ImpLedgerPage *self)
{
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  g_autoptr(ImpLedgerEntry) entry = NULL;

  imp_ledger_export_bar_set_selected (self->export_bar, gtk_bitset_get_size (selected));
  if (gtk_bitset_get_size (selected) != 1)
    return;

  entry = g_list_model_get_item (G_LIST_MODEL (self->model), gtk_bitset_get_minimum (selected));
  show_entry (self, entry);
}

/* The line whose details are shown is the one that is selected. */
static void
activate_cb (ImpLedgerPage *self,
             guint          position)
{
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
}

/* A ledger without lines and a filter that finds none are different news. */
static void
loaded_cb (ImpLedgerPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  gboolean filtered = !imp_ledger_filter_is_empty (imp_ledger_model_get_filter (self->model));

  gtk_stack_set_visible_child_name (self->empty_stack, filtered ? "filtered" : "whole");
  imp_ledger_table_set_old (self->table, FALSE);
  imp_state_stack_set_loaded (self->state_stack, n == 0);
  imp_place_focus_loaded (IMP_PLACE (self));
}

static void
faltered_cb (ImpLedgerPage *self)
{
  imp_ledger_table_set_old (self->table, TRUE);
}

/* Everything that shows the filter is told of it here. */
static void
set_filter (ImpLedgerPage   *self,
            ImpLedgerFilter *filter)
{
  ImpSession *session = imp_place_get_session (IMP_PLACE (self));
  gboolean turned = filter->oldest_first != imp_ledger_model_get_filter (self->model)->oldest_first;

  imp_ledger_model_set_filter (self->model, filter);
  imp_ledger_chips_set_filter (self->chips, filter, imp_session_get_authors (session));
  imp_ledger_filter_popover_set_filter (self->popover, filter);
  imp_ledger_table_set_oldest_first (self->table, filter->oldest_first);
  if (turned)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OLDEST_FIRST]);
}

static ImpLedgerFilter *
dup_filter (ImpLedgerPage *self)
{
  return imp_ledger_filter_copy (imp_ledger_model_get_filter (self->model));
}

static void
filter_changed_cb (ImpLedgerPage *self)
{
  g_autoptr(ImpLedgerFilter) filter = dup_filter (self);

  imp_ledger_filter_popover_fill_filter (self->popover, filter);
  set_filter (self, filter);
}

static void
clear_filter_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (widget);
  const char *name = g_variant_get_string (parameter, NULL);
  g_autoptr(ImpLedgerFilter) filter = dup_filter (self);

  if (g_str_equal (name, "text"))
    {
      imp_place_end_search (IMP_PLACE (self));
      return;
    }

  if (g_str_equal (name, "author"))
    g_clear_pointer (&filter->author, g_free);
  else if (g_str_equal (name, "class"))
    g_clear_pointer (&filter->class_id, g_free);
  else if (g_str_equal (name, "contract"))
    g_clear_pointer (&filter->contract, g_free);
  else if (g_str_equal (name, "since"))
    filter->since = 0;
  else if (g_str_equal (name, "until"))
    filter->until = 0;
  set_filter (self, filter);
}

static void
clear_filters_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (widget);
  g_autoptr(ImpLedgerFilter) filter = imp_ledger_filter_new ();

  filter->oldest_first = imp_ledger_model_get_filter (self->model)->oldest_first;
  imp_ledger_filter_popover_clear (self->popover);
  set_filter (self, filter);
  imp_place_end_search (IMP_PLACE (self));
}

/* Why, a banner says where agents are away. */
static void
show_old (ImpLedgerPage *self,
          const GError  *error)
{
  ImpConnection *connection = imp_session_get_connection (imp_place_get_session (IMP_PLACE (self)));
  g_autofree char *sentence = imp_format_error (error);

  imp_ledger_table_set_old (self->table, TRUE);
  if (imp_connection_get_state (connection) == IMP_CONNECTION_ANSWERING)
    imp_place_toast (IMP_PLACE (self), sentence);
}

/* Lines that are shown stay, and are marked as old. */
static void
failed_cb (ImpLedgerPage *self,
           const GError  *error)
{
  if (imp_state_stack_get_state (self->state_stack) == IMP_STATE_CONTENT &&
      imp_ledger_model_has_lines (self->model))
    show_old (self, error);
  else
    imp_state_stack_set_failed (self->state_stack, _("The ledger could not be read"), error);
}

static void
retry_cb (ImpLedgerPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.refresh", NULL);
}

/* A line that is selected no more can be clicked on again. */
static void
hide_details (ImpLedgerPage *self)
{
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (self->selection);
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (selection);

  if (gtk_bitset_get_size (selected) == 1)
    gtk_selection_model_unselect_all (selection);
  adw_flap_set_reveal_flap (self->flap, FALSE);
}

static void
close_details_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (widget);

  hide_details (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->table));
}

static void
audit_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  ImpSession *session = imp_place_get_session (IMP_PLACE (widget));
  GtkWidget *dialog;

  if (imp_session_get_client (session) == NULL)
    {
      imp_place_toast (IMP_PLACE (widget), _("The agents do not answer yet."));
      return;
    }

  dialog = imp_audit_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), session);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
export (ImpLedgerPage *self,
        GArray        *stretches)
{
  ImpAgentClient *client = imp_place_get_client (IMP_PLACE (self));

  if (client != NULL)
    imp_ledger_export_bar_choose (self->export_bar, client, imp_ledger_model_get_filter (self->model),
                                  stretches);
  else
    imp_place_toast (IMP_PLACE (self), _("The agents do not answer yet."));
}

static void
export_selection_action (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (widget);
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  g_autoptr(GArray) stretches = imp_ledger_model_make_stretches (self->model, selected);

  if (stretches->len > 0)
    export(self, stretches);
}

/* What the filter lets through, loaded or not; the whole ledger has a length. */
static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (widget);
  gboolean whole = imp_ledger_filter_is_empty (imp_ledger_model_get_filter (self->model));
  g_autoptr(GArray) stretches = g_array_new (FALSE, FALSE, sizeof (ImpLedgerStretch));
  ImpLedgerStretch stretch = {
    .first = -1,
    .count = whole ? imp_ledger_model_get_height (self->model) : G_MAXUINT64,
  };

  g_array_append_val (stretches, stretch);
  export(self, stretches);
}

static void
unselect_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (IMP_LEDGER_PAGE (widget)->selection));
}

static void
imp_ledger_page_set_up (ImpPlace *place)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (place);

  g_signal_connect_object (imp_place_get_session (place), "faltered", G_CALLBACK (faltered_cb), self,
                           G_CONNECT_SWAPPED);
  imp_ledger_table_set_up (self->table, GTK_SELECTION_MODEL (self->selection),
                           imp_session_get_authors (imp_place_get_session (place)));
  imp_ledger_filter_popover_set_authors (self->popover,
                                         imp_session_get_authors (imp_place_get_session (place)));
  update_layout (self);
}

static void
imp_ledger_page_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (object);

  switch (prop_id)
    {
    case PROP_OLDEST_FIRST:
      g_value_set_boolean (value, imp_ledger_model_get_filter (self->model)->oldest_first);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_ledger_page_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (object);
  g_autoptr(ImpLedgerFilter) filter = dup_filter (self);

  switch (prop_id)
    {
    case PROP_OLDEST_FIRST:
      filter->oldest_first = g_value_get_boolean (value);
      set_filter (self, filter);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_ledger_page_refresh (ImpPlace *place)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (place);
  ImpAgentClient *client = imp_place_begin_loading (place, self->state_stack);

  if (client != NULL)
    imp_ledger_model_load (self->model, client);
}

static void
imp_ledger_page_search (ImpPlace   *place,
                        const char *text)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (place);
  g_autoptr(ImpLedgerFilter) filter = dup_filter (self);

  g_free (filter->text);
  filter->text = *text != '\0' ? g_strdup (text) : NULL;
  set_filter (self, filter);
}

static void
imp_ledger_page_show_item (ImpPlace   *place,
                           const char *id)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (place);

  /* Where in the list it is was not asked for; no other line may look as if it were shown. */
  gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
  show_transaction (self, id);
}

static gboolean
imp_ledger_page_back (ImpPlace *place)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (place);

  if (!adw_flap_get_reveal_flap (self->flap) || !adw_flap_get_folded (self->flap))
    return FALSE;

  hide_details (self);
  return TRUE;
}

static void
imp_ledger_page_dispose (GObject *object)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (object);

  if (self->model != NULL)
    imp_ledger_model_close (self->model);
  if (self->export_bar != NULL)
    imp_ledger_export_bar_close (self->export_bar);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_LEDGER_PAGE);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (imp_ledger_page_parent_class)->dispose (object);
}

static void
imp_ledger_page_class_init (ImpLedgerPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  ImpPlaceClass *place_class = IMP_PLACE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_ledger_page_dispose;
  G_OBJECT_CLASS (klass)->get_property = imp_ledger_page_get_property;
  G_OBJECT_CLASS (klass)->set_property = imp_ledger_page_set_property;
  place_class->set_up = imp_ledger_page_set_up;
  place_class->refresh = imp_ledger_page_refresh;
  place_class->search = imp_ledger_page_search;
  place_class->show_item = imp_ledger_page_show_item;
  place_class->back = imp_ledger_page_back;

  properties[PROP_OLDEST_FIRST] =
    g_param_spec_boolean ("oldest-first", NULL, NULL,
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);

  gtk_widget_class_install_property_action (widget_class, "ledger.oldest-first", "oldest-first");
  gtk_widget_class_install_action (widget_class, "ledger.clear-filter", "s", clear_filter_action);
  gtk_widget_class_install_action (widget_class, "ledger.clear-filters", NULL,
                                   clear_filters_action);
  gtk_widget_class_install_action (widget_class, "ledger.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "ledger.export-selection", NULL,
                                   export_selection_action);
  gtk_widget_class_install_action (widget_class, "ledger.unselect", NULL, unselect_action);
  gtk_widget_class_install_action (widget_class, "ledger.audit", NULL, audit_action);
  gtk_widget_class_install_action (widget_class, "ledger.close-details", NULL,
                                   close_details_action);

  g_type_ensure (IMP_TYPE_STATE_STACK);
  g_type_ensure (IMP_TYPE_LEDGER_CHIPS);
  g_type_ensure (IMP_TYPE_LEDGER_EXPORT_BAR);
  g_type_ensure (IMP_TYPE_LEDGER_FILTER_POPOVER);
  g_type_ensure (IMP_TYPE_LEDGER_TABLE);
  g_type_ensure (IMP_TYPE_TRANSACTION_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-ledger-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerPage, flap);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerPage, export_button);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerPage, chips);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerPage, export_bar);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerPage, popover);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerPage, empty_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerPage, state_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerPage, table);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerPage, transaction_view);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_layout);
}

static void
imp_ledger_page_init (ImpLedgerPage *self)
{
  /* Actions of the template ask for the order, which the model knows. */
  self->model = imp_ledger_model_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  imp_stack_hide_others (self->empty_stack);

  self->selection = imp_ledger_selection_new (G_LIST_MODEL (self->model));

  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (selected_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "loaded", G_CALLBACK (loaded_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "failed", G_CALLBACK (failed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self, "notify::folded", G_CALLBACK (update_layout), self, 0);
}
