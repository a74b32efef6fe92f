/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-block-path.h"

#include "imp-error.h"
#include "imp-payload-index.h"

/* Deeper than a DAG of any file: two links a node would be enough for 2^32 blocks. */
#define MAX_DEPTH 32

/* Some bytes of the payload, and the node that they are below. */
typedef struct
{
  ImpIndexNode *node;   /* (owned) */
  ImpCid       *cid;    /* (owned) */
  guint64       start;
  guint64       size;
  guint64      *ends;   /* (owned): where the children end, from the start of the payload */
} Span;

/* What is common to the ways to two bytes near each other is gone only once, along nodes that are verified when they
 * are read, so that a byte anywhere costs a few nodes.
 */
struct _ImpBlockPath
{
  int        index_fd;
  ImpCid    *cid;    /* (owned) */
  guint64    size;
  GPtrArray *spans;  /* (owned) (element-type Span) from the root to the leaf’s parent; none where the root is one */
};

static void
span_free (Span *span)
{
  g_clear_pointer (&span->node, imp_index_node_free);
  imp_cid_unref (span->cid);
  g_free (span->ends);
  g_free (span);
}

static gboolean
span_contains (const Span *span,
               guint64     position)
{
  return position >= span->start && position - span->start < span->size;
}

static Span *
get_last (ImpBlockPath *self)
{
  return self->spans->len > 0 ? g_ptr_array_index (self->spans, self->spans->len - 1) : NULL;
}

/* Goes up until what is left of the path leads to @position. The root always does. */
static Span *
leave_path (ImpBlockPath *self,
            guint64       position)
{
  while (self->spans->len > 1 && !span_contains (get_last (self), position))
    g_ptr_array_set_size (self->spans, self->spans->len - 1);

  return get_last (self);
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
enter_node (ImpBlockPath  *self,
            const ImpCid    *cid,
            guint64          start,
            guint64          size,
            guint64          record,
            GError         **error)
{
  g_autoptr(ImpIndexNode) node = NULL;
  Span *span;

  if (self->spans->len == MAX_DEPTH)
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

  g_ptr_array_add (self->spans, span);
  return TRUE;
}

/**
 * imp_block_path_new:
 * @index_fd: a payload’s index, which stays the caller’s
 * @cid: the payload’s root
 * @size: bytes of the payload
 * @root: where the root’s record is in the index, 0 when the root is a leaf
 * @error: return location for an error
 *
 * Reads and verifies the root.
 *
 * Returns: (transfer full) (nullable): a path that has gone nowhere yet, or `NULL` with %IMP_ERROR_CORRUPT
 */
ImpBlockPath *
imp_block_path_new (int            index_fd,
                    const ImpCid  *cid,
                    guint64        size,
                    guint64        root,
                    GError       **error)
{
  g_autoptr(ImpBlockPath) self = g_new0 (ImpBlockPath, 1);

  self->index_fd = index_fd;
  self->cid = imp_cid_ref ((ImpCid *) cid);
  self->size = size;
  self->spans = g_ptr_array_new_with_free_func ((GDestroyNotify) span_free);

  if (root != 0 && !enter_node (self, cid, 0, size, root, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * imp_block_path_free:
 * @self: (transfer full): a path, not `NULL`
 *
 * Frees a path. The file that it reads is the caller's and stays open.
 */
void
imp_block_path_free (ImpBlockPath *self)
{
  g_ptr_array_unref (self->spans);
  imp_cid_unref (self->cid);
  g_free (self);
}

/**
 * imp_block_path_find:
 * @self: a path
 * @position: a byte of the payload
 * @leaf: (out): the block that has it
 * @error: return location for an error
 *
 * Goes to a leaf, by way of no more nodes than are new to the path.
 *
 * Returns: whether it could, or %IMP_ERROR_CORRUPT
 */
gboolean
imp_block_path_find (ImpBlockPath  *self,
                     guint64        position,
                     ImpBlockLeaf  *leaf,
                     GError       **error)
{
  for (Span *span = leave_path (self, position); span != NULL; span = get_last (self))
    {
      guint child = find_child (span, position);
      const ImpUnixfsLink *link = &g_array_index (span->node->node->links, ImpUnixfsLink, child);
      guint64 start = span->ends[child] - link->file_size;

      g_assert (position >= start && position < span->ends[child]);
      if (span->node->children == NULL)
        {
          *leaf = (ImpBlockLeaf) { imp_cid_ref (link->cid), start, link->file_size };
          return TRUE;
        }

      if (!enter_node (self, link->cid, start, link->file_size, span->node->children[child], error))
        return FALSE;
    }

  *leaf = (ImpBlockLeaf) { imp_cid_ref (self->cid), 0, self->size };
  return TRUE;
}
