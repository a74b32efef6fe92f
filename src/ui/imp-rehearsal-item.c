/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-rehearsal-item.h"

#include <glib/gi18n.h>

/**
 * ImpRehearsalItem:
 *
 * An attack in the list of all, with how it ended the last time on the device
 * that is shown.
 */
struct _ImpRehearsalItem
{
  GObject parent_instance;

  const ImpAttack *attack;
  ImpAttackResult *result;   /* (owned) (nullable) */
  gboolean         running;
};

G_DEFINE_FINAL_TYPE (ImpRehearsalItem, imp_rehearsal_item, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
imp_rehearsal_item_finalize (GObject *object)
{
  g_clear_object (&IMP_REHEARSAL_ITEM (object)->result);

  G_OBJECT_CLASS (imp_rehearsal_item_parent_class)->finalize (object);
}

static void
imp_rehearsal_item_class_init (ImpRehearsalItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_rehearsal_item_finalize;

  /**
   * ImpRehearsalItem::changed:
   *
   * The attack begins, or has ended.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
imp_rehearsal_item_init (ImpRehearsalItem *self)
{
}

static ImpRehearsalItem *
new_item (const ImpAttack *attack)
{
  ImpRehearsalItem *self = g_object_new (IMP_TYPE_REHEARSAL_ITEM, NULL);

  self->attack = attack;

  return self;
}

/**
 * imp_rehearsal_item_get_attack:
 * @self: an item
 *
 * Returns: (transfer none): the attack, which is static
 */
const ImpAttack *
imp_rehearsal_item_get_attack (ImpRehearsalItem *self)
{
  g_return_val_if_fail (IMP_IS_REHEARSAL_ITEM (self), NULL);

  return self->attack;
}

/**
 * imp_rehearsal_item_get_result:
 * @self: an item
 *
 * Returns: (nullable): how it ended the last time
 */
ImpAttackResult *
imp_rehearsal_item_get_result (ImpRehearsalItem *self)
{
  g_return_val_if_fail (IMP_IS_REHEARSAL_ITEM (self), NULL);

  return self->result;
}

/**
 * imp_rehearsal_item_is_running:
 * @self: an item
 *
 * Returns: whether the attack is being tried now
 */
gboolean
imp_rehearsal_item_is_running (ImpRehearsalItem *self)
{
  g_return_val_if_fail (IMP_IS_REHEARSAL_ITEM (self), FALSE);

  return self->running;
}

/**
 * imp_rehearsal_item_set:
 * @self: an item
 * @result: (nullable): how it ended the last time
 * @running: whether it is being tried now
 *
 * Sets both, and emits “changed” if anything has.
 */
void
imp_rehearsal_item_set (ImpRehearsalItem *self,
                        ImpAttackResult  *result,
                        gboolean          running)
{
  g_return_if_fail (IMP_IS_REHEARSAL_ITEM (self));

  if (self->result == result && self->running == running)
    return;

  g_set_object (&self->result, result);
  self->running = running;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * imp_attack_show_verdict:
 * @result: (nullable): how an attack ended
 * @running: whether it goes on right now
 * @chip: where to show it
 *
 * Says in a word or two how an attack ended.
 */
void
imp_attack_show_verdict (ImpAttackResult *result,
                         gboolean         running,
                         ImpStatusChip   *chip)
{
  static const ImpChipKind kinds[] = {
    [IMP_VERDICT_STOPPED] = IMP_CHIP_GOOD,
    [IMP_VERDICT_ELSEWHERE] = IMP_CHIP_WARNING,
    [IMP_VERDICT_INSTALLED] = IMP_CHIP_BAD,
    [IMP_VERDICT_HELD_BACK] = IMP_CHIP_BAD,
    [IMP_VERDICT_NOT_TRIED] = IMP_CHIP_NEUTRAL,
  };
  g_autofree char *text = NULL;

  if (running)
    imp_status_chip_set (chip, IMP_CHIP_BUSY, _("Attacking"));
  else if (result == NULL)
    imp_status_chip_set (chip, IMP_CHIP_NEUTRAL, NULL);
  else
    {
      text = imp_attack_result_dup_verdict (result);
      imp_status_chip_set (chip, kinds[result->verdict], text);
    }
}

/**
 * imp_rehearsal_item_new_list:
 *
 * Returns: (transfer full) (element-type ImpRehearsalItem): an item for each attack there is
 */
GListModel *
imp_rehearsal_item_new_list (void)
{
  GListStore *items = g_list_store_new (IMP_TYPE_REHEARSAL_ITEM);

  for (guint i = 0; i < imp_attack_count (); i++)
    {
      g_autoptr(ImpRehearsalItem) item = new_item (imp_attack_get (i));

      g_list_store_append (items, item);
    }

  return G_LIST_MODEL (items);
}
