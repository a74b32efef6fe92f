/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include "imp-cid.h"

#include <string.h>

/* An identifier has one binary form: whatever is read is written the same. */
static void
check_bytes (const guint8 *data,
             gsize         size)
{
  g_autoptr(ImpCid) cid = imp_cid_new_from_bytes (data, size, NULL);
  g_autoptr(GBytes) bytes = NULL;

  if (cid == NULL)
    return;

  bytes = imp_cid_to_bytes (cid);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), data, size);
}

/* Its text has several bases, but what is printed is read as the same identifier. */
static void
check_text (const char *text)
{
  g_autoptr(ImpCid) cid = imp_cid_new_from_string (text, NULL);
  g_autoptr(ImpCid) again = NULL;

  if (cid == NULL)
    return;

  again = imp_cid_new_from_string (imp_cid_get_string (cid), NULL);
  g_assert_nonnull (again);
  g_assert_true (imp_cid_equal (cid, again));
  g_assert_cmpuint (imp_cid_get_version (cid), ==, imp_cid_get_version (again));
  g_assert_cmpstr (imp_cid_get_string (cid), ==, imp_cid_get_string (again));

  if (strlen (text) == strlen (imp_cid_get_string (cid)) && text[0] == imp_cid_get_string (cid)[0])
    g_assert_cmpstr (text, ==, imp_cid_get_string (cid));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);

  check_bytes (data, size);
  check_text (text);
  return 0;
}
