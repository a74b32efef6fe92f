/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

const ImpUnixfsProfile small_profile = { "small", 0, FALSE, 64, 3 };

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  g_assert_null (*kept);
  *kept = g_object_ref (result);
}

static GAsyncResult *
wait_for_result (GAsyncResult **kept)
{
  while (*kept == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *kept;
}

void
store_open (StoreFixture           *fixture,
            const ImpUnixfsProfile *profile)
{
  g_autoptr(GError) error = NULL;

  fixture->store = imp_embedded_store_open (fixture->directory, profile, &error);
  g_assert_no_error (error);
}

/* A thread that has given its result may hold the store for a moment longer. */
void
store_close (StoreFixture *fixture)
{
  GWeakRef weak;
  ImpStore *left;

  g_weak_ref_init (&weak, fixture->store);
  g_clear_object (&fixture->store);

  for (guint i = 0; i < 5000 && (left = g_weak_ref_get (&weak)) != NULL; i++)
    {
      g_object_unref (left);
      g_usleep (1000);
    }

  g_assert_null (g_weak_ref_get (&weak));
  g_weak_ref_clear (&weak);
}

void
store_set_up (StoreFixture  *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("imprimatur-store-XXXXXX", &error);
  g_assert_no_error (error);
  store_open (fixture, data != NULL ? data : &imp_unixfs_v0);
}

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }

  g_assert_cmpint (g_remove (path), ==, 0);
}

void
store_tear_down (StoreFixture  *fixture,
                 gconstpointer  data)
{
  store_close (fixture);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
}

GBytes *
make_payload (gsize size)
{
  guint8 *data = g_malloc (size + 1);
  guint32 x = 2463534242u;

  for (gsize i = 0; i < size; i++)
    {
      x ^= x << 13;
      x ^= x >> 17;
      x ^= x << 5;
      data[i] = x;
    }

  return g_bytes_new_take (data, size);
}

ImpPayloadInfo *
stage_stream (StoreFixture  *fixture,
              GInputStream  *payload,
              guint64        limit,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  imp_store_stage_async (fixture->store, payload, NULL, limit, cancellable, keep_result_cb, &result);

  return imp_store_stage_finish (fixture->store, wait_for_result (&result), error);
}

ImpPayloadInfo *
stage (StoreFixture *fixture,
       GBytes       *payload)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (payload);
  g_autoptr(GError) error = NULL;
  ImpPayloadInfo *info = stage_stream (fixture, stream, 0, NULL, &error);

  g_assert_no_error (error);
  return info;
}

gboolean
keep (StoreFixture  *fixture,
      ImpCid        *cid,
      GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  imp_store_keep_async (fixture->store, cid, NULL, keep_result_cb, &result);

  return imp_store_keep_finish (fixture->store, wait_for_result (&result), error);
}

gboolean
discard (StoreFixture  *fixture,
         ImpCid        *cid,
         GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  imp_store_discard_async (fixture->store, cid, NULL, keep_result_cb, &result);

  return imp_store_discard_finish (fixture->store, wait_for_result (&result), error);
}

GInputStream *
open_payload (StoreFixture  *fixture,
              ImpCid        *cid,
              GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  imp_store_open_async (fixture->store, cid, NULL, keep_result_cb, &result);

  return imp_store_open_finish (fixture->store, wait_for_result (&result), error);
}

GPtrArray *
list_staged (StoreFixture *fixture)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *cids;

  imp_store_list_staged_async (fixture->store, NULL, keep_result_cb, &result);
  cids = imp_store_list_staged_finish (fixture->store, wait_for_result (&result), &error);
  g_assert_no_error (error);

  return cids;
}

void
get_status (StoreFixture   *fixture,
            ImpStoreStatus *status)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  imp_store_get_status_async (fixture->store, NULL, keep_result_cb, &result);
  imp_store_get_status_finish (fixture->store, wait_for_result (&result), status, &error);
  g_assert_no_error (error);
}

/* What could be read before an error is given too: the caller asks for @error. */
GBytes *
read_whole (GInputStream  *stream,
            gsize          step,
            GError       **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (step);
  gssize n;

  while ((n = g_input_stream_read (stream, buffer, step, NULL, error)) > 0)
    g_byte_array_append (bytes, buffer, n);

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

guint
count_files (StoreFixture *fixture,
             const char   *folder)
{
  g_autofree char *path = g_build_filename (fixture->directory, folder, NULL);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

char *
find_file (StoreFixture *fixture,
           const char   *folder,
           const char   *suffix)
{
  g_autofree char *path = g_build_filename (fixture->directory, folder, NULL);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_suffix (name, suffix))
        return g_build_filename (path, name, NULL);
    }

  g_assert_not_reached ();
}

void
flip_byte (const char *path,
           gsize       offset)
{
  g_autofree char *contents = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;

  g_file_get_contents (path, &contents, &size, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (offset, <, size);
  contents[offset] ^= 0x01;
  g_file_set_contents_full (path, contents, size, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
}
