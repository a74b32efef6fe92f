/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-embedded-store.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "imp-block-stream.h"
#include "imp-error.h"
#include "imp-payload-folders.h"
#include "imp-payload-index.h"
#include "imp-store-files.h"
#include "imp-store-files.h"

/**
 * ImpEmbeddedStore:
 *
 * Payloads in a folder of this machine.
 *
 * A payload is named by the CID's version 1 text, so that v0 and v1 of one block are one payload. The
 * codec is part of the name: without it, bytes that are the root node of another payload would take
 * its place.
 *
 * Only staging has to be durable. Keeping and discarding are renames and removals that a power cut may
 * undo; the payload is then listed as staged again, and is dealt with again.
 */
struct _ImpEmbeddedStore
{
  GObject parent_instance;

  const ImpUnixfsProfile *profile;
  ImpPayloadFolders      *folders;  /* (owned) */

  GMutex                  mutex;    /* of what follows, and of moving files */
  GHashTable             *stages;   /* (owned) name -> Stage */
  gboolean                counted;
  guint64                 n_payloads;
  guint64                 n_bytes;
};

/* How often a payload is staged, and not yet answered by a keep or discard. */
typedef struct
{
  ImpCid   *cid;    /* (owned) */
  guint     count;
  gboolean  left;   /* by a crash */
} Stage;

typedef struct
{
  ImpPayloadInfo  *info;   /* (owned) */
  guint64          root;   /* where the root's record is in the index */
  ImpPayloadFiles  files;  /* (owned) */
} Payload;

static void imp_embedded_store_iface_init (ImpStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpEmbeddedStore, imp_embedded_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (IMP_TYPE_STORE, imp_embedded_store_iface_init))

static void
stage_free (Stage *stage)
{
  imp_cid_unref (stage->cid);
  g_free (stage);
}

static void
payload_free (Payload *payload)
{
  g_clear_pointer (&payload->info, imp_payload_info_free);
  imp_payload_files_clear (&payload->files);
  g_free (payload);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Payload, payload_free)

static char *
make_name (const ImpCid *cid)
{
  g_autoptr(ImpCid) v1 = imp_cid_new (1, imp_cid_get_codec (cid), imp_cid_get_sha256 (cid));

  return g_strdup (imp_cid_get_string (v1));
}

static gboolean
check_size (int                    data_fd,
            const ImpPayloadInfo  *info,
            GError               **error)
{
  struct stat st;

  if (fstat (data_fd, &st) != 0)
    {
      imp_set_unavailable (error, errno, "it cannot be read");
      return FALSE;
    }

  if ((guint64) st.st_size != info->size)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT,
                   "its file has %" G_GUINT64_FORMAT " bytes and not %" G_GUINT64_FORMAT,
                   (guint64) st.st_size, info->size);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_cid (const ImpPayloadInfo  *info,
           const ImpCid          *cid,
           GError               **error)
{
  if (imp_cid_equal (info->cid, cid))
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT, "its index is that of %s", imp_cid_get_string (info->cid));
  return FALSE;
}

static ImpPayloadPlace
open_files (ImpEmbeddedStore  *self,
            const ImpCid      *cid,
            ImpPayloadFiles   *files,
            GError           **error)
{
  g_autofree char *name = make_name (cid);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  return imp_payload_folders_open_files (self->folders, name, files, error);
}

static Payload *
open_payload (ImpEmbeddedStore  *self,
              const ImpCid      *cid,
              GError           **error)
{
  g_autoptr(Payload) payload = g_new0 (Payload, 1);
  ImpPayloadPlace place;

  payload->files = (ImpPayloadFiles) IMP_PAYLOAD_FILES_INIT;
  place = open_files (self, cid, &payload->files, error);

  if (place == IMP_PAYLOAD_PLACE_NONE ||
      !(payload->info = imp_index_read_header (payload->files.index_fd, &payload->root, error)) ||
      !check_cid (payload->info, cid, error) ||
      !check_size (payload->files.data_fd, payload->info, error))
    {
      g_prefix_error (error, "payload %s: ", imp_cid_get_string (cid));
      return NULL;
    }

  payload->info->staged = place == IMP_PAYLOAD_PLACE_STAGED;

  return g_steal_pointer (&payload);
}

static void
count_payload (ImpEmbeddedStore *self,
               gint64            payloads,
               gint64            bytes)
{
  self->n_payloads += payloads;
  self->n_bytes += bytes;
}

static Stage *
add_stage (ImpEmbeddedStore *self,
           const char       *name,
           ImpCid           *cid)
{
  Stage *stage = g_hash_table_lookup (self->stages, name);

  if (stage == NULL)
    {
      stage = g_new0 (Stage, 1);
      stage->cid = imp_cid_ref (cid);
      g_hash_table_insert (self->stages, g_strdup (name), stage);
    }
  stage->count++;

  return stage;
}

