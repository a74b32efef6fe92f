/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "imp-error.h"
#include "store-fixture.h"

static GBytes *
read_payload (StoreFixture  *fixture,
              ImpCid        *cid,
              GError       **error)
{
  g_autoptr(GInputStream) stream = open_payload (fixture, cid, error);

  return stream != NULL ? read_whole (stream, 4096, error) : NULL;
}

static gsize
get_file_size (const char *path)
{
  GStatBuf st;

  g_assert_cmpint (g_stat (path, &st), ==, 0);
  return st.st_size;
}

/* Every single bit counts, wherever it is. */
static void
test_notices_any_change (StoreFixture  *fixture,
                         gconstpointer  suffix)
{
  g_autoptr(GBytes) payload = make_payload (1000);
  g_autoptr(ImpPayloadInfo) info = NULL;
  g_autofree char *path = NULL;
  gsize size;

  store_close (fixture);
  store_open (fixture, &small_profile);
  info = stage (fixture, payload);
  path = find_file (fixture, "staged", suffix);
  size = get_file_size (path);

  for (gsize offset = 0; offset < size; offset++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = NULL;

      flip_byte (path, offset);
      bytes = read_payload (fixture, info->cid, &error);
      g_assert_error (error, IMP_ERROR, IMP_ERROR_CORRUPT);
      g_assert_nonnull (strstr (error->message, imp_cid_get_string (info->cid)));
      if (bytes != NULL)
        {
          g_autoptr(GBytes) good = g_bytes_new_from_bytes (payload, 0, g_bytes_get_size (bytes));

          g_assert_true (g_bytes_equal (bytes, good));
        }
      flip_byte (path, offset);
    }
}

static void
test_names_the_block (StoreFixture  *fixture,
                      gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (600000);
  g_autoptr(ImpPayloadInfo) info = stage (fixture, payload);
  g_autofree char *path = find_file (fixture, "staged", ".data");
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree guint8 *buffer = g_malloc (1 << 20);

  flip_byte (path, 300000);
  stream = open_payload (fixture, info->cid, &error);
  g_assert_no_error (error);

  /* The good block before it is given, and nothing of the bad one. */
  memset (buffer, 0xff, 1 << 20);
  g_assert_cmpint (g_input_stream_read (stream, buffer, 1 << 20, NULL, &error), ==, 262144);
  g_assert_cmpmem (buffer, 262144, g_bytes_get_data (payload, NULL), 262144);
  for (gsize i = 262144; i < 2 * 262144; i++)
    g_assert_cmpuint (buffer[i], ==, 0);

  g_assert_cmpint (g_input_stream_read (stream, buffer, 1 << 20, NULL, &error), ==, -1);
  g_assert_error (error, IMP_ERROR, IMP_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "bytes 262144 to 524288"));
  g_assert_nonnull (strstr (error->message, "is not what was written"));
  g_clear_error (&error);

  /* The last one can still be had. */
  g_assert_true (g_seekable_seek (G_SEEKABLE (stream), 524288, G_SEEK_SET, NULL, &error));
  g_assert_cmpint (g_input_stream_read (stream, buffer, 1 << 20, NULL, &error), ==, 600000 - 524288);
  g_assert_cmpmem (buffer, 600000 - 524288,
                   (const guint8 *) g_bytes_get_data (payload, NULL) + 524288, 600000 - 524288);
}

static void
test_notices_another_length (StoreFixture  *fixture,
                             gconstpointer  data)
{
  static const gsize lengths[] = { 0, 1, 262144, 599999, 600001 };
  g_autoptr(GBytes) payload = make_payload (600000);
  g_autoptr(ImpPayloadInfo) info = stage (fixture, payload);
  g_autofree char *path = find_file (fixture, "staged", ".data");

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (truncate (path, lengths[i]), ==, 0);
      g_assert_null (read_payload (fixture, info->cid, &error));
      g_assert_error (error, IMP_ERROR, IMP_ERROR_CORRUPT);
      g_clear_error (&error);
      g_assert_null (imp_store_get_info (fixture->store, info->cid, NULL, &error));
      g_assert_error (error, IMP_ERROR, IMP_ERROR_CORRUPT);
    }
}

static void
test_notices_truncation_while_open (StoreFixture  *fixture,
                                    gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (600000);
  g_autoptr(ImpPayloadInfo) info = stage (fixture, payload);
  g_autofree char *path = find_file (fixture, "staged", ".data");
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) stream = open_payload (fixture, info->cid, &error);
  g_autoptr(GBytes) bytes = NULL;

  g_assert_cmpint (truncate (path, 400000), ==, 0);
  bytes = read_whole (stream, 1000, &error);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 262144);
  g_assert_error (error, IMP_ERROR, IMP_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "cut short"));
}

static void
test_notices_a_lost_file (StoreFixture  *fixture,
                          gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (600000);
  g_autoptr(ImpPayloadInfo) info = stage (fixture, payload);
  g_autofree char *path = find_file (fixture, "staged", ".data");
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_null (read_payload (fixture, info->cid, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_CORRUPT);
}

/* A payload's files under the name of another are not that other. */
static void
test_notices_swapped_files (StoreFixture  *fixture,
                            gconstpointer  data)
{
  g_autoptr(GBytes) one = make_payload (1000);
  g_autoptr(GBytes) two = make_payload (1001);
  g_autoptr(ImpPayloadInfo) first = stage (fixture, one);
  g_autofree char *first_data = find_file (fixture, "staged", ".data");
  g_autofree char *first_index = find_file (fixture, "staged", ".index");
  g_autofree char *second_data = NULL;
  g_autofree char *second_index = NULL;
  g_autoptr(ImpPayloadInfo) second = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (keep (fixture, first->cid, NULL));
  second = stage (fixture, two);
  second_data = find_file (fixture, "staged", ".data");
  second_index = find_file (fixture, "staged", ".index");
  g_assert_true (discard (fixture, second->cid, NULL));
  g_free (first_data);
  g_free (first_index);
  first_data = find_file (fixture, "kept", ".data");
  first_index = find_file (fixture, "kept", ".index");
  g_assert_cmpint (g_rename (first_data, second_data), ==, 0);
  g_assert_cmpint (g_rename (first_index, second_index), ==, 0);

  g_assert_null (read_payload (fixture, second->cid, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, imp_cid_get_string (first->cid)));
}

static void
test_is_mended_by_staging_again (StoreFixture  *fixture,
                                 gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (600000);
  g_autoptr(ImpPayloadInfo) info = stage (fixture, payload);
  g_autoptr(ImpPayloadInfo) again = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (keep (fixture, info->cid, NULL));
  path = find_file (fixture, "kept", ".data");
  flip_byte (path, 300000);

  again = stage (fixture, payload);
  bytes = read_payload (fixture, info->cid, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, payload));
}

#define add(path, data, func) \
  g_test_add ("/block-stream/" path, StoreFixture, data, set_up, func, store_tear_down)

static void
set_up (StoreFixture  *fixture,
        gconstpointer  data)
{
  store_set_up (fixture, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("notices-any-change/data", ".data", test_notices_any_change);
  add ("notices-any-change/index", ".index", test_notices_any_change);
  add ("names-the-block", NULL, test_names_the_block);
  add ("notices-another-length", NULL, test_notices_another_length);
  add ("notices-truncation-while-open", NULL, test_notices_truncation_while_open);
  add ("notices-a-lost-file", NULL, test_notices_a_lost_file);
  add ("notices-swapped-files", NULL, test_notices_swapped_files);
  add ("is-mended-by-staging-again", NULL, test_is_mended_by_staging_again);

  return g_test_run ();
}
