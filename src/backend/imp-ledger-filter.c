/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-filter.h"

ImpLedgerFilter *
imp_ledger_filter_new (void)
{
  return g_new0 (ImpLedgerFilter, 1);
}

ImpLedgerFilter *
imp_ledger_filter_copy (const ImpLedgerFilter *self)
{
  ImpLedgerFilter *copy = g_memdup2 (self, sizeof *self);

  copy->text = g_strdup (self->text);
  copy->author = g_strdup (self->author);
  copy->class_id = g_strdup (self->class_id);
  copy->contract = g_strdup (self->contract);
  return copy;
}

void
imp_ledger_filter_free (ImpLedgerFilter *self)
{
  g_free (self->text);
  g_free (self->author);
  g_free (self->class_id);
  g_free (self->contract);
  g_free (self);
}

gboolean
imp_ledger_filter_equal (const ImpLedgerFilter *self,
                         const ImpLedgerFilter *other)
{
  return g_strcmp0 (self->text, other->text) == 0 &&
         g_strcmp0 (self->author, other->author) == 0 &&
         g_strcmp0 (self->class_id, other->class_id) == 0 &&
         g_strcmp0 (self->contract, other->contract) == 0 &&
         self->since == other->since && self->until == other->until &&
         self->oldest_first == other->oldest_first;
}

/**
 * imp_ledger_filter_is_empty:
 * @self: a filter
 *
 * Says whether every line fits; the order is no matter.
 *
 * Returns: whether the whole ledger is meant
 */
gboolean
imp_ledger_filter_is_empty (const ImpLedgerFilter *self)
{
  return self->text == NULL && self->author == NULL && self->class_id == NULL &&
         self->contract == NULL && self->since == 0 && self->until == 0;
}

/**
 * imp_ledger_filter_make_query:
 * @self: a filter
 * @query: (out): the query, which borrows from @self
 *
 * Makes what agents are asked.
 */
void
imp_ledger_filter_make_query (const ImpLedgerFilter *self,
                              ImpPageQuery          *query)
{
  *query = (ImpPageQuery) {
    .text = self->text,
    .author = self->author,
    .class_id = self->class_id,
    .contract = self->contract,
    .since = self->since,
    .until = self->until,
    .oldest_first = self->oldest_first,
  };
}
