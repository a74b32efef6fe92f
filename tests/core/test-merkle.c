/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-merkle.h"

#include <string.h>

#define MAX_SIZE        130
#define MAX_FORGED_SIZE 40

/* The tree that RFC 9162 defines, word for word: slow, and with nothing to get wrong. */

static ImpHash leaves[MAX_SIZE];

static guint
get_k (guint n)
{
  guint k = 1;

  while (k * 2 < n)
    k *= 2;

  return k;
}

static ImpHash
naive_root (const ImpHash *d,
            guint          n)
{
  ImpHash left, right, hash;
  guint k;

  if (n == 1)
    return d[0];

  k = get_k (n);
  left = naive_root (d, k);
  right = naive_root (d + k, n - k);
  imp_merkle_hash_node (&left, &right, &hash);
  return hash;
}

static void
append (GArray  *path,
        ImpHash  hash)
{
  g_array_append_val (path, hash);
}

static void
naive_path (GArray        *path,
            guint          m,
            const ImpHash *d,
            guint          n)
{
  guint k = get_k (n);

  if (n == 1)
    return;

  if (m < k)
    {
      naive_path (path, m, d, k);
      append (path, naive_root (d + k, n - k));
    }
  else
    {
      naive_path (path, m - k, d + k, n - k);
      append (path, naive_root (d, k));
    }
}

static void
naive_subproof (GArray        *path,
                guint          m,
                const ImpHash *d,
                guint          n,
                gboolean       whole)
{
  guint k = get_k (n);

  if (m == n)
    {
      if (!whole)
        append (path, naive_root (d, n));
    }
  else if (m <= k)
    {
      naive_subproof (path, m, d, k, whole);
      append (path, naive_root (d + k, n - k));
    }
  else
    {
      naive_subproof (path, m - k, d + k, n - k, FALSE);
      append (path, naive_root (d, k));
    }
}

/* What a log would store; only what is complete in a tree of @size leaves may be asked for. */

typedef struct
{
  guint64 size;
  guint   n_reads;
} Log;

static gboolean
read_node (guint      level,
           guint64    index,
           ImpHash   *hash,
           gpointer   user_data,
           GError   **error)
{
  Log *log = user_data;
  guint64 width = G_GUINT64_CONSTANT (1) << level;

  g_assert_cmpuint ((index + 1) * width, <=, log->size);
  log->n_reads++;
  *hash = naive_root (leaves + index * width, width);
  return TRUE;
}

static void
assert_hash (const ImpHash *a,
             const ImpHash *b)
{
  g_assert_cmpmem (a->bytes, IMP_HASH_SIZE, b->bytes, IMP_HASH_SIZE);
}

static void
assert_path (GArray *path,
             GArray *expected)
{
  g_assert_cmpmem (path->data, path->len * sizeof (ImpHash), expected->data, expected->len * sizeof (ImpHash));
}

static void
test_roots (void)
{
  for (guint n = 1; n <= MAX_SIZE; n++)
    {
      Log log = { n, 0 };
      ImpHash expected = naive_root (leaves, n), root;

      g_assert_true (imp_merkle_compute_root (n, read_node, &log, &root, NULL));
      assert_hash (&root, &expected);
      g_assert_cmpuint (log.n_reads, <=, g_bit_storage (n));
    }
}

static void
test_inclusion (void)
{
  for (guint n = 1; n <= MAX_SIZE; n++)
    {
      ImpHash root = naive_root (leaves, n);

      for (guint m = 0; m < n; m++)
        {
          g_autoptr(GArray) expected = g_array_new (FALSE, FALSE, sizeof (ImpHash));
          g_autoptr(GArray) path = NULL;
          g_autoptr(GError) error = NULL;
          Log log = { n, 0 };

          naive_path (expected, m, leaves, n);
          path = imp_merkle_prove_inclusion (m, n, read_node, &log, NULL);
          assert_path (path, expected);
          g_assert_cmpuint (log.n_reads, <=, 2 * g_bit_storage (n));

          imp_merkle_verify_inclusion (&leaves[m], m, n, (ImpHash *) path->data, path->len, &root, &error);
          g_assert_no_error (error);
        }
    }
}

