/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include <string.h>

#include "imp-firmware-format.h"
#include "imp-version-search.h"

static char *
search (const guint8 *data,
        gsize         size,
        gsize         chunk_size)
{
  ImpVersionSearch *search = imp_version_search_new ();

  for (gsize at = 0; at < size; at += chunk_size)
    {
      gsize length = MIN (chunk_size, size - at);
      g_autofree guint8 *chunk = g_memdup2 (data + at, length);

      imp_version_search_feed (search, chunk, length);
    }

  return imp_version_search_end (search);
}

/* Whatever a file is, it gets a name, and a version that is short and printable if any. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *title = NULL;
  g_autofree char *in_head = imp_firmware_version_in_head (data, size);
  g_autofree char *whole = search (data, size, MAX (size, 1));
  g_autofree char *pieces = search (data, size, 1);

  g_assert_nonnull (imp_firmware_format_detect (data, size, &title));
  g_assert_true (g_utf8_validate (title, -1, NULL));
  g_assert_true (in_head == NULL || g_str_is_ascii (in_head));
  g_assert_true (whole == NULL || (g_str_is_ascii (whole) && strlen (whole) <= 48));
  g_assert_true ((whole != NULL) == (pieces != NULL));

  return 0;
}
