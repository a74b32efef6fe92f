/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-table.h"

#include <glib/gi18n.h>

#include "imp-ledger-header.h"
#include "imp-ledger-row.h"

/**
 * ImpLedgerTable:
 *
 * The ledger as a table: titles, and rows that are drawn as they come into
 * sight. Emits `activate` with the place of the line that was activated.
 *
 * Lines that come in on top do not move what is being read, unless the reader is
 * at the top; how many came meanwhile is said in a button that leads there,
 * `table.go-to-newest`.
 */
struct _ImpLedgerTable
{
  GtkWidget parent_instance;

  ImpLedgerColumns *columns;         /* (owned) (nullable) */
  GdkFrameClock    *clock;           /* (owned) (nullable) */
  gulong            layout_id;
  gboolean          at_top;
  guint             n_new;           /* on top, since the reader left it */

  GtkWidget         *header;
  GtkWidget         *overlay;
  GtkScrolledWindow *scroller;
  GtkListView       *list;
  GtkWidget         *newest_revealer;
  GtkWidget         *newest_button;
};

G_DEFINE_FINAL_TYPE (ImpLedgerTable, imp_ledger_table, GTK_TYPE_WIDGET)

enum {
  SIGNAL_ACTIVATE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_n_new (ImpLedgerTable *self,
           guint           n_new)
{
  g_autofree char *text = NULL;

  self->n_new = n_new;
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->newest_revealer), n_new > 0);
  if (n_new == 0)
    return;

  text = g_strdup_printf (ngettext ("%u New Line", "%u New Lines", n_new), n_new);
  gtk_button_set_label (GTK_BUTTON (self->newest_button), text);
}

static GtkAdjustment *
get_adjustment (ImpLedgerTable *self)
{
  return gtk_scrolled_window_get_vadjustment (self->scroller);
}

static void
scrolled_cb (ImpLedgerTable *self)
{
  self->at_top = gtk_adjustment_get_value (get_adjustment (self)) <= 0;
  if (self->at_top && self->n_new > 0)
    set_n_new (self, 0);
}

/* Where the reader is at the top, the list would keep the line that was there in its place. */
static void
items_changed_cb (ImpLedgerTable *self,
                  guint           position,
                  guint           n_removed,
                  guint           n_added,
                  GListModel     *model)
{
  if (g_list_model_get_n_items (model) == n_added)
    {
      self->at_top = TRUE;
      set_n_new (self, 0);
    }
  else if (position == 0 && n_removed == 0 && !self->at_top)
    set_n_new (self, self->n_new + n_added);
}

static void
go_to_newest_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  ImpLedgerTable *self = IMP_LEDGER_TABLE (widget);

  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", 0);
  gtk_adjustment_set_value (get_adjustment (self), 0);
}

static gboolean
is_in_sight (GtkWidget *item,
             GtkWidget *list)
{
  int height = gtk_widget_get_height (list);
  graphene_rect_t area;

  return gtk_widget_compute_bounds (item, list, &area) &&
         area.origin.y + area.size.height >= 0 && area.origin.y <= height;
}

/* Between a frame's layout, which brings rows into sight, and its drawing. */
static void
layout_cb (ImpLedgerTable *self)
{
  GtkWidget *list = GTK_WIDGET (self->list);

  if (!gtk_widget_get_mapped (list))
    return;

  if (self->at_top && gtk_adjustment_get_value (get_adjustment (self)) > 0)
    gtk_adjustment_set_value (get_adjustment (self), 0);

  for (GtkWidget *item = gtk_widget_get_first_child (list); item != NULL;
       item = gtk_widget_get_next_sibling (item))
    {
      GtkWidget *row = gtk_widget_get_first_child (item);

      if (IMP_IS_LEDGER_ROW (row) && is_in_sight (item, list))
        imp_ledger_row_reveal (IMP_LEDGER_ROW (row));
    }
}

static void
setup_cb (ImpLedgerTable *self,
          GtkListItem    *item)
{
  gtk_list_item_set_child (item, imp_ledger_row_new (self->columns));
}

static void
bind_cb (ImpLedgerTable *self,
         GtkListItem    *item)
{
  imp_ledger_row_set_entry (IMP_LEDGER_ROW (gtk_list_item_get_child (item)),
                            gtk_list_item_get_item (item));
}

static void
unbind_cb (ImpLedgerTable *self,
           GtkListItem    *item)
{
  imp_ledger_row_set_entry (IMP_LEDGER_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
activate_cb (ImpLedgerTable *self,
             guint           position)
{
  g_signal_emit (self, signals[SIGNAL_ACTIVATE], 0, position);
}

static void
imp_ledger_table_realize (GtkWidget *widget)
{
  ImpLedgerTable *self = IMP_LEDGER_TABLE (widget);

  GTK_WIDGET_CLASS (imp_ledger_table_parent_class)->realize (widget);
  self->clock = g_object_ref (gtk_widget_get_frame_clock (widget));
  self->layout_id = g_signal_connect_data (self->clock, "layout", G_CALLBACK (layout_cb), self,
                                           NULL, G_CONNECT_AFTER | G_CONNECT_SWAPPED);
}

static void
imp_ledger_table_unrealize (GtkWidget *widget)
{
  ImpLedgerTable *self = IMP_LEDGER_TABLE (widget);

  g_clear_signal_handler (&self->layout_id, self->clock);
  g_clear_object (&self->clock);
  GTK_WIDGET_CLASS (imp_ledger_table_parent_class)->unrealize (widget);
}

static void
imp_ledger_table_measure (GtkWidget      *widget,
                          GtkOrientation  orientation,
                          int             for_size,
                          int            *minimum,
                          int            *natural,
                          int            *minimum_baseline,
                          int            *natural_baseline)
{
  ImpLedgerTable *self = IMP_LEDGER_TABLE (widget);
  int least = 0, wanted = 0;

  if (self->header != NULL)
    gtk_widget_measure (self->header, orientation, -1, &least, &wanted, NULL, NULL);
  gtk_widget_measure (self->overlay, orientation, -1, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum += least;
      *natural += wanted;
    }
}

static void
imp_ledger_table_size_allocate (GtkWidget *widget,
                                int        width,
                                int        height,
                                int        baseline)
{
  ImpLedgerTable *self = IMP_LEDGER_TABLE (widget);
  int top = 0;

  if (self->header != NULL)
    {
      imp_ledger_columns_fit (self->columns, GTK_WIDGET (self->list), width);
      gtk_widget_measure (self->header, GTK_ORIENTATION_VERTICAL, -1, &top, NULL, NULL, NULL);
      gtk_widget_size_allocate (self->header, &(GtkAllocation) { 0, 0, width, top }, -1);
    }
  gtk_widget_size_allocate (self->overlay, &(GtkAllocation) { 0, top, width, height - top }, -1);
}

static gboolean
imp_ledger_table_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (IMP_LEDGER_TABLE (widget)->list));
}

