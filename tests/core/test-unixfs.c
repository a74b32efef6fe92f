/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-unixfs.h"

#include <gnutls/crypto.h>
#include <json-glib/json-glib.h>
#include <string.h>

/* Inputs above this are built once and not read back: that would only test memcpy. */
#define READ_BACK_LIMIT (4 * 1024 * 1024)

/* ipfs.json has these besides the profiles that are offered: deep trees from small inputs. */
static const ImpUnixfsProfile v0_s64 = { "v0_s64", 0, FALSE, 64, 174 };
static const ImpUnixfsProfile v1_s64 = { "v1_s64", 1, TRUE, 64, 174 };

static const ImpUnixfsProfile *
find_profile (const char *name)
{
  const ImpUnixfsProfile *profile = imp_unixfs_get_profile (name);

  if (profile == NULL && strcmp (name, v0_s64.name) == 0)
    profile = &v0_s64;
  if (profile == NULL && strcmp (name, v1_s64.name) == 0)
    profile = &v1_s64;

  g_assert_nonnull (profile);
  return profile;
}

/* The generators that ipfs.json describes */

static void
fill_quad251 (guint8  *data,
              gsize    size,
              guint64  seed)
{
  for (guint64 i = 0; i < MIN (size, 251); i++)
    data[i] = (i * i + 7 * i + seed) % 251;

  /* It repeats every 251 bytes. */
  for (gsize i = 251; i < size; i += 251)
    memcpy (data + i, data, MIN (size - i, 251));
}

static void
fill_xorshift32 (guint8  *data,
                 gsize    size,
                 guint32  x)
{
  for (gsize i = 0; i < size; i += 4)
    {
      guint32 word;

      x ^= x << 13;
      x ^= x >> 17;
      x ^= x << 5;
      word = GUINT32_TO_LE (x);
      memcpy (data + i, &word, MIN (size - i, 4));
    }
}

static void
fill_pattern (guint8     *data,
              gsize       size,
              const char *pattern)
{
  for (gsize i = 0; i < size; i++)
    data[i] = pattern[i % strlen (pattern)];
}

static void
fill_chacha20 (guint8     *data,
               gsize       size,
               const char *seed)
{
  guint8 key[IMP_SHA256_SIZE];
  guint8 nonce[16] = { 0 };  /* GnuTLS: a little-endian counter and the nonce */
  gnutls_cipher_hd_t cipher;

  imp_digest_compute (IMP_DIGEST_SHA256, seed, strlen (seed), key);
  g_assert_cmpint (gnutls_cipher_init (&cipher, GNUTLS_CIPHER_CHACHA20_32,
                                       &(gnutls_datum_t) { key, sizeof key },
                                       &(gnutls_datum_t) { nonce, sizeof nonce }), >=, 0);
  memset (data, 0, size);
  g_assert_cmpint (gnutls_cipher_encrypt2 (cipher, data, size, data, size), >=, 0);
  gnutls_cipher_deinit (cipher);
}

static guint8 *
generate (JsonObject *input,
          gsize      *size)
{
  const char *gen = json_object_get_string_member (input, "gen");
  guint8 *data;

  *size = json_object_get_int_member (input, "size");
  data = g_malloc (*size + 1);

  if (strcmp (gen, "quad251") == 0)
    fill_quad251 (data, *size, json_object_get_int_member (input, "seed"));
  else if (strcmp (gen, "xorshift32le") == 0)
    fill_xorshift32 (data, *size, json_object_get_int_member (input, "seed"));
  else if (strcmp (gen, "chacha20-kubo") == 0)
    fill_chacha20 (data, *size, json_object_get_string_member (input, "seed"));
  else if (strcmp (gen, "fill") == 0)
    memset (data, json_object_get_int_member (input, "byte"), *size);
  else if (strcmp (gen, "ascii") == 0)
    memcpy (data, json_object_get_string_member (input, "text"), *size);
  else if (strcmp (gen, "repeat") == 0)
    fill_pattern (data, *size, json_object_get_string_member (input, "pattern"));
  else
    g_assert_not_reached ();

  return data;
}

/* What a builder made */

typedef struct
{
  guint       n_leaves;
  guint       n_inner;
  GByteArray *last;         /* the block that came last: the root */
  GHashTable *blocks;       /* (nullable) CID text -> GBytes */
  const guint8 *lent;       /* (nullable) where each leaf must lie */
  gsize         lent_size;
} Made;

