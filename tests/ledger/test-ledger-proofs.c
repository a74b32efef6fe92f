/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "imp-error.h"
#include "imp-merkle.h"
#include "imp-time.h"
#include "ledger-fixture.h"

#define N_LEAVES 21

static ImpCheckpoint *
get_checkpoint (LedgerFixture *fixture)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  ImpCheckpoint *checkpoint;

  imp_ledger_get_checkpoint_async (fixture->ledger, NULL, ledger_keep_result, &result);
  checkpoint = imp_ledger_get_checkpoint_finish (fixture->ledger, ledger_wait (&result), &error);
  g_assert_no_error (error);

  return checkpoint;
}

static GArray *
prove_inclusion (LedgerFixture  *fixture,
                 guint64         leaf,
                 guint64         size,
                 GError        **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  imp_ledger_prove_inclusion_async (fixture->ledger, leaf, size, NULL, ledger_keep_result, &result);
  return imp_ledger_prove_inclusion_finish (fixture->ledger, ledger_wait (&result), error);
}

static GArray *
prove_consistency (LedgerFixture  *fixture,
                   guint64         from,
                   guint64         to,
                   GError        **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  imp_ledger_prove_consistency_async (fixture->ledger, from, to, NULL, ledger_keep_result, &result);
  return imp_ledger_prove_consistency_finish (fixture->ledger, ledger_wait (&result), error);
}

static GPtrArray *
read_leaves (LedgerFixture *fixture,
             guint64        from,
             guint          limit)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *leaves;

  imp_ledger_read_leaves_async (fixture->ledger, from, limit, NULL, ledger_keep_result, &result);
  leaves = imp_ledger_read_leaves_finish (fixture->ledger, ledger_wait (&result), &error);
  g_assert_no_error (error);

  return leaves;
}

/* What is signed, and by whom, as somebody sees it who has only the pinned key. */
static void
test_signs_heads (LedgerFixture *fixture,
                  gconstpointer  data)
{
  g_autofree char *log_key = imp_ledger_get_log_key (fixture->ledger, NULL);
  g_autoptr(ImpCheckpoint) checkpoint = NULL;
  g_autoptr(ImpCheckpoint) parsed = NULL;
  g_autoptr(GError) error = NULL;
  gint64 time;

  ledger_publish (fixture, 1, N_LEAVES - 1);
  checkpoint = get_checkpoint (fixture);
  parsed = imp_checkpoint_new_from_text (imp_checkpoint_get_text (checkpoint), -1, &error);
  g_assert_no_error (error);

  imp_checkpoint_verify (parsed, log_key, &time, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (imp_checkpoint_get_size (parsed), ==, N_LEAVES);
  g_assert_true (g_str_has_prefix (imp_checkpoint_get_origin (parsed), "imprimatur.local/"));
  g_assert_cmpint (ABS (imp_time_now () - time), <, 60 * 1000);
}

/* A ledger that nobody writes to gives fresh heads all the same. */
static void
test_signs_anew (LedgerFixture *fixture,
                 gconstpointer  data)
{
  g_autofree char *log_key = imp_ledger_get_log_key (fixture->ledger, NULL);
  g_autoptr(ImpCheckpoint) first = get_checkpoint (fixture);
  g_autoptr(ImpCheckpoint) same = get_checkpoint (fixture);
  g_autoptr(ImpCheckpoint) second = NULL;
  gint64 first_time, second_time;

  g_assert_cmpstr (imp_checkpoint_get_text (first), ==, imp_checkpoint_get_text (same));

  /* Cosignatures have seconds. */
  g_usleep (1100 * 1000);
  ledger_close (fixture);
  ledger_open (fixture);
  second = get_checkpoint (fixture);

  g_assert_cmpmem (imp_checkpoint_get_root (first), IMP_HASH_SIZE,
                   imp_checkpoint_get_root (second), IMP_HASH_SIZE);
  g_assert_true (imp_checkpoint_verify (first, log_key, &first_time, NULL));
  g_assert_true (imp_checkpoint_verify (second, log_key, &second_time, NULL));
  g_assert_cmpint (second_time, >, first_time);
}

/* Every leaf in every tree, and no proof for another leaf, another place or another size. */
static void
test_proves_inclusion (LedgerFixture *fixture,
                       gconstpointer  data)
{
  g_autoptr(GPtrArray) roots = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) leaves = NULL;

  for (guint size = 1; size <= N_LEAVES; size++)
    {
      g_ptr_array_add (roots, get_checkpoint (fixture));
      ledger_publish (fixture, size, 1);
    }

  leaves = read_leaves (fixture, 0, N_LEAVES);
  g_assert_cmpuint (leaves->len, ==, N_LEAVES);

  for (guint64 size = 1; size <= N_LEAVES; size++)
    {
      const ImpHash *root = imp_checkpoint_get_root (roots->pdata[size - 1]);

      for (guint64 i = 0; i < size; i++)
        {
          g_autoptr(GError) error = NULL;
          g_autoptr(GArray) path = prove_inclusion (fixture, i, size, &error);
          const ImpHash *hashes = (const ImpHash *) path->data;
          ImpHash leaf, other;

          imp_merkle_hash_leaf (leaves->pdata[i], strlen (leaves->pdata[i]), &leaf);
          imp_merkle_verify_inclusion (&leaf, i, size, hashes, path->len, root, &error);
          g_assert_no_error (error);

          imp_merkle_hash_leaf ("other", 5, &other);
          g_assert_false (imp_merkle_verify_inclusion (&other, i, size, hashes, path->len, root, NULL));
          g_assert_false (imp_merkle_verify_inclusion (&leaf, i + 1, size, hashes, path->len, root, NULL));
        }
    }
}

