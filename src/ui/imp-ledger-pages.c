/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-pages.h"

/* More than any screen shows, and the rest is asked for again. */
#define MAX_PAGES 24

/* Whoever drags through a million lines looks at thousands of pages in passing: those are asked for
 * first that were looked at last, a few at a time, and none that was forgotten meanwhile.
 */
#define MAX_ASKED 3
#define DELAY     15  /* ms */

typedef enum
{
  PAGE_WANTED,
  PAGE_ASKED,
  PAGE_FULL,
} PageState;

typedef struct
{
  ImpLedgerSpan  span;
  PageState      state;
  guint          n_filled;
  GPtrArray     *entries;  /* (owned) of ImpLedgerEntry, made as they are looked at */
  GList          link;     /* in recent */
} Page;

struct _ImpLedgerPages
{
  ImpLedgerFailedFunc  failed;
  gpointer             user_data;

  ImpAgentClient  *client;       /* (owned) (nullable) */
  ImpLedgerFilter *filter;       /* (owned) (nullable) */
  GCancellable    *cancellable;  /* (owned) (nullable): of everything under way */
  GHashTable      *pages;        /* (owned): first line -> Page */
  GQueue           recent;       /* of pages, the last looked at first */
  guint            n_asked;
  guint            delay_id;
};

/* A question on its way; the pages may be gone when it is answered, which its cancellation tells. */
typedef struct
{
  ImpLedgerPages *pages;
  guint64         first;
} Question;

static void ask_wanted (ImpLedgerPages *self);

static void
unref_entry (gpointer entry)
{
  g_clear_object (&entry);
}

static void
page_free (gpointer data)
{
  Page *page = data;

  g_ptr_array_unref (page->entries);
  g_free (page);
}

static gboolean
delay_cb (gpointer user_data)
{
  ImpLedgerPages *self = user_data;

  self->delay_id = 0;
  ask_wanted (self);
  return G_SOURCE_REMOVE;
}

static void
want (ImpLedgerPages *self,
      Page           *page)
{
  page->state = PAGE_WANTED;
  if (self->delay_id == 0)
    self->delay_id = g_timeout_add (DELAY, delay_cb, self);
}

static ImpLedgerEntry *
get_entry (Page  *page,
           guint  index)
{
  gint64 sequence = page->span.dense ? (gint64) (page->span.first + index) : -1;

  if (page->entries->pdata[index] == NULL)
    page->entries->pdata[index] = imp_ledger_entry_new (sequence);

  return page->entries->pdata[index];
}

static void
fill (Page      *page,
      GPtrArray *transactions)
{
  for (guint i = 0; i < transactions->len && page->n_filled < page->span.n; i++)
    {
      imp_ledger_entry_set_transaction (get_entry (page, page->n_filled), transactions->pdata[i]);
      page->n_filled++;
    }
}

/* An agent may have had no time for all of a page; the newest one is not full yet. */
static void
take_answer (ImpLedgerPages *self,
             Page           *page,
             ImpPage        *answer)
{
  fill (page, answer->items);
  page->state = PAGE_FULL;
  if (page->n_filled < page->span.n && answer->items->len > 0 && answer->next != 0)
    want (self, page);
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr(ImpPage) answer = NULL;
  g_autoptr(GError) error = NULL;
  ImpLedgerPages *self = question->pages;
  Page *page;

  answer = imp_agent_client_list_transactions_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->n_asked--;
  page = g_hash_table_lookup (self->pages, &question->first);
  if (answer != NULL && page != NULL)
    take_answer (self, page, answer);
  else if (page != NULL)
    page->state = PAGE_WANTED;

  if (answer != NULL)
    ask_wanted (self);
  else
    self->failed (error, self->user_data);
}

static guint64
get_last (Page *page)
{
  ImpLedgerEntry *entry = page->entries->pdata[page->n_filled - 1];

  return imp_transaction_get_sequence (imp_ledger_entry_get_transaction (entry));
}

/* From the first line on, or from where the last answer ended. */
static void
ask (ImpLedgerPages *self,
     Page           *page)
{
  Question *question = g_new0 (Question, 1);
  ImpPageQuery query;

  imp_ledger_filter_make_query (self->filter, &query);
  query.limit = page->span.n - page->n_filled;
  if (query.oldest_first)
    query.from = page->n_filled == 0 ? page->span.first : get_last (page) + 1;
  else
    query.before = page->n_filled == 0 ? page->span.first + 1 : get_last (page);

  question->pages = self;
  question->first = page->span.first;
  page->state = PAGE_ASKED;
  self->n_asked++;
  imp_agent_client_list_transactions_async (self->client, &query, self->cancellable, answered_cb,
                                            question);
}

static void
ask_wanted (ImpLedgerPages *self)
{
  if (self->client == NULL)
    return;

  for (GList *link = self->recent.head; link != NULL && self->n_asked < MAX_ASKED; link = link->next)
    {
      Page *page = link->data;

      if (page->state == PAGE_WANTED)
        ask (self, page);
    }
}

static void
forget (ImpLedgerPages *self,
        Page           *page)
{
  g_queue_unlink (&self->recent, &page->link);
  g_hash_table_remove (self->pages, &page->span.first);
}

