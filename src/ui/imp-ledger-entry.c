/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-entry.h"

/**
 * ImpLedgerEntry:
 *
 * A line of the ledger that may still be on its way: a row can be drawn for it
 * at once and is filled in when the transaction arrives.
 */
struct _ImpLedgerEntry
{
  GObject parent_instance;

  gint64          sequence;     /* -1: not known yet */
  ImpTransaction *transaction;  /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ImpLedgerEntry, imp_ledger_entry, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_TRANSACTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
imp_ledger_entry_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  ImpLedgerEntry *self = IMP_LEDGER_ENTRY (object);

  switch (prop_id)
    {
    case PROP_TRANSACTION:
      g_value_set_object (value, self->transaction);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_ledger_entry_finalize (GObject *object)
{
  ImpLedgerEntry *self = IMP_LEDGER_ENTRY (object);

  g_clear_object (&self->transaction);

  G_OBJECT_CLASS (imp_ledger_entry_parent_class)->finalize (object);
}

static void
imp_ledger_entry_class_init (ImpLedgerEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = imp_ledger_entry_finalize;
  object_class->get_property = imp_ledger_entry_get_property;

  properties[PROP_TRANSACTION] =
    g_param_spec_object ("transaction", NULL, NULL,
                         IMP_TYPE_TRANSACTION,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
imp_ledger_entry_init (ImpLedgerEntry *self)
{
}

/**
 * imp_ledger_entry_new:
 * @sequence: its number, or -1 while that is not known
 *
 * Makes a line that is still on its way.
 *
 * Returns: (transfer full): the line
 */
ImpLedgerEntry *
imp_ledger_entry_new (gint64 sequence)
{
  ImpLedgerEntry *self = g_object_new (IMP_TYPE_LEDGER_ENTRY, NULL);

  self->sequence = sequence;
  return self;
}

/**
 * imp_ledger_entry_get_sequence:
 * @self: a line
 *
 * Returns: its index in the ledger, or -1 while that is not known
 */
gint64
imp_ledger_entry_get_sequence (ImpLedgerEntry *self)
{
  g_return_val_if_fail (IMP_IS_LEDGER_ENTRY (self), -1);

  return self->sequence;
}

/**
 * imp_ledger_entry_get_transaction:
 * @self: a line
 *
 * Returns: (transfer none) (nullable): the transaction, or `NULL` while it is on its way
 */
ImpTransaction *
imp_ledger_entry_get_transaction (ImpLedgerEntry *self)
{
  g_return_val_if_fail (IMP_IS_LEDGER_ENTRY (self), NULL);

  return self->transaction;
}

/**
 * imp_ledger_entry_set_transaction:
 * @self: a line
 * @transaction: what has arrived
 *
 * Fills the line in, with its number, and notifies those that draw it.
 */
void
imp_ledger_entry_set_transaction (ImpLedgerEntry *self,
                                  ImpTransaction *transaction)
{
  g_return_if_fail (IMP_IS_LEDGER_ENTRY (self));

  self->sequence = imp_transaction_get_sequence (transaction);
  if (g_set_object (&self->transaction, transaction))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TRANSACTION]);
}
