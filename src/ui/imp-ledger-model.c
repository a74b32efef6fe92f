/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-model.h"

#include "imp-ledger-finds.h"
#include "imp-ledger-pages.h"

#define PAGE_SIZE 100

/* A thousand events a second change what is shown ten times. */
#define GROW_DELAY 100  /* ms */

/**
 * ImpLedgerModel:
 *
 * The ledger as a list, whatever its length, in either order.
 *
 * Whole, it is as long as the ledger is high: every line has its number, so a
 * line's place is known before the line is, and any part of it can be jumped to.
 * A page of lines is asked for when one of them is looked at, and forgotten when
 * enough others have been.
 *
 * Filtered, its length is not known: it grows page by page as its end comes into
 * sight, and remembers of each page only where it begins.
 */
struct _ImpLedgerModel
{
  GObject parent_instance;

  ImpAgentClient  *client;       /* (owned) (nullable) */
  GCancellable    *cancellable;  /* (owned) (nullable): of the status that was asked for */
  ImpLedgerFilter *filter;       /* (owned) */
  ImpLedgerPages  *pages;        /* (owned) */
  ImpLedgerFinds  *finds;        /* (owned) (nullable): where the model is filtered */

  guint64 height;
  guint64 announced;             /* height that events told of */
  guint   grow_id;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpLedgerModel, imp_ledger_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

enum {
  SIGNAL_LOADED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
failed_cb (const GError *error,
           gpointer      user_data)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (user_data, signals[SIGNAL_FAILED], 0, error);
}

/* A search that is on its way has not found nothing. */
static void
tell_loaded (ImpLedgerModel *self)
{
  if (self->finds == NULL || imp_ledger_finds_get_n (self->finds) > 0 || !imp_ledger_finds_is_asking (self->finds))
    g_signal_emit (self, signals[SIGNAL_LOADED], 0);
}

static void
found_cb (guint    position,
          guint    n_added,
          gpointer user_data)
{
  if (n_added > 0)
    g_list_model_items_changed (user_data, position, 0, n_added);
  tell_loaded (user_data);
}

static GType
imp_ledger_model_get_item_type (GListModel *model)
{
  return IMP_TYPE_LEDGER_ENTRY;
}

static guint
imp_ledger_model_get_n_items (GListModel *model)
{
  ImpLedgerModel *self = IMP_LEDGER_MODEL (model);

  return self->finds != NULL ? imp_ledger_finds_get_n (self->finds) : MIN (self->height, G_MAXUINT);
}

/* Pages begin at round numbers and go upwards, so that those that are full stay what they are. */
static ImpLedgerEntry *
get_line (ImpLedgerModel *self,
          guint64         sequence)
{
  const ImpLedgerSpan span = { sequence / PAGE_SIZE * PAGE_SIZE, PAGE_SIZE, TRUE };

  return imp_ledger_pages_get (self->pages, &span, sequence % PAGE_SIZE);
}

static gpointer
imp_ledger_model_get_item (GListModel *model,
                           guint       position)
{
  ImpLedgerModel *self = IMP_LEDGER_MODEL (model);

  if (position >= imp_ledger_model_get_n_items (model))
    return NULL;

  if (self->finds != NULL)
    return imp_ledger_finds_get (self->finds, position);

  return get_line (self, self->filter->oldest_first ? position : self->height - 1 - position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = imp_ledger_model_get_item_type;
  iface->get_n_items = imp_ledger_model_get_n_items;
  iface->get_item = imp_ledger_model_get_item;
}

static void
forget_all (ImpLedgerModel *self)
{
  guint n = imp_ledger_model_get_n_items (G_LIST_MODEL (self));

  imp_ledger_pages_stop (self->pages);
  imp_ledger_pages_clear (self->pages);
  g_clear_pointer (&self->finds, imp_ledger_finds_free);
  self->height = 0;
  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
}

static void
grow_whole (ImpLedgerModel *self,
            guint64         height)
{
  guint64 more = height - self->height;
  guint64 position = self->filter->oldest_first ? self->height : 0;

  /* The newest page was asked for when it was not full yet. */
  imp_ledger_pages_expire (self->pages, self->height / PAGE_SIZE * PAGE_SIZE);
  self->height = height;
  g_list_model_items_changed (G_LIST_MODEL (self), (guint) position, 0, (guint) more);
}

static void
grow (ImpLedgerModel *self,
      guint64         height)
{
  if (height <= self->height)
    return;

  if (self->finds == NULL)
    {
      grow_whole (self, height);
      return;
    }

  imp_ledger_finds_grow (self->finds, self->height);
  self->height = height;
}

static gboolean
grow_cb (gpointer user_data)
{
  ImpLedgerModel *self = user_data;

  self->grow_id = 0;
  grow (self, self->announced);
  tell_loaded (self);
  return G_SOURCE_REMOVE;
}

static void
event_cb (ImpLedgerModel *self,
          const char     *name,
          JsonObject     *data)
{
  gint64 sequence;

  if (!g_str_equal (name, "transaction"))
    return;

  sequence = json_object_get_int_member_with_default (data, "sequence", -1);
  if (sequence < 0)
    return;

  self->announced = MAX (self->announced, (guint64) sequence + 1);
  if (self->grow_id == 0)
    self->grow_id = g_timeout_add (GROW_DELAY, grow_cb, self);
}

static guint64
read_height (JsonObject *status)
{
  JsonNode *ledger = json_object_get_member (status, "ledger");
  gint64 height = 0;

  if (ledger != NULL && JSON_NODE_HOLDS_OBJECT (ledger))
    height = json_object_get_int_member_with_default (json_node_get_object (ledger), "height", 0);

  return MAX (height, 0);
}

/* Pages go upwards whatever way they are shown, so that the newest one is added to at its end. */
static void
start_pages (ImpLedgerModel *self)
{
  g_autoptr(ImpLedgerFilter) order = imp_ledger_filter_copy (self->filter);

  order->oldest_first = order->oldest_first || self->finds == NULL;
  imp_ledger_pages_start (self->pages, self->client, order);
}

static void
got_status_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ImpLedgerModel) self = user_data;
  g_autoptr(JsonObject) status = NULL;
  g_autoptr(GError) error = NULL;
  guint64 height;

