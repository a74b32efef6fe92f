/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-private.h"

/* A query that crosses to another thread owns its strings. */
ImpLedgerQuery *
imp_ledger_query_copy (const ImpLedgerQuery *self)
{
  ImpLedgerQuery *copy = g_memdup2 (self, sizeof *self);

  copy->contract = g_strdup (self->contract);
  copy->function = g_strdup (self->function);
  copy->author = g_strdup (self->author);
  copy->class_id = g_strdup (self->class_id);
  copy->version = g_strdup (self->version);
  copy->cid = g_strdup (self->cid);
  copy->text = g_strdup (self->text);

  return copy;
}

/* Frees a query that was copied, with its texts; those of a query on the stack are the caller's. */
void
imp_ledger_query_free (ImpLedgerQuery *self)
{
  g_free ((char *) self->contract);
  g_free ((char *) self->function);
  g_free ((char *) self->author);
  g_free ((char *) self->class_id);
  g_free ((char *) self->version);
  g_free ((char *) self->cid);
  g_free ((char *) self->text);
  g_free (self);
}
