/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-fetch-list.h"

#include <string.h>

#define MINUTE 60000

/**
 * ImpFetchList:
 *
 * The last fetches, newest first.
 *
 * Devices may fetch a thousand times a second. What is put in waits until the list is flushed, which
 * whoever shows it does a few times a second, and is told of in one go; what is beyond the bound is let go.
 * All that are put in are counted by the minute, for the last hour.
 */
struct _ImpFetchList
{
  GObject parent_instance;

  GPtrArray      *items;    /* (owned) (element-type ImpFetch) oldest first */
  GPtrArray      *pending;  /* (owned) (element-type ImpFetch) oldest first */
  gint64          since;    /* ms: from when on all are counted */
  guint64         last_id;
  ImpFetchMinute  minutes[IMP_FETCH_LIST_MINUTES];  /* each at its minute modulo their number */
};

static void imp_fetch_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpFetchList, imp_fetch_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, imp_fetch_list_model_init))

static GType
imp_fetch_list_get_item_type (GListModel *model)
{
  return IMP_TYPE_FETCH;
}

static guint
imp_fetch_list_get_n_items (GListModel *model)
{
  return IMP_FETCH_LIST (model)->items->len;
}

static gpointer
imp_fetch_list_get_item (GListModel *model,
                         guint       position)
{
  GPtrArray *items = IMP_FETCH_LIST (model)->items;

  if (position >= items->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (items, items->len - 1 - position));
}

static void
imp_fetch_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = imp_fetch_list_get_item_type;
  iface->get_n_items = imp_fetch_list_get_n_items;
  iface->get_item = imp_fetch_list_get_item;
}

static void
imp_fetch_list_finalize (GObject *object)
{
  ImpFetchList *self = IMP_FETCH_LIST (object);

  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->pending);

  G_OBJECT_CLASS (imp_fetch_list_parent_class)->finalize (object);
}

static void
imp_fetch_list_class_init (ImpFetchListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_fetch_list_finalize;
}

static void
imp_fetch_list_init (ImpFetchList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->pending = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * imp_fetch_list_new:
 *
 * Makes an empty list, for others to put fetches in.
 *
 * Returns: (transfer full): the list
 */
ImpFetchList *
imp_fetch_list_new (void)
{
  return g_object_new (IMP_TYPE_FETCH_LIST, NULL);
}

/* A place that an older minute had is taken over; one that is older than what has the place came
 * too late to be counted.
 */
static void
count (ImpFetchList *self,
       ImpFetch     *fetch)
{
  gint64 minute = MAX (imp_fetch_get_time (fetch), 0) / MINUTE;
  ImpFetchMinute *place = &self->minutes[minute % IMP_FETCH_LIST_MINUTES];

  if (place->minute < minute)
    *place = (ImpFetchMinute) { minute, { 0 } };
  if (place->minute == minute)
    place->counts[imp_fetch_get_outcome (fetch)]++;
}

static void
keep_newest (GPtrArray *fetches)
{
  if (fetches->len > IMP_FETCH_LIST_MAX)
    g_ptr_array_remove_range (fetches, 0, fetches->len - IMP_FETCH_LIST_MAX);
}

/**
 * imp_fetch_list_replace:
 * @self: a list
 * @fetches: (element-type ImpFetch): what the agent listed, newest first
 * @complete: whether there are no older ones
 *
 * Begins anew.
 */
void
imp_fetch_list_replace (ImpFetchList *self,
                        GPtrArray    *fetches,
                        gboolean      complete)
{
  guint n_before = self->items->len;

  g_return_if_fail (IMP_IS_FETCH_LIST (self));

  g_ptr_array_set_size (self->items, 0);
  g_ptr_array_set_size (self->pending, 0);
  memset (self->minutes, 0, sizeof self->minutes);
  self->last_id = 0;
  for (guint i = fetches->len; i > 0; i--)
    {
      ImpFetch *fetch = g_ptr_array_index (fetches, i - 1);

      g_ptr_array_add (self->items, g_object_ref (fetch));
      count (self, fetch);
      self->last_id = MAX (self->last_id, imp_fetch_get_id (fetch));
    }

  self->since = !complete && fetches->len > 0
                  ? imp_fetch_get_time (g_ptr_array_index (fetches, fetches->len - 1))
                  : 0;
  keep_newest (self->items);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->items->len);
}

/**
 * imp_fetch_list_put:
 * @self: a list
 * @fetch: a fetch that an event told of
 *
 * Adds a fetch, to be shown at the next flush. One that was listed already is passed over.
 */
void
imp_fetch_list_put (ImpFetchList *self,
                    ImpFetch     *fetch)
{
  g_return_if_fail (IMP_IS_FETCH_LIST (self));
  g_return_if_fail (IMP_IS_FETCH (fetch));

  if (imp_fetch_get_id (fetch) <= self->last_id)
    return;

  self->last_id = imp_fetch_get_id (fetch);
  count (self, fetch);
  g_ptr_array_add (self->pending, g_object_ref (fetch));
  if (self->pending->len >= 2 * IMP_FETCH_LIST_MAX)
    keep_newest (self->pending);
}

/**
 * imp_fetch_list_flush:
 * @self: a list
 *
 * Takes in what waits, and tells of it in one go.
 *
 * Returns: whether anything did
 */
gboolean
imp_fetch_list_flush (ImpFetchList *self)
{
  guint n_before = self->items->len;
  guint n_new;
  guint n_gone;

  g_return_val_if_fail (IMP_IS_FETCH_LIST (self), FALSE);

  if (self->pending->len == 0)
    return FALSE;

  keep_newest (self->pending);
  n_new = self->pending->len;
  n_gone = n_before + n_new > IMP_FETCH_LIST_MAX ? n_before + n_new - IMP_FETCH_LIST_MAX : 0;

  if (n_gone > 0)
    {
      g_ptr_array_remove_range (self->items, 0, n_gone);
      g_list_model_items_changed (G_LIST_MODEL (self), n_before - n_gone, n_gone, 0);
    }
  g_ptr_array_extend_and_steal (self->items, g_steal_pointer (&self->pending));
  self->pending = g_ptr_array_new_with_free_func (g_object_unref);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, n_new);
  return TRUE;
}

/**
 * imp_fetch_list_get_since:
 * @self: a list
 *
 * Returns: from when on all fetches are counted, in milliseconds since 1970; 0 when all are
 */
gint64
imp_fetch_list_get_since (ImpFetchList *self)
{
  g_return_val_if_fail (IMP_IS_FETCH_LIST (self), 0);

  return self->since;
}

/**
 * imp_fetch_list_get_minute:
 * @self: a list
 * @minute: a minute since 1970
 *
 * Returns: (transfer none) (nullable): what was counted in it, %NULL when there was nothing
 */
const ImpFetchMinute *
imp_fetch_list_get_minute (ImpFetchList *self,
                           gint64        minute)
{
  const ImpFetchMinute *place;

  g_return_val_if_fail (IMP_IS_FETCH_LIST (self), NULL);
  g_return_val_if_fail (minute >= 0, NULL);

  place = &self->minutes[minute % IMP_FETCH_LIST_MINUTES];
  return place->minute == minute ? place : NULL;
}
