/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-author.h"

#include <glib/gi18n.h>

#include "imp-time.h"

/* How many of its updates are told of an author; the ledger has the rest. */
#define N_PUBLISHED 5

/**
 * ImpAuthor:
 *
 * A signing key of this user and how it stands with the agents in use: whether
 * the ledger knows its author, and until when the author agent may register
 * updates for it.
 */
struct _ImpAuthor
{
  GObject parent_instance;

  ImpKeyringItem  *item;    /* (owned) */
  ImpAuthorStatus  status;
  gboolean         known;
  GCancellable    *asking;  /* (owned) (nullable) */

  GListStore   *published;        /* (owned): of ImpTransaction, newest first */
  gboolean      published_known;
  gboolean      published_more;
  GCancellable *listing;          /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ImpAuthor, imp_author, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_status (ImpAuthor             *self,
            const ImpAuthorStatus *status)
{
  self->known = status != NULL;
  if (status != NULL)
    self->status = *status;

  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
got_author_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ImpAuthor) self = user_data;
  g_autoptr(GError) error = NULL;
  ImpAuthorStatus status = { 0 };

  if (imp_agent_client_get_author_finish (IMP_AGENT_CLIENT (object), result, &status, &error))
    set_status (self, &status);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_status (self, NULL);
}

static void
take_published (ImpAuthor *self,
                ImpPage   *page)
{
  self->published_known = TRUE;
  self->published_more = page->next != 0;
  g_list_store_splice (self->published, 0, g_list_model_get_n_items (G_LIST_MODEL (self->published)),
                       page->items->pdata, page->items->len);
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ImpAuthor) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpPage) page = imp_agent_client_list_updates_finish (IMP_AGENT_CLIENT (object), result, &error);

  if (page != NULL)
    take_published (self, page);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
registered_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpAuthor *self = g_task_get_source_object (task);
  ImpAuthorStatus status = { 0 };
  GError *error = NULL;

  if (!imp_agent_client_register_author_finish (IMP_AGENT_CLIENT (object), result, &status, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  set_status (self, &status);
  g_task_return_boolean (task, TRUE);
}

static void
opened_key_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  ImpAgentClient *client = g_task_get_task_data (task);
  g_autoptr(ImpKey) key = NULL;
  GError *error = NULL;

  key = imp_keyring_open_key_finish (IMP_KEYRING (object), result, &error);
  if (key == NULL)
    g_task_return_error (task, error);
  else
    imp_agent_client_register_author_async (client, key, cancellable, registered_cb,
                                            g_steal_pointer (&task));
}

static void
imp_author_dispose (GObject *object)
{
  ImpAuthor *self = IMP_AUTHOR (object);

  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
  g_clear_object (&self->published);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (imp_author_parent_class)->dispose (object);
}

