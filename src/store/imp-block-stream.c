/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-block-stream.h"

#include <string.h>

#include "imp-block-path.h"
#include "imp-digest.h"
#include "imp-error.h"
#include "imp-store-files.h"
#include "imp-unixfs.h"

/**
 * ImpBlockStream:
 *
 * A payload's bytes, each block verified before any of it is given.
 *
 * A read goes down from the root to the leaf that the position is in, along nodes that are verified
 * the same way, so that a byte anywhere costs a few nodes and one block. Where a whole block is asked
 * for it is read into the caller's own memory; otherwise one block is held.
 */
struct _ImpBlockStream
{
  GInputStream parent_instance;

  int           data_fd;   /* (owned) */
  int           index_fd;  /* (owned) */
  ImpCid       *cid;       /* (owned) */
  guint64       size;
  guint64       position;

  ImpBlockPath *path;      /* (owned) */
  ImpBlockLeaf  leaf;      /* the one that is held in block, its CID NULL when there is none */
  guint8       *block;     /* (owned) (nullable) */

  ImpDigest    *sha256;    /* (owned) */
};

static void imp_block_stream_seekable_init (GSeekableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpBlockStream, imp_block_stream, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE, imp_block_stream_seekable_init))

static gboolean
leaf_contains (const ImpBlockLeaf *leaf,
               guint64             position)
{
  return leaf->cid != NULL && position >= leaf->start && position - leaf->start < leaf->size;
}

static void
leaf_clear (ImpBlockLeaf *leaf)
{
  g_clear_pointer (&leaf->cid, imp_cid_unref);
}

static gboolean
verify_leaf (ImpBlockStream     *self,
             const ImpBlockLeaf *leaf,
             const guint8       *data)
{
  guint8 head[32], tail[32], digest[IMP_SHA256_SIZE];
  gsize head_size = 0, tail_size = 0;

  if (imp_cid_get_codec (leaf->cid) == IMP_CODEC_DAG_PB)
    imp_unixfs_leaf_frame (leaf->size, head, &head_size, tail, &tail_size);

  imp_digest_update (self->sha256, head, head_size);
  imp_digest_update (self->sha256, data, leaf->size);
  imp_digest_update (self->sha256, tail, tail_size);
  imp_digest_finish (self->sha256, digest);

  return memcmp (digest, imp_cid_get_sha256 (leaf->cid), sizeof digest) == 0;
}

static void
set_corrupt_block (GError             **error,
                   const ImpBlockLeaf  *leaf,
                   const char          *what)
{
  g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT,
               "block %s (bytes %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ") %s",
               imp_cid_get_string (leaf->cid), leaf->start, leaf->start + leaf->size, what);
}

static gboolean
read_leaf (ImpBlockStream      *self,
           const ImpBlockLeaf  *leaf,
           guint8              *data,
           GError             **error)
{
  gssize n;

  if (leaf->size > IMP_BLOCK_MAX_SIZE)
    {
      set_corrupt_block (error, leaf, "is longer than a block may be");
      return FALSE;
    }

  n = imp_file_read_at (self->data_fd, data, leaf->size, leaf->start, error);
  if (n < 0)
    return FALSE;

  if ((guint64) n == leaf->size && verify_leaf (self, leaf, data))
    return TRUE;

  /* It may be the caller's memory: nothing of a block that is not verified stays there. */
  memset (data, 0, leaf->size);
  set_corrupt_block (error, leaf, (guint64) n < leaf->size ? "is cut short" : "is not what was written");
  return FALSE;
}

static gboolean
hold_leaf (ImpBlockStream  *self,
           ImpBlockLeaf    *leaf,
           GError         **error)
{
  leaf_clear (&self->leaf);

  if (self->block == NULL)
    self->block = g_malloc (IMP_BLOCK_MAX_SIZE);
  if (!read_leaf (self, leaf, self->block, error))
    return FALSE;

  self->leaf = *leaf;
  memset (leaf, 0, sizeof *leaf);
  return TRUE;
}

static gsize
copy_from_held (ImpBlockStream *self,
                guint8         *buffer,
                gsize           count)
{
  gsize offset = self->position - self->leaf.start;
  gsize n = MIN (count, self->leaf.size - offset);

  memcpy (buffer, self->block + offset, n);
  return n;
}

/* Some bytes from the position on, all of one block. */
static gssize
read_some (ImpBlockStream  *self,
           guint8          *buffer,
           gsize            count,
           GError         **error)
{
  ImpBlockLeaf leaf = { NULL, };
  gboolean done;

  if (leaf_contains (&self->leaf, self->position))
    return copy_from_held (self, buffer, count);

  if (!imp_block_path_find (self->path, self->position, &leaf, error))
    return -1;

  if (leaf.start == self->position && leaf.size <= count)
    {
      gsize n = leaf.size;

      done = read_leaf (self, &leaf, buffer, error);
      leaf_clear (&leaf);
      return done ? (gssize) n : -1;
    }

  done = hold_leaf (self, &leaf, error);
  leaf_clear (&leaf);
  return done ? (gssize) copy_from_held (self, buffer, count) : -1;
}

