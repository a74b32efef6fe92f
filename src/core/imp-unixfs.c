/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-unixfs.h"

#include "imp-digest.h"
#include "imp-unixfs-private.h"
#include "imp-varint.h"

#include <string.h>

/* Keys of fields in protocol buffers: each a field's number and its wire type. */
#define NODE_DATA          0x0a
#define NODE_LINK          0x12
#define LINK_HASH          0x0a
#define LINK_NAME          0x12
#define LINK_TSIZE         0x18
#define UNIXFS_TYPE        0x08
#define UNIXFS_DATA        0x12
#define UNIXFS_FILE_SIZE   0x18
#define UNIXFS_BLOCK_SIZE  0x20

#define FRAME_MAX_SIZE 32

/* Not even 2^64 chunks, two a node, are deeper. */
#define MAX_LEVELS 64

const ImpUnixfsProfile imp_unixfs_v0 = { "v0", 0, FALSE, 262144, 174 };
const ImpUnixfsProfile imp_unixfs_v1 = { "v1", 1, TRUE, 262144, 174 };

static const ImpUnixfsProfile imp_unixfs_v1_2025 = { "v1_2025", 1, TRUE, 1048576, 1024 };
static const ImpUnixfsProfile imp_unixfs_v1_pb = { "v1_pb", 1, FALSE, 262144, 174 };
static const ImpUnixfsProfile imp_unixfs_v0_raw = { "v0_raw", 0, TRUE, 262144, 174 };

static const ImpUnixfsProfile *const profiles[] = {
  &imp_unixfs_v0,
  &imp_unixfs_v1,
  &imp_unixfs_v1_2025,
  &imp_unixfs_v1_pb,
  &imp_unixfs_v0_raw,
};

/* A node that is still open: what it will consist of, already encoded. */
typedef struct
{
  guint       n_children;
  guint64     file_size;
  guint64     tsize;
  ImpCid     *last;         /* (owned) */
  GByteArray *links;        /* PBLinks */
  GByteArray *block_sizes;  /* the blocksizes of the UnixFS message */
} Level;

/**
 * ImpUnixfsBuilder:
 *
 * Cuts a file into blocks and gives the identifier that IPFS knows it by.
 *
 * The DAG is the balanced one that Kubo's importer makes. One node is open on each level; it is
 * sealed only when another child arrives for it, since a full one may turn out to be the root. So
 * memory grows with the depth of the DAG and not with the file.
 */
struct _ImpUnixfsBuilder
{
  const ImpUnixfsProfile *profile;
  ImpUnixfsBlockFunc      func;
  gpointer                user_data;

  ImpDigest *digest;     /* (owned) */
  guint8    *chunk;      /* (owned) what was written since the last whole chunk */
  gsize      chunk_size;
  guint64    n_leaves;

  Level  levels[MAX_LEVELS];
  guint  n_levels;
};

static void
level_clear (Level *level)
{
  g_clear_pointer (&level->last, imp_cid_unref);
  g_byte_array_unref (level->links);
  g_byte_array_unref (level->block_sizes);
}

static void
level_reset (Level *level)
{
  level->n_children = 0;
  level->file_size = 0;
  level->tsize = 0;
  g_clear_pointer (&level->last, imp_cid_unref);
  g_byte_array_set_size (level->links, 0);
  g_byte_array_set_size (level->block_sizes, 0);
}

static Level *
get_level (ImpUnixfsBuilder *self,
           guint             i)
{
  g_assert (i < MAX_LEVELS);

  if (i == self->n_levels)
    {
      self->levels[i].links = g_byte_array_new ();
      self->levels[i].block_sizes = g_byte_array_new ();
      self->n_levels++;
    }

  return &self->levels[i];
}

static void
append_bytes (GByteArray   *array,
              guint8        key,
              const guint8 *bytes,
              gsize         size)
{
  g_byte_array_append (array, &key, 1);
  imp_varint_append (array, size);
  g_byte_array_append (array, bytes, size);
}