static gboolean
has_focus_within (GtkWidget *widget)
{
  return (gtk_widget_get_state_flags (widget) & GTK_STATE_FLAG_FOCUS_WITHIN) != 0;
}

/* GTK would go back to the line that had the focus last, and past the header for good. */
static gboolean
imp_ledger_table_focus (GtkWidget        *widget,
                        GtkDirectionType  direction)
{
  ImpLedgerTable *self = IMP_LEDGER_TABLE (widget);
  gboolean back = direction == GTK_DIR_TAB_BACKWARD;
  GtkWidget *first = back ? self->overlay : self->header;
  GtkWidget *second = back ? self->header : self->overlay;

  if (self->header == NULL || (!back && direction != GTK_DIR_TAB_FORWARD))
    return GTK_WIDGET_CLASS (imp_ledger_table_parent_class)->focus (widget, direction);

  return (!has_focus_within (second) && gtk_widget_child_focus (first, direction)) ||
         gtk_widget_child_focus (second, direction);
}

static void
imp_ledger_table_dispose (GObject *object)
{
  ImpLedgerTable *self = IMP_LEDGER_TABLE (object);

  g_clear_pointer (&self->header, gtk_widget_unparent);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  g_clear_object (&self->columns);

  G_OBJECT_CLASS (imp_ledger_table_parent_class)->dispose (object);
}

static void
imp_ledger_table_class_init (ImpLedgerTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_ledger_table_dispose;
  widget_class->realize = imp_ledger_table_realize;
  widget_class->unrealize = imp_ledger_table_unrealize;
  widget_class->measure = imp_ledger_table_measure;
  widget_class->size_allocate = imp_ledger_table_size_allocate;
  widget_class->focus = imp_ledger_table_focus;
  widget_class->grab_focus = imp_ledger_table_grab_focus;
  gtk_widget_class_set_css_name (widget_class, "ledgertable");
  gtk_widget_class_install_action (widget_class, "table.go-to-newest", NULL, go_to_newest_action);

  /**
   * ImpLedgerTable::activate:
   * @self: the table
   * @position: a place of its model
   *
   * Emitted when a line was activated.
   */
  signals[SIGNAL_ACTIVATE] =
    g_signal_new ("activate",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_UINT);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-ledger-table.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerTable, overlay);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerTable, scroller);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerTable, list);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerTable, newest_revealer);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerTable, newest_button);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
imp_ledger_table_init (ImpLedgerTable *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->at_top = TRUE;
  g_signal_connect_object (get_adjustment (self), "value-changed", G_CALLBACK (scrolled_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * imp_ledger_table_set_up:
 * @self: a table
 * @model: a selection of [class@LedgerEntry]
 * @authors: this user's keys
 *
 * Gives the table what it shows.
 */
void
imp_ledger_table_set_up (ImpLedgerTable    *self,
                         GtkSelectionModel *model,
                         GListModel        *authors)
{
  g_return_if_fail (IMP_IS_LEDGER_TABLE (self));
  g_return_if_fail (self->columns == NULL);

  self->columns = imp_ledger_columns_new (authors);
  self->header = imp_ledger_header_new (self->columns);
  gtk_widget_insert_before (self->header, GTK_WIDGET (self), self->overlay);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_view_set_model (self->list, model);
}

/**
 * imp_ledger_table_set_oldest_first:
 * @self: a table
 * @oldest_first: whether the ledger begins at the top
 *
 * Shows the order in the header. The lines themselves are ordered by their model.
 */
void
imp_ledger_table_set_oldest_first (ImpLedgerTable *self,
                                   gboolean        oldest_first)
{
  g_return_if_fail (IMP_IS_LEDGER_TABLE (self));

  imp_ledger_header_set_oldest_first (IMP_LEDGER_HEADER (self->header), oldest_first);
}

/**
 * imp_ledger_table_set_old:
 * @self: a table
 * @old: whether nobody answers for what it shows now
 *
 * Marks lines that may not be all there are by now.
 */
void
imp_ledger_table_set_old (ImpLedgerTable *self,
                          gboolean        old)
{
  g_return_if_fail (IMP_IS_LEDGER_TABLE (self));

  if (old)
    gtk_widget_add_css_class (GTK_WIDGET (self->list), "old");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->list), "old");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  old ? _("Lines of the ledger, as they were last seen")
                                      : _("Lines of the ledger"), -1);
}