/* Whether somebody else has it staged still. */
static gboolean
take_stage (ImpEmbeddedStore *self,
            const char       *name)
{
  Stage *stage = g_hash_table_lookup (self->stages, name);

  if (stage != NULL && --stage->count > 0)
    return TRUE;

  g_hash_table_remove (self->stages, name);
  return FALSE;
}

static gboolean
put_in_place (ImpEmbeddedStore      *self,
              ImpPayloadWriter      *writer,
              const ImpPayloadInfo  *info,
              GError               **error)
{
  g_autofree char *name = make_name (info->cid);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  gboolean known = imp_payload_folders_find (self->folders, name) != IMP_PAYLOAD_PLACE_NONE;

  if (!imp_payload_folders_put (self->folders, writer, name, error))
    return FALSE;

  add_stage (self, name, info->cid);
  if (!known)
    count_payload (self, 1, info->size);

  return TRUE;
}

static ImpPayloadInfo *
imp_embedded_store_stage (ImpStore                *store,
                          GInputStream            *payload,
                          const ImpUnixfsProfile  *profile,
                          guint64                  limit,
                          GCancellable            *cancellable,
                          GError                 **error)
{
  ImpEmbeddedStore *self = IMP_EMBEDDED_STORE (store);
  g_autoptr(ImpPayloadWriter) writer = NULL;
  g_autoptr(ImpPayloadInfo) info = NULL;

  if (!(writer = imp_payload_folders_new_writer (self->folders, profile != NULL ? profile : self->profile,
                                                 error)) ||
      !(info = imp_payload_writer_run (writer, payload, limit, cancellable, error)) ||
      !put_in_place (self, writer, info, error))
    return NULL;

  return g_steal_pointer (&info);
}

static void
set_not_staged (GError       **error,
                const ImpCid  *cid)
{
  g_set_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND, "payload %s is not staged", imp_cid_get_string (cid));
}

static gboolean
imp_embedded_store_keep (ImpStore      *store,
                         const ImpCid  *cid,
                         GCancellable  *cancellable,
                         GError       **error)
{
  ImpEmbeddedStore *self = IMP_EMBEDDED_STORE (store);
  g_autofree char *name = make_name (cid);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  switch (imp_payload_folders_find (self->folders, name))
    {
    case IMP_PAYLOAD_PLACE_NONE:
      set_not_staged (error, cid);
      return FALSE;
    case IMP_PAYLOAD_PLACE_STAGED:
      if (!imp_payload_folders_keep (self->folders, name, error))
        return FALSE;
      break;
    case IMP_PAYLOAD_PLACE_KEPT:
      break;
    }

  take_stage (self, name);
  return TRUE;
}

static gboolean
imp_embedded_store_discard (ImpStore      *store,
                            const ImpCid  *cid,
                            GCancellable  *cancellable,
                            GError       **error)
{
  ImpEmbeddedStore *self = IMP_EMBEDDED_STORE (store);
  g_autofree char *name = make_name (cid);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  ImpPayloadPlace place = imp_payload_folders_find (self->folders, name);

  if (place == IMP_PAYLOAD_PLACE_NONE)
    {
      set_not_staged (error, cid);
      return FALSE;
    }

  if (!take_stage (self, name) && place == IMP_PAYLOAD_PLACE_STAGED)
    {
      count_payload (self, -1, -(gint64) imp_payload_folders_get_size (self->folders, name));
      imp_payload_folders_remove (self->folders, name);
    }

  return TRUE;
}

static GPtrArray *
imp_embedded_store_list_staged (ImpStore      *store,
                                GCancellable  *cancellable,
                                GError       **error)
{
  ImpEmbeddedStore *self = IMP_EMBEDDED_STORE (store);
  g_autoptr(GPtrArray) cids = g_ptr_array_new_with_free_func ((GDestroyNotify) imp_cid_unref);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, self->stages);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      Stage *stage = value;

      if (stage->left && imp_payload_folders_find (self->folders, name) == IMP_PAYLOAD_PLACE_STAGED)
        g_ptr_array_add (cids, imp_cid_ref (stage->cid));
    }

  return g_steal_pointer (&cids);
}

static ImpPayloadInfo *
imp_embedded_store_get_info (ImpStore      *store,
                             const ImpCid  *cid,
                             GCancellable  *cancellable,
                             GError       **error)
{
  g_autoptr(Payload) payload = open_payload (IMP_EMBEDDED_STORE (store), cid, error);

  return payload != NULL ? g_steal_pointer (&payload->info) : NULL;
}

