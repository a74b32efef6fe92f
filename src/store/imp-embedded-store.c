/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE  /* O_DIRECTORY */

#include "imp-embedded-store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "imp-block-stream.h"
#include "imp-error.h"
#include "imp-payload-index.h"
#include "imp-payload-writer.h"
#include "imp-store-files.h"

#define PROBE_SIZE (256 * 1024)

/**
 * ImpEmbeddedStore:
 *
 * Payloads in a folder of this machine.
 *
 *     lock                      held by the process that has the store open
 *     staged/<CID>.data .index  staged: what is there at opening was left by a crash
 *     staged/tmp-…              being written, or tried to; removed at opening
 *     kept/<CID>.data .index    kept
 *
 * A file is named by the CID's version 1 text, so that v0 and v1 of one block are one payload. The
 * codec is part of the name: without it, bytes that are the root node of another payload would take
 * its place.
 *
 * Only staging has to be durable. Keeping and discarding are renames and removals that a power cut may
 * undo; the payload is then listed as staged again, and is dealt with again.
 */
struct _ImpEmbeddedStore
{
  GObject parent_instance;

  int                     lock_fd;
  int                     staged_fd;
  int                     kept_fd;
  const ImpUnixfsProfile *profile;

  GMutex                  mutex;   /* of what follows, and of moving files */
  GHashTable             *stages;  /* (owned) name -> Stage */
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
  ImpPayloadInfo *info;      /* (owned) */
  guint64         root;
  int             data_fd;   /* (owned) */
  int             index_fd;  /* (owned) */
  gboolean        staged;    /* not kept */
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
  imp_clear_fd (&payload->data_fd);
  imp_clear_fd (&payload->index_fd);
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
exists (int         directory,
        const char *name,
        const char *suffix,
        guint64    *size)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);
  struct stat st;

  if (fstatat (directory, file, &st, 0) != 0)
    return FALSE;

  if (size != NULL)
    *size = st.st_size;
  return TRUE;
}

static gboolean
is_in (int         directory,
       const char *name)
{
  return exists (directory, name, ".index", NULL);
}

/* Something is there that should be readable, and is not. */
static void
set_unavailable (GError     **error,
                 int          saved_errno,
                 const char  *what)
{
  g_set_error (error, IMP_ERROR, IMP_ERROR_STORE_UNAVAILABLE, "%s: %s", what, g_strerror (saved_errno));
}

static int
open_file (int          directory,
           const char  *name,
           const char  *suffix,
           GError     **error)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);
  int fd = openat (directory, file, O_RDONLY | O_CLOEXEC);

  if (fd < 0 && errno == ENOENT)
    g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT, "its %s file is gone", suffix + 1);
  else if (fd < 0)
    set_unavailable (error, errno, "it cannot be read");

  return fd;
}

static gboolean
check_size (int                    data_fd,
            const ImpPayloadInfo  *info,
            GError               **error)
{
  struct stat st;

  if (fstat (data_fd, &st) != 0)
    {
      set_unavailable (error, errno, "it cannot be read");
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

/* A payload that is kept or staged, with the mutex held: the files cannot be moved meanwhile. */
static gboolean
open_files (ImpEmbeddedStore  *self,
            const ImpCid      *cid,
            Payload           *payload,
            GError           **error)
{
  g_autofree char *name = make_name (cid);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  int directory = is_in (self->kept_fd, name) ? self->kept_fd : self->staged_fd;

  /* A keep that was interrupted has moved the bytes and not the index. */
  int data_directory = exists (self->kept_fd, name, ".data", NULL) ? self->kept_fd : self->staged_fd;

  if (!is_in (directory, name))
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_NOT_FOUND, "it is not in the store");
      return FALSE;
    }
  payload->staged = directory == self->staged_fd;

  return (payload->index_fd = open_file (directory, name, ".index", error)) >= 0 &&
         (payload->data_fd = open_file (data_directory, name, ".data", error)) >= 0;
}

static Payload *
open_payload (ImpEmbeddedStore  *self,
              const ImpCid      *cid,
              GError           **error)
{
  g_autoptr(Payload) payload = g_new0 (Payload, 1);

  payload->data_fd = payload->index_fd = -1;
  if (!open_files (self, cid, payload, error) ||
      !(payload->info = imp_index_read_header (payload->index_fd, &payload->root, error)) ||
      !check_cid (payload->info, cid, error) ||
      !check_size (payload->data_fd, payload->info, error))
    {
      g_prefix_error (error, "payload %s: ", imp_cid_get_string (cid));
      return NULL;
    }

  payload->info->staged = payload->staged;

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

static void
remove_file (int         directory,
             const char *name,
             const char *suffix)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);

  unlinkat (directory, file, 0);
}

/* In an order that leaves, wherever it is cut, what is removed at opening: an index without bytes, or
 * bytes without an index.
 */