static void
test_consistency (void)
{
  for (guint n = 1; n <= MAX_SIZE; n++)
    {
      ImpHash to_root = naive_root (leaves, n);

      for (guint m = 1; m <= n; m++)
        {
          g_autoptr(GArray) expected = g_array_new (FALSE, FALSE, sizeof (ImpHash));
          g_autoptr(GArray) path = NULL;
          g_autoptr(GError) error = NULL;
          ImpHash from_root = naive_root (leaves, m);
          Log log = { n, 0 };

          naive_subproof (expected, m, leaves, n, TRUE);
          path = imp_merkle_prove_consistency (m, n, read_node, &log, NULL);
          assert_path (path, expected);
          g_assert_cmpuint (log.n_reads, <=, 2 * g_bit_storage (n));

          imp_merkle_verify_consistency (m, &from_root, n, &to_root, (ImpHash *) path->data, path->len, &error);
          g_assert_no_error (error);
        }
    }
}

/* The tree of eight leaves that certificate-transparency implementations share. */

static const char *const rfc6962_leaves[] = {
  "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
};

static const char *const rfc6962_roots[] = {
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static gsize
decode_hex (const char *hex,
            guint8     *bytes)
{
  gsize n = strlen (hex) / 2;

  for (gsize i = 0; i < n; i++)
    bytes[i] = g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]);

  return n;
}

typedef struct
{
  ImpHash hashes[8];
} SmallLog;

static gboolean
read_small (guint      level,
            guint64    index,
            ImpHash   *hash,
            gpointer   user_data,
            GError   **error)
{
  SmallLog *log = user_data;

  *hash = naive_root (log->hashes + (index << level), 1 << level);
  return TRUE;
}

static void
test_rfc6962 (void)
{
  SmallLog log;

  for (guint i = 0; i < G_N_ELEMENTS (rfc6962_leaves); i++)
    {
      guint8 bytes[16];
      gsize size = decode_hex (rfc6962_leaves[i], bytes);

      imp_merkle_hash_leaf (bytes, size, &log.hashes[i]);
    }

  for (guint n = 0; n < G_N_ELEMENTS (rfc6962_roots); n++)
    {
      ImpHash root, expected;

      decode_hex (rfc6962_roots[n], expected.bytes);
      g_assert_true (imp_merkle_compute_root (n, read_small, &log, &root, NULL));
      assert_hash (&root, &expected);
    }
}

static void
test_large (void)
{
  /* A tree of 2^63 + 1 equal leaves needs two reads for its root, and none of the sums overflows. */
  ImpHash leaf = leaves[0], root, expected, level = leaf;
  g_autoptr(GError) error = NULL;
  guint64 size = (G_GUINT64_CONSTANT (1) << 63) + 1;

  for (guint i = 0; i < 63; i++)
    imp_merkle_hash_node (&level, &level, &level);
  imp_merkle_hash_node (&level, &leaf, &expected);

  root = expected;
  g_assert_true (imp_merkle_verify_inclusion (&leaf, size - 1, size, &level, 1, &root, &error));
  g_assert_no_error (error);
  g_assert_true (imp_merkle_verify_consistency (size - 1, &level, size, &root, &leaf, 1, &error));
  g_assert_no_error (error);
}

static gboolean
fail_to_read (guint      level,
              guint64    index,
              ImpHash   *hash,
              gpointer   user_data,
              GError   **error)
{
  g_set_error_literal (error, IMP_ERROR, IMP_ERROR_CORRUPT, "a node cannot be read");
  return FALSE;
}