static void
made_init (Made     *made,
           gboolean  keep)
{
  *made = (Made) { 0 };
  made->last = g_byte_array_new ();
  if (keep)
    made->blocks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
}

static void
made_clear (Made *made)
{
  g_byte_array_unref (made->last);
  g_clear_pointer (&made->blocks, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Made, made_clear)

static gboolean
keep_block (const ImpUnixfsBlock  *block,
            gpointer               user_data,
            GError               **error)
{
  Made *made = user_data;

  if (block->leaf)
    made->n_leaves++;
  else
    made->n_inner++;

  if (block->leaf && made->lent != NULL)
    g_assert_true (block->data >= made->lent && block->data + block->data_size <= made->lent + made->lent_size);

  g_byte_array_set_size (made->last, 0);
  g_byte_array_append (made->last, block->head, block->head_size);
  g_byte_array_append (made->last, block->data, block->data_size);
  g_byte_array_append (made->last, block->tail, block->tail_size);

  if (made->blocks != NULL)
    g_hash_table_replace (made->blocks, g_strdup (imp_cid_get_string (block->cid)),
                          g_bytes_new (made->last->data, made->last->len));

  return TRUE;
}

static ImpCid *
build (const ImpUnixfsProfile *profile,
       const guint8           *data,
       gsize                   size,
       gsize                   piece,
       Made                   *made,
       guint64                *tsize)
{
  g_autoptr(ImpUnixfsBuilder) builder = imp_unixfs_builder_new (profile, keep_block, made);
  g_autoptr(GError) error = NULL;
  ImpCid *root;

  for (gsize i = 0; i < size; i += piece)
    {
      imp_unixfs_builder_write (builder, data + i, MIN (piece, size - i), &error);
      g_assert_no_error (error);
    }

  root = imp_unixfs_builder_end (builder, tsize, &error);
  g_assert_no_error (error);
  return root;
}

/* Reads the file back through the parser, and gives the depth of its DAG. */
static guint
read_back (Made         *made,
           const ImpCid *cid,
           GByteArray   *file)
{
  GBytes *block = g_hash_table_lookup (made->blocks, imp_cid_get_string (cid));
  g_autoptr(ImpUnixfsNode) node = NULL;
  g_autoptr(GError) error = NULL;
  guint begin = file->len, depth = 0;

  g_assert_nonnull (block);
  node = imp_unixfs_node_parse (cid, g_bytes_get_data (block, NULL), g_bytes_get_size (block), &error);
  g_assert_no_error (error);

  g_byte_array_append (file, (const guint8 *) g_bytes_get_data (block, NULL) + node->data_offset, node->data_size);

  for (guint i = 0; i < node->links->len; i++)
    {
      ImpUnixfsLink *link = &g_array_index (node->links, ImpUnixfsLink, i);
      guint before = file->len;
      guint below = read_back (made, link->cid, file);

      g_assert_cmpuint (file->len - before, ==, link->file_size);
      g_assert_true (i == 0 || below + 1 == depth);
      depth = below + 1;
    }

  g_assert_cmpuint (file->len - begin, ==, node->file_size);
  return depth;
}

static void
check_result (JsonObject *result,
              Made       *made,
              ImpCid     *root,
              guint64     tsize)
{
  g_autoptr(GBytes) bytes = imp_cid_to_bytes (root);
  g_autofree char *hex = imp_hex_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpstr (imp_cid_get_string (root), ==, json_object_get_string_member (result, "cid"));
  g_assert_cmpstr (hex, ==, json_object_get_string_member (result, "cid_hex"));
  g_assert_cmpuint (tsize, ==, json_object_get_int_member (result, "tsize"));
  g_assert_cmpuint (made->n_leaves, ==, json_object_get_int_member (result, "leaves"));
  g_assert_cmpuint (made->n_inner, ==, json_object_get_int_member (result, "inner_nodes"));

  if (json_object_has_member (result, "root_block_hex"))
    {
      g_autofree char *block = imp_hex_encode (made->last->data, made->last->len);

      g_assert_cmpstr (block, ==, json_object_get_string_member (result, "root_block_hex"));
    }

  if (json_object_has_member (result, "root_block_size"))
    g_assert_cmpuint (made->last->len, ==, json_object_get_int_member (result, "root_block_size"));

  if (json_object_has_member (result, "cid_as_v1"))
    {
      g_autoptr(ImpCid) v1 = imp_cid_new (1, imp_cid_get_codec (root), imp_cid_get_sha256 (root));

      g_assert_cmpstr (imp_cid_get_string (v1), ==, json_object_get_string_member (result, "cid_as_v1"));
    }
}

static void
check_whole (const ImpUnixfsProfile *profile,
             JsonObject             *result,
             const guint8           *data,
             gsize                   size)
{
  g_auto(Made) made = { 0 };
  g_autoptr(ImpCid) root = NULL;
  guint64 tsize;

  made_init (&made, FALSE);

  /* Whole chunks are not copied; the last one may be. */
  if (size % profile->chunk_size == 0 && size > 0)
    {
      made.lent = data;
      made.lent_size = size;
    }

  root = build (profile, data, size, MAX (size, 1), &made, &tsize);
  check_result (result, &made, root, tsize);
}

static void
check_pieces (const ImpUnixfsProfile *profile,
              JsonObject             *result,
              const guint8           *data,
              gsize                   size)
{
  g_auto(Made) made = { 0 };
  g_autoptr(ImpCid) root = NULL;
  g_autoptr(GByteArray) file = g_byte_array_new ();
  guint64 tsize;

  made_init (&made, TRUE);
  root = build (profile, data, size, 999, &made, &tsize);
  check_result (result, &made, root, tsize);

  g_assert_cmpuint (read_back (&made, root, file), ==, json_object_get_int_member (result, "depth"));
  g_assert_cmpmem (file->data, file->len, data, size);
}

static void
test_vector (gconstpointer user_data)
{
  JsonObject *vector = (JsonObject *) user_data;
  JsonObject *results = json_object_get_object_member (vector, "results");
  gsize size;
  g_autofree guint8 *data = generate (json_object_get_object_member (vector, "input"), &size);
  g_autofree char *sha256 = imp_digest_hex (IMP_DIGEST_SHA256, data, size);
  g_autoptr(GList) names = json_object_get_members (results);

  if (json_object_has_member (vector, "sha256"))
    g_assert_cmpstr (sha256, ==, json_object_get_string_member (vector, "sha256"));

  for (GList *l = names; l != NULL; l = l->next)
    {
      const ImpUnixfsProfile *profile = find_profile (l->data);
      JsonObject *result = json_object_get_object_member (results, l->data);

      check_whole (profile, result, data, size);
      if (size <= READ_BACK_LIMIT)
        check_pieces (profile, result, data, size);
    }
}

static void
test_profiles (void)
{
  g_assert_true (imp_unixfs_get_profile ("v0") == &imp_unixfs_v0);
  g_assert_true (imp_unixfs_get_profile ("v1") == &imp_unixfs_v1);
  g_assert_null (imp_unixfs_get_profile ("v2"));
  g_assert_null (imp_unixfs_get_profile (NULL));
}

/* A block function that fails */

static gboolean
fail_block (const ImpUnixfsBlock  *block,
            gpointer               user_data,
            GError               **error)
{
  guint *left = user_data;

  if ((*left)-- > 0)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "the disk is full");
  return FALSE;
}

