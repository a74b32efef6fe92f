/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include <string.h>

#include "imp-trust-path.h"

/* A file that somebody sends to a reviewer. One path is known, and nobody else has its keys: whatever
 * holds under its log’s key must be it, byte for byte.
 */

static ImpTrustPath *known;

static gboolean
all_passed (GPtrArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const ImpTrustStep *step = g_ptr_array_index (steps, i);

      g_assert_nonnull (step->detail);
      if (!step->passed)
        return FALSE;
    }

  return TRUE;
}

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (TEST_DATA "/trust-path.imprimatur", &text, &length, NULL));
  known = imp_trust_path_new_from_text (text, length, NULL);
  g_assert_nonnull (known);

  return 0;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpTrustPath) path = imp_trust_path_new_from_text ((const char *) data, size, &error);
  g_autoptr(GBytes) payload = g_bytes_new_static (data, size);
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (payload);
  g_autoptr(GPtrArray) steps = NULL;
  g_autoptr(GPtrArray) with_payload = NULL;

  g_assert_true ((path == NULL) == (error != NULL));
  if (path == NULL)
    return 0;

  steps = imp_trust_path_verify (path, imp_trust_path_get_log_key (known), NULL, NULL, NULL, NULL, NULL);
  g_assert_nonnull (steps);
  if (all_passed (steps))
    g_assert_cmpstr (imp_trust_path_get_text (path), ==, imp_trust_path_get_text (known));

  with_payload = imp_trust_path_verify (path, NULL, NULL, stream, NULL, NULL, NULL);
  g_assert_nonnull (with_payload);
  g_assert_false (all_passed (with_payload));

  return 0;
}
