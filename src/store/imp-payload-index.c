/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-payload-index.h"

#include <string.h>

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-store-files.h"

/* The index of a payload is a header of text, and then a record for each inner node of its DAG, a child
 * before its parent:
 *
 *     u32 size of the block, u32 number of children that are inner nodes
 *     the block
 *     u64 where the record of each of these children is
 *
 * all little endian. The leaves' bytes are the payload's own file; the frame of a dag-pb leaf is
 * computed. Blocks are believed by their CIDs from the root down, so the places need no protection: a
 * wrong one leads to a block of another CID. The header, of which the SHA-384 could not be checked so,
 * carries a digest of itself.
 */

#define RECORD_HEAD_SIZE 8

/* A node that no parent has taken up yet. */
typedef struct
{
  ImpCid  *cid;     /* (owned) */
  guint64  offset;
} Orphan;

struct _ImpIndexWriter
{
  int        fd;
  guint64    offset;  /* where the next record goes */
  guint64    root;    /* where the last one went */
  GPtrArray *levels;  /* (owned) arrays of Orphan, lowest level first */
};

static void
orphan_clear (Orphan *orphan)
{
  g_clear_pointer (&orphan->cid, imp_cid_unref);
}

static GArray *
level_new (void)
{
  GArray *level = g_array_new (FALSE, FALSE, sizeof (Orphan));

  g_array_set_clear_func (level, (GDestroyNotify) orphan_clear);

  return level;
}

/**
 * imp_index_writer_new:
 * @fd: an empty file, open for writing; it is lent and outlives the writer
 *
 * Makes a writer whose first record goes behind the header, which is written at the end.
 *
 * Returns: (transfer full): the writer
 */
ImpIndexWriter *
imp_index_writer_new (int fd)
{
  ImpIndexWriter *self = g_new0 (ImpIndexWriter, 1);

  self->fd = fd;
  self->offset = IMP_INDEX_HEADER_SIZE;
  self->levels = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  return self;
}

/**
 * imp_index_writer_free:
 * @self: (transfer full): a writer, not `NULL`
 *
 * Frees a writer. The file stays open, and without a header if it was not finished.
 */
void
imp_index_writer_free (ImpIndexWriter *self)
{
  g_ptr_array_unref (self->levels);
  g_free (self);
}

/* The level whose first orphans are this node's children: it has the child that is first. A CID stands
 * on one level only, for a node that were on two would contain itself. %NULL when they are leaves.
 */
static GArray *
find_children (ImpIndexWriter      *self,
               const ImpUnixfsNode *node,
               guint               *level)
{
  const ImpUnixfsLink *link = &g_array_index (node->links, ImpUnixfsLink, 0);

  for (guint i = 0; i < self->levels->len; i++)
    {
      GArray *orphans = g_ptr_array_index (self->levels, i);

      if (orphans->len > 0 && imp_cid_equal (g_array_index (orphans, Orphan, 0).cid, link->cid))
        {
          g_assert (orphans->len >= node->links->len);
          *level = i + 1;
          return orphans;
        }
    }

  *level = 0;
  return NULL;
}

static void
append_u32 (GByteArray *bytes,
            guint32     value)
{
  guint32 little = GUINT32_TO_LE (value);

  g_byte_array_append (bytes, (const guint8 *) &little, sizeof little);
}

static GByteArray *
make_record (const void   *block,
             gsize         size,
             const GArray *orphans,
             guint         n_children)
{
  GByteArray *record = g_byte_array_new ();

  append_u32 (record, size);
  append_u32 (record, n_children);
  g_byte_array_append (record, block, size);

  for (guint i = 0; i < n_children; i++)
    {
      guint64 little = GUINT64_TO_LE (g_array_index (orphans, Orphan, i).offset);

      g_byte_array_append (record, (const guint8 *) &little, sizeof little);
    }

  return record;
}

static void
add_orphan (ImpIndexWriter *self,
            guint           level,
            const ImpCid   *cid)
{
  Orphan orphan = { imp_cid_ref ((ImpCid *) cid), self->offset };

  if (level == self->levels->len)
    g_ptr_array_add (self->levels, level_new ());

  g_array_append_val ((GArray *) g_ptr_array_index (self->levels, level), orphan);
}