static Page *
make_page (ImpLedgerPages      *self,
           const ImpLedgerSpan *span)
{
  Page *page = g_new0 (Page, 1);

  page->span = *span;
  page->link.data = page;
  page->entries = g_ptr_array_new_with_free_func (unref_entry);
  g_ptr_array_set_size (page->entries, span->n);

  if (g_hash_table_size (self->pages) >= MAX_PAGES)
    forget (self, self->recent.tail->data);
  g_hash_table_insert (self->pages, &page->span.first, page);
  g_queue_push_head_link (&self->recent, &page->link);
  return page;
}

static Page *
look_up (ImpLedgerPages      *self,
         const ImpLedgerSpan *span)
{
  Page *page = g_hash_table_lookup (self->pages, &span->first);

  if (page == NULL)
    return make_page (self, span);

  g_queue_unlink (&self->recent, &page->link);
  g_queue_push_head_link (&self->recent, &page->link);
  return page;
}

/**
 * imp_ledger_pages_new:
 * @failed: (scope forever): told when a page could not be asked for
 * @user_data: data for @failed
 *
 * Makes pages of which none was asked for.
 *
 * Returns: (transfer full): the pages
 */
ImpLedgerPages *
imp_ledger_pages_new (ImpLedgerFailedFunc failed,
                      gpointer            user_data)
{
  ImpLedgerPages *self = g_new0 (ImpLedgerPages, 1);

  self->failed = failed;
  self->user_data = user_data;
  self->pages = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, page_free);
  g_queue_init (&self->recent);
  return self;
}

/**
 * imp_ledger_pages_free:
 * @self: (transfer full): the pages, not `NULL`
 *
 * Cancels what is asked, and forgets all pages.
 */
void
imp_ledger_pages_free (ImpLedgerPages *self)
{
  imp_ledger_pages_stop (self);
  g_hash_table_unref (self->pages);
  g_clear_object (&self->client);
  g_clear_pointer (&self->filter, imp_ledger_filter_free);
  g_free (self);
}

/**
 * imp_ledger_pages_start:
 * @self: pages
 * @client: the agents to ask
 * @filter: which lines, and in which order
 *
 * Asks for what is wanted from now on; for what was on its way, once more.
 */
void
imp_ledger_pages_start (ImpLedgerPages        *self,
                        ImpAgentClient        *client,
                        const ImpLedgerFilter *filter)
{
  imp_ledger_pages_stop (self);
  self->cancellable = g_cancellable_new ();
  g_set_object (&self->client, client);
  g_clear_pointer (&self->filter, imp_ledger_filter_free);
  self->filter = imp_ledger_filter_copy (filter);
  for (GList *link = self->recent.head; link != NULL; link = link->next)
    {
      Page *page = link->data;

      if (page->state != PAGE_FULL)
        want (self, page);
    }
}

/**
 * imp_ledger_pages_stop:
 * @self: the pages
 *
 * Cancels what is asked. Pages that have come stay.
 */
void
imp_ledger_pages_stop (ImpLedgerPages *self)
{
  g_clear_handle_id (&self->delay_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->n_asked = 0;
}

/**
 * imp_ledger_pages_clear:
 * @self: the pages, stopped
 *
 * Forgets all pages, so that they are asked for anew when they are looked at.
 */
void
imp_ledger_pages_clear (ImpLedgerPages *self)
{
  g_queue_init (&self->recent);
  g_hash_table_remove_all (self->pages);
}

/**
 * imp_ledger_pages_has_lines:
 * @self: pages
 *
 * Returns: whether any line has come
 */
gboolean
imp_ledger_pages_has_lines (ImpLedgerPages *self)
{
  for (GList *link = self->recent.head; link != NULL; link = link->next)
    {
      Page *page = link->data;

      if (page->n_filled > 0)
        return TRUE;
    }

  return FALSE;
}

/**
 * imp_ledger_pages_get:
 * @self: pages
 * @span: a page
 * @index: a line of it
 *
 * Gets a line. It is empty until its page has come, which is then asked for.
 *
 * Returns: (transfer full): the line
 */
ImpLedgerEntry *
imp_ledger_pages_get (ImpLedgerPages      *self,
                      const ImpLedgerSpan *span,
                      guint                index)
{
  Page *page = look_up (self, span);

  if (page->state == PAGE_WANTED)
    want (self, page);
  return g_object_ref (get_entry (page, index));
}

/**
 * imp_ledger_pages_add:
 * @self: pages
 * @span: a page
 * @transactions: (element-type ImpTransaction): all lines of it
 *
 * Keeps a page that came without being asked for here.
 */
void
imp_ledger_pages_add (ImpLedgerPages      *self,
                      const ImpLedgerSpan *span,
                      GPtrArray           *transactions)
{
  Page *page = look_up (self, span);

  fill (page, transactions);
  page->state = PAGE_FULL;
}

/**
 * imp_ledger_pages_expire:
 * @self: pages
 * @first: the first line of a page
 *
 * Says that there is more of a page by now. It is asked for when that is looked at.
 */
void
imp_ledger_pages_expire (ImpLedgerPages *self,
                         guint64         first)
{
  Page *page = g_hash_table_lookup (self->pages, &first);

  if (page != NULL && page->n_filled < page->span.n && page->state == PAGE_FULL)
    page->state = PAGE_WANTED;
}