static void
append_number (GByteArray *array,
               guint8      key,
               guint64     number)
{
  g_byte_array_append (array, &key, 1);
  imp_varint_append (array, number);
}

/* Kubo writes the empty name too, and the published identifiers depend on it. */
static void
append_link (GByteArray   *links,
             const ImpCid *cid,
             guint64       tsize)
{
  g_autoptr(GByteArray) link = g_byte_array_new ();
  g_autoptr(GBytes) bytes = imp_cid_to_bytes (cid);

  append_bytes (link, LINK_HASH, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  append_bytes (link, LINK_NAME, (const guint8 *) "", 0);
  append_number (link, LINK_TSIZE, tsize);

  append_bytes (links, NODE_LINK, link->data, link->len);
}

static ImpCid *
make_cid (ImpUnixfsBuilder *self,
          ImpUnixfsBlock   *block)
{
  gboolean raw = block->leaf && self->profile->raw_leaves;
  guint8 sha256[IMP_SHA256_SIZE];

  imp_digest_update (self->digest, block->head, block->head_size);
  imp_digest_update (self->digest, block->data, block->data_size);
  imp_digest_update (self->digest, block->tail, block->tail_size);
  imp_digest_finish (self->digest, sha256);

  /* A raw leaf is of version 1 even below a node of version 0, which cannot say raw. */
  return imp_cid_new (raw ? 1 : self->profile->cid_version, raw ? IMP_CODEC_RAW : IMP_CODEC_DAG_PB, sha256);
}

static gboolean add_child (ImpUnixfsBuilder  *self,
                           guint              i,
                           ImpCid            *cid,
                           guint64            file_size,
                           guint64            tsize,
                           GError           **error);

/* Hands a block out and makes it a child of level @i. */
static gboolean
emit (ImpUnixfsBuilder  *self,
      ImpUnixfsBlock    *block,
      guint              i,
      guint64            file_size,
      guint64            tsize,
      GError           **error)
{
  g_autoptr(ImpCid) cid = make_cid (self, block);

  block->cid = cid;
  return self->func (block, self->user_data, error) &&
         add_child (self, i, cid, file_size, tsize, error);
}

/* dag-pb writes the links before the data, though their field has the higher number. */
static gboolean
seal (ImpUnixfsBuilder  *self,
      guint              i,
      GError           **error)
{
  Level *level = &self->levels[i];
  g_autoptr(GByteArray) node = g_byte_array_new ();
  g_autoptr(GByteArray) data = g_byte_array_new ();
  ImpUnixfsBlock block = { NULL };
  guint64 file_size = level->file_size, tsize = level->tsize;

  append_number (data, UNIXFS_TYPE, IMP_UNIXFS_TYPE_FILE);
  append_number (data, UNIXFS_FILE_SIZE, level->file_size);
  g_byte_array_append (data, level->block_sizes->data, level->block_sizes->len);

  g_byte_array_append (node, level->links->data, level->links->len);
  append_bytes (node, NODE_DATA, data->data, data->len);

  block.head = node->data;
  block.head_size = node->len;
  level_reset (level);

  return emit (self, &block, i + 1, file_size, tsize + node->len, error);
}

static gboolean
add_child (ImpUnixfsBuilder  *self,
           guint              i,
           ImpCid            *cid,
           guint64            file_size,
           guint64            tsize,
           GError           **error)
{
  Level *level = get_level (self, i);

  if (level->n_children == self->profile->max_links && !seal (self, i, error))
    return FALSE;

  append_link (level->links, cid, tsize);
  append_number (level->block_sizes, UNIXFS_BLOCK_SIZE, file_size);

  level->n_children++;
  level->file_size += file_size;
  level->tsize += tsize;
  g_clear_pointer (&level->last, imp_cid_unref);
  level->last = imp_cid_ref (cid);

  return TRUE;
}

static gboolean
emit_leaf (ImpUnixfsBuilder  *self,
           const guint8      *data,
           gsize              size,
           GError           **error)
{
  guint8 head[FRAME_MAX_SIZE], tail[FRAME_MAX_SIZE];
  ImpUnixfsBlock block = { NULL, TRUE, head, 0, data, size, tail, 0 };

  if (!self->profile->raw_leaves)
    imp_unixfs_leaf_frame (size, head, &block.head_size, tail, &block.tail_size);

  self->n_leaves++;
  return emit (self, &block, 0, size, block.head_size + size + block.tail_size, error);
}

/**
 * imp_unixfs_get_profile:
 * @name: a name such as `v0` or `v1`
 *
 * Finds one of Kubo's import profiles.
 *
 * Returns: (nullable): the profile, or `NULL` if there is none of this name
 */
const ImpUnixfsProfile *
imp_unixfs_get_profile (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      if (g_strcmp0 (profiles[i]->name, name) == 0)
        return profiles[i];
    }

  return NULL;
}