static void
test_fails (gconstpointer data)
{
  static const guint8 file[64 * 200] = { 0 };
  guint left = GPOINTER_TO_UINT (data);
  g_autoptr(ImpUnixfsBuilder) builder = imp_unixfs_builder_new (&v0_s64, fail_block, &left);
  g_autoptr(ImpCid) root = NULL;
  g_autoptr(GError) error = NULL;

  if (imp_unixfs_builder_write (builder, file, sizeof file, &error))
    root = imp_unixfs_builder_end (builder, NULL, &error);

  g_assert_null (root);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

/* Blocks that are refused */

static guint8 *
decode_hex (const char *hex,
            gsize      *size)
{
  guint8 *bytes = g_malloc (strlen (hex) / 2 + 1);

  *size = 0;
  for (; *hex != '\0'; hex++)
    {
      if (*hex == ' ')
        continue;
      bytes[(*size)++] = g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]);
      hex++;
    }

  return bytes;
}

static ImpUnixfsNode *
parse_hex (const char  *hex,
           GError     **error)
{
  gsize size;
  g_autofree guint8 *block = decode_hex (hex, &size);
  g_autoptr(ImpCid) cid = NULL;
  guint8 sha256[IMP_SHA256_SIZE];

  imp_digest_compute (IMP_DIGEST_SHA256, block, size, sha256);
  cid = imp_cid_new (0, IMP_CODEC_DAG_PB, sha256);
  return imp_unixfs_node_parse (cid, block, size, error);
}

