/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-rehearsal-row.h"

#include <glib/gi18n.h>

/**
 * ImpRehearsalRow:
 *
 * One attack in the list of all: what it is called, what must stop it, how it
 * ended.
 */
struct _ImpRehearsalRow
{
  AdwBin parent_instance;

  ImpRehearsalItem *item;     /* (owned) (nullable) */
  GSignalGroup     *signals;  /* (owned) */

  GtkLabel      *heading;
  GtkLabel      *title;
  GtkLabel      *guard;
  ImpStatusChip *chip;
};

G_DEFINE_FINAL_TYPE (ImpRehearsalRow, imp_rehearsal_row, ADW_TYPE_BIN)

static void
update (ImpRehearsalRow *self)
{
  if (self->item != NULL)
    imp_attack_show_verdict (imp_rehearsal_item_get_result (self->item), imp_rehearsal_item_is_running (self->item),
                             self->chip);
}

static void
imp_rehearsal_row_dispose (GObject *object)
{
  ImpRehearsalRow *self = IMP_REHEARSAL_ROW (object);

  g_clear_object (&self->signals);
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_REHEARSAL_ROW);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (imp_rehearsal_row_parent_class)->dispose (object);
}

static void
imp_rehearsal_row_class_init (ImpRehearsalRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_rehearsal_row_dispose;

  g_type_ensure (IMP_TYPE_STATUS_CHIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/imp-rehearsal-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalRow, heading);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalRow, title);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalRow, guard);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalRow, chip);
}

static void
imp_rehearsal_row_init (ImpRehearsalRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (IMP_TYPE_REHEARSAL_ITEM);
  g_signal_group_connect_swapped (self->signals, "changed", G_CALLBACK (update), self);
}

/* @first: whether it is the first of those that strike at the same place */
static void
set_item (ImpRehearsalRow  *self,
          ImpRehearsalItem *item,
          gboolean          first)
{
  const ImpAttack *attack;
  g_autofree char *guard = NULL;

  g_set_object (&self->item, item);
  g_signal_group_set_target (self->signals, item);
  if (item == NULL)
    return;

  attack = imp_rehearsal_item_get_attack (item);
  guard = attack->check != 0 ? g_strdup_printf (_("Check %d must stop it"), attack->check)
                             : g_strdup (_("The device must give up"));
  gtk_label_set_text (self->heading, _(imp_attack_target_get_title (attack->target)));
  gtk_widget_set_visible (GTK_WIDGET (self->heading), first);
  gtk_label_set_text (self->title, _(attack->title));
  gtk_label_set_text (self->guard, guard);
  update (self);
}

static void
set_up_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *list_item)
{
  gtk_list_item_set_child (list_item, g_object_new (IMP_TYPE_REHEARSAL_ROW, NULL));
}

static gboolean
is_first (guint position)
{
  return position == 0 || imp_attack_get (position)->target != imp_attack_get (position - 1)->target;
}

static void
bind_cb (GtkSignalListItemFactory *factory,
             GtkListItem              *list_item)
{
  set_item (IMP_REHEARSAL_ROW (gtk_list_item_get_child (list_item)),
            gtk_list_item_get_item (list_item),
            is_first (gtk_list_item_get_position (list_item)));
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *list_item)
{
  set_item (IMP_REHEARSAL_ROW (gtk_list_item_get_child (list_item)), NULL, FALSE);
}

/**
 * imp_rehearsal_row_factory_new:
 *
 * Makes rows for a list of attacks in the order of their places.
 *
 * Returns: (transfer full): a factory
 */
GtkListItemFactory *
imp_rehearsal_row_factory_new (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (set_up_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);

  return factory;
}