/**
 * imp_unixfs_leaf_frame:
 * @data_size: how many file bytes the leaf has
 * @head: (out caller-allocates): room for 32 bytes
 * @head_size: (out): how many of them stand before the file bytes
 * @tail: (out caller-allocates): room for 32 bytes
 * @tail_size: (out): how many of them stand behind the file bytes
 *
 * Makes what a dag-pb leaf has around its file bytes, so that a store may keep only these.
 */
void
imp_unixfs_leaf_frame (gsize   data_size,
                       guint8 *head,
                       gsize  *head_size,
                       guint8 *tail,
                       gsize  *tail_size)
{
  guint8 message[FRAME_MAX_SIZE] = { UNIXFS_TYPE, IMP_UNIXFS_TYPE_FILE };
  gsize n = 2;

  tail[0] = UNIXFS_FILE_SIZE;
  *tail_size = 1 + imp_varint_write (tail + 1, data_size);

  /* No bytes at all are absent, not empty. */
  if (data_size > 0)
    {
      message[n++] = UNIXFS_DATA;
      n += imp_varint_write (message + n, data_size);
    }

  head[0] = NODE_DATA;
  *head_size = 1 + imp_varint_write (head + 1, n + data_size + *tail_size);
  memcpy (head + *head_size, message, n);
  *head_size += n;
}

/**
 * imp_unixfs_builder_new:
 * @profile: how the file is cut and written
 * @func: (scope notified): takes each block as it is made, children before their parents
 * @user_data: passed to @func
 *
 * Begins a file.
 *
 * Returns: (transfer full): the builder
 */
ImpUnixfsBuilder *
imp_unixfs_builder_new (const ImpUnixfsProfile *profile,
                        ImpUnixfsBlockFunc      func,
                        gpointer                user_data)
{
  ImpUnixfsBuilder *self;

  g_return_val_if_fail (profile != NULL, NULL);
  g_return_val_if_fail (profile->chunk_size > 0 && profile->chunk_size < IMP_BLOCK_MAX_SIZE - FRAME_MAX_SIZE, NULL);
  g_return_val_if_fail (profile->max_links > 1, NULL);
  g_return_val_if_fail (func != NULL, NULL);

  self = g_new0 (ImpUnixfsBuilder, 1);
  self->profile = profile;
  self->func = func;
  self->user_data = user_data;
  self->digest = imp_digest_new (IMP_DIGEST_SHA256);

  return self;
}

/**
 * imp_unixfs_builder_free:
 * @self: (transfer full): a builder, not `NULL`
 *
 * Frees a builder. A file that was not finished has no CID, but the blocks that were handed out stay.
 */
void
imp_unixfs_builder_free (ImpUnixfsBuilder *self)
{
  for (guint i = 0; i < self->n_levels; i++)
    level_clear (&self->levels[i]);

  imp_digest_free (self->digest);
  g_free (self->chunk);
  g_free (self);
}

static gboolean
emit_chunk (ImpUnixfsBuilder  *self,
            GError           **error)
{
  gsize size = self->chunk_size;

  self->chunk_size = 0;
  return emit_leaf (self, self->chunk, size, error);
}