#define HASH  "0a22 1220 0000000000000000000000000000000000000000000000000000000000000000"
#define NAME  " 1200"
#define TSIZE " 1801"
#define LINK  "1228 " HASH NAME TSIZE

typedef struct
{
  const char *name;
  const char *hex;
  const char *pattern;
} Block;

static const Block accepted[] = {
  { "leaf", "0a07 0802 1201 61 1801", NULL },
  { "empty-leaf", "0a04 0802 1800", NULL },
  { "type-raw", "0a07 0800 1201 61 1801", NULL },
  { "mode", "0a07 0802 1800 38a403", NULL },
  { "mtime", "0a08 0802 1800 4202 0800", NULL },
  { "link", LINK " 0a06 0802 1801 2001", NULL },
  { "data-before-links", "0a06 0802 1801 2001 " LINK, NULL },
  { "no-name", "1226 " HASH TSIZE " 0a06 0802 1801 2001", NULL },
  { "no-tsize", "1226 " HASH NAME " 0a06 0802 1801 2001", NULL },
  { "data-and-links", LINK " 0a09 0802 1201 61 1802 2001", NULL },
};

static const Block refused[] = {
  { "empty", "", "the node has no data" },
  { "no-data", LINK, "the node has no data" },
  { "no-type", "0a02 1800", "*no type" },
  { "no-size", "0a02 0802", "*no file size" },
  { "directory", "0a02 0801", "*directory*" },
  { "hamt", "0a02 0805", "*directory*" },
  { "symlink", "0a02 0804", "*symbolic link*" },
  { "metadata", "0a02 0803", "*type 3*" },
  { "trailing", "0a04 0802 1800 00", "field 0 of the node*" },
  { "trailing-cut", "0a04 0802 1800 0a", "field 1 of the node*cut short" },
  { "cut", "0a04 0802 18", "field 1 of the node*cut short" },
  { "unknown-field", "0a04 0802 1800 1a00", "field 3 of the node*" },
  { "wire-type", "0a04 0802 1800 10 00", "field 2 of the node*" },
  { "fixed32", "0d00000000", "field 1 of the node*" },
  { "data-twice", "0a04 0802 1800 0a04 0802 1800", "field 1 of the node*" },
  { "links-around-data", LINK " 0a08 0802 1802 2001 2001 " LINK, "field 2 of the node*" },
  { "non-minimal-length", "0a8400 0802 1800", "field 1 of the node*" },
  { "non-minimal-size", "0a05 0802 188000", "field 3 of the UnixFS*" },
  { "huge-length", "0affffffffffffffffff01", "field 1 of the node*" },
  { "overlong-varint", "0a0e 0802 18 ffffffffffffffffffff01", "field 3 of the UnixFS*" },
  { "type-twice", "0a06 0802 0802 1800", "field 1 of the UnixFS*" },
  { "data-after-size", "0a07 0802 1801 1201 61", "field 2 of the UnixFS*" },
  { "packed-sizes", LINK " 0a07 0802 1801 2201 01", "field 4 of the UnixFS*" },
  { "hash-type", "0a06 0802 1800 2812", "field 5 of the UnixFS*" },
  { "unknown-unixfs-field", "0a06 0802 1800 4800", "field 9 of the UnixFS*" },
  { "size-wrong", "0a07 0802 1201 61 1802", "*do not add up*" },
  { "sum-wrong", LINK " 0a06 0802 1802 2001", "*do not add up*" },
  { "sum-overflows", LINK " " LINK " 0a11 0802 1801 20 ffffffffffffffffff01 2002", "*more than a file can have" },
  { "fewer-sizes", LINK " 0a04 0802 1800", "*1 links and 0 block sizes" },
  { "more-sizes", LINK " 0a08 0802 1802 2001 2001", "*more block sizes than links" },
  { "link-empty", "1200 0a04 0802 1800", "a link has no hash" },
  { "link-named", "1229 " HASH " 120161" TSIZE " 0a06 0802 1801 2001", "*has a name" },
  { "link-order", "1228" NAME " " HASH TSIZE " 0a06 0802 1801 2001", "field 1 of a link*" },
  { "link-hash-twice", "124c " HASH " " HASH NAME TSIZE " 0a06 0802 1801 2001", "field 1 of a link*" },
  { "link-field-4", "122a " HASH NAME TSIZE " 2001 0a06 0802 1801 2001", "field 4 of a link*" },
  { "link-tsize-type", "1228 " HASH NAME " 1a00 0a06 0802 1801 2001", "field 3 of a link*" },
  { "link-cid", "1228 0a22 1320 0000000000000000000000000000000000000000000000000000000000000000" NAME TSIZE
                " 0a06 0802 1801 2001", "*" },
};

