/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-finder.h"

/* Between two keys of somebody who types; a pasted text waits no longer than that either. */
#define DEBOUNCE_MS 150

/* From which the few of each kind that are shown are picked. */
#define N_TRANSACTIONS 50

/**
 * ImpLedgerFinder:
 *
 * Asks the ledger for a text while it is being typed: once the typing pauses,
 * and only for the last text. An earlier question is cancelled.
 */
struct _ImpLedgerFinder
{
  GObject parent_instance;

  guint           source_id;
  ImpAgentClient *client;       /* (owned) (nullable) */
  char           *text;         /* (owned) (nullable) */
  GCancellable   *cancellable;  /* (owned) (nullable): of the question under way */
};

G_DEFINE_FINAL_TYPE (ImpLedgerFinder, imp_ledger_finder, G_TYPE_OBJECT)

enum {
  SIGNAL_FOUND,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ImpLedgerFinder) self = user_data;
  g_autoptr(ImpPage) page = NULL;
  g_autoptr(GError) error = NULL;

  page = imp_agent_client_list_transactions_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  if (page != NULL)
    g_signal_emit (self, signals[SIGNAL_FOUND], 0, page->items);
  else
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static gboolean
ask_cb (gpointer user_data)
{
  ImpLedgerFinder *self = user_data;
  ImpPageQuery query = { .limit = N_TRANSACTIONS, .text = self->text };

  self->source_id = 0;
  self->cancellable = g_cancellable_new ();
  imp_agent_client_list_transactions_async (self->client, &query, self->cancellable, listed_cb,
                                            g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
imp_ledger_finder_dispose (GObject *object)
{
  imp_ledger_finder_stop (IMP_LEDGER_FINDER (object));

  G_OBJECT_CLASS (imp_ledger_finder_parent_class)->dispose (object);
}

static void
imp_ledger_finder_class_init (ImpLedgerFinderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = imp_ledger_finder_dispose;

  /**
   * ImpLedgerFinder::found:
   * @transactions: (element-type ImpTransaction): newest first
   *
   * Emitted when the ledger answered to the last text.
   */
  signals[SIGNAL_FOUND] =
    g_signal_new ("found",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);

  /**
   * ImpLedgerFinder::failed:
   * @error: why
   *
   * Emitted when the ledger could not be asked.
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
imp_ledger_finder_init (ImpLedgerFinder *self)
{
}

/**
 * imp_ledger_finder_new:
 *
 * Makes a finder that asks nobody until there is a text.
 *
 * Returns: (transfer full): the finder
 */
ImpLedgerFinder *
imp_ledger_finder_new (void)
{
  return g_object_new (IMP_TYPE_LEDGER_FINDER, NULL);
}

/**
 * imp_ledger_finder_get_busy:
 * @self: a ledger finder
 *
 * Asks whether an answer is still to come.
 *
 * Returns: whether it is
 */
gboolean
imp_ledger_finder_get_busy (ImpLedgerFinder *self)
{
  g_return_val_if_fail (IMP_IS_LEDGER_FINDER (self), FALSE);

  return self->source_id != 0 || self->cancellable != NULL;
}

/**
 * imp_ledger_finder_find:
 * @self: a ledger finder
 * @client: whom to ask
 * @text: what for
 *
 * Asks in a moment, unless another text comes before.
 */
void
imp_ledger_finder_find (ImpLedgerFinder *self,
                        ImpAgentClient  *client,
                        const char      *text)
{
  g_return_if_fail (IMP_IS_LEDGER_FINDER (self));
  g_return_if_fail (IMP_IS_AGENT_CLIENT (client));
  g_return_if_fail (text != NULL);

  imp_ledger_finder_stop (self);
  self->client = g_object_ref (client);
  self->text = g_strdup (text);
  self->source_id = g_timeout_add (DEBOUNCE_MS, ask_cb, self);
}

/**
 * imp_ledger_finder_stop:
 * @self: a ledger finder
 *
 * Wants no answer any more.
 */
void
imp_ledger_finder_stop (ImpLedgerFinder *self)
{
  g_return_if_fail (IMP_IS_LEDGER_FINDER (self));

  g_clear_handle_id (&self->source_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->client);
  g_clear_pointer (&self->text, g_free);
}
