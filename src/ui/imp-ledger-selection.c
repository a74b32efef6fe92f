/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-selection.h"

/**
 * ImpLedgerSelection:
 *
 * Selected lines of a list of any length.
 *
 * GtkMultiSelection keeps every item that is selected, which is to load a
 * million lines when somebody selects them all; here only places are kept.
 */
struct _ImpLedgerSelection
{
  GObject parent_instance;

  GListModel *model;     /* (owned) */
  GtkBitset  *selected;  /* (owned) */
};

static void list_model_init      (GListModelInterface        *iface);
static void selection_model_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpLedgerSelection, imp_ledger_selection, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, selection_model_init))

static GType
imp_ledger_selection_get_item_type (GListModel *model)
{
  return g_list_model_get_item_type (IMP_LEDGER_SELECTION (model)->model);
}

static guint
imp_ledger_selection_get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (IMP_LEDGER_SELECTION (model)->model);
}

static gpointer
imp_ledger_selection_get_item (GListModel *model,
                               guint       position)
{
  return g_list_model_get_item (IMP_LEDGER_SELECTION (model)->model, position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = imp_ledger_selection_get_item_type;
  iface->get_n_items = imp_ledger_selection_get_n_items;
  iface->get_item = imp_ledger_selection_get_item;
}

static gboolean
imp_ledger_selection_is_selected (GtkSelectionModel *model,
                                  guint              position)
{
  return gtk_bitset_contains (IMP_LEDGER_SELECTION (model)->selected, position);
}

static GtkBitset *
imp_ledger_selection_get_selection_in_range (GtkSelectionModel *model,
                                             guint              position,
                                             guint              n_items)
{
  return gtk_bitset_ref (IMP_LEDGER_SELECTION (model)->selected);
}

static gboolean
imp_ledger_selection_set_selection (GtkSelectionModel *model,
                                    GtkBitset         *selected,
                                    GtkBitset         *mask)
{
  ImpLedgerSelection *self = IMP_LEDGER_SELECTION (model);
  g_autoptr(GtkBitset) changes = gtk_bitset_copy (self->selected);
  guint first, last;

  gtk_bitset_difference (changes, selected);
  gtk_bitset_intersect (changes, mask);
  if (gtk_bitset_is_empty (changes))
    return TRUE;

  gtk_bitset_difference (self->selected, changes);
  first = gtk_bitset_get_minimum (changes);
  last = gtk_bitset_get_maximum (changes);
  gtk_selection_model_selection_changed (model, first, last - first + 1);
  return TRUE;
}

static void
selection_model_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = imp_ledger_selection_is_selected;
  iface->get_selection_in_range = imp_ledger_selection_get_selection_in_range;
  iface->set_selection = imp_ledger_selection_set_selection;
}

static void
items_changed_cb (ImpLedgerSelection *self,
                  guint               position,
                  guint               n_removed,
                  guint               n_added)
{
  gtk_bitset_splice (self->selected, position, n_removed, n_added);
  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
}

static void
imp_ledger_selection_finalize (GObject *object)
{
  ImpLedgerSelection *self = IMP_LEDGER_SELECTION (object);

  g_clear_object (&self->model);
  g_clear_pointer (&self->selected, gtk_bitset_unref);

  G_OBJECT_CLASS (imp_ledger_selection_parent_class)->finalize (object);
}

static void
imp_ledger_selection_class_init (ImpLedgerSelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_ledger_selection_finalize;
}

static void
imp_ledger_selection_init (ImpLedgerSelection *self)
{
  self->selected = gtk_bitset_new_empty ();
}

/**
 * imp_ledger_selection_new:
 * @model: a list
 *
 * Returns: (transfer full): a selection of nothing yet
 */
ImpLedgerSelection *
imp_ledger_selection_new (GListModel *model)
{
  ImpLedgerSelection *self = g_object_new (IMP_TYPE_LEDGER_SELECTION, NULL);

  self->model = g_object_ref (model);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}
