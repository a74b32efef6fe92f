/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-block-stream.h"

#include <string.h>

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-payload-index.h"
#include "imp-store-files.h"

/* Deeper than a DAG of any file: two links a node would be enough for 2^32 blocks. */
#define MAX_DEPTH 32

/* Some bytes of the payload, and the node that they are below. */
typedef struct
{
  ImpIndexNode *node;   /* (owned) (nullable): NULL for a leaf */
  ImpCid       *cid;    /* (owned) */
  guint64       start;
  guint64       size;
  guint64      *ends;   /* (owned) (nullable): where the children end, from the start of the payload */
} Span;

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

  int        data_fd;
  int        index_fd;
  ImpCid    *cid;       /* (owned) */
  guint64    size;
  guint64    position;

  GPtrArray *path;      /* (owned) Span, from the root to the parent of the leaf */
  Span       leaf;      /* the one that is held in block, its CID NULL when there is none */
  guint8    *block;     /* (owned) (nullable) */

  ImpDigest *sha256;    /* (owned) */
};

static void imp_block_stream_seekable_init (GSeekableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpBlockStream, imp_block_stream, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE, imp_block_stream_seekable_init))

static void
span_clear (Span *span)
{
  g_clear_pointer (&span->node, imp_index_node_free);
  g_clear_pointer (&span->cid, imp_cid_unref);
  g_clear_pointer (&span->ends, g_free);
}

static void
span_free (Span *span)
{
  span_clear (span);
  g_free (span);
}

static gboolean
span_contains (const Span *span,
               guint64     position)
{
  return position >= span->start && position - span->start < span->size;
}

/* Goes up until what is left of the path leads to @position. The root always does. */
static Span *
leave_path (ImpBlockStream *self)
{
  while (self->path->len > 1 &&
         !span_contains (g_ptr_array_index (self->path, self->path->len - 1), self->position))
    g_ptr_array_set_size (self->path, self->path->len - 1);

  return g_ptr_array_index (self->path, self->path->len - 1);
}

static Span *
span_new (const ImpCid *cid,
          guint64       start,
          guint64       size)
{
  Span *span = g_new0 (Span, 1);

  span->cid = imp_cid_ref ((ImpCid *) cid);
  span->start = start;
  span->size = size;

  return span;
}

/* The node's children lie one after the other from the span's start to its end. */
static gboolean
set_node (Span          *span,
          ImpIndexNode  *node,
          GError       **error)
{
  guint n_links = node->node->links->len;
  guint64 end = span->start;

  span->node = node;
  span->ends = g_new (guint64, n_links);
  for (guint i = 0; i < n_links; i++)
    {
      end += g_array_index (node->node->links, ImpUnixfsLink, i).file_size;
      span->ends[i] = end;
    }

  if (end - span->start == span->size)
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT,
               "node %s has %" G_GUINT64_FORMAT " bytes and not %" G_GUINT64_FORMAT,
               imp_cid_get_string (span->cid), end - span->start, span->size);
  return FALSE;
}

/* The first child that ends after @position. */
static guint
find_child (const Span *span,
            guint64     position)
{
  guint low = 0;
  guint high = span->node->node->links->len - 1;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (span->ends[middle] > position)
        high = middle;
      else
        low = middle + 1;
    }

  return low;
}

static gboolean
enter_node (ImpBlockStream  *self,
            const ImpCid    *cid,
            guint64          start,
            guint64          size,
            guint64          record,
            GError         **error)
{
  g_autoptr(ImpIndexNode) node = NULL;
  Span *span;

  if (self->path->len == MAX_DEPTH)
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_CORRUPT, "the index is too deep");
      return FALSE;
    }

  node = imp_index_read_node (self->index_fd, record, cid, error);
  if (node == NULL)
    return FALSE;

  span = span_new (cid, start, size);
  if (!set_node (span, g_steal_pointer (&node), error))
    {
      span_free (span);
      return FALSE;
    }

  g_ptr_array_add (self->path, span);
  return TRUE;
}

/* Finds the leaf that the position is in. */
static gboolean
find_leaf (ImpBlockStream  *self,
           Span            *leaf,
           GError         **error)
{
  for (Span *span = leave_path (self);
       span->node != NULL;
       span = g_ptr_array_index (self->path, self->path->len - 1))
    {
      guint child = find_child (span, self->position);
      const ImpUnixfsLink *link = &g_array_index (span->node->node->links, ImpUnixfsLink, child);
      guint64 start = span->ends[child] - link->file_size;

      g_assert (self->position >= start && self->position < span->ends[child]);
      if (span->node->children == NULL)
        {
          leaf->cid = imp_cid_ref (link->cid);
          leaf->start = start;
          leaf->size = link->file_size;
          return TRUE;
        }

      if (!enter_node (self, link->cid, start, link->file_size, span->node->children[child], error))
        return FALSE;
    }

  leaf->cid = imp_cid_ref (self->cid);
  leaf->start = 0;
  leaf->size = self->size;
  return TRUE;
}

static gboolean
verify_leaf (ImpBlockStream *self,
             const Span     *leaf,
             const guint8   *data)
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
set_corrupt_block (GError     **error,
                   const Span  *leaf,
                   const char  *what)
{
  g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT,
               "block %s (bytes %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ") %s",
               imp_cid_get_string (leaf->cid), leaf->start, leaf->start + leaf->size, what);
}

static gboolean
read_leaf (ImpBlockStream  *self,
           const Span      *leaf,
           guint8          *data,
           GError         **error)
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
           Span            *leaf,
           GError         **error)
{
  span_clear (&self->leaf);

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
  Span leaf = { NULL, };
  gboolean done;

  if (self->leaf.cid != NULL && span_contains (&self->leaf, self->position))
    return copy_from_held (self, buffer, count);

  if (!find_leaf (self, &leaf, error))
    return -1;

  if (leaf.start == self->position && leaf.size <= count)
    {
      gsize n = leaf.size;

      done = read_leaf (self, &leaf, buffer, error);
      span_clear (&leaf);
      return done ? (gssize) n : -1;
    }

  done = hold_leaf (self, &leaf, error);
  span_clear (&leaf);
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
  span_clear (&self->leaf);

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
  g_clear_pointer (&self->path, g_ptr_array_unref);
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
  self->path = g_ptr_array_new_with_free_func ((GDestroyNotify) span_free);
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

  if (root != 0)
    {
      if (!enter_node (self, self->cid, 0, self->size, root, error))
        {
          g_prefix_error (error, "payload %s: ", imp_cid_get_string (self->cid));
          return NULL;
        }
    }
  else
    g_ptr_array_add (self->path, span_new (self->cid, 0, self->size));

  return G_INPUT_STREAM (g_steal_pointer (&self));
}