static void
remove_staged (ImpEmbeddedStore *self,
               const char       *name)
{
  remove_file (self->kept_fd, name, ".data");
  remove_file (self->staged_fd, name, ".index");
  remove_file (self->staged_fd, name, ".data");
}

/* Over what is there already, too: it is the same, unless the disk has spoilt it. */
static gboolean
put_in_place (ImpEmbeddedStore      *self,
              ImpPayloadWriter      *writer,
              const ImpPayloadInfo  *info,
              GError               **error)
{
  g_autofree char *name = make_name (info->cid);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  gboolean kept = is_in (self->kept_fd, name);
  gboolean known = kept || is_in (self->staged_fd, name);
  int directory = kept ? self->kept_fd : self->staged_fd;

  if (!imp_payload_writer_move (writer, directory, name, error) ||
      !imp_file_sync (directory, error))
    {
      if (!known)
        remove_staged (self, name);
      return FALSE;
    }

  add_stage (self, name, info->cid);
  if (!known)
    count_payload (self, 1, info->size);

  return TRUE;
}

static ImpPayloadInfo *
imp_embedded_store_stage (ImpStore      *store,
                          GInputStream  *payload,
                          guint64        limit,
                          GCancellable  *cancellable,
                          GError       **error)
{
  ImpEmbeddedStore *self = IMP_EMBEDDED_STORE (store);
  g_autoptr(ImpPayloadWriter) writer = NULL;
  g_autoptr(ImpPayloadInfo) info = NULL;

  if (!(writer = imp_payload_writer_new (self->staged_fd, self->profile, error)) ||
      !(info = imp_payload_writer_run (writer, payload, limit, cancellable, error)) ||
      !put_in_place (self, writer, info, error))
    return NULL;

  return g_steal_pointer (&info);
}

static gboolean
move_file (ImpEmbeddedStore  *self,
           const char        *name,
           const char        *suffix,
           GError           **error)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);

  /* The bytes may have been moved before a crash. */
  if (renameat (self->staged_fd, file, self->kept_fd, file) == 0 ||
      (errno == ENOENT && exists (self->kept_fd, name, suffix, NULL)))
    return TRUE;

  imp_set_file_error (error, errno, "cannot keep the payload");
  return FALSE;
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

  if (is_in (self->staged_fd, name))
    {
      if (!move_file (self, name, ".data", error) ||
          !move_file (self, name, ".index", error))
        return FALSE;
    }
  else if (!is_in (self->kept_fd, name))
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND,
                   "payload %s is not staged", imp_cid_get_string (cid));
      return FALSE;
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
  gboolean staged = is_in (self->staged_fd, name);
  guint64 size = 0;

  if (!staged && !is_in (self->kept_fd, name))
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND,
                   "payload %s is not staged", imp_cid_get_string (cid));
      return FALSE;
    }

  if (!take_stage (self, name) && staged)
    {
      if (!exists (self->staged_fd, name, ".data", &size))
        exists (self->kept_fd, name, ".data", &size);
      remove_staged (self, name);
      count_payload (self, -1, -(gint64) size);
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

      if (stage->left && is_in (self->staged_fd, name))
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
  int data_fd, index_fd;

  if (payload == NULL)
    return NULL;

  data_fd = payload->data_fd;
  index_fd = payload->index_fd;
  payload->data_fd = payload->index_fd = -1;

  return imp_block_stream_new (data_fd, index_fd, payload->root, payload->info, error);
}