/**
 * imp_index_writer_add:
 * @self: a writer
 * @cid: the CID of an inner node
 * @block: its block
 * @size: the block's bytes
 * @error: return location for an error
 *
 * Adds a node; its children have been added before it, the last one is the root.
 *
 * Returns: whether it could be written
 */
gboolean
imp_index_writer_add (ImpIndexWriter  *self,
                      const ImpCid    *cid,
                      const void      *block,
                      gsize            size,
                      GError         **error)
{
  g_autoptr(ImpUnixfsNode) node = NULL;
  g_autoptr(GByteArray) record = NULL;
  GArray *orphans;
  guint n_children, level;

  node = imp_unixfs_node_parse (cid, block, size, error);
  if (node == NULL)
    return FALSE;

  orphans = find_children (self, node, &level);
  n_children = orphans != NULL ? node->links->len : 0;

  record = make_record (block, size, orphans, n_children);
  if (!imp_file_write_at (self->fd, record->data, record->len, self->offset, error))
    return FALSE;

  if (n_children > 0)
    g_array_remove_range (orphans, 0, n_children);
  add_orphan (self, level, cid);
  self->root = self->offset;
  self->offset += record->len;

  return TRUE;
}

static char *
format_header (const ImpPayloadInfo *info,
               guint64               root)
{
  g_autofree char *text = NULL;
  g_autofree char *digest = NULL;
  char *header = g_malloc (IMP_INDEX_HEADER_SIZE + 1);

  text = g_strdup_printf ("imprimatur payload 1\n"
                          "cid %s\nsize %" G_GUINT64_FORMAT "\nsha384 %s\nroot %" G_GUINT64_FORMAT "\n",
                          imp_cid_get_string (info->cid), info->size, info->sha384, root);
  digest = imp_digest_hex (IMP_DIGEST_SHA256, text, strlen (text));

  memset (header, '\n', IMP_INDEX_HEADER_SIZE);
  header[IMP_INDEX_HEADER_SIZE] = '\0';
  g_assert (strlen (text) + strlen ("sha256 ") + strlen (digest) < IMP_INDEX_HEADER_SIZE);
  memcpy (header, text, strlen (text));
  memcpy (header + strlen (text), "sha256 ", strlen ("sha256 "));
  memcpy (header + strlen (text) + strlen ("sha256 "), digest, strlen (digest));

  return header;
}

/**
 * imp_index_writer_finish:
 * @self: a writer
 * @info: what the header says
 * @error: return location for an error
 *
 * Writes the header, without which the rest is nothing.
 *
 * Returns: whether it could be written
 */
gboolean
imp_index_writer_finish (ImpIndexWriter        *self,
                         const ImpPayloadInfo  *info,
                         GError               **error)
{
  g_autofree char *header = format_header (info, self->root);

  return imp_file_write_at (self->fd, header, IMP_INDEX_HEADER_SIZE, 0, error);
}

static const char *
get_field (char       **lines,
           guint        line,
           const char  *name)
{
  if (line >= g_strv_length (lines) || !g_str_has_prefix (lines[line], name))
    return NULL;

  return lines[line] + strlen (name);
}

/* Reads a header; %IMP_ERROR_CORRUPT if it is not exactly as it was written. */
static ImpPayloadInfo *
parse_header (const char  *header,
              guint64     *root,
              GError     **error)
{
  g_autofree char *text = g_strndup (header, IMP_INDEX_HEADER_SIZE);
  g_auto(GStrv) lines = g_strsplit (text, "\n", 6);
  const char *cid_text = get_field (lines, 1, "cid ");
  const char *size_text = get_field (lines, 2, "size ");
  const char *sha384 = get_field (lines, 3, "sha384 ");
  const char *root_text = get_field (lines, 4, "root ");
  g_autoptr(ImpCid) cid = NULL;
  g_autoptr(ImpPayloadInfo) info = NULL;
  g_autofree char *expected = NULL;
  guint64 size;

  if (cid_text != NULL && size_text != NULL && sha384 != NULL && root_text != NULL &&
      imp_digest_is_hex (sha384, IMP_SHA384_HEX_LENGTH) &&
      g_ascii_string_to_unsigned (size_text, 10, 0, G_MAXINT64, &size, NULL) &&
      g_ascii_string_to_unsigned (root_text, 10, 0, G_MAXINT64, root, NULL) &&
      (cid = imp_cid_new_from_string (cid_text, NULL)) != NULL)
    {
      info = imp_payload_info_new (cid, size, sha384);
      expected = format_header (info, *root);
    }

  if (expected == NULL || memcmp (expected, header, IMP_INDEX_HEADER_SIZE) != 0)
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_CORRUPT,
                           "the index is not what was written to it");
      return NULL;
    }

  return g_steal_pointer (&info);
}

