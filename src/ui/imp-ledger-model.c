/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-model.h"

#include "imp-ledger-entry.h"

#define PAGE_SIZE 100
/* 50 pages are more than any screen shows; the rest is asked for again. */
#define MAX_PAGES 50

/**
 * ImpLedgerModel:
 *
 * The ledger as a list, newest line first, whatever its length.
 *
 * Whole, it is as long as the ledger is high: every line has its number, so a
 * line's place is known before the line is. A page of lines is asked for by key
 * when one of them is looked at, and forgotten when enough others have been.
 *
 * Searched, its length is not known: it grows page by page as its end comes
 * into sight.
 */
struct _ImpLedgerModel
{
  GObject parent_instance;

  ImpAgentClient *client;       /* (owned) (nullable) */
  GCancellable   *cancellable;  /* (owned) (nullable): of everything under way */
  char           *text;         /* (owned) (nullable): searched for */

  guint64     height;
  GHashTable *pages;            /* (owned): number -> Page */
  GQueue      recent;           /* of pages, the last looked at first */

  GPtrArray *found;             /* (owned): entries of a search */
  guint64    next;              /* key of the next page of a search, 0 at its end */
  gboolean   asking;            /* for that page */
};

typedef struct
{
  guint64    number;
  GPtrArray *entries;  /* (owned) */
  GList      link;     /* in recent */
} Page;

typedef struct
{
  ImpLedgerModel *model;  /* (owned) */
  guint64         page;
} Request;

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
page_free (gpointer data)
{
  Page *page = data;

  g_ptr_array_unref (page->entries);
  g_free (page);
}

static void
request_free (Request *request)
{
  g_object_unref (request->model);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
fail (ImpLedgerModel *self,
      const GError   *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static void
fill_entry (gpointer item,
            gpointer user_data)
{
  GPtrArray *entries = user_data;
  ImpTransaction *transaction = item;
  guint index = imp_transaction_get_sequence (transaction) % PAGE_SIZE;

  imp_ledger_entry_set_transaction (g_ptr_array_index (entries, index), transaction);
}

static void
got_page_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Request) request = user_data;
  ImpLedgerModel *self = request->model;
  g_autoptr(ImpPage) answer = NULL;
  g_autoptr(GError) error = NULL;
  Page *page;

  answer = imp_agent_client_list_transactions_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (answer == NULL)
    {
      fail (self, error);
      return;
    }

  /* It may have been forgotten while it was on its way. */
  page = g_hash_table_lookup (self->pages, &request->page);
  for (guint i = 0; page != NULL && i < answer->items->len; i++)
    {
      ImpTransaction *transaction = g_ptr_array_index (answer->items, i);

      if (imp_transaction_get_sequence (transaction) / PAGE_SIZE == page->number)
        fill_entry (transaction, page->entries);
    }
}

static void
ask_page (ImpLedgerModel *self,
          Page           *page)
{
  ImpPageQuery query = { .before = (page->number + 1) * PAGE_SIZE, .limit = PAGE_SIZE };
  Request *request = g_new0 (Request, 1);

  request->model = g_object_ref (self);
  request->page = page->number;
  imp_agent_client_list_transactions_async (self->client, &query, self->cancellable, got_page_cb,
                                            request);
}

static void
forget_page (ImpLedgerModel *self,
             Page           *page)
{
  g_queue_unlink (&self->recent, &page->link);
  g_hash_table_remove (self->pages, &page->number);
}

static Page *
make_page (ImpLedgerModel *self,
           guint64         number)
{
  Page *page = g_new0 (Page, 1);

  page->number = number;
  page->link.data = page;
  page->entries = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < PAGE_SIZE; i++)
    g_ptr_array_add (page->entries, imp_ledger_entry_new (number * PAGE_SIZE + i));

  if (g_hash_table_size (self->pages) >= MAX_PAGES)
    forget_page (self, self->recent.tail->data);
  g_hash_table_insert (self->pages, &page->number, page);
  g_queue_push_head_link (&self->recent, &page->link);
  ask_page (self, page);
  return page;
}

static Page *
get_page (ImpLedgerModel *self,
          guint64         number)
{
  Page *page = g_hash_table_lookup (self->pages, &number);

  if (page == NULL)
    return make_page (self, number);

  g_queue_unlink (&self->recent, &page->link);
  g_queue_push_head_link (&self->recent, &page->link);
  return page;
}

static void
found_page_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ImpLedgerModel) self = user_data;
  g_autoptr(ImpPage) answer = NULL;
  g_autoptr(GError) error = NULL;
  guint position = self->found->len;

  answer = imp_agent_client_list_transactions_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->asking = FALSE;
  if (answer == NULL)
    {
      fail (self, error);
      return;
    }

  for (guint i = 0; i < answer->items->len; i++)
    {
      ImpTransaction *transaction = g_ptr_array_index (answer->items, i);
      ImpLedgerEntry *entry = imp_ledger_entry_new (imp_transaction_get_sequence (transaction));

      imp_ledger_entry_set_transaction (entry, transaction);
      g_ptr_array_add (self->found, entry);
    }

  self->next = answer->next;
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, answer->items->len);
  g_signal_emit (self, signals[SIGNAL_LOADED], 0);
}

