/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-fleet-view.h"

#include <glib/gi18n.h>

#include "imp-device-card.h"
#include "imp-fleet-filter.h"
#include "imp-fleet-tally.h"
#include "imp-stack.h"

/* ms; how often the cards, the figures and a filter by status follow what devices do */
#define REFRESH_INTERVAL 300

/**
 * ImpFleetView:
 *
 * The devices of a fleet, to be found, sorted and selected: one by a click, several with the keyboard or by
 * check buttons.
 */
struct _ImpFleetView
{
  AdwBin parent_instance;

  ImpFleet           *fleet;      /* (owned) (nullable) */
  ImpFleetFilter     *filter;     /* (owned) */
  GtkSelectionModel  *selection;  /* (owned) */
  gboolean            selecting;
  guint               timer;

  ImpFleetTally *tally;
  GtkStack      *stack;
  GtkListView   *list;
  GtkRevealer   *revealer;
  GtkLabel      *selected_label;
};

G_DEFINE_FINAL_TYPE (ImpFleetView, imp_fleet_view, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SHOWN,
  PROP_SORTED,
  PROP_SELECTING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum {
  SIGNAL_SELECTED,
  SIGNAL_OPENED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_count (ImpFleetView *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->fleet));
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  imp_fleet_tally_set_shown (self->tally, n, imp_fleet_filter_is_active (self->filter) ? n_shown : n);
  gtk_stack_set_visible_child_name (self->stack, n_shown == 0 && n > 0 ? "none" : "list");
}

static void
for_each_card (ImpFleetView *self,
               void        (*func) (ImpDeviceCard *card))
{
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->list)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *card = gtk_widget_get_first_child (row);

      if (IMP_IS_DEVICE_CARD (card))
        func (IMP_DEVICE_CARD (card));
    }
}

/* A list keeps ten times as many cards as are in sight. */
static void
refresh_card_in_sight (ImpDeviceCard *card)
{
  GtkWidget *list = gtk_widget_get_ancestor (GTK_WIDGET (card), GTK_TYPE_LIST_VIEW);
  graphene_rect_t bounds;

  if (gtk_widget_compute_bounds (GTK_WIDGET (card), list, &bounds) &&
      bounds.origin.y + bounds.size.height > 0 &&
      bounds.origin.y < gtk_widget_get_height (list))
    imp_device_card_refresh (card);
}

static void
refresh_cards (ImpFleetView *self)
{
  for_each_card (self, refresh_card_in_sight);
}

static gboolean refresh_cb (gpointer user_data);

static void
schedule_refresh (ImpFleetView *self)
{
  if (self->timer == 0 && self->fleet != NULL)
    self->timer = g_timeout_add (REFRESH_INTERVAL, refresh_cb, self);
}

static gboolean
refresh_cb (gpointer user_data)
{
  ImpFleetView *self = user_data;

  self->timer = 0;
  imp_fleet_filter_refresh (self->filter);
  refresh_cards (self);
  show_count (self);
  if (imp_fleet_tally_count (self->tally, self->fleet) > 0)
    schedule_refresh (self);

  return G_SOURCE_REMOVE;
}

static guint64
count_selected (ImpFleetView *self)
{
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (self->selection);

  return gtk_bitset_get_size (selected);
}

static void
selection_changed_cb (ImpFleetView *self)
{
  guint n = count_selected (self);
  g_autofree char *text = NULL;

  text = g_strdup_printf (ngettext ("%'u device selected", "%'u devices selected", n), n);
  gtk_label_set_text (self->selected_label, text);
  gtk_revealer_set_reveal_child (self->revealer, self->selecting || n > 1);
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0);
}

/* There is always one to be seen, as long as there are any. */
static void
items_changed_cb (ImpFleetView *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0 && count_selected (self) == 0 &&
      !self->selecting)
    gtk_selection_model_select_item (self->selection, 0, TRUE);
  else
    selection_changed_cb (self);

  show_count (self);
  schedule_refresh (self);
}

static void
activate_cb (ImpFleetView *self,
             guint         position)
{
  g_signal_emit (self, signals[SIGNAL_OPENED], 0);
}

static void
toggle (ImpFleetView *self,
        guint         position)
{
  if (gtk_selection_model_is_selected (self->selection, position))
    gtk_selection_model_unselect_item (self->selection, position);
  else
    gtk_selection_model_select_item (self->selection, position, FALSE);
}

static ImpFleetView *
get_view (GtkGesture *gesture)
{
  GtkWidget *card = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));

  return IMP_FLEET_VIEW (gtk_widget_get_ancestor (card, IMP_TYPE_FLEET_VIEW));
}