static void
imp_author_class_init (ImpAuthorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = imp_author_dispose;

  /**
   * ImpAuthor::changed:
   *
   * Emitted when the agents said something new about the author.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
imp_author_init (ImpAuthor *self)
{
  self->published = g_list_store_new (IMP_TYPE_TRANSACTION);
}

/**
 * imp_author_new:
 * @item: a key of the keyring
 *
 * Makes an author of whom nothing is known yet.
 *
 * Returns: (transfer full): the author
 */
ImpAuthor *
imp_author_new (ImpKeyringItem *item)
{
  ImpAuthor *self;

  g_return_val_if_fail (IMP_IS_KEYRING_ITEM (item), NULL);

  self = g_object_new (IMP_TYPE_AUTHOR, NULL);
  self->item = g_object_ref (item);
  return self;
}

/**
 * imp_author_get_item:
 * @self: an author
 *
 * Returns: (transfer none): the key in the keyring or on a token
 */
ImpKeyringItem *
imp_author_get_item (ImpAuthor *self)
{
  g_return_val_if_fail (IMP_IS_AUTHOR (self), NULL);

  return self->item;
}

/**
 * imp_author_get_label:
 * @self: an author
 *
 * Returns: what people call the key
 */
const char *
imp_author_get_label (ImpAuthor *self)
{
  g_return_val_if_fail (IMP_IS_AUTHOR (self), NULL);

  return imp_keyring_item_get_label (self->item);
}

/**
 * imp_author_get_fingerprint:
 * @self: an author
 *
 * Returns: the fingerprint of the public key, by which agents and the ledger know the author
 */
const char *
imp_author_get_fingerprint (ImpAuthor *self)
{
  g_return_val_if_fail (IMP_IS_AUTHOR (self), NULL);

  return imp_keyring_item_get_fingerprint (self->item);
}

/**
 * imp_author_get_state:
 * @self: an author
 *
 * Gets how the author stands at this moment: a registration expires by itself.
 *
 * Returns: the state
 */
ImpAuthorState
imp_author_get_state (ImpAuthor *self)
{
  g_return_val_if_fail (IMP_IS_AUTHOR (self), IMP_AUTHOR_UNKNOWN);

  if (!self->known)
    return IMP_AUTHOR_UNKNOWN;
  if (!self->status.registered)
    return IMP_AUTHOR_NOT_REGISTERED;
  if (self->status.token_expires <= imp_time_now ())
    return IMP_AUTHOR_EXPIRED;

  return IMP_AUTHOR_REGISTERED;
}

/**
 * imp_author_get_since:
 * @self: an author
 *
 * Gets since when the ledger knows the author.
 *
 * Returns: the time in milliseconds, 0 when it does not
 */
gint64
imp_author_get_since (ImpAuthor *self)
{
  g_return_val_if_fail (IMP_IS_AUTHOR (self), 0);

  return self->known && self->status.registered ? self->status.since : 0;
}

/**
 * imp_author_describe:
 * @self: an author
 *
 * Says how the author stands, with the time that is left.
 *
 * Returns: (transfer full): a few words
 */
char *
imp_author_describe (ImpAuthor *self)
{
  gint64 left;

  g_return_val_if_fail (IMP_IS_AUTHOR (self), NULL);

  switch (imp_author_get_state (self))
    {
    case IMP_AUTHOR_NOT_REGISTERED:
      return g_strdup (_("Not registered"));

    case IMP_AUTHOR_EXPIRED:
      return g_strdup (self->status.token_expires > 0 ? _("Expired") : _("Register again"));

    case IMP_AUTHOR_REGISTERED:
      left = (self->status.token_expires - imp_time_now ()) / 1000;
      if (left < 60)
        return g_strdup_printf (_("Registered, %d s left"), (int) left);
      return g_strdup_printf (_("Registered, %d min left"), (int) (left / 60));

    case IMP_AUTHOR_UNKNOWN:
    default:
      return g_strdup (_("Not known"));
    }
}

/**
 * imp_author_refresh:
 * @self: an author
 * @client: the agents in use
 *
 * Asks how the author stands; a question that is still under way is dropped.
 */
void
imp_author_refresh (ImpAuthor      *self,
                    ImpAgentClient *client)
{
  g_return_if_fail (IMP_IS_AUTHOR (self));
  g_return_if_fail (IMP_IS_AGENT_CLIENT (client));

  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  self->asking = g_cancellable_new ();
  imp_agent_client_get_author_async (client, imp_author_get_fingerprint (self), self->asking,
                                     got_author_cb, g_object_ref (self));
}

/**
 * imp_author_refresh_published:
 * @self: an author
 * @client: the agents in use
 *
 * Asks for the newest updates of the author.
 */
void
imp_author_refresh_published (ImpAuthor      *self,
                              ImpAgentClient *client)
{
  ImpPageQuery query = { .limit = N_PUBLISHED };

  g_return_if_fail (IMP_IS_AUTHOR (self));
  g_return_if_fail (IMP_IS_AGENT_CLIENT (client));

  g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
  self->listing = g_cancellable_new ();
  query.author = imp_author_get_fingerprint (self);
  imp_agent_client_list_updates_async (client, &query, self->listing, listed_cb, g_object_ref (self));
}

/**
 * imp_author_get_published:
 * @self: an author
 *
 * Gets the newest updates of the author, empty until they were asked for.
 *
 * Returns: (transfer none): a list of [class@Imp.Transaction], newest first
 */
GListModel *
imp_author_get_published (ImpAuthor *self)
{
  g_return_val_if_fail (IMP_IS_AUTHOR (self), NULL);

  return G_LIST_MODEL (self->published);
}

/**
 * imp_author_get_published_more:
 * @self: an author
 *
 * Returns: whether the ledger has older updates of the author than those in the list
 */
gboolean
imp_author_get_published_more (ImpAuthor *self)
{
  g_return_val_if_fail (IMP_IS_AUTHOR (self), FALSE);

  return self->published_more;
}

/**
 * imp_author_is_published_known:
 * @self: an author
 *
 * Returns: whether the list is what the ledger said, and not empty because nobody has asked yet
 */
gboolean
imp_author_is_published_known (ImpAuthor *self)
{
  g_return_val_if_fail (IMP_IS_AUTHOR (self), FALSE);

  return self->published_known;
}

/**
 * imp_author_register_async:
 * @self: an author
 * @keyring: where its key is
 * @client: the agents to register with
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is done
 * @user_data: data for @callback
 *
 * Registers the author: unlocks the key, answers the agent's challenge with it.
 */
void
imp_author_register_async (ImpAuthor           *self,
                           ImpKeyring          *keyring,
                           ImpAgentClient      *client,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (IMP_IS_AUTHOR (self));

  g_task_set_source_tag (task, imp_author_register_async);
  g_task_set_task_data (task, g_object_ref (client), g_object_unref);
  imp_keyring_open_key_async (keyring, self->item, cancellable, opened_key_cb,
                              g_steal_pointer (&task));
}

/**
 * imp_author_register_finish:
 * @self: an author
 * @result: the result
 * @error: return location for an error
 *
 * Ends imp_author_register_async().
 *
 * Returns: whether the author is registered now
 */
gboolean
imp_author_register_finish (ImpAuthor     *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
