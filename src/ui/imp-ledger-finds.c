/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-finds.h"

#define PAGE_SIZE 100

/* Pages that were found one after the other, of which only where they begin is kept: what is in them
 * is asked for again when it is looked at again.
 */
struct _ImpLedgerFinds
{
  ImpLedgerPages      *pages;        /* (unowned) */
  ImpAgentClient      *client;       /* (owned) */
  ImpLedgerFilter     *filter;       /* (owned) */
  ImpLedgerFoundFunc   found;
  ImpLedgerFailedFunc  failed;
  gpointer             user_data;

  GArray       *marks;        /* (owned) of Mark, by position */
  GCancellable *cancellable;  /* (owned) */
  guint64       next;         /* where to look on, 0 at the end */
  gboolean      asking;       /* for that */
  gboolean      stuck;        /* asking failed */
  guint64       last;         /* line that was found last */
  guint64       grown_from;   /* new lines from here on were not looked through; 0: none */
  guint64       growing_from; /* those that are looked through now */
  gboolean      growing;
};

typedef struct
{
  guint         position;
  ImpLedgerSpan span;
} Mark;

/**
 * imp_ledger_finds_new:
 * @pages: where pages are kept
 * @client: the agents to ask
 * @filter: what to look for
 * @height: lines that there are by now; of later ones [func@ImpLedgerFinds.grow] tells
 * @found: told of more
 * @failed: told why there is no more
 * @user_data: data for both
 *
 * Prepares a search, which begins with [func@ImpLedgerFinds.find_more].
 *
 * Returns: (transfer full): the search
 */
ImpLedgerFinds *
imp_ledger_finds_new (ImpLedgerPages        *pages,
                      ImpAgentClient        *client,
                      const ImpLedgerFilter *filter,
                      guint64                height,
                      ImpLedgerFoundFunc     found,
                      ImpLedgerFailedFunc    failed,
                      gpointer               user_data)
{
  ImpLedgerFinds *self = g_new0 (ImpLedgerFinds, 1);

  self->pages = pages;
  self->client = g_object_ref (client);
  self->filter = imp_ledger_filter_copy (filter);
  self->next = filter->oldest_first ? 0 : height;
  self->found = found;
  self->failed = failed;
  self->user_data = user_data;
  self->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  self->cancellable = g_cancellable_new ();
  return self;
}

/**
 * imp_ledger_finds_free:
 * @self: (transfer full): what was found, not `NULL`
 *
 * Cancels what is asked, without telling anybody, and frees the rest. The pages are lent and stay.
 */
void
imp_ledger_finds_free (ImpLedgerFinds *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_object_unref (self->client);
  imp_ledger_filter_free (self->filter);
  g_array_unref (self->marks);
  g_free (self);
}

/**
 * imp_ledger_finds_get_n:
 * @self: what was found
 *
 * Returns: how many lines were found so far
 */
guint
imp_ledger_finds_get_n (ImpLedgerFinds *self)
{
  Mark *last;

  if (self->marks->len == 0)
    return 0;

  last = &g_array_index (self->marks, Mark, self->marks->len - 1);
  return last->position + last->span.n;
}

static int
compare_mark (gconstpointer a,
              gconstpointer b)
{
  const Mark *mark = a;
  const Mark *wanted = b;

  if (wanted->position < mark->position)
    return 1;
  return wanted->position >= mark->position + mark->span.n ? -1 : 0;
}

static Mark *
find_mark (ImpLedgerFinds *self,
           guint           position)
{
  const Mark wanted = { .position = position };
  guint index = 0;

  g_array_binary_search (self->marks, &wanted, compare_mark, &index);
  return &g_array_index (self->marks, Mark, index);
}

/**
 * imp_ledger_finds_get:
 * @self: a search
 * @position: a place below what was found
 *
 * Gets a line, and looks on where the last ones come into sight.
 *
 * Returns: (transfer full): the line
 */
ImpLedgerEntry *
imp_ledger_finds_get (ImpLedgerFinds *self,
                      guint           position)
{
  Mark *mark;

  if (position + PAGE_SIZE / 2 >= imp_ledger_finds_get_n (self) && self->next != 0)
    imp_ledger_finds_find_more (self);

  mark = find_mark (self, position);
  return imp_ledger_pages_get (self->pages, &mark->span, position - mark->position);
}

/**
 * imp_ledger_finds_locate:
 * @self: a search
 * @position: a place below what was found
 * @stretch: (out): where lines from there on begin
 *
 * Says how to come to a place again.
 */
void
imp_ledger_finds_locate (ImpLedgerFinds   *self,
                         guint             position,
                         ImpLedgerStretch *stretch)
{
  Mark *mark = find_mark (self, position);

  stretch->first = mark->span.first;
  stretch->skip = position - mark->position;
}

