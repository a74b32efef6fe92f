/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-class-lookup.h"

/* Newest updates from which classes and dependencies are offered. */
#define N_UPDATES 500

/**
 * ImpClassLookup:
 *
 * Asks the ledger what a new update follows: the newest version of its class by
 * its author, and for completion which classes and versions there are.
 *
 * Only the last question counts: an answer to an earlier one is dropped.
 */
struct _ImpClassLookup
{
  GObject parent_instance;

  GCancellable   *listing;   /* (owned) (nullable) */
  GCancellable   *finding;   /* (owned) (nullable) */
  char          **classes;   /* (owned) */
  char          **releases;  /* (owned): “class:version” */
  ImpTransaction *latest;    /* (owned) (nullable) */
  ImpManifest    *manifest;  /* (owned) (nullable): of the latest */
};

G_DEFINE_FINAL_TYPE (ImpClassLookup, imp_class_lookup, G_TYPE_OBJECT)

enum {
  SIGNAL_LISTED,
  SIGNAL_FOUND,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
restart (GCancellable **cancellable)
{
  g_cancellable_cancel (*cancellable);
  g_clear_object (cancellable);
  *cancellable = g_cancellable_new ();
}

static void
take_updates (ImpClassLookup *self,
              GPtrArray      *items)
{
  g_autoptr(GStrvBuilder) classes = g_strv_builder_new ();
  g_autoptr(GStrvBuilder) releases = g_strv_builder_new ();
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < items->len; i++)
    {
      ImpTransaction *transaction = g_ptr_array_index (items, i);
      const char *class_id = imp_transaction_get_class_id (transaction);
      const char *version = imp_transaction_get_version (transaction);
      g_autofree char *release = NULL;

      if (class_id == NULL || version == NULL)
        continue;

      release = g_strdup_printf ("%s:%s", class_id, version);
      g_strv_builder_add (releases, release);
      if (g_hash_table_add (seen, (gpointer) class_id))
        g_strv_builder_add (classes, class_id);
    }

  g_strfreev (self->classes);
  g_strfreev (self->releases);
  self->classes = g_strv_builder_end (classes);
  self->releases = g_strv_builder_end (releases);
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ImpClassLookup) self = user_data;
  g_autoptr(ImpPage) page = NULL;

  /* Without an answer nothing is offered, and the form works without offers. */
  page = imp_agent_client_list_updates_finish (IMP_AGENT_CLIENT (object), result, NULL);
  if (page == NULL)
    return;

  take_updates (self, page->items);
  g_signal_emit (self, signals[SIGNAL_LISTED], 0);
}

static void
got_update_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ImpClassLookup) self = user_data;
  g_autoptr(ImpRegisteredUpdate) update = NULL;
  g_autoptr(GError) error = NULL;

  update = imp_agent_client_get_update_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (update != NULL)
    g_set_object (&self->manifest, imp_update_get_manifest (update->update));
  g_signal_emit (self, signals[SIGNAL_FOUND], 0);
}

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(ImpClassLookup) self = user_data;
  g_autoptr(ImpPage) page = NULL;
  g_autoptr(GError) error = NULL;

  page = imp_agent_client_list_updates_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (page == NULL || page->items->len == 0)
    {
      g_signal_emit (self, signals[SIGNAL_FOUND], 0);
      return;
    }

  self->latest = g_object_ref (g_ptr_array_index (page->items, 0));
  imp_agent_client_get_update_async (IMP_AGENT_CLIENT (object),
                                     imp_transaction_get_id (self->latest), self->finding,
                                     got_update_cb, g_object_ref (self));
}

static void
imp_class_lookup_finalize (GObject *object)
{
  ImpClassLookup *self = IMP_CLASS_LOOKUP (object);

  g_clear_object (&self->listing);
  g_clear_object (&self->finding);
  g_clear_object (&self->latest);
  g_clear_object (&self->manifest);
  g_strfreev (self->classes);
  g_strfreev (self->releases);

  G_OBJECT_CLASS (imp_class_lookup_parent_class)->finalize (object);
}