static void
test_accepts_block (gconstpointer data)
{
  const Block *block = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpUnixfsNode) node = parse_hex (block->hex, &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
}

static void
test_refuses_block (gconstpointer data)
{
  const Block *block = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpUnixfsNode) node = parse_hex (block->hex, &error);

  g_assert_null (node);
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  if (!g_pattern_match_simple (block->pattern, error->message))
    g_error ("“%s” does not match “%s”", error->message, block->pattern);
}

static void
test_refuses_many_links (void)
{
  g_autoptr(GString) hex = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i <= 8192; i++)
    g_string_append (hex, LINK " ");
  g_string_append (hex, "0a04 0802 1800");

  g_assert_null (parse_hex (hex->str, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_assert_nonnull (strstr (error->message, "8192 links"));
}

static void
test_refuses_large_block (void)
{
  g_autofree guint8 *block = g_malloc0 (IMP_BLOCK_MAX_SIZE + 1);
  guint8 sha256[IMP_SHA256_SIZE];
  g_autoptr(ImpCid) cid = NULL;
  g_autoptr(GError) error = NULL;

  imp_digest_compute (IMP_DIGEST_SHA256, block, IMP_BLOCK_MAX_SIZE + 1, sha256);
  cid = imp_cid_new (1, IMP_CODEC_RAW, sha256);

  g_assert_null (imp_unixfs_node_parse (cid, block, IMP_BLOCK_MAX_SIZE + 1, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
}

static void
test_refuses_other_bytes (void)
{
  static const guint8 block[] = { 0x0a, 0x04, 0x08, 0x02, 0x18, 0x00 };
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpCid) cid = imp_cid_new_from_string ("QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o", &error);

  g_assert_no_error (error);
  g_assert_null (imp_unixfs_node_parse (cid, block, sizeof block, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_CORRUPT);
}

static void
add_vectors (JsonObject *object,
             const char *suite)
{
  JsonArray *vectors = json_object_get_array_member (object, "vectors");

  g_assert_cmpuint (json_array_get_length (vectors), >, 0);
  for (guint i = 0; i < json_array_get_length (vectors); i++)
    {
      JsonObject *vector = json_array_get_object_element (vectors, i);
      JsonObject *input = json_object_get_object_member (vector, "input");
      g_autofree char *path =
        g_strdup_printf ("/unixfs/%s/%u-%s-%" G_GINT64_FORMAT, suite, i, json_object_get_string_member (input, "gen"),
                         json_object_get_int_member (input, "size"));

      g_test_add_data_func (path, vector, test_vector);
    }
}

static void
add_blocks (const Block       *blocks,
            gsize              n_blocks,
            const char        *suite,
            GTestDataFunc      func)
{
  for (gsize i = 0; i < n_blocks; i++)
    {
      g_autofree char *path = g_strdup_printf ("/unixfs/%s/%s", suite, blocks[i].name);

      g_test_add_data_func (path, &blocks[i], func);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  JsonObject *root;

  g_test_init (&argc, &argv, NULL);

  path = g_test_build_filename (G_TEST_DIST, "data", "ipfs.json", NULL);
  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  root = json_node_get_object (json_parser_get_root (parser));

  add_vectors (root, "vectors");
  add_vectors (json_object_get_object_member (root, "kubo_published"), "kubo");
  g_test_add_func ("/unixfs/profiles", test_profiles);
  g_test_add_data_func ("/unixfs/fails/first-leaf", GUINT_TO_POINTER (0), test_fails);
  g_test_add_data_func ("/unixfs/fails/inner", GUINT_TO_POINTER (174), test_fails);
  g_test_add_data_func ("/unixfs/fails/root", GUINT_TO_POINTER (202), test_fails);
  add_blocks (accepted, G_N_ELEMENTS (accepted), "accepts", test_accepts_block);
  add_blocks (refused, G_N_ELEMENTS (refused), "refuses", test_refuses_block);
  g_test_add_func ("/unixfs/refuses/many-links", test_refuses_many_links);
  g_test_add_func ("/unixfs/refuses/large-block", test_refuses_large_block);
  g_test_add_func ("/unixfs/refuses/other-bytes", test_refuses_other_bytes);

  return g_test_run ();
}