static gssize
imp_block_stream_read (GInputStream  *stream,
                       void          *buffer,
                       gsize          count,
                       GCancellable  *cancellable,
                       GError       **error)
{
  ImpBlockStream *self = IMP_BLOCK_STREAM (stream);
  gsize done = 0;

  while (done < count && self->position < self->size)
    {
      GError *local_error = NULL;
      gssize n;

      n = g_cancellable_set_error_if_cancelled (cancellable, &local_error) ? -1 :
          read_some (self, (guint8 *) buffer + done, count - done, &local_error);

      if (n < 0)
        {
          /* What is good is given first; the next read meets the error again. */
          if (done > 0)
            {
              g_error_free (local_error);
              break;
            }

          g_propagate_prefixed_error (error, local_error, "payload %s: ", imp_cid_get_string (self->cid));
          return -1;
        }

      self->position += n;
      done += n;
    }

  return done;
}

static gssize
imp_block_stream_skip (GInputStream  *stream,
                       gsize          count,
                       GCancellable  *cancellable,
                       GError       **error)
{
  ImpBlockStream *self = IMP_BLOCK_STREAM (stream);
  guint64 n = MIN (count, self->size - self->position);

  self->position += n;
  return n;
}

static gboolean
imp_block_stream_close (GInputStream  *stream,
                        GCancellable  *cancellable,
                        GError       **error)
{
  ImpBlockStream *self = IMP_BLOCK_STREAM (stream);

  imp_clear_fd (&self->data_fd);
  imp_clear_fd (&self->index_fd);
  g_clear_pointer (&self->block, g_free);
  leaf_clear (&self->leaf);

  return TRUE;
}

static goffset
imp_block_stream_tell (GSeekable *seekable)
{
  return IMP_BLOCK_STREAM (seekable)->position;
}

static gboolean
imp_block_stream_can_seek (GSeekable *seekable)
{
  return TRUE;
}

static gboolean
imp_block_stream_seek (GSeekable     *seekable,
                       goffset        offset,
                       GSeekType      type,
                       GCancellable  *cancellable,
                       GError       **error)
{
  ImpBlockStream *self = IMP_BLOCK_STREAM (seekable);
  gint64 base = type == G_SEEK_CUR ? self->position : type == G_SEEK_END ? self->size : 0;

  /* A size fits into gint64, so neither comparison can overflow. */
  if (offset < -base || offset > (gint64) self->size - base)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "cannot seek outside of the payload’s %" G_GUINT64_FORMAT " bytes", self->size);
      return FALSE;
    }

  self->position = base + offset;
  return TRUE;
}

static gboolean
imp_block_stream_can_truncate (GSeekable *seekable)
{
  return FALSE;
}

static gboolean
imp_block_stream_truncate (GSeekable     *seekable,
                           goffset        offset,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "a payload does not change");
  return FALSE;
}

static void
imp_block_stream_seekable_init (GSeekableIface *iface)
{
  iface->tell = imp_block_stream_tell;
  iface->can_seek = imp_block_stream_can_seek;
  iface->seek = imp_block_stream_seek;
  iface->can_truncate = imp_block_stream_can_truncate;
  iface->truncate_fn = imp_block_stream_truncate;
}

static void
imp_block_stream_finalize (GObject *object)
{
  ImpBlockStream *self = IMP_BLOCK_STREAM (object);

  /* GInputStream has closed it. */
  g_clear_pointer (&self->cid, imp_cid_unref);
  g_clear_pointer (&self->path, imp_block_path_free);
  g_clear_pointer (&self->sha256, imp_digest_free);

  G_OBJECT_CLASS (imp_block_stream_parent_class)->finalize (object);
}

static void
imp_block_stream_class_init (ImpBlockStreamClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = imp_block_stream_finalize;
  stream_class->read_fn = imp_block_stream_read;
  stream_class->skip = imp_block_stream_skip;
  stream_class->close_fn = imp_block_stream_close;
}

static void
imp_block_stream_init (ImpBlockStream *self)
{
  self->data_fd = self->index_fd = -1;
  self->sha256 = imp_digest_new (IMP_DIGEST_SHA256);
}

/**
 * imp_block_stream_new:
 * @data_fd: (transfer full): the payload's bytes
 * @index_fd: (transfer full): its index
 * @root: where the root's record is in the index, 0 when the root is a leaf
 * @info: what the index says of the payload
 * @error: return location for an error
 *
 * Opens a payload and verifies its root; the leaves are verified as they are read.
 *
 * Returns: (transfer full) (nullable): a seekable stream, or `NULL` with @error set
 */
GInputStream *
imp_block_stream_new (int                    data_fd,
                      int                    index_fd,
                      guint64                root,
                      const ImpPayloadInfo  *info,
                      GError               **error)
{
  g_autoptr(ImpBlockStream) self = g_object_new (IMP_TYPE_BLOCK_STREAM, NULL);

  self->data_fd = data_fd;
  self->index_fd = index_fd;
  self->cid = imp_cid_ref (info->cid);
  self->size = info->size;

  self->path = imp_block_path_new (index_fd, self->cid, self->size, root, error);
  if (self->path == NULL)
    {
      g_prefix_error (error, "payload %s: ", imp_cid_get_string (self->cid));
      return NULL;
    }

  return G_INPUT_STREAM (g_steal_pointer (&self));
}