static GInputStream *
imp_embedded_store_open_stream (ImpStore      *store,
                                const ImpCid  *cid,
                                GCancellable  *cancellable,
                                GError       **error)
{
  g_autoptr(Payload) payload = open_payload (IMP_EMBEDDED_STORE (store), cid, error);
  ImpPayloadFiles files;

  if (payload == NULL)
    return NULL;

  /* The stream closes them. */
  files = payload->files;
  payload->files = (ImpPayloadFiles) IMP_PAYLOAD_FILES_INIT;

  return imp_block_stream_new (files.data_fd, files.index_fd, payload->root, payload->info, error);
}

/* Once, when it is first asked for; each change is added after that. */
static gboolean
count_payloads (ImpEmbeddedStore  *self,
                GCancellable      *cancellable,
                GError           **error)
{
  if (self->counted)
    return TRUE;

  self->counted = imp_payload_folders_count (self->folders, &self->n_payloads, &self->n_bytes, cancellable, error);

  return self->counted;
}

static gboolean
imp_embedded_store_get_status (ImpStore        *store,
                               ImpStoreStatus  *status,
                               GCancellable    *cancellable,
                               GError         **error)
{
  ImpEmbeddedStore *self = IMP_EMBEDDED_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  if (!count_payloads (self, cancellable, error))
    return FALSE;

  status->engine = "embedded";
  status->payloads = self->n_payloads;
  status->bytes = self->n_bytes;
  status->free = imp_payload_folders_get_free (self->folders);
  status->trouble = imp_payload_folders_try_to_write (self->folders) ? NULL : g_strerror (errno);

  return TRUE;
}

static void
imp_embedded_store_iface_init (ImpStoreInterface *iface)
{
  iface->stage = imp_embedded_store_stage;
  iface->keep = imp_embedded_store_keep;
  iface->discard = imp_embedded_store_discard;
  iface->list_staged = imp_embedded_store_list_staged;
  iface->get_info = imp_embedded_store_get_info;
  iface->open = imp_embedded_store_open_stream;
  iface->get_status = imp_embedded_store_get_status;
}

static void
imp_embedded_store_finalize (GObject *object)
{
  ImpEmbeddedStore *self = IMP_EMBEDDED_STORE (object);

  g_clear_pointer (&self->folders, imp_payload_folders_free);
  g_hash_table_unref (self->stages);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (imp_embedded_store_parent_class)->finalize (object);
}

static void
imp_embedded_store_class_init (ImpEmbeddedStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_embedded_store_finalize;
}

static void
imp_embedded_store_init (ImpEmbeddedStore *self)
{
  self->stages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) stage_free);
  g_mutex_init (&self->mutex);
}

/* What a crash has left: a whole payload is listed, everything else is no use to anyone. Payloads are named
 * by the version 1 text of a CID, so the CID that was given out is read from the index.
 */
static gboolean
collect (const char  *file,
         gboolean    *useful,
         gpointer     user_data,
         GError     **error)
{
  ImpEmbeddedStore *self = user_data;
  g_autofree char *name = g_strndup (file, strcspn (file, "."));
  g_autoptr(ImpCid) cid = imp_cid_new_from_string (name, NULL);
  g_autoptr(Payload) payload = NULL;
  g_autoptr(GError) local_error = NULL;

  if (cid != NULL && imp_payload_folders_find (self->folders, name) == IMP_PAYLOAD_PLACE_STAGED &&
      !(payload = open_payload (self, cid, &local_error)) &&
      !g_error_matches (local_error, IMP_ERROR, IMP_ERROR_CORRUPT))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  *useful = payload != NULL;
  if (payload != NULL && g_str_has_suffix (file, ".index"))
    add_stage (self, name, payload->info->cid)->left = TRUE;

  return TRUE;
}

/**
 * imp_embedded_store_open:
 * @directory: where the payloads are; it is made if it is not there
 * @profile: how new payloads become DAGs
 * @error: return location for an error
 *
 * Opens a store, and collects what a crash has left half-written.
 *
 * It blocks, but for no longer than it takes to list what is staged.
 *
 * Returns: (transfer full) (nullable): the store, or `NULL` with @error set
 */
ImpStore *
imp_embedded_store_open (const char              *directory,
                         const ImpUnixfsProfile  *profile,
                         GError                 **error)
{
  g_autoptr(ImpEmbeddedStore) self = NULL;

  g_return_val_if_fail (directory != NULL, NULL);
  g_return_val_if_fail (profile != NULL, NULL);

  self = g_object_new (IMP_TYPE_EMBEDDED_STORE, NULL);
  self->profile = profile;

  if (!(self->folders = imp_payload_folders_open (directory, error)) ||
      !imp_payload_folders_collect (self->folders, collect, self, error))
    return NULL;

  return IMP_STORE (g_steal_pointer (&self));
}
