/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-payload-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "imp-digest-thread.h"
#include "imp-error.h"
#include "imp-flusher.h"
#include "imp-payload-index.h"
#include "imp-store-files.h"

#define BUFFER_SIZE (256 * 1024)

/**
 * ImpPayloadWriter:
 *
 * One pass over a payload: its bytes into one file, the inner nodes of its DAG into another.
 *
 * The layout was chosen by measurement: a file a block costs an fsync each, or a sync of the whole file
 * system, and half as much again even then. The SHA-384 has a thread of its own, for it is as dear as
 * everything else together, and so has the disk.
 *
 * What is not moved to its place when the writer is freed is removed.
 */
struct _ImpPayloadWriter
{
  int                     directory;
  char                   *data_name;   /* (owned) (nullable): NULL when it has been moved */
  char                   *index_name;  /* (owned) (nullable) */
  int                     data_fd;
  int                     index_fd;

  const ImpUnixfsProfile *profile;
  ImpIndexWriter         *index;       /* (owned) */
  ImpFlusher             *flusher;     /* (owned) */
  guint64                 size;
};

static int
create_file (int          directory,
             const char  *name,
             GError     **error)
{
  int fd = openat (directory, name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    imp_set_file_error (error, errno, "cannot create a file in the store");

  return fd;
}

/**
 * imp_payload_writer_new:
 * @directory: where to; it is used until the writer is freed
 * @profile: how the payload becomes a DAG
 * @error: return location for an error
 *
 * Creates the two files, under names that no payload has.
 *
 * Returns: (transfer full) (nullable): a writer, or `NULL` with @error set
 */
ImpPayloadWriter *
imp_payload_writer_new (int                      directory,
                        const ImpUnixfsProfile  *profile,
                        GError                 **error)
{
  g_autoptr(ImpPayloadWriter) self = g_new0 (ImpPayloadWriter, 1);
  g_autofree char *unique = g_uuid_string_random ();

  self->directory = directory;
  self->profile = profile;
  self->data_fd = self->index_fd = -1;
  self->data_name = g_strdup_printf ("tmp-%s.data", unique);
  self->index_name = g_strdup_printf ("tmp-%s.index", unique);

  if ((self->data_fd = create_file (directory, self->data_name, error)) < 0 ||
      (self->index_fd = create_file (directory, self->index_name, error)) < 0)
    return NULL;

  self->index = imp_index_writer_new (self->index_fd);
  self->flusher = imp_flusher_new (self->data_fd);

  return g_steal_pointer (&self);
}

/**
 * imp_payload_writer_free:
 * @self: (transfer full): a writer, not `NULL`
 *
 * Ends the writing. A file that was not moved to its place is removed.
 */
void
imp_payload_writer_free (ImpPayloadWriter *self)
{
  g_clear_pointer (&self->flusher, imp_flusher_free);
  imp_clear_fd (&self->data_fd);
  imp_clear_fd (&self->index_fd);

  if (self->data_name != NULL)
    unlinkat (self->directory, self->data_name, 0);
  if (self->index_name != NULL)
    unlinkat (self->directory, self->index_name, 0);

  g_clear_pointer (&self->index, imp_index_writer_free);
  g_free (self->data_name);
  g_free (self->index_name);
  g_free (self);
}

/* The leaves' bytes are written in longer runs than blocks. */
static gboolean
add_block (const ImpUnixfsBlock  *block,
           gpointer               user_data,
           GError               **error)
{
  ImpPayloadWriter *self = user_data;

  if (block->leaf)
    return TRUE;

  return imp_index_writer_add (self->index, block->cid, block->head, block->head_size, error);
}

static gboolean
check_limit (guint64   size,
             guint64   limit,
             GError  **error)
{
  if (limit == 0 || size <= limit)
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_PAYLOAD_TOO_LARGE,
               "the payload has more than the %" G_GUINT64_FORMAT " bytes that are allowed", limit);
  return FALSE;
}

