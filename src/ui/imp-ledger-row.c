/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-row.h"

/**
 * ImpLedgerRow:
 *
 * A row of the ledger's table: one widget that draws its cells.
 *
 * GTK keeps two hundred rows ready around those in sight. They are only drawn,
 * and read to those who do not see, once they come near: that is what
 * [method@LedgerRow.reveal] says.
 */
struct _ImpLedgerRow
{
  GtkWidget parent_instance;

  ImpLedgerColumns *columns;  /* (owned) */
  ImpLedgerEntry   *entry;    /* (owned) (nullable) */
  gboolean          revealed;
};

G_DEFINE_FINAL_TYPE (ImpLedgerRow, imp_ledger_row, GTK_TYPE_WIDGET)

static void
describe (ImpLedgerRow *self)
{
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *text = imp_ledger_columns_describe (self->columns, self->entry);

  if (item != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
arrived_cb (ImpLedgerRow *self)
{
  if (!self->revealed)
    return;

  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
imp_ledger_row_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  ImpLedgerRow *self = IMP_LEDGER_ROW (widget);

  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = imp_ledger_columns_get_height (self->columns, widget);
  else
    *minimum = *natural = 0;
}

static void
draw_cell (ImpLedgerRow *self,
           GtkSnapshot  *snapshot,
           PangoLayout  *layout,
           guint         column,
           const GdkRGBA *color)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  g_autofree char *text = NULL;
  int x, cell_width, text_height;

  if (!imp_ledger_columns_get_place (self->columns, column, &x, &cell_width))
    return;

  text = imp_ledger_columns_format (self->columns, column, self->entry);
  pango_layout_set_text (layout, text, -1);
  pango_layout_set_width (layout, cell_width * PANGO_SCALE);
  pango_layout_set_alignment (layout, column == 0 ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  pango_layout_get_pixel_size (layout, NULL, &text_height);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT (mirrored ? width - x - cell_width : x,
                                                (gtk_widget_get_height (GTK_WIDGET (self)) -
                                                 text_height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

static void
imp_ledger_row_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  ImpLedgerRow *self = IMP_LEDGER_ROW (widget);
  g_autoptr(PangoLayout) layout = NULL;
  PangoAttrList *attributes;
  GdkRGBA color;

  if (!self->revealed || self->entry == NULL)
    return;

  layout = gtk_widget_create_pango_layout (widget, NULL);
  attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  for (guint i = 0; i < IMP_LEDGER_N_COLUMNS; i++)
    draw_cell (self, snapshot, layout, i, &color);
}

static void
imp_ledger_row_dispose (GObject *object)
{
  ImpLedgerRow *self = IMP_LEDGER_ROW (object);

  imp_ledger_row_set_entry (self, NULL);
  g_clear_object (&self->columns);

  G_OBJECT_CLASS (imp_ledger_row_parent_class)->dispose (object);
}

static void
imp_ledger_row_class_init (ImpLedgerRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_ledger_row_dispose;
  widget_class->measure = imp_ledger_row_measure;
  widget_class->snapshot = imp_ledger_row_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
imp_ledger_row_init (ImpLedgerRow *self)
{
}

/**
 * imp_ledger_row_new:
 * @columns: what to show of a line, and where
 *
 * Makes a row without a line.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
imp_ledger_row_new (ImpLedgerColumns *columns)
{
  ImpLedgerRow *self = g_object_new (IMP_TYPE_LEDGER_ROW, NULL);

  self->columns = g_object_ref (columns);
  return GTK_WIDGET (self);
}

/**
 * imp_ledger_row_set_entry:
 * @self: a row
 * @entry: (nullable): a line
 *
 * Gives the row another line, which it does not show before it comes into sight.
 */
void
imp_ledger_row_set_entry (ImpLedgerRow   *self,
                          ImpLedgerEntry *entry)
{
  g_return_if_fail (IMP_IS_LEDGER_ROW (self));

  if (entry == self->entry)
    return;

  if (self->entry != NULL)
    g_signal_handlers_disconnect_by_func (self->entry, arrived_cb, self);
  g_set_object (&self->entry, entry);
  if (entry != NULL)
    g_signal_connect_swapped (entry, "notify::transaction", G_CALLBACK (arrived_cb), self);
  if (self->revealed)
    gtk_widget_queue_draw (GTK_WIDGET (self));
  self->revealed = FALSE;
}

/**
 * imp_ledger_row_reveal:
 * @self: a row
 *
 * Shows the row.
 *
 * Returns: whether it was not shown before
 */
gboolean
imp_ledger_row_reveal (ImpLedgerRow *self)
{
  g_return_val_if_fail (IMP_IS_LEDGER_ROW (self), FALSE);

  if (self->revealed || self->entry == NULL)
    return FALSE;

  self->revealed = TRUE;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return TRUE;
}
