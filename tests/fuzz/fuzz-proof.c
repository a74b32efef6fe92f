/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include "imp-merkle.h"

#include <string.h>

#define MAX_SIZE 67

/* A tree of each size, and the proofs of it, spoiled as the input says: only an unspoiled one may be
 * taken. That the proofs themselves are those of RFC 9162 is what test-merkle.c shows.
 */

static ImpHash leaves[MAX_SIZE];

typedef struct
{
  const guint8 *data;
  gsize         size;
} Input;

static guint8
take (Input *input)
{
  if (input->size == 0)
    return 0;

  input->size--;
  return *input->data++;
}

static gboolean
read_node (guint      level,
           guint64    index,
           ImpHash   *hash,
           gpointer   user_data,
           GError   **error)
{
  ImpHash left, right;

  if (level == 0)
    {
      *hash = leaves[index];
      return TRUE;
    }

  read_node (level - 1, 2 * index, &left, NULL, NULL);
  read_node (level - 1, 2 * index + 1, &right, NULL, NULL);
  imp_merkle_hash_node (&left, &right, hash);
  return TRUE;
}

static ImpHash
get_root (guint size)
{
  ImpHash root;

  g_assert_true (imp_merkle_compute_root (size, read_node, NULL, &root, NULL));
  return root;
}

/* Each two bytes of the input are one change. */
static void
spoil (GArray *path,
       Input  *input)
{
  while (input->size > 0)
    {
      guint8 what = take (input), where = take (input);
      guint place = path->len > 0 ? where % path->len : 0;

      switch (what % 4)
        {
        case 0:
          if (path->len < 100)
            g_array_insert_val (path, place, leaves[where % MAX_SIZE]);
          break;

        case 1:
          if (path->len > 0)
            g_array_remove_index (path, place);
          break;

        case 2:
          if (path->len > 0)
            g_array_index (path, ImpHash, place).bytes[what / 4 % IMP_HASH_SIZE] ^= where;
          break;

        case 3:
          if (path->len > 0)
            g_array_index (path, ImpHash, place) = get_root (1 + what / 4);
          break;
        }
    }
}

static gboolean
paths_equal (GArray *a,
             GArray *b)
{
  return a->len == b->len && (a->len == 0 || memcmp (a->data, b->data, a->len * sizeof (ImpHash)) == 0);
}

static void
check_inclusion (Input *input)
{
  guint size = 1 + take (input) % MAX_SIZE, index = take (input) % size;
  guint claimed_index = take (input), leaf = take (input) % MAX_SIZE;
  g_autoptr(GArray) truth = imp_merkle_prove_inclusion (index, size, read_node, NULL, NULL);
  g_autoptr(GArray) path = g_array_copy (truth);
  ImpHash root = get_root (size);
  gboolean is_true;

  spoil (path, input);
  is_true = claimed_index == index && leaf == index && paths_equal (path, truth);

  /* A spoiled proof may have become that of the claimed leaf. */
  if (claimed_index < size && leaf == claimed_index && claimed_index != index)
    {
      g_autoptr(GArray) other = imp_merkle_prove_inclusion (claimed_index, size, read_node, NULL, NULL);

      is_true = paths_equal (path, other);
    }

  g_assert_true (is_true == imp_merkle_verify_inclusion (&leaves[leaf], claimed_index, size, (ImpHash *) path->data,
                                                         path->len, &root, NULL));
}

static void
check_consistency (Input *input)
{
  guint to = take (input) % (MAX_SIZE + 1), from = take (input) % (to + 1);
  g_autoptr(GArray) truth = imp_merkle_prove_consistency (from, to, read_node, NULL, NULL);
  g_autoptr(GArray) path = g_array_copy (truth);
  ImpHash from_root = get_root (from), to_root = get_root (to);
  gboolean taken;

  spoil (path, input);
  taken = imp_merkle_verify_consistency (from, &from_root, to, &to_root, (ImpHash *) path->data, path->len, NULL);
  g_assert_true (taken == paths_equal (path, truth));
}

/* Numbers that no tree here has only must not be taken. */
static void
check_numbers (Input *input)
{
  ImpHash root = get_root (MAX_SIZE);
  guint64 numbers[2] = { 0 };

  memcpy (numbers, input->data, MIN (input->size, sizeof numbers));
  if (numbers[0] < MAX_SIZE || numbers[1] <= MAX_SIZE)
    return;

  g_assert_false (imp_merkle_verify_inclusion (&leaves[0], numbers[0], numbers[1], leaves, MAX_SIZE, &root, NULL));
  g_assert_false (imp_merkle_verify_consistency (numbers[0], &root, numbers[1], &leaves[0], leaves, MAX_SIZE, NULL));
}

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  for (guint i = 0; i < MAX_SIZE; i++)
    imp_merkle_hash_leaf (&i, sizeof i, &leaves[i]);

  return 0;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  Input input = { data, size };

  switch (take (&input) % 3)
    {
    case 0:
      check_inclusion (&input);
      break;

    case 1:
      check_consistency (&input);
      break;

    case 2:
      check_numbers (&input);
      break;
    }

  return 0;
}
