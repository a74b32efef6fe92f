/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include "imp-json.h"

/* Larger than anything that canonical form can make of the input. */
#define MAX_SIZE (64 * 1024 * 1024)

/* What can be read can be printed, and what was printed is read as the same again. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(JsonNode) root = imp_json_parse ((const char *) data, size, MAX_SIZE, NULL);
  g_autoptr(JsonNode) again = NULL;
  g_autofree char *text = NULL, *text_again = NULL;

  if (root == NULL)
    return 0;

  text = imp_json_canonicalize (root);
  again = imp_json_parse (text, -1, MAX_SIZE, NULL);
  g_assert_nonnull (again);
  g_assert_true (json_node_equal (root, again));

  text_again = imp_json_canonicalize (again);
  g_assert_cmpstr (text, ==, text_again);

  return 0;
}
