/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger.h"

#include <string.h>

/**
 * imp_receipt_new:
 * @result: what the contract returned
 * @transaction: the transaction that was recorded
 * @checkpoint: (nullable): a signed head that covers it, where the engine has such
 *
 * Makes what a submission comes to.
 *
 * Returns: (transfer full): a receipt
 */
ImpReceipt *
imp_receipt_new (const char     *result,
                 ImpTransaction *transaction,
                 ImpCheckpoint  *checkpoint)
{
  ImpReceipt *self;

  g_return_val_if_fail (result != NULL, NULL);
  g_return_val_if_fail (IMP_IS_TRANSACTION (transaction), NULL);
  g_return_val_if_fail (checkpoint == NULL || IMP_IS_CHECKPOINT (checkpoint), NULL);

  self = g_new0 (ImpReceipt, 1);
  self->result = g_strdup (result);
  self->transaction = g_object_ref (transaction);
  g_set_object (&self->checkpoint, checkpoint);

  return self;
}

/**
 * imp_receipt_free:
 * @self: (transfer full): a receipt, not `NULL`
 *
 * Frees a receipt, and overwrites its result.
 */
void
imp_receipt_free (ImpReceipt *self)
{
  /* createAuthor returns a token, which whoever needs it takes out. */
  if (self->result != NULL)
    explicit_bzero (self->result, strlen (self->result));
  g_free (self->result);
  g_clear_object (&self->transaction);
  g_clear_object (&self->checkpoint);
  g_free (self);
}