  status = imp_agent_client_get_status_finish (IMP_AGENT_CLIENT (object), result, NULL, &error);
  if (status == NULL)
    {
      failed_cb (error, self);
      return;
    }

  height = read_height (status);
  /* A ledger never shrinks; another one may be lower. */
  if (height < self->height)
    forget_all (self);
  self->announced = height;
  if (!imp_ledger_filter_is_empty (self->filter) && self->finds == NULL)
    {
      self->height = height;
      self->finds = imp_ledger_finds_new (self->pages, self->client, self->filter, height, found_cb,
                                          failed_cb, self);
      start_pages (self);
      imp_ledger_finds_find_more (self->finds);
      return;
    }

  start_pages (self);
  if (self->finds != NULL)
    imp_ledger_finds_resume (self->finds);
  grow (self, height);
  tell_loaded (self);
}

static void
imp_ledger_model_dispose (GObject *object)
{
  ImpLedgerModel *self = IMP_LEDGER_MODEL (object);

  imp_ledger_model_close (self);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (imp_ledger_model_parent_class)->dispose (object);
}

static void
imp_ledger_model_finalize (GObject *object)
{
  ImpLedgerModel *self = IMP_LEDGER_MODEL (object);

  g_clear_pointer (&self->finds, imp_ledger_finds_free);
  g_clear_pointer (&self->pages, imp_ledger_pages_free);
  g_clear_pointer (&self->filter, imp_ledger_filter_free);

  G_OBJECT_CLASS (imp_ledger_model_parent_class)->finalize (object);
}

