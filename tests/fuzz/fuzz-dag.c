/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include "imp-digest.h"
#include "imp-unixfs.h"

/* Small enough for some levels to fit into an input. */
static const ImpUnixfsProfile profiles[] = {
  { "v0", 0, FALSE, 7, 3 },
  { "v1", 1, TRUE, 5, 2 },
};

/* A node that is read adds up, and its file bytes are in the block. */
static void
check_node (const guint8 *data,
            gsize         size)
{
  g_autoptr(ImpUnixfsNode) node = NULL;
  g_autoptr(ImpCid) cid = NULL;
  guint8 sha256[IMP_SHA256_SIZE];
  guint64 sum;

  imp_digest_compute (IMP_DIGEST_SHA256, data, size, sha256);
  cid = imp_cid_new (0, IMP_CODEC_DAG_PB, sha256);
  if (!(node = imp_unixfs_node_parse (cid, data, size, NULL)))
    return;

  sum = node->data_size;
  for (guint i = 0; i < node->links->len; i++)
    sum += g_array_index (node->links, ImpUnixfsLink, i).file_size;

  g_assert_cmpuint (sum, ==, node->file_size);
  g_assert_cmpuint (node->data_offset + node->data_size, <=, size);
}

/* What is built is read back. */

static gboolean
keep_block (const ImpUnixfsBlock  *block,
            gpointer               user_data,
            GError               **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();

  g_byte_array_append (bytes, block->head, block->head_size);
  g_byte_array_append (bytes, block->data, block->data_size);
  g_byte_array_append (bytes, block->tail, block->tail_size);
  g_hash_table_replace (user_data, g_strdup (imp_cid_get_string (block->cid)),
                        g_byte_array_free_to_bytes (g_steal_pointer (&bytes)));
  return TRUE;
}

static void
read_back (GHashTable   *blocks,
           const ImpCid *cid,
           GByteArray   *file)
{
  GBytes *block = g_hash_table_lookup (blocks, imp_cid_get_string (cid));
  g_autoptr(ImpUnixfsNode) node = NULL;

  node = imp_unixfs_node_parse (cid, g_bytes_get_data (block, NULL), g_bytes_get_size (block), NULL);
  g_assert_nonnull (node);
  g_byte_array_append (file, (const guint8 *) g_bytes_get_data (block, NULL) + node->data_offset, node->data_size);

  for (guint i = 0; i < node->links->len; i++)
    read_back (blocks, g_array_index (node->links, ImpUnixfsLink, i).cid, file);
}

static void
check_file (const ImpUnixfsProfile *profile,
            const guint8           *data,
            gsize                   size,
            gsize                   cut)
{
  g_autoptr(GHashTable) blocks =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  g_autoptr(ImpUnixfsBuilder) builder = imp_unixfs_builder_new (profile, keep_block, blocks);
  g_autoptr(GByteArray) file = g_byte_array_new ();
  g_autoptr(ImpCid) root = NULL;

  g_assert_true (imp_unixfs_builder_write (builder, data, cut, NULL));
  g_assert_true (imp_unixfs_builder_write (builder, data + cut, size - cut, NULL));
  root = imp_unixfs_builder_end (builder, NULL, NULL);

  read_back (blocks, root, file);
  g_assert_cmpmem (file->data, file->len, data, size);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  check_node (data, size);

  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    check_file (&profiles[i], data, size, size > 0 ? data[0] % size : 0);

  return 0;
}