static void
test_proves_consistency (LedgerFixture *fixture,
                         gconstpointer  data)
{
  g_autoptr(GPtrArray) heads = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint size = 1; size <= N_LEAVES; size++)
    {
      g_ptr_array_add (heads, get_checkpoint (fixture));
      ledger_publish (fixture, size, 1);
    }

  for (guint64 from = 1; from <= N_LEAVES; from++)
    {
      for (guint64 to = from; to <= N_LEAVES; to++)
        {
          g_autoptr(GError) error = NULL;
          g_autoptr(GArray) path = prove_consistency (fixture, from, to, &error);

          g_assert_no_error (error);
          imp_merkle_verify_consistency (from, imp_checkpoint_get_root (heads->pdata[from - 1]),
                                         to, imp_checkpoint_get_root (heads->pdata[to - 1]),
                                         (const ImpHash *) path->data, path->len, &error);
          g_assert_no_error (error);
        }
    }
}

static void
test_refuses_beyond_head (LedgerFixture *fixture,
                          gconstpointer  data)
{
  static const guint64 leaves[][2] = { { 4, 4 }, { 0, 5 }, { 0, 0 }, { 5, 4 }, { G_MAXUINT64, 4 },
                                       { 0, G_MAXUINT64 } };
  static const guint64 sizes[][2] = { { 1, 5 }, { 5, 5 }, { 4, 3 }, { G_MAXUINT64, 4 },
                                      { 1, G_MAXUINT64 } };

  ledger_publish (fixture, 1, 3);
  for (guint i = 0; i < G_N_ELEMENTS (leaves); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (prove_inclusion (fixture, leaves[i][0], leaves[i][1], &error));
      g_assert_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND);
    }

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (prove_consistency (fixture, sizes[i][0], sizes[i][1], &error));
      g_assert_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND);
    }
}

static void
test_reads_leaves (LedgerFixture *fixture,
                   gconstpointer  data)
{
  g_autoptr(GPtrArray) some = NULL;
  g_autoptr(GPtrArray) none = NULL;

  ledger_publish (fixture, 1, 9);
  some = read_leaves (fixture, 7, 1000);
  none = read_leaves (fixture, G_MAXUINT64, 1);

  g_assert_cmpuint (some->len, ==, 3);
  g_assert_nonnull (strstr (some->pdata[0], "V_7"));
  g_assert_cmpuint (none->len, ==, 0);
}

static void
copy_file (LedgerFixture *fixture,
           const char    *from,
           const char    *to)
{
  g_autofree char *from_path = ledger_path (fixture, from);
  g_autofree char *to_path = ledger_path (fixture, to);
  g_autofree char *contents = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;

  g_file_get_contents (from_path, &contents, &size, &error);
  g_assert_no_error (error);
  g_file_set_contents (to_path, contents, size, &error);
  g_assert_no_error (error);
}

/* An older copy is a whole ledger by itself: it is who has seen a newer head that can tell. */
static void
test_shows_rollback (LedgerFixture *fixture,
                     gconstpointer  data)
{
  g_autoptr(ImpCheckpoint) seen = NULL;
  g_autoptr(ImpCheckpoint) forked = NULL;
  g_autoptr(GArray) path = NULL;
  g_autoptr(GError) error = NULL;

  ledger_publish (fixture, 1, 4);
  ledger_close (fixture);
  copy_file (fixture, "ledger.db", "copy");

  ledger_open (fixture);
  ledger_publish (fixture, 5, 5);
  seen = get_checkpoint (fixture);
  ledger_close (fixture);

  copy_file (fixture, "copy", "ledger.db");
  ledger_open (fixture);
  g_assert_null (prove_consistency (fixture, imp_checkpoint_get_size (seen), ledger_get_height (fixture),
                                    &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND);
  g_clear_error (&error);

  ledger_publish (fixture, 50, 10);
  forked = get_checkpoint (fixture);
  path = prove_consistency (fixture, imp_checkpoint_get_size (seen), imp_checkpoint_get_size (forked), &error);
  g_assert_no_error (error);
  g_assert_false (imp_merkle_verify_consistency (imp_checkpoint_get_size (seen), imp_checkpoint_get_root (seen),
                                                 imp_checkpoint_get_size (forked),
                                                 imp_checkpoint_get_root (forked),
                                                 (const ImpHash *) path->data, path->len, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
}

#define add(path, func) \
  g_test_add ("/ledger-proofs/" path, LedgerFixture, NULL, ledger_set_up, func, ledger_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("signs-heads", test_signs_heads);
  add ("signs-anew", test_signs_anew);
  add ("proves-inclusion", test_proves_inclusion);
  add ("proves-consistency", test_proves_consistency);
  add ("refuses-beyond-head", test_refuses_beyond_head);
  add ("reads-leaves", test_reads_leaves);
  add ("shows-rollback", test_shows_rollback);

  return g_test_run ();
}