static void
imp_ledger_model_class_init (ImpLedgerModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = imp_ledger_model_dispose;
  object_class->finalize = imp_ledger_model_finalize;

  /**
   * ImpLedgerModel::loaded:
   *
   * Emitted when the agents answered how long the list is, or found more of it.
   */
  signals[SIGNAL_LOADED] =
    g_signal_new ("loaded",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  /**
   * ImpLedgerModel::failed:
   * @self: the model
   * @error: why
   *
   * Emitted when something that was looked at could not be loaded.
   */
  signals[SIGNAL_FAILED] =
    g_signal_new ("failed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
imp_ledger_model_init (ImpLedgerModel *self)
{
  self->filter = imp_ledger_filter_new ();
  self->pages = imp_ledger_pages_new (failed_cb, self);
}

/**
 * imp_ledger_model_new:
 *
 * Makes an empty list.
 *
 * Returns: (transfer full): the model
 */
ImpLedgerModel *
imp_ledger_model_new (void)
{
  return g_object_new (IMP_TYPE_LEDGER_MODEL, NULL);
}

/**
 * imp_ledger_model_get_filter:
 * @self: a model
 *
 * Returns: which lines it has, in which order; lent by @self
 */
const ImpLedgerFilter *
imp_ledger_model_get_filter (ImpLedgerModel *self)
{
  g_return_val_if_fail (IMP_IS_LEDGER_MODEL (self), NULL);

  return self->filter;
}

/**
 * imp_ledger_model_get_height:
 * @self: a ledger model
 *
 * Gets how high the ledger is, whatever part of it is shown.
 *
 * Returns: lines of the ledger
 */
guint64
imp_ledger_model_get_height (ImpLedgerModel *self)
{
  g_return_val_if_fail (IMP_IS_LEDGER_MODEL (self), 0);

  return self->height;
}

/**
 * imp_ledger_model_has_lines:
 * @self: a model
 *
 * Returns: whether any line has come, so that there is something to look at
 */
gboolean
imp_ledger_model_has_lines (ImpLedgerModel *self)
{
  return imp_ledger_pages_has_lines (self->pages);
}

static ImpLedgerStretch
locate (ImpLedgerModel *self,
        guint           position)
{
  ImpLedgerStretch stretch = { .count = 1 };

  if (self->finds != NULL)
    imp_ledger_finds_locate (self->finds, position, &stretch);
  else
    stretch.first = self->filter->oldest_first ? position : self->height - 1 - position;

  return stretch;
}

/**
 * imp_ledger_model_make_stretches:
 * @self: a ledger model
 * @places: places of the list
 *
 * Says how to ask an agent for lines, whether they are loaded or not: those that follow each other
 * together.
 *
 * Returns: (transfer full) (element-type ImpLedgerStretch): what to ask for
 */
GArray *
imp_ledger_model_make_stretches (ImpLedgerModel *self,
                                 GtkBitset      *places)
{
  GArray *stretches = g_array_new (FALSE, FALSE, sizeof (ImpLedgerStretch));
  GtkBitsetIter iter;
  guint position, last = 0;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, places, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      ImpLedgerStretch stretch;

      if (stretches->len > 0 && position == last + 1)
        g_array_index (stretches, ImpLedgerStretch, stretches->len - 1).count++;
      else
        {
          stretch = locate (self, position);
          g_array_append_val (stretches, stretch);
        }
      last = position;
    }

  return stretches;
}

static void
set_client (ImpLedgerModel *self,
            ImpAgentClient *client)
{
  if (client == self->client)
    return;

  if (self->client != NULL)
    g_signal_handlers_disconnect_by_func (self->client, event_cb, self);
  g_set_object (&self->client, client);
  g_signal_connect_object (client, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  forget_all (self);
}

/**
 * imp_ledger_model_load:
 * @self: a ledger model
 * @client: the agents to ask
 *
 * Asks how long the list is by now. Another client is another ledger.
 */
void
imp_ledger_model_load (ImpLedgerModel *self,
                       ImpAgentClient *client)
{
  g_return_if_fail (IMP_IS_LEDGER_MODEL (self));
  g_return_if_fail (IMP_IS_AGENT_CLIENT (client));

  imp_ledger_model_close (self);
  self->cancellable = g_cancellable_new ();
  set_client (self, client);
  imp_agent_client_get_status_async (client, "retrieval", self->cancellable, got_status_cb,
                                     g_object_ref (self));
}

/**
 * imp_ledger_model_set_filter:
 * @self: a ledger model
 * @filter: which lines, and in which order
 *
 * Shows another part of the ledger, or the same in another order.
 */
void
imp_ledger_model_set_filter (ImpLedgerModel        *self,
                             const ImpLedgerFilter *filter)
{
  g_return_if_fail (IMP_IS_LEDGER_MODEL (self));
  g_return_if_fail (filter != NULL);

  if (imp_ledger_filter_equal (filter, self->filter))
    return;

  forget_all (self);
  imp_ledger_filter_free (self->filter);
  self->filter = imp_ledger_filter_copy (filter);
  if (self->client != NULL)
    imp_ledger_model_load (self, self->client);
}

/**
 * imp_ledger_model_close:
 * @self: a ledger model
 *
 * Waits for no answer any more.
 */
void
imp_ledger_model_close (ImpLedgerModel *self)
{
  g_return_if_fail (IMP_IS_LEDGER_MODEL (self));

  g_clear_handle_id (&self->grow_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  imp_ledger_pages_stop (self->pages);
  if (self->finds != NULL)
    imp_ledger_finds_stop (self->finds);
}
