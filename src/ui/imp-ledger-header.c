/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-header.h"

#include <glib/gi18n.h>

#define SORTED_COLUMN 1

/**
 * ImpLedgerHeader:
 *
 * The titles above the ledger's table. That of the time is a button that turns
 * the order round, `ledger.oldest-first`.
 */
struct _ImpLedgerHeader
{
  GtkWidget parent_instance;

  ImpLedgerColumns *columns;                       /* (owned) */
  GtkWidget        *titles[IMP_LEDGER_N_COLUMNS];
  GtkImage         *arrow;
};

G_DEFINE_FINAL_TYPE (ImpLedgerHeader, imp_ledger_header, GTK_TYPE_WIDGET)

static void
imp_ledger_header_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  ImpLedgerHeader *self = IMP_LEDGER_HEADER (widget);

  *minimum = *natural = 0;
  for (guint i = 0; orientation == GTK_ORIENTATION_VERTICAL && i < IMP_LEDGER_N_COLUMNS; i++)
    {
      int least, wanted;

      gtk_widget_measure (self->titles[i], orientation, -1, &least, &wanted, NULL, NULL);
      *minimum = MAX (*minimum, least);
      *natural = MAX (*natural, wanted);
    }
}

static void
imp_ledger_header_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  ImpLedgerHeader *self = IMP_LEDGER_HEADER (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  for (guint i = 0; i < IMP_LEDGER_N_COLUMNS; i++)
    {
      GtkAllocation place = { 0, 0, 0, height };
      gboolean shown = imp_ledger_columns_get_place (self->columns, i, &place.x, &place.width);
      int least = 0;

      gtk_widget_set_child_visible (self->titles[i], shown);
      if (!shown)
        continue;
      gtk_widget_measure (self->titles[i], GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
      place.width = MAX (place.width, least);
      if (mirrored)
        place.x = width - place.x - place.width;
      gtk_widget_size_allocate (self->titles[i], &place, -1);
    }
}

static void
imp_ledger_header_dispose (GObject *object)
{
  ImpLedgerHeader *self = IMP_LEDGER_HEADER (object);

  for (guint i = 0; i < IMP_LEDGER_N_COLUMNS; i++)
    g_clear_pointer (&self->titles[i], gtk_widget_unparent);
  g_clear_object (&self->columns);

  G_OBJECT_CLASS (imp_ledger_header_parent_class)->dispose (object);
}

static void
imp_ledger_header_class_init (ImpLedgerHeaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_ledger_header_dispose;
  widget_class->measure = imp_ledger_header_measure;
  widget_class->size_allocate = imp_ledger_header_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "header");
}

static void
imp_ledger_header_init (ImpLedgerHeader *self)
{
}

static GtkWidget *
make_title (guint column)
{
  GtkWidget *label = gtk_label_new (imp_ledger_columns_get_title (column));

  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 1 : 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "heading");
  return label;
}

static GtkWidget *
make_button (ImpLedgerHeader *self,
             GtkWidget       *title)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *button = gtk_button_new ();

  self->arrow = GTK_IMAGE (gtk_image_new ());
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->arrow));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "ledger.oldest-first");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  return button;
}

/**
 * imp_ledger_header_new:
 * @columns: the columns, which were fitted before the header is given its place
 *
 * Returns: (transfer floating): the header
 */
GtkWidget *
imp_ledger_header_new (ImpLedgerColumns *columns)
{
  ImpLedgerHeader *self = g_object_new (IMP_TYPE_LEDGER_HEADER, NULL);

  self->columns = g_object_ref (columns);
  for (guint i = 0; i < IMP_LEDGER_N_COLUMNS; i++)
    {
      GtkWidget *title = make_title (i);

      self->titles[i] = i == SORTED_COLUMN ? make_button (self, title) : title;
      gtk_widget_set_parent (self->titles[i], GTK_WIDGET (self));
    }
  imp_ledger_header_set_oldest_first (self, FALSE);
  return GTK_WIDGET (self);
}

/**
 * imp_ledger_header_set_oldest_first:
 * @self: a header
 * @oldest_first: the order of the table
 *
 * Says which way the table is sorted.
 */
void
imp_ledger_header_set_oldest_first (ImpLedgerHeader *self,
                                    gboolean         oldest_first)
{
  const char *text = oldest_first ? _("Recorded, oldest first") : _("Recorded, newest first");

  g_return_if_fail (IMP_IS_LEDGER_HEADER (self));

  gtk_image_set_from_icon_name (self->arrow,
                                oldest_first ? "pan-up-symbolic" : "pan-down-symbolic");
  gtk_widget_set_tooltip_text (self->titles[SORTED_COLUMN], text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->titles[SORTED_COLUMN]),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}