static gsize
fill_chunk (ImpUnixfsBuilder *self,
            const guint8     *data,
            gsize             size)
{
  gsize n = MIN (size, self->profile->chunk_size - self->chunk_size);

  if (self->chunk == NULL)
    self->chunk = g_malloc (self->profile->chunk_size);

  memcpy (self->chunk + self->chunk_size, data, n);
  self->chunk_size += n;
  return n;
}

/**
 * imp_unixfs_builder_write:
 * @self: a builder
 * @data: (array length=size): the next bytes of the file
 * @size: size of @data
 * @error: return location for the block function's error
 *
 * Adds bytes to the file. Whole chunks are hashed and handed out where they lie; a caller who always
 * writes whole chunks has nothing copied.
 *
 * After a failure the builder can only be freed.
 *
 * Returns: whether the block function took every block
 */
gboolean
imp_unixfs_builder_write (ImpUnixfsBuilder  *self,
                          const void        *data,
                          gsize              size,
                          GError           **error)
{
  const guint8 *bytes = data;
  gsize whole;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (data != NULL || size == 0, FALSE);

  whole = self->profile->chunk_size;

  while (size > 0)
    {
      gsize n;

      if (self->chunk_size == 0 && size >= whole)
        {
          n = whole;
          if (!emit_leaf (self, bytes, n, error))
            return FALSE;
        }
      else
        {
          n = fill_chunk (self, bytes, size);
          if (self->chunk_size == whole && !emit_chunk (self, error))
            return FALSE;
        }

      bytes += n;
      size -= n;
    }

  return TRUE;
}

/**
 * imp_unixfs_builder_end:
 * @self: a builder
 * @tsize: (out) (optional): the size of the whole DAG, which IPFS prints as the file's size
 * @error: return location for the block function's error
 *
 * Ends the file.
 *
 * Returns: (transfer full) (nullable): the identifier of the root, or `NULL` with @error set
 */
ImpCid *
imp_unixfs_builder_end (ImpUnixfsBuilder  *self,
                        guint64           *tsize,
                        GError           **error)
{
  guint top = 0;

  g_return_val_if_fail (self != NULL, NULL);

  /* The empty file is one empty chunk. */
  if ((self->chunk_size > 0 || self->n_leaves == 0) && !emit_chunk (self, error))
    return NULL;

  /* Sealing one level may open the next. The last run gets its own parent even if it is a single
   * child, so that all leaves are at one depth; only the top level may have its child as the root.
   */
  for (; top + 1 < self->n_levels || self->levels[top].n_children > 1; top++)
    {
      if (!seal (self, top, error))
        return NULL;
    }

  if (tsize != NULL)
    *tsize = self->levels[top].tsize;

  return imp_cid_ref (self->levels[top].last);
}

static gboolean
pass_block (const ImpUnixfsBlock  *block,
            gpointer               user_data,
            GError               **error)
{
  return TRUE;
}

/**
 * imp_unixfs_name:
 * @profile: how it would be imported
 * @data: the bytes of a small file
 * @size: how many
 *
 * Says which name a file has, without keeping any block of it.
 *
 * Returns: (transfer full): the identifier of its root
 */
ImpCid *
imp_unixfs_name (const ImpUnixfsProfile *profile,
                 const void             *data,
                 gsize                   size)
{
  g_autoptr(ImpUnixfsBuilder) builder = imp_unixfs_builder_new (profile, pass_block, NULL);

  imp_unixfs_builder_write (builder, data, size, NULL);
  return imp_unixfs_builder_end (builder, NULL, NULL);
}

/**
 * imp_unixfs_find_profile:
 * @cid: what a file is called
 * @data: its bytes
 * @size: how many
 *
 * Finds out how a file became a DAG, which its CID does not say.
 *
 * Returns: (nullable): the profile by which it has this CID, or `NULL` if there is none
 */
const ImpUnixfsProfile *
imp_unixfs_find_profile (const char *cid,
                         const void *data,
                         gsize       size)
{
  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      g_autoptr(ImpCid) found = imp_unixfs_name (profiles[i], data, size);

      if (g_strcmp0 (imp_cid_get_string (found), cid) == 0)
        return profiles[i];
    }

  return NULL;
}