/* With check buttons, a click is for them. */
static void
pressed_cb (GtkGesture  *gesture,
            int          n_press,
            double       x,
            double       y,
            GtkListItem *item)
{
  ImpFleetView *self = get_view (gesture);

  if (self == NULL || !self->selecting)
    return;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  toggle (self, gtk_list_item_get_position (item));
}

static void
released_cb (GtkGesture  *gesture,
             int          n_press,
             double       x,
             double       y,
             GtkListItem *item)
{
  GdkModifierType state =
    gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  ImpFleetView *self = get_view (gesture);

  if (self != NULL && !self->selecting && !(state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)))
    g_signal_emit (self, signals[SIGNAL_OPENED], 0);
}

static void
item_selected_cb (GtkListItem   *item,
                  GParamSpec    *pspec,
                  ImpDeviceCard *card)
{
  imp_device_card_set_checked (card, gtk_list_item_get_selected (item));
}

static void
setup_card_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkWidget *card = imp_device_card_new ();

  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), item);
  g_signal_connect (click, "released", G_CALLBACK (released_cb), item);
  gtk_widget_add_controller (card, GTK_EVENT_CONTROLLER (click));
  g_signal_connect_object (item, "notify::selected", G_CALLBACK (item_selected_cb), card, 0);
  gtk_list_item_set_child (item, card);
}

static void
bind_card_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item)
{
  ImpDeviceCard *card = IMP_DEVICE_CARD (gtk_list_item_get_child (item));
  GtkWidget *view = gtk_widget_get_ancestor (GTK_WIDGET (card), IMP_TYPE_FLEET_VIEW);

  imp_device_card_set_checkable (card, view != NULL && IMP_FLEET_VIEW (view)->selecting);
  imp_device_card_set_checked (card, gtk_list_item_get_selected (item));
  imp_device_card_set_device (card, gtk_list_item_get_item (item));
}

static void
unbind_card_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item)
{
  imp_device_card_set_device (IMP_DEVICE_CARD (gtk_list_item_get_child (item)), NULL);
}

static void
set_card_checkable (ImpDeviceCard *card)
{
  GtkWidget *view = gtk_widget_get_ancestor (GTK_WIDGET (card), IMP_TYPE_FLEET_VIEW);

  imp_device_card_set_checkable (card, IMP_FLEET_VIEW (view)->selecting);
}

static void
set_selecting (ImpFleetView *self,
               gboolean      selecting)
{
  self->selecting = selecting;
  for_each_card (self, set_card_checkable);
  if (self->fleet != NULL)
    items_changed_cb (self);
}