/* At the end, or before everything else. */
static void
add_mark (ImpLedgerFinds *self,
          GPtrArray      *transactions,
          gboolean        in_front)
{
  Mark mark = { .span = { .n = transactions->len } };

  if (transactions->len == 0)
    return;

  mark.span.first = imp_transaction_get_sequence (transactions->pdata[0]);
  if (in_front)
    {
      for (guint i = 0; i < self->marks->len; i++)
        g_array_index (self->marks, Mark, i).position += mark.span.n;
      g_array_prepend_val (self->marks, mark);
    }
  else
    {
      mark.position = imp_ledger_finds_get_n (self);
      g_array_append_val (self->marks, mark);
    }

  imp_ledger_pages_add (self->pages, &mark.span, transactions);
  self->found (mark.position, mark.span.n, self->user_data);
}

static void
found_more_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  ImpLedgerFinds *self = user_data;
  g_autoptr(ImpPage) page = NULL;
  g_autoptr(GError) error = NULL;

  page = imp_agent_client_list_transactions_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->asking = FALSE;
  self->stuck = page == NULL;
  if (page == NULL)
    {
      self->failed (error, self->user_data);
      return;
    }

  self->next = page->next;
  if (page->items->len > 0)
    {
      self->last = imp_transaction_get_sequence (page->items->pdata[page->items->len - 1]);
      add_mark (self, page->items, FALSE);
    }
  else if (self->next != 0)
    imp_ledger_finds_find_more (self);
  else
    self->found (imp_ledger_finds_get_n (self), 0, self->user_data);
}

/**
 * imp_ledger_finds_is_asking:
 * @self: what was found
 *
 * Returns: whether more lines are being looked for
 */
gboolean
imp_ledger_finds_is_asking (ImpLedgerFinds *self)
{
  return self->asking;
}

/**
 * imp_ledger_finds_find_more:
 * @self: a search
 *
 * Looks on from where the last page ended.
 */
void
imp_ledger_finds_find_more (ImpLedgerFinds *self)
{
  ImpPageQuery query;

  if (self->asking)
    return;

  imp_ledger_filter_make_query (self->filter, &query);
  query.limit = PAGE_SIZE;
  *(query.oldest_first ? &query.from : &query.before) = self->next;
  self->asking = TRUE;
  imp_agent_client_list_transactions_async (self->client, &query, self->cancellable, found_more_cb,
                                            self);
}

static void look_through_new (ImpLedgerFinds *self);

static void
found_new_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  ImpLedgerFinds *self = user_data;
  g_autoptr(ImpPage) page = NULL;
  g_autoptr(GError) error = NULL;

  page = imp_agent_client_list_transactions_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->growing = FALSE;
  if (page == NULL)
    {
      self->grown_from = self->growing_from;
      self->failed (error, self->user_data);
      return;
    }

  for (guint i = 0, j = page->items->len; i + 1 < j; i++)
    {
      gpointer swap = page->items->pdata[i];

      page->items->pdata[i] = page->items->pdata[--j];
      page->items->pdata[j] = swap;
    }

  if (page->next != 0)
    self->grown_from = page->next;
  if (page->items->len > 0)
    add_mark (self, page->items, TRUE);
  if (self->grown_from != 0)
    look_through_new (self);
}

/* The oldest of them first, so that each page comes in front of the one before. */
static void
look_through_new (ImpLedgerFinds *self)
{
  ImpPageQuery query;

  imp_ledger_filter_make_query (self->filter, &query);
  query.limit = PAGE_SIZE;
  query.oldest_first = TRUE;
  query.from = self->growing_from = self->grown_from;
  self->grown_from = 0;
  self->growing = TRUE;
  imp_agent_client_list_transactions_async (self->client, &query, self->cancellable, found_new_cb,
                                            self);
}

/**
 * imp_ledger_finds_grow:
 * @self: a search
 * @from: the first line that is new
 *
 * Says that the ledger has grown. What fits comes in front, or, where the oldest
 * come first, is found in its turn.
 */
void
imp_ledger_finds_grow (ImpLedgerFinds *self,
                       guint64         from)
{
  if (self->filter->oldest_first)
    {
      if (self->next == 0 && !self->asking)
        {
          self->next = MAX (from, self->last + 1);
          imp_ledger_finds_find_more (self);
        }
      return;
    }

  if (self->grown_from == 0)
    self->grown_from = MAX (from, 1);
  if (!self->growing)
    look_through_new (self);
}

/**
 * imp_ledger_finds_stop:
 * @self: what was found
 *
 * Cancels what is asked. What was found stays.
 */
void
imp_ledger_finds_stop (ImpLedgerFinds *self)
{
  g_cancellable_cancel (self->cancellable);
}

/**
 * imp_ledger_finds_resume:
 * @self: a search that was stopped
 *
 * Takes up what was on its way, and what failed.
 */
void
imp_ledger_finds_resume (ImpLedgerFinds *self)
{
  imp_ledger_finds_stop (self);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  if (self->growing)
    self->grown_from = self->growing_from;
  self->growing = FALSE;
  if (self->grown_from != 0)
    look_through_new (self);
  if (self->asking || self->stuck)
    {
      self->asking = FALSE;
      imp_ledger_finds_find_more (self);
    }
}