static void
test_read_fails (void)
{
  g_autoptr(GError) error = NULL;
  ImpHash root;

  g_assert_false (imp_merkle_compute_root (5, fail_to_read, NULL, &root, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_CORRUPT);
  g_clear_error (&error);

  g_assert_null (imp_merkle_prove_inclusion (3, 5, fail_to_read, NULL, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_CORRUPT);
  g_clear_error (&error);

  g_assert_null (imp_merkle_prove_consistency (3, 5, fail_to_read, NULL, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_CORRUPT);
}

/* Forged proofs. Each attack takes a true proof and spoils it in one way. */

typedef struct
{
  guint64  a, b;            /* index and size, or from and to */
  ImpHash  a_root, b_root;  /* leaf and root, or both roots */
  GArray  *path;
} Proof;

typedef void (*AttackFunc) (Proof *proof);

static void
attack_a_plus_one (Proof *proof)
{
  proof->a++;
}

static void
attack_a_minus_one (Proof *proof)
{
  proof->a--;
}

static void
attack_b_doubled (Proof *proof)
{
  proof->b *= 2;
}

static void
attack_b_halved (Proof *proof)
{
  proof->b /= 2;
}

static void
attack_b_zero (Proof *proof)
{
  proof->b = 0;
}

static void
attack_first_bit (Proof *proof)
{
  g_array_index (proof->path, ImpHash, 0).bytes[0] ^= 1;
}

static void
attack_last_bit (Proof *proof)
{
  g_array_index (proof->path, ImpHash, proof->path->len - 1).bytes[IMP_HASH_SIZE - 1] ^= 0x80;
}

static void
attack_appended (Proof *proof)
{
  append (proof->path, proof->b_root);
}

static void
attack_prepended (Proof *proof)
{
  g_array_prepend_val (proof->path, proof->a_root);
}

static void
attack_dropped_last (Proof *proof)
{
  g_array_set_size (proof->path, proof->path->len - 1);
}

static void
attack_dropped_first (Proof *proof)
{
  g_array_remove_index (proof->path, 0);
}

static void
attack_no_path (Proof *proof)
{
  g_array_set_size (proof->path, 0);
}

static void
attack_empty_root (Proof *proof)
{
  imp_merkle_hash_empty (&proof->b_root);
}

static void
attack_other_a (Proof *proof)
{
  proof->a_root.bytes[5] ^= 4;
}

static void
attack_other_b (Proof *proof)
{
  proof->b_root.bytes[5] ^= 4;
}

typedef struct
{
  const char *name;
  AttackFunc  func;
} Attack;

static const Attack attacks[] = {
  { "a-plus-one", attack_a_plus_one },
  { "a-minus-one", attack_a_minus_one },
  { "b-doubled", attack_b_doubled },
  { "b-halved", attack_b_halved },
  { "b-zero", attack_b_zero },
  { "first-bit", attack_first_bit },
  { "last-bit", attack_last_bit },
  { "appended", attack_appended },
  { "prepended", attack_prepended },
  { "dropped-last", attack_dropped_last },
  { "dropped-first", attack_dropped_first },
  { "no-path", attack_no_path },
  { "empty-root", attack_empty_root },
  { "other-a", attack_other_a },
  { "other-b", attack_other_b },
};

static void
test_forged_inclusion (gconstpointer data)
{
  const Attack *attack = data;

  for (guint n = 2; n <= MAX_FORGED_SIZE; n++)
    {
      for (guint m = 0; m < n; m++)
        {
          g_autoptr(GError) error = NULL;
          Proof proof = { m, n, leaves[m], naive_root (leaves, n), NULL };
          Log log = { n, 0 };

          proof.path = imp_merkle_prove_inclusion (m, n, read_node, &log, NULL);
          attack->func (&proof);
          g_assert_false (imp_merkle_verify_inclusion (&proof.a_root, proof.a, proof.b, (ImpHash *) proof.path->data,
                                                       proof.path->len, &proof.b_root, &error));
          g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
          g_array_unref (proof.path);
        }
    }
}

static void
test_forged_consistency (gconstpointer data)
{
  const Attack *attack = data;

  for (guint n = 3; n <= MAX_FORGED_SIZE; n++)
    {
      for (guint m = 2; m < n; m++)
        {
          g_autoptr(GError) error = NULL;
          Proof proof = { m, n, naive_root (leaves, m), naive_root (leaves, n), NULL };
          Log log = { n, 0 };

          proof.path = imp_merkle_prove_consistency (m, n, read_node, &log, NULL);
          attack->func (&proof);
          g_assert_false (imp_merkle_verify_consistency (proof.a, &proof.a_root, proof.b, &proof.b_root,
                                                         (ImpHash *) proof.path->data, proof.path->len, &error));
          g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
          g_array_unref (proof.path);
        }
    }
}

static void
test_trivial_consistency (void)
{
  ImpHash empty, root = naive_root (leaves, 5), other = naive_root (leaves, 6);
  g_autoptr(GError) error = NULL;

  imp_merkle_hash_empty (&empty);
  g_assert_true (imp_merkle_verify_consistency (0, &empty, 5, &root, NULL, 0, NULL));
  g_assert_true (imp_merkle_verify_consistency (0, &empty, 0, &empty, NULL, 0, NULL));
  g_assert_true (imp_merkle_verify_consistency (5, &root, 5, &root, NULL, 0, NULL));

  g_assert_false (imp_merkle_verify_consistency (0, &root, 5, &root, NULL, 0, NULL));
  g_assert_false (imp_merkle_verify_consistency (0, &empty, 5, &root, &root, 1, NULL));
  g_assert_false (imp_merkle_verify_consistency (5, &root, 5, &root, &root, 1, NULL));
  g_assert_false (imp_merkle_verify_consistency (6, &other, 5, &root, NULL, 0, NULL));
  g_assert_false (imp_merkle_verify_consistency (5, &root, 5, &other, NULL, 0, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
}

static void
test_base64 (void)
{
  g_autofree char *text = imp_hash_to_base64 (&leaves[3]);
  g_autofree char *padded = g_strconcat (text, "=", NULL);
  g_autofree char *spaced = g_strconcat (text, "\n", NULL);
  g_autofree char *unpadded = g_strndup (text, strlen (text) - 1);
  const char *const bad[] = { "", "AAAA", padded, spaced, unpadded, "not base64",
                              "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=" };
  ImpHash hash;

  g_assert_true (imp_hash_from_base64 (text, &hash, NULL));
  assert_hash (&hash, &leaves[3]);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (imp_hash_from_base64 (bad[i], &hash, &error));
      g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
    }
}

static void
add_attacks (const char    *suite,
             GTestDataFunc  func)
{
  for (guint i = 0; i < G_N_ELEMENTS (attacks); i++)
    {
      g_autofree char *path = g_strdup_printf ("/merkle/%s/%s", suite, attacks[i].name);

      g_test_add_data_func (path, &attacks[i], func);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < MAX_SIZE; i++)
    imp_merkle_hash_leaf (&i, sizeof i, &leaves[i]);

  g_test_add_func ("/merkle/roots", test_roots);
  g_test_add_func ("/merkle/inclusion", test_inclusion);
  g_test_add_func ("/merkle/consistency", test_consistency);
  g_test_add_func ("/merkle/rfc6962", test_rfc6962);
  g_test_add_func ("/merkle/large", test_large);
  g_test_add_func ("/merkle/read-fails", test_read_fails);
  add_attacks ("forged-inclusion", test_forged_inclusion);
  add_attacks ("forged-consistency", test_forged_consistency);
  g_test_add_func ("/merkle/trivial-consistency", test_trivial_consistency);
  g_test_add_func ("/merkle/base64", test_base64);

  return g_test_run ();
}