static void
imp_fleet_view_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ImpFleetView *self = IMP_FLEET_VIEW (object);

  switch (prop_id)
    {
    case PROP_SHOWN:
      g_value_set_string (value, imp_fleet_filter_get_shown (self->filter));
      break;

    case PROP_SORTED:
      g_value_set_string (value, imp_fleet_filter_get_sorted (self->filter));
      break;

    case PROP_SELECTING:
      g_value_set_boolean (value, self->selecting);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_fleet_view_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  ImpFleetView *self = IMP_FLEET_VIEW (object);

  switch (prop_id)
    {
    case PROP_SHOWN:
      imp_fleet_filter_set_shown (self->filter, g_value_get_string (value));
      break;

    case PROP_SORTED:
      imp_fleet_filter_set_sorted (self->filter, g_value_get_string (value));
      break;

    case PROP_SELECTING:
      set_selecting (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_fleet_view_dispose (GObject *object)
{
  ImpFleetView *self = IMP_FLEET_VIEW (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_FLEET_VIEW);
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);
  g_clear_object (&self->fleet);

  G_OBJECT_CLASS (imp_fleet_view_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  properties[PROP_SHOWN] =
    g_param_spec_string ("shown", NULL, NULL,
                         "all",
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SORTED] =
    g_param_spec_string ("sorted", NULL, NULL,
                         "name",
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SELECTING] =
    g_param_spec_boolean ("selecting", NULL, NULL,
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
install_signals (GObjectClass *object_class)
{
  /**
   * ImpFleetView::selected:
   *
   * Emitted when other devices are selected than before.
   */
  signals[SIGNAL_SELECTED] =
    g_signal_new ("selected", G_TYPE_FROM_CLASS (object_class), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);
  /**
   * ImpFleetView::opened:
   *
   * Emitted when somebody wants to see a device whole.
   */
  signals[SIGNAL_OPENED] =
    g_signal_new ("opened", G_TYPE_FROM_CLASS (object_class), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);
}

static void
select_all_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  gtk_selection_model_select_all (IMP_FLEET_VIEW (widget)->selection);
}

static void
imp_fleet_view_class_init (ImpFleetViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = imp_fleet_view_dispose;
  object_class->get_property = imp_fleet_view_get_property;
  object_class->set_property = imp_fleet_view_set_property;

  install_properties (object_class);
  install_signals (object_class);
  gtk_widget_class_install_property_action (widget_class, "fleet.shown", "shown");
  gtk_widget_class_install_property_action (widget_class, "fleet.sorted", "sorted");
  gtk_widget_class_install_property_action (widget_class, "fleet.selecting", "selecting");
  gtk_widget_class_install_action (widget_class, "fleet.select-all", NULL, select_all_action);

  g_type_ensure (IMP_TYPE_FLEET_TALLY);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-fleet-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpFleetView, tally);
  gtk_widget_class_bind_template_child (widget_class, ImpFleetView, stack);
  gtk_widget_class_bind_template_child (widget_class, ImpFleetView, list);
  gtk_widget_class_bind_template_child (widget_class, ImpFleetView, revealer);
  gtk_widget_class_bind_template_child (widget_class, ImpFleetView, selected_label);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_card_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_card_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_card_cb);
}

static void
imp_fleet_view_init (ImpFleetView *self)
{
  GListModel *model;

  gtk_widget_init_template (GTK_WIDGET (self));
  imp_stack_hide_others (self->stack);

  self->filter = imp_fleet_filter_new ();
  model = imp_fleet_filter_get_model (self->filter);
  self->selection = GTK_SELECTION_MODEL (gtk_multi_selection_new (g_object_ref (model)));
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (selection_changed_cb),
                           self, G_CONNECT_SWAPPED);
}

/**
 * imp_fleet_view_set_fleet:
 * @self: a fleet view
 * @fleet: what to show
 *
 * Shows a fleet and follows it.
 */
void
imp_fleet_view_set_fleet (ImpFleetView *self,
                          ImpFleet     *fleet)
{
  g_return_if_fail (IMP_IS_FLEET_VIEW (self));
  g_return_if_fail (self->fleet == NULL);

  self->fleet = g_object_ref (fleet);
  imp_fleet_filter_set_fleet (self->filter, fleet);
  g_signal_connect_object (fleet, "stirred", G_CALLBACK (schedule_refresh), self,
                           G_CONNECT_SWAPPED);

  /* The list has to know of a device before it is selected, so it is told first. */
  gtk_list_view_set_model (self->list, self->selection);
  g_signal_connect_object (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->list)),
                           "value-changed", G_CALLBACK (refresh_cards), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  items_changed_cb (self);
}

/**
 * imp_fleet_view_search:
 * @self: a fleet view
 * @text: part of a name, a class or a version
 *
 * Shows the devices that have this text in them.
 */
void
imp_fleet_view_search (ImpFleetView *self,
                       const char   *text)
{
  g_return_if_fail (IMP_IS_FLEET_VIEW (self));

  imp_fleet_filter_set_text (self->filter, text);
  if (self->fleet != NULL)
    show_count (self);
}

/**
 * imp_fleet_view_select:
 * @self: a fleet view
 * @id: a device’s name
 *
 * Selects one device, and scrolls to it.
 */
void
imp_fleet_view_select (ImpFleetView *self,
                       const char   *id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  g_return_if_fail (IMP_IS_FLEET_VIEW (self));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpDevice) device = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if (!g_str_equal (id, imp_device_get_id (device)))
        continue;

      gtk_selection_model_select_item (self->selection, i, TRUE);
      gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", i);
      return;
    }
}

/**
 * imp_fleet_view_get_selection:
 * @self: a fleet view
 * @device: (out) (nullable) (transfer full): the selected device, if there is one only
 *
 * Returns: how many are selected
 */
guint
imp_fleet_view_get_selection (ImpFleetView *self,
                              ImpDevice   **device)
{
  g_autoptr(GtkBitset) selected = NULL;
  guint n;

  g_return_val_if_fail (IMP_IS_FLEET_VIEW (self), 0);

  selected = gtk_selection_model_get_selection (self->selection);
  n = gtk_bitset_get_size (selected);
  *device = n == 1 ? g_list_model_get_item (G_LIST_MODEL (self->selection),
                                            gtk_bitset_get_minimum (selected))
                   : NULL;

  return n;
}

/**
 * imp_fleet_view_list_selected:
 * @self: a fleet view
 *
 * Returns: (transfer container) (element-type ImpDevice): the selected devices
 */
GPtrArray *
imp_fleet_view_list_selected (ImpFleetView *self)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GtkBitset) selected = NULL;
  GtkBitsetIter iter;
  guint position;

  g_return_val_if_fail (IMP_IS_FLEET_VIEW (self), NULL);

  selected = gtk_selection_model_get_selection (self->selection);
  for (gboolean more = gtk_bitset_iter_init_first (&iter, selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    g_ptr_array_add (devices, g_list_model_get_item (G_LIST_MODEL (self->selection), position));

  return devices;
}