static void
imp_class_lookup_class_init (ImpClassLookupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_class_lookup_finalize;

  /**
   * ImpClassLookup::listed:
   *
   * Emitted when the known classes are there.
   */
  signals[SIGNAL_LISTED] =
    g_signal_new ("listed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  /**
   * ImpClassLookup::found:
   *
   * Emitted when it is known what the ledger has of the class, if anything.
   */
  signals[SIGNAL_FOUND] =
    g_signal_new ("found",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
imp_class_lookup_init (ImpClassLookup *self)
{
  self->classes = g_new0 (char *, 1);
  self->releases = g_new0 (char *, 1);
}

/**
 * imp_class_lookup_new:
 *
 * Makes a lookup that knows nothing yet.
 *
 * Returns: (transfer full): the lookup
 */
ImpClassLookup *
imp_class_lookup_new (void)
{
  return g_object_new (IMP_TYPE_CLASS_LOOKUP, NULL);
}

/**
 * imp_class_lookup_get_classes:
 * @self: a lookup
 *
 * Returns: (transfer none) (array zero-terminated=1): the classes to choose from, lent until the next
 * answer
 */
const char *const *
imp_class_lookup_get_classes (ImpClassLookup *self)
{
  g_return_val_if_fail (IMP_IS_CLASS_LOOKUP (self), NULL);

  return (const char *const *) self->classes;
}

/**
 * imp_class_lookup_get_releases:
 * @self: a lookup
 *
 * Returns: (transfer none) (array zero-terminated=1): what an update can depend on, as `class:version`,
 * lent until the next answer
 */
const char *const *
imp_class_lookup_get_releases (ImpClassLookup *self)
{
  g_return_val_if_fail (IMP_IS_CLASS_LOOKUP (self), NULL);

  return (const char *const *) self->releases;
}

/**
 * imp_class_lookup_get_latest:
 * @self: a lookup
 *
 * Returns: (transfer none) (nullable): the transaction of the newest version, or `NULL` if there is
 * none or it is not known
 */
ImpTransaction *
imp_class_lookup_get_latest (ImpClassLookup *self)
{
  g_return_val_if_fail (IMP_IS_CLASS_LOOKUP (self), NULL);

  return self->latest;
}

/**
 * imp_class_lookup_get_manifest:
 * @self: a lookup
 *
 * Returns: (transfer none) (nullable): the manifest of the newest version, or `NULL` while it is not
 * known
 */
ImpManifest *
imp_class_lookup_get_manifest (ImpClassLookup *self)
{
  g_return_val_if_fail (IMP_IS_CLASS_LOOKUP (self), NULL);

  return self->manifest;
}

/**
 * imp_class_lookup_list:
 * @self: a lookup
 * @client: the agents
 *
 * Asks which classes and versions there are.
 */
void
imp_class_lookup_list (ImpClassLookup *self,
                       ImpAgentClient *client)
{
  ImpPageQuery query = { .limit = N_UPDATES };

  g_return_if_fail (IMP_IS_CLASS_LOOKUP (self));

  restart (&self->listing);
  imp_agent_client_list_updates_async (client, &query, self->listing, listed_cb,
                                       g_object_ref (self));
}

/**
 * imp_class_lookup_find:
 * @self: a lookup
 * @client: the agents
 * @author: fingerprint of the author
 * @class_id: the class
 *
 * Asks for the newest version of a class.
 */
void
imp_class_lookup_find (ImpClassLookup *self,
                       ImpAgentClient *client,
                       const char     *author,
                       const char     *class_id)
{
  ImpPageQuery query = { .limit = 1, .author = author, .class_id = class_id };

  g_return_if_fail (IMP_IS_CLASS_LOOKUP (self));

  restart (&self->finding);
  g_clear_object (&self->latest);
  g_clear_object (&self->manifest);
  imp_agent_client_list_updates_async (client, &query, self->finding, found_cb,
                                       g_object_ref (self));
}

/**
 * imp_class_lookup_close:
 * @self: a lookup
 *
 * Waits for no answer any more.
 */
void
imp_class_lookup_close (ImpClassLookup *self)
{
  g_return_if_fail (IMP_IS_CLASS_LOOKUP (self));

  g_cancellable_cancel (self->listing);
  g_cancellable_cancel (self->finding);
}