/**
 * imp_index_read_header:
 * @fd: an index
 * @root: (out): where the root's record is, 0 when the root is a leaf
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): what it says, or `NULL` with @error set
 */
ImpPayloadInfo *
imp_index_read_header (int       fd,
                       guint64  *root,
                       GError  **error)
{
  char header[IMP_INDEX_HEADER_SIZE] = { 0, };

  if (imp_file_read_at (fd, header, sizeof header, 0, error) < 0)
    return NULL;

  return parse_header (header, root, error);
}

static gboolean
read_exactly (int       fd,
              void     *data,
              gsize     size,
              guint64   offset,
              GError  **error)
{
  gssize n = imp_file_read_at (fd, data, size, offset, error);

  if (n >= 0 && (gsize) n < size)
    g_set_error_literal (error, IMP_ERROR, IMP_ERROR_CORRUPT, "the index ends too early");

  return n >= 0 && (gsize) n == size;
}

static gboolean
read_record_head (int       fd,
                  guint64   offset,
                  guint32  *size,
                  guint32  *n_children,
                  GError  **error)
{
  guint32 head[2];

  if (!read_exactly (fd, head, sizeof head, offset, error))
    return FALSE;

  *size = GUINT32_FROM_LE (head[0]);
  *n_children = GUINT32_FROM_LE (head[1]);

  /* A link takes more than eight bytes of its block, so the children are bounded with it. */
  if (*size == 0 || *size > IMP_BLOCK_MAX_SIZE || *n_children > *size / 8)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT,
                   "the index has a record of %u bytes and %u children", *size, *n_children);
      return FALSE;
    }

  return TRUE;
}

/**
 * imp_index_read_node:
 * @fd: an index
 * @offset: where the record is said to be
 * @cid: what the node must be
 * @error: return location for an error
 *
 * Reads and verifies one inner node.
 *
 * Returns: (transfer full) (nullable): the node, or `NULL` with @error set
 */
ImpIndexNode *
imp_index_read_node (int            fd,
                     guint64        offset,
                     const ImpCid  *cid,
                     GError       **error)
{
  g_autoptr(ImpIndexNode) self = g_new0 (ImpIndexNode, 1);
  g_autofree guint8 *block = NULL;
  guint32 size, n_children;

  if (!read_record_head (fd, offset, &size, &n_children, error))
    return NULL;

  block = g_malloc (size);
  if (!read_exactly (fd, block, size, offset + RECORD_HEAD_SIZE, error) ||
      !(self->node = imp_unixfs_node_parse (cid, block, size, error)))
    return NULL;

  if (self->node->links->len == 0 || (n_children != 0 && n_children != self->node->links->len))
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT,
                   "the index has %u places for the %u children of %s",
                   n_children, self->node->links->len, imp_cid_get_string (cid));
      return NULL;
    }

  if (n_children > 0)
    {
      self->children = g_new (guint64, n_children);
      if (!read_exactly (fd, self->children, n_children * sizeof (guint64),
                         offset + RECORD_HEAD_SIZE + size, error))
        return NULL;
      for (guint i = 0; i < n_children; i++)
        self->children[i] = GUINT64_FROM_LE (self->children[i]);
    }

  return g_steal_pointer (&self);
}

/**
 * imp_index_node_free:
 * @self: (transfer full): a node, not `NULL`
 *
 * Frees a node and where its children are.
 */
void
imp_index_node_free (ImpIndexNode *self)
{
  g_clear_pointer (&self->node, imp_unixfs_node_free);
  g_free (self->children);
  g_free (self);
}
