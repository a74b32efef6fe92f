/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-filter.h"

#include <stdio.h>

/**
 * imp_ledger_filter_new:
 *
 * Makes a filter that lets everything pass, newest first.
 *
 * Returns: (transfer full): the filter
 */
ImpLedgerFilter *
imp_ledger_filter_new (void)
{
  return g_new0 (ImpLedgerFilter, 1);
}

/**
 * imp_ledger_filter_copy:
 * @self: a filter
 *
 * Returns: (transfer full): another that lets the same pass
 */
ImpLedgerFilter *
imp_ledger_filter_copy (const ImpLedgerFilter *self)
{
  ImpLedgerFilter *copy = g_memdup2 (self, sizeof *self);

  copy->text = g_strdup (self->text);
  copy->author = g_strdup (self->author);
  copy->class_id = g_strdup (self->class_id);
  copy->version = g_strdup (self->version);
  copy->cid = g_strdup (self->cid);
  copy->contract = g_strdup (self->contract);
  return copy;
}

/**
 * imp_ledger_filter_free:
 * @self: (transfer full): a filter, not `NULL`
 *
 * Frees a filter and its texts.
 */
void
imp_ledger_filter_free (ImpLedgerFilter *self)
{
  g_free (self->text);
  g_free (self->author);
  g_free (self->class_id);
  g_free (self->version);
  g_free (self->cid);
  g_free (self->contract);
  g_free (self);
}

/**
 * imp_ledger_filter_equal:
 * @self: a filter
 * @other: another
 *
 * Returns: whether both give the same lines in the same order
 */
gboolean
imp_ledger_filter_equal (const ImpLedgerFilter *self,
                         const ImpLedgerFilter *other)
{
  return g_strcmp0 (self->text, other->text) == 0 &&
         g_strcmp0 (self->author, other->author) == 0 &&
         g_strcmp0 (self->class_id, other->class_id) == 0 &&
         g_strcmp0 (self->version, other->version) == 0 &&
         g_strcmp0 (self->cid, other->cid) == 0 &&
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
         self->version == NULL && self->cid == NULL && self->contract == NULL && self->since == 0 && self->until == 0;
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
    .version = self->version,
    .cid = self->cid,
    .contract = self->contract,
    .since = self->since,
    .until = self->until,
    .oldest_first = self->oldest_first,
  };
}

/**
 * imp_ledger_filter_parse_day:
 * @text: a day as 2026-03-31
 * @end: whether its end is meant, which is the next day's beginning
 * @ms: (out): the time, in this computer's time zone
 *
 * Returns: whether @text is a day
 */
gboolean
imp_ledger_filter_parse_day (const char *text,
                             gboolean    end,
                             gint64     *ms)
{
  g_autoptr(GDateTime) day = NULL;
  g_autoptr(GDateTime) next = NULL;
  int year, month, day_of_month, length = 0;

  if (sscanf (text, "%4d-%2d-%2d%n", &year, &month, &day_of_month, &length) != 3 ||
      text[length] != '\0' ||
      (day = g_date_time_new_local (year, month, day_of_month, 0, 0, 0)) == NULL)
    return FALSE;

  next = g_date_time_add_days (day, 1);
  *ms = g_date_time_to_unix (end ? next : day) * 1000;
  return TRUE;
}