static void
find_more (ImpLedgerModel *self)
{
  ImpPageQuery query = { .before = self->next, .limit = PAGE_SIZE, .text = self->text };

  self->asking = TRUE;
  imp_agent_client_list_transactions_async (self->client, &query, self->cancellable,
                                            found_page_cb, g_object_ref (self));
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

  return self->text != NULL ? self->found->len : MIN (self->height, G_MAXUINT);
}

static gpointer
imp_ledger_model_get_item (GListModel *model,
                           guint       position)
{
  ImpLedgerModel *self = IMP_LEDGER_MODEL (model);
  guint64 sequence;

  if (position >= imp_ledger_model_get_n_items (model))
    return NULL;

  if (self->text != NULL)
    {
      if (position + PAGE_SIZE / 2 >= self->found->len && self->next != 0 && !self->asking)
        find_more (self);
      return g_object_ref (g_ptr_array_index (self->found, position));
    }

  sequence = self->height - 1 - position;
  return g_object_ref (g_ptr_array_index (get_page (self, sequence / PAGE_SIZE)->entries,
                                          sequence % PAGE_SIZE));
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

  g_queue_init (&self->recent);
  g_hash_table_remove_all (self->pages);
  g_ptr_array_set_size (self->found, 0);
  self->height = 0;
  self->next = 0;
  self->asking = FALSE;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
}

static void
grow (ImpLedgerModel *self,
      guint64         height)
{
  guint64 more = height > self->height ? height - self->height : 0;
  guint64 newest = self->height / PAGE_SIZE;
  Page *page;

  if (more == 0)
    return;

  /* The newest page was asked for when it was not full yet. */
  page = g_hash_table_lookup (self->pages, &newest);
  self->height = height;
  if (page != NULL)
    ask_page (self, page);
  if (self->text == NULL)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, (guint) more);
}

static void
event_cb (ImpLedgerModel *self,
          const char     *name,
          JsonObject     *data)
{
  if (!g_str_equal (name, "transaction") || !json_object_has_member (data, "sequence"))
    return;

  if (self->text == NULL)
    {
      grow (self, json_object_get_int_member (data, "sequence") + 1);
      g_signal_emit (self, signals[SIGNAL_LOADED], 0);
    }
}

static void
got_status_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ImpLedgerModel) self = user_data;
  g_autoptr(JsonObject) status = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *ledger = NULL;
  guint64 height = 0;

  status = imp_agent_client_get_status_finish (IMP_AGENT_CLIENT (object), result, NULL, &error);
  if (status == NULL)
    {
      fail (self, error);
      return;
    }

  if (json_object_has_member (status, "ledger"))
    ledger = json_object_get_object_member (status, "ledger");
  if (ledger != NULL)
    height = json_object_get_int_member_with_default (ledger, "height", 0);

  /* A ledger never shrinks; another one may be lower. */
  if (height < self->height)
    forget_all (self);
  grow (self, height);
  g_signal_emit (self, signals[SIGNAL_LOADED], 0);
}

static void
imp_ledger_model_dispose (GObject *object)
{
  ImpLedgerModel *self = IMP_LEDGER_MODEL (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (imp_ledger_model_parent_class)->dispose (object);
}

static void
imp_ledger_model_finalize (GObject *object)
{
  ImpLedgerModel *self = IMP_LEDGER_MODEL (object);

  g_hash_table_unref (self->pages);
  g_ptr_array_unref (self->found);
  g_free (self->text);

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
   * Emitted when the agents answered how long the list is.
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
  self->pages = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, page_free);
  self->found = g_ptr_array_new_with_free_func (g_object_unref);
  g_queue_init (&self->recent);
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

static void
restart (ImpLedgerModel *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
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

  restart (self);
  set_client (self, client);
  if (self->text != NULL)
    {
      forget_all (self);
      find_more (self);
      return;
    }

  /* What was on its way has just been cancelled: it is asked for anew. */
  for (GList *link = self->recent.head; link != NULL; link = link->next)
    ask_page (self, link->data);
  imp_agent_client_get_status_async (client, "retrieval", self->cancellable, got_status_cb,
                                     g_object_ref (self));
}

/**
 * imp_ledger_model_set_text:
 * @self: a ledger model
 * @text: (nullable): what to search for, %NULL or empty for the whole ledger
 *
 * Searches the ledger.
 */
void
imp_ledger_model_set_text (ImpLedgerModel *self,
                           const char     *text)
{
  g_return_if_fail (IMP_IS_LEDGER_MODEL (self));

  if (text != NULL && *text == '\0')
    text = NULL;
  if (g_strcmp0 (text, self->text) == 0)
    return;

  forget_all (self);
  g_free (self->text);
  self->text = g_strdup (text);
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

  g_cancellable_cancel (self->cancellable);
}