static gboolean
write_data (ImpPayloadWriter  *self,
            const void        *data,
            gsize              size,
            GError           **error)
{
  if (!imp_file_write_at (self->data_fd, data, size, self->size, error))
    return FALSE;

  self->size += size;
  imp_flusher_wrote (self->flusher, size);

  return TRUE;
}

/* The builder takes whole chunks where they lie, without a copy. */
static gsize
get_buffer_size (const ImpUnixfsProfile *profile)
{
  return (gsize) profile->chunk_size * MAX (1, BUFFER_SIZE / profile->chunk_size);
}

static gboolean
write_payload (ImpPayloadWriter  *self,
               ImpUnixfsBuilder  *builder,
               ImpDigestThread   *sha384,
               GInputStream      *payload,
               guint64            limit,
               GCancellable      *cancellable,
               GError           **error)
{
  gsize buffer_size = get_buffer_size (self->profile);
  gsize n = 0;

  do
    {
      guint8 *buffer = imp_digest_thread_get_buffer (sha384);

      if (!g_input_stream_read_all (payload, buffer, buffer_size, &n, cancellable, error) ||
          !check_limit (self->size + n, limit, error))
        return FALSE;

      imp_digest_thread_push (sha384, n);
      if (!write_data (self, buffer, n, error) ||
          !imp_unixfs_builder_write (builder, buffer, n, error))
        return FALSE;
    }
  while (n == buffer_size);

  return TRUE;
}

/**
 * imp_payload_writer_run:
 * @self: a writer
 * @payload: the bytes
 * @limit: the most that is taken, 0 for no limit
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * Reads @payload to its end; both files are durable then. A writer is run once.
 *
 * Returns: (transfer full) (nullable): what was written, or `NULL` with @error set
 */
ImpPayloadInfo *
imp_payload_writer_run (ImpPayloadWriter  *self,
                        GInputStream      *payload,
                        guint64            limit,
                        GCancellable      *cancellable,
                        GError           **error)
{
  g_autoptr(ImpUnixfsBuilder) builder = imp_unixfs_builder_new (self->profile, add_block, self);
  g_autoptr(ImpDigestThread) sha384 = NULL;
  g_autoptr(ImpCid) cid = NULL;
  g_autoptr(ImpPayloadInfo) info = NULL;
  g_autofree char *digest = NULL;

  sha384 = imp_digest_thread_new (IMP_DIGEST_SHA384, get_buffer_size (self->profile));

  if (!write_payload (self, builder, sha384, payload, limit, cancellable, error) ||
      !(cid = imp_unixfs_builder_end (builder, NULL, error)) ||
      !imp_flusher_finish (self->flusher, error))
    return NULL;

  digest = imp_digest_thread_finish_hex (sha384);
  info = imp_payload_info_new (cid, self->size, digest);

  if (!imp_index_writer_finish (self->index, info, error) ||
      !imp_file_sync (self->index_fd, error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  return g_steal_pointer (&info);
}

/**
 * imp_payload_writer_move:
 * @self: a writer that was run
 * @directory: where to, on the same file system
 * @name: the name that the payload is found by
 * @error: return location for an error
 *
 * Puts the files in their place, over whatever is there. The index comes last: bytes without one are
 * nothing.
 *
 * Returns: whether it could
 */
gboolean
imp_payload_writer_move (ImpPayloadWriter  *self,
                         int                directory,
                         const char        *name,
                         GError           **error)
{
  g_autofree char *data_name = g_strconcat (name, ".data", NULL);
  g_autofree char *index_name = g_strconcat (name, ".index", NULL);

  if (renameat (self->directory, self->data_name, directory, data_name) < 0)
    {
      imp_set_file_error (error, errno, "cannot put the payload in its place");
      return FALSE;
    }
  g_clear_pointer (&self->data_name, g_free);

  if (renameat (self->directory, self->index_name, directory, index_name) < 0)
    {
      imp_set_file_error (error, errno, "cannot put the payload in its place");
      return FALSE;
    }
  g_clear_pointer (&self->index_name, g_free);

  return TRUE;
}
