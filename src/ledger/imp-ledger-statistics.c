/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-private.h"

/* How much was published when, and what is the newest. */

/* Makes statistics without any count, for somebody to fill in. */
ImpStatistics *
imp_statistics_new (void)
{
  ImpStatistics *self = g_new0 (ImpStatistics, 1);

  self->hours = g_array_new (FALSE, FALSE, sizeof (ImpHourCount));
  self->newest = g_array_new (FALSE, FALSE, sizeof (gboolean));
  return self;
}

/* Frees statistics and their lists. */
void
imp_statistics_free (ImpStatistics *self)
{
  g_array_unref (self->hours);
  g_array_unref (self->newest);
  g_free (self);
}

/* A query that crosses to another thread owns its strings. */
static ImpStatisticsQuery *
query_copy (const ImpStatisticsQuery *self)
{
  ImpStatisticsQuery *copy = g_new0 (ImpStatisticsQuery, 1);

  copy->since = self->since;
  copy->n_versions = self->n_versions;
  copy->versions = g_new0 (ImpClassVersion, self->n_versions);
  for (guint i = 0; i < self->n_versions; i++)
    {
      copy->versions[i].class_id = g_strdup (self->versions[i].class_id);
      copy->versions[i].version = g_strdup (self->versions[i].version);
    }

  return copy;
}

static void
query_free (gpointer data)
{
  ImpStatisticsQuery *self = data;

  for (guint i = 0; i < self->n_versions; i++)
    {
      g_free ((char *) self->versions[i].class_id);
      g_free ((char *) self->versions[i].version);
    }
  g_free (self->versions);
  g_free (self);
}

static void
read_statistics_thread (GTask        *task,
                        gpointer      source_object,
                        gpointer      task_data,
                        GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  ImpStatistics *statistics;

  statistics = IMP_LEDGER_GET_IFACE (source_object)->read_statistics (source_object, task_data,
                                                                      cancellable, &error);
  if (statistics != NULL)
    g_task_return_pointer (task, statistics, (GDestroyNotify) imp_statistics_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * imp_ledger_read_statistics_async:
 * @self: a ledger
 * @query: since when, and which versions; need not outlive the call
 * @cancellable: (nullable): cancels the look-up
 * @callback: called once
 * @user_data: data for @callback
 *
 * Asks how many updates were registered in each hour, and which of some versions is the newest that
 * an author registered of its class. How long it takes does not depend on the ledger's height.
 */
void
imp_ledger_read_statistics_async (ImpLedger                *self,
                                  const ImpStatisticsQuery *query,
                                  GCancellable             *cancellable,
                                  GAsyncReadyCallback       callback,
                                  gpointer                  user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_LEDGER (self));
  g_return_if_fail (query != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_ledger_read_statistics_async);
  g_task_set_task_data (task, query_copy (query), query_free);

  if (IMP_LEDGER_GET_IFACE (self)->read_statistics == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                             "this ledger does not count its updates");
  else
    g_task_run_in_thread (task, read_statistics_thread);
}

/**
 * imp_ledger_read_statistics_finish:
 * @self: a ledger
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends a look-up.
 *
 * Returns: (transfer full) (nullable): the statistics, or `NULL` with @error set
 */
ImpStatistics *
imp_ledger_read_statistics_finish (ImpLedger     *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (IMP_IS_LEDGER (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