static DIR *
open_listing (int      directory,
              GError **error)
{
  int fd = openat (directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *listing = fd >= 0 ? fdopendir (fd) : NULL;

  if (listing != NULL)
    return listing;

  set_unavailable (error, errno, "the store’s folder cannot be listed");
  imp_clear_fd (&fd);
  return NULL;
}

static gboolean
count_directory (ImpEmbeddedStore  *self,
                 int                directory,
                 GCancellable      *cancellable,
                 GError           **error)
{
  DIR *listing = open_listing (directory, error);
  struct dirent *entry;

  if (listing == NULL)
    return FALSE;

  while ((entry = readdir (listing)) != NULL && !g_cancellable_is_cancelled (cancellable))
    {
      g_autofree char *name = g_strndup (entry->d_name, strcspn (entry->d_name, "."));
      guint64 size = 0;

      if (g_str_has_prefix (entry->d_name, "tmp-") || !g_str_has_suffix (entry->d_name, ".index"))
        continue;

      if (!exists (self->kept_fd, name, ".data", &size))
        exists (self->staged_fd, name, ".data", &size);
      count_payload (self, 1, size);
    }
  closedir (listing);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* Once, when it is first asked for; each change is added after that. */
static gboolean
count_payloads (ImpEmbeddedStore  *self,
                GCancellable      *cancellable,
                GError           **error)
{
  if (self->counted)
    return TRUE;

  self->n_payloads = self->n_bytes = 0;
  self->counted = count_directory (self, self->staged_fd, cancellable, error) &&
                  count_directory (self, self->kept_fd, cancellable, error);

  return self->counted;
}

/* Descriptors outlive the folders that they were opened on, so asking them alone finds nothing wrong:
 * only writing does. What a crash leaves of it is removed at opening.
 */
static gboolean
try_to_write (ImpEmbeddedStore *self)
{
  static const char name[] = "tmp-probe";
  struct stat kept;
  int fd;
  int result;

  if (fstat (self->kept_fd, &kept) != 0)
    return FALSE;
  if (kept.st_nlink == 0)
    {
      errno = ENOENT;
      return FALSE;
    }

  fd = openat (self->staged_fd, name, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    return FALSE;

  do
    result = posix_fallocate (fd, 0, PROBE_SIZE);
  while (result == EINTR);

  imp_clear_fd (&fd);
  unlinkat (self->staged_fd, name, 0);
  errno = result;
  return result == 0;
}

static gboolean
imp_embedded_store_get_status (ImpStore        *store,
                               ImpStoreStatus  *status,
                               GCancellable    *cancellable,
                               GError         **error)
{
  ImpEmbeddedStore *self = IMP_EMBEDDED_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  struct statvfs vfs;

  if (!count_payloads (self, cancellable, error))
    return FALSE;

  status->engine = "embedded";
  status->payloads = self->n_payloads;
  status->bytes = self->n_bytes;
  status->free = fstatvfs (self->kept_fd, &vfs) == 0 ? (guint64) vfs.f_bavail * vfs.f_frsize : G_MAXUINT64;
  status->trouble = try_to_write (self) ? NULL : g_strerror (errno);

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

  imp_clear_fd (&self->staged_fd);
  imp_clear_fd (&self->kept_fd);
  imp_clear_fd (&self->lock_fd);
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
  self->lock_fd = self->staged_fd = self->kept_fd = -1;
  self->stages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) stage_free);
  g_mutex_init (&self->mutex);
}

/* Two processes would remove what the other is staging. */
static gboolean
lock (ImpEmbeddedStore  *self,
      const char        *directory,
      GError           **error)
{
  g_autofree char *path = g_build_filename (directory, "lock", NULL);

  self->lock_fd = open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (self->lock_fd >= 0 && imp_file_lock (self->lock_fd))
    return TRUE;

  if (self->lock_fd >= 0 && errno == EWOULDBLOCK)
    g_set_error (error, IMP_ERROR, IMP_ERROR_STORE_UNAVAILABLE,
                 "the payloads in “%s” are in use by another process", directory);
  else
    g_set_error (error, IMP_ERROR, IMP_ERROR_STORE_UNAVAILABLE,
                 "cannot lock “%s”: %s", path, g_strerror (errno));
  return FALSE;
}

/* What a crash has left: a whole payload is listed, everything else is no use to anyone. Files are named
 * by the version 1 text of a CID, so the CID that was given out is read from the index.
 */
static gboolean
collect (ImpEmbeddedStore  *self,
         const char        *file,
         GError           **error)
{
  g_autofree char *name = g_strndup (file, strcspn (file, "."));
  g_autoptr(ImpCid) cid = imp_cid_new_from_string (name, NULL);
  g_autoptr(Payload) payload = NULL;
  g_autoptr(GError) local_error = NULL;

  if (cid != NULL && is_in (self->staged_fd, name) &&
      !(payload = open_payload (self, cid, &local_error)) &&
      !g_error_matches (local_error, IMP_ERROR, IMP_ERROR_CORRUPT))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (payload == NULL)
    unlinkat (self->staged_fd, file, 0);
  else if (g_str_has_suffix (file, ".index"))
    add_stage (self, name, payload->info->cid)->left = TRUE;

  return TRUE;
}

static gboolean
collect_staged (ImpEmbeddedStore  *self,
                GError           **error)
{
  DIR *listing = open_listing (self->staged_fd, error);
  struct dirent *entry;
  gboolean collected = listing != NULL;

  while (collected && (entry = readdir (listing)) != NULL)
    {
      if (!g_str_equal (entry->d_name, ".") && !g_str_equal (entry->d_name, ".."))
        collected = collect (self, entry->d_name, error);
    }

  if (listing != NULL)
    closedir (listing);
  return collected;
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

  if ((self->staged_fd = imp_open_directory (directory, "staged", error)) < 0 ||
      (self->kept_fd = imp_open_directory (directory, "kept", error)) < 0 ||
      !lock (self, directory, error) ||
      !collect_staged (self, error))
    return NULL;

  return IMP_STORE (g_steal_pointer (&self));
}
