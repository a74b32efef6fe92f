/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "imp-digest.h"
#include "imp-error.h"
#include "store-fixture.h"

/* A stream of zeros that can fail, cancel or kill in the middle. */
typedef struct
{
  GInputStream parent_instance;

  guint64       left;
  guint64       trouble;      /* bytes left when it comes */
  GCancellable *cancellable;  /* cancelled then */
  gboolean      kill;
} TroubledStream;

typedef GInputStreamClass TroubledStreamClass;

GType troubled_stream_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TroubledStream, g_object_unref)
G_DEFINE_TYPE (TroubledStream, troubled_stream, G_TYPE_INPUT_STREAM)

static gssize
troubled_stream_read (GInputStream  *stream,
                      void          *buffer,
                      gsize          count,
                      GCancellable  *cancellable,
                      GError       **error)
{
  TroubledStream *self = (TroubledStream *) stream;
  gsize n = MIN (MIN (count, 100000), self->left);

  if (self->trouble != 0 && self->left <= self->trouble)
    {
      if (self->kill)
        raise (SIGKILL);
      if (self->cancellable != NULL)
        g_cancellable_cancel (self->cancellable);
      else
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "the sender went");
          return -1;
        }
    }

  memset (buffer, 0, n);
  self->left -= n;
  return n;
}

static void
troubled_stream_class_init (TroubledStreamClass *klass)
{
  klass->read_fn = troubled_stream_read;
}

static void
troubled_stream_init (TroubledStream *self)
{
}

static TroubledStream *
troubled_stream_new (guint64 size,
                     guint64 trouble)
{
  TroubledStream *self = g_object_new (troubled_stream_get_type (), NULL);

  self->left = size;
  self->trouble = trouble;

  return self;
}

static void
assert_empty (StoreFixture *fixture)
{
  ImpStoreStatus status;

  g_assert_cmpuint (count_files (fixture, "staged"), ==, 0);
  g_assert_cmpuint (count_files (fixture, "kept"), ==, 0);
  get_status (fixture, &status);
  g_assert_cmpuint (status.payloads, ==, 0);
  g_assert_cmpuint (status.bytes, ==, 0);
}

/* Of tests/data/ipfs.json, where byte n is (n² + 7n + seed) mod 251. */
static const struct
{
  gsize       size;
  guint       seed;
  const char *v0;
  const char *v1;
} vectors[] = {
  { 0, 3, "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH",
    "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku" },
  { 1, 3, "QmTcYLauNCrhA67eQKBftMBTbhLmK8Q8gVRCkWYk3BcBhh",
    "bafkreiaij7wqrolyv5gx2glkordkq22yacpgg23bdwyweenwlknk37zjyu" },
  { 65, 3, "QmYQGMLzuCZMF74ecoGmG7StPC4r3w9fTC6KS55UJdqU5b",
    "bafkreif44a33ofoz6v276oopzyivf5afpkqpe4ff4kgwipo6kzkmp5ybai" },
  { 262144, 11, "QmWHN8pepRHkTckmCniRbneHnSXUmV3p4PNtjy2uFSKiUo",
    "bafkreibn7o5dulxoeuywdtllv5wfrtjnmd66j5zxastp6q4dw4cghje6mm" },
  { 262145, 11, "QmSwVws6Rb8uEcpwebz3kucrLr74e8AzDRMvnf7QrqTczU",
    "bafybeidxmdwf4ms27nbd5g3v6oivmn2llfuyuqjule7inv3jyu2jvl2ovq" },
  { 1048577, 12, "QmZEB3V3Nn8vVqc8oMNhqFbDMwmuajTRC8qFKGVhb9Q7ME",
    "bafybeiecsh4unl5jkcf6s6qjt423eskocahb33z4h3tgxkxfrgzam6zdoq" },
  { 45613057, 21, "QmUxSa2jCK49EkFcUyin14SbMBjMo7mSkiVoSE58qaQZnQ",
    "bafybeib7y3q5w2rbjnswpkfvb3okpypnf6ecobcy5lzrg2tybbziexxnie" },
  { 36100000, 0, "QmeLjQjuwqeScx2JFyznYiPSSf32U47yXLhazBQVLhWKAf",
    "bafybeidme54lsxa6fsehkw6bawnhw65nlbggdhyjjud6c4gjw6mummghpe" },
};

static void
set_up_plain (StoreFixture  *fixture,
              gconstpointer  data)
{
  store_set_up (fixture, NULL);
}

static void
test_gives_known_cids (StoreFixture  *fixture,
                       gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree guint8 *bytes = g_malloc (vectors[i].size + 1);
      g_autoptr(ImpPayloadInfo) info = NULL;
      g_autoptr(GBytes) payload = NULL;
      g_autofree char *sha384 = NULL;

      for (guint64 n = 0; n < vectors[i].size; n++)
        bytes[n] = n < 251 ? (n * n + 7 * n + vectors[i].seed) % 251 : bytes[n - 251];
      sha384 = imp_digest_hex (IMP_DIGEST_SHA384, bytes, vectors[i].size);
      payload = g_bytes_new_take (g_steal_pointer (&bytes), vectors[i].size);
      info = stage (fixture, payload);

      g_assert_cmpstr (imp_cid_get_string (info->cid), ==,
                       data == &imp_unixfs_v1 ? vectors[i].v1 : vectors[i].v0);
      g_assert_cmpuint (info->size, ==, vectors[i].size);
      g_assert_cmpstr (info->sha384, ==, sha384);
    }
}

static void
assert_reads_back (StoreFixture *fixture,
                   ImpCid       *cid,
                   GBytes       *payload)
{
  static const gsize steps[] = { 1 << 20, 262144, 100000, 4096, 65 };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GInputStream) stream = open_payload (fixture, cid, &error);
      g_autoptr(GBytes) bytes = NULL;

      g_assert_no_error (error);
      bytes = read_whole (stream, steps[i], &error);
      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (bytes, payload));
    }
}

static void
test_reads_back (StoreFixture  *fixture,
                 gconstpointer  data)
{
  static const gsize sizes[] = { 0, 1, 63, 64, 65, 192, 193, 577, 10000, 262144, 262145, 600000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GBytes) payload = make_payload (sizes[i]);
      g_autoptr(ImpPayloadInfo) info = stage (fixture, payload);

      assert_reads_back (fixture, info->cid, payload);
      g_assert_true (keep (fixture, info->cid, NULL));
      assert_reads_back (fixture, info->cid, payload);
    }
}

/* Blocks and nodes that are all alike, on every level. */
static void
test_reads_back_repetition (StoreFixture  *fixture,
                            gconstpointer  data)
{
  for (gsize size = 64; size < 6000; size += 64)
    {
      g_autoptr(GBytes) payload = g_bytes_new_take (g_malloc0 (size), size);
      g_autoptr(ImpPayloadInfo) info = stage (fixture, payload);
      g_autoptr(GInputStream) stream = open_payload (fixture, info->cid, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = read_whole (stream, 4096, &error);

      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (bytes, payload));
      g_assert_true (discard (fixture, info->cid, NULL));
    }
}

static void
test_seeks (StoreFixture  *fixture,
            gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (10007);
  g_autoptr(ImpPayloadInfo) info = stage (fixture, payload);
  g_autoptr(GInputStream) stream = open_payload (fixture, info->cid, NULL);
  const guint8 *expected = g_bytes_get_data (payload, NULL);
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);
  g_autoptr(GError) error = NULL;
  guint8 buffer[300];

  for (guint i = 0; i < 500; i++)
    {
      goffset offset = g_rand_int_range (rand, 0, 10007);
      gsize count = g_rand_int_range (rand, 1, sizeof buffer);

      count = MIN (count, (gsize) (10007 - offset));
      g_assert_true (g_seekable_seek (G_SEEKABLE (stream), offset, G_SEEK_SET, NULL, &error));
      g_assert_cmpint (g_input_stream_read (stream, buffer, count, NULL, &error), ==, count);
      g_assert_no_error (error);
      g_assert_cmpmem (buffer, count, expected + offset, count);
      g_assert_cmpint (g_seekable_tell (G_SEEKABLE (stream)), ==, offset + count);
    }

  g_assert_true (g_seekable_seek (G_SEEKABLE (stream), -7, G_SEEK_END, NULL, &error));
  g_assert_cmpint (g_input_stream_skip (stream, 3, NULL, &error), ==, 3);
  g_assert_cmpint (g_input_stream_read (stream, buffer, 100, NULL, &error), ==, 4);
  g_assert_cmpint (g_input_stream_read (stream, buffer, 100, NULL, &error), ==, 0);
  g_assert_no_error (error);
  g_assert_false (g_seekable_seek (G_SEEKABLE (stream), 1, G_SEEK_END, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
test_keeps_equal_payloads_once (StoreFixture  *fixture,
                                gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (1000);
  g_autoptr(ImpPayloadInfo) first = stage (fixture, payload);
  g_autoptr(ImpPayloadInfo) second = stage (fixture, payload);
  g_autoptr(ImpPayloadInfo) third = NULL;
  ImpStoreStatus status;

  g_assert_true (imp_cid_equal (first->cid, second->cid));
  g_assert_true (keep (fixture, first->cid, NULL));
  g_assert_true (keep (fixture, second->cid, NULL));
  third = stage (fixture, payload);
  g_assert_true (keep (fixture, third->cid, NULL));

  get_status (fixture, &status);
  g_assert_cmpstr (status.engine, ==, "embedded");
  g_assert_cmpuint (status.payloads, ==, 1);
  g_assert_cmpuint (status.bytes, ==, 1000);
  g_assert_cmpuint (status.free, >, 0);
  g_assert_cmpuint (count_files (fixture, "kept"), ==, 2);
  g_assert_cmpuint (count_files (fixture, "staged"), ==, 0);
}

static void
test_discards_only_ones_own (StoreFixture  *fixture,
                             gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (1000);
  g_autoptr(ImpPayloadInfo) first = stage (fixture, payload);
  g_autoptr(ImpPayloadInfo) second = stage (fixture, payload);
  g_autoptr(ImpPayloadInfo) third = NULL;
  g_autoptr(ImpPayloadInfo) fourth = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (discard (fixture, first->cid, NULL));
  assert_reads_back (fixture, second->cid, payload);
  g_assert_true (discard (fixture, second->cid, NULL));
  assert_empty (fixture);
  g_assert_false (discard (fixture, second->cid, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (keep (fixture, second->cid, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND);

  third = stage (fixture, payload);
  fourth = stage (fixture, payload);
  g_assert_true (keep (fixture, third->cid, NULL));
  g_assert_true (discard (fixture, fourth->cid, NULL));
  assert_reads_back (fixture, third->cid, payload);
}

static void
staged_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  guint *left = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpPayloadInfo) info = imp_store_stage_finish (IMP_STORE (object), result, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (info->size, ==, 700000);
  (*left)--;
}

static void
test_stages_the_same_at_once (StoreFixture  *fixture,
                              gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (700000);
  g_autoptr(ImpPayloadInfo) info = NULL;
  ImpStoreStatus status;
  guint left = 8;

  for (guint i = 0; i < 8; i++)
    {
      g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (payload);

      imp_store_stage_async (fixture->store, stream, NULL, 0, NULL, staged_cb, &left);
    }
  while (left > 0)
    g_main_context_iteration (NULL, TRUE);

  get_status (fixture, &status);
  g_assert_cmpuint (status.payloads, ==, 1);
  info = stage (fixture, payload);
  for (guint i = 0; i < 8; i++)
    g_assert_true (discard (fixture, info->cid, NULL));
  assert_reads_back (fixture, info->cid, payload);
  g_assert_true (discard (fixture, info->cid, NULL));
  assert_empty (fixture);
}

static void
test_finds_either_version (StoreFixture  *fixture,
                           gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (300000);
  g_autoptr(ImpPayloadInfo) info = stage (fixture, payload);
  g_autoptr(ImpCid) v1 = imp_cid_new (1, IMP_CODEC_DAG_PB, imp_cid_get_sha256 (info->cid));
  g_autoptr(ImpCid) raw = imp_cid_new (1, IMP_CODEC_RAW, imp_cid_get_sha256 (info->cid));
  g_autoptr(GError) error = NULL;

  assert_reads_back (fixture, v1, payload);
  g_assert_null (open_payload (fixture, raw, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (imp_store_get_info (fixture->store, raw, NULL, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND);
}

/* Bytes that are the root node of another payload hash to the same, as a raw leaf. */
static gboolean
keep_root_cb (const ImpUnixfsBlock  *block,
              gpointer               user_data,
              GError               **error)
{
  GBytes **root = user_data;

  if (!block->leaf)
    {
      g_clear_pointer (root, g_bytes_unref);
      *root = g_bytes_new (block->head, block->head_size);
    }

  return TRUE;
}

static void
test_tells_a_root_from_raw_bytes (StoreFixture  *fixture,
                                  gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (600000);
  g_autoptr(GBytes) root = NULL;
  g_autoptr(ImpUnixfsBuilder) builder = imp_unixfs_builder_new (&imp_unixfs_v1, keep_root_cb, &root);
  g_autoptr(ImpCid) cid = NULL;
  g_autoptr(ImpPayloadInfo) whole = NULL;
  g_autoptr(ImpPayloadInfo) bytes = NULL;

  g_assert_true (imp_unixfs_builder_write (builder, g_bytes_get_data (payload, NULL), 600000, NULL));
  cid = imp_unixfs_builder_end (builder, NULL, NULL);

  whole = stage (fixture, payload);
  bytes = stage (fixture, root);
  g_assert_true (imp_cid_equal (whole->cid, cid));
  g_assert_cmpmem (imp_cid_get_sha256 (whole->cid), 32, imp_cid_get_sha256 (bytes->cid), 32);

  assert_reads_back (fixture, whole->cid, payload);
  assert_reads_back (fixture, bytes->cid, root);
}

static void
test_refuses_more_than_limit (StoreFixture  *fixture,
                              gconstpointer  data)
{
  g_autoptr(TroubledStream) endless = troubled_stream_new (G_MAXINT64, 0);
  g_autoptr(TroubledStream) exact = troubled_stream_new (1000000, 0);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpPayloadInfo) info = NULL;

  g_assert_null (stage_stream (fixture, (GInputStream *) endless, 1000000, NULL, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_PAYLOAD_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "1000000"));
  assert_empty (fixture);

  g_clear_error (&error);
  info = stage_stream (fixture, (GInputStream *) exact, 1000000, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (info->size, ==, 1000000);
}

static void
test_leaves_nothing_of_a_cut_stream (StoreFixture  *fixture,
                                     gconstpointer  data)
{
  g_autoptr(TroubledStream) stream = troubled_stream_new (2000000, 900000);
  g_autoptr(GError) error = NULL;

  g_assert_null (stage_stream (fixture, (GInputStream *) stream, 0, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  assert_empty (fixture);
}

static void
test_leaves_nothing_when_cancelled (StoreFixture  *fixture,
                                    gconstpointer  data)
{
  /* At the beginning, in the middle, at the end. */
  for (guint64 trouble = 2000000; trouble > 0; trouble /= 20)
    {
      g_autoptr(TroubledStream) stream = troubled_stream_new (2000000, trouble);
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(GError) error = NULL;

      stream->cancellable = cancellable;
      g_assert_null (stage_stream (fixture, (GInputStream *) stream, 0, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      stream->cancellable = NULL;
      assert_empty (fixture);
    }
}

static void
test_leaves_nothing_on_a_full_disk (StoreFixture  *fixture,
                                    gconstpointer  data)
{
  static const rlim_t limits[] = { 0, 1, 100000, 1500000, 1999999 };
  struct rlimit old;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  signal (SIGXFSZ, SIG_IGN);

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autoptr(TroubledStream) stream = troubled_stream_new (2000000, 0);
      struct rlimit small = { limits[i], old.rlim_max };
      g_autoptr(GError) error = NULL;
      g_autoptr(ImpPayloadInfo) info = NULL;

      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
      info = stage_stream (fixture, (GInputStream *) stream, 0, NULL, &error);
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);

      g_assert_null (info);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
      assert_empty (fixture);
    }
}

static void
test_lists_what_a_crash_left (StoreFixture  *fixture,
                              gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (300000);
  g_autoptr(GBytes) other = make_payload (5);
  g_autoptr(ImpPayloadInfo) info = stage (fixture, payload);
  g_autoptr(ImpPayloadInfo) kept = stage (fixture, other);
  g_autoptr(ImpPayloadInfo) again = NULL;
  g_autoptr(GPtrArray) cids = NULL;

  g_assert_true (keep (fixture, kept->cid, NULL));
  cids = list_staged (fixture);
  g_assert_cmpuint (cids->len, ==, 0);
  g_clear_pointer (&cids, g_ptr_array_unref);

  store_close (fixture);
  store_open (fixture, &imp_unixfs_v0);
  cids = list_staged (fixture);
  g_assert_cmpuint (cids->len, ==, 1);
  g_assert_cmpstr (imp_cid_get_string (g_ptr_array_index (cids, 0)), ==, imp_cid_get_string (info->cid));
  g_clear_pointer (&cids, g_ptr_array_unref);
  assert_reads_back (fixture, info->cid, payload);

  /* Dealing with it does not take it from one who stages it now. */
  again = stage (fixture, payload);
  g_assert_true (discard (fixture, info->cid, NULL));
  assert_reads_back (fixture, again->cid, payload);
  g_assert_true (keep (fixture, again->cid, NULL));
  cids = list_staged (fixture);
  g_assert_cmpuint (cids->len, ==, 0);
  assert_reads_back (fixture, again->cid, payload);
}

static void
stage_and_die (void)
{
  StoreFixture fixture = { (char *) g_getenv ("IMP_TEST_STORE"), NULL };
  g_autoptr(TroubledStream) stream = troubled_stream_new (3000000, 500000);
  g_autoptr(GBytes) payload = make_payload (300000);

  store_open (&fixture, &imp_unixfs_v0);
  imp_payload_info_free (stage (&fixture, payload));
  stream->kill = TRUE;
  stage_stream (&fixture, (GInputStream *) stream, 0, NULL, NULL);
  g_assert_not_reached ();
}

static void
test_survives_being_killed (StoreFixture  *fixture,
                            gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (300000);
  g_autoptr(GPtrArray) cids = NULL;

  store_close (fixture);
  g_setenv ("IMP_TEST_STORE", fixture->directory, TRUE);
  g_test_trap_subprocess ("/embedded-store/subprocess/stage-and-die", 0, 0);
  g_test_trap_assert_failed ();
  g_assert_cmpuint (count_files (fixture, "staged"), ==, 4);

  store_open (fixture, &imp_unixfs_v0);
  g_assert_cmpuint (count_files (fixture, "staged"), ==, 2);
  cids = list_staged (fixture);
  g_assert_cmpuint (cids->len, ==, 1);
  assert_reads_back (fixture, g_ptr_array_index (cids, 0), payload);
}

static void
move (StoreFixture *fixture,
      const char   *from,
      const char   *suffix,
      const char   *to)
{
  g_autofree char *file = find_file (fixture, from, suffix);
  g_autofree char *name = g_path_get_basename (file);
  g_autofree char *target = g_build_filename (fixture->directory, to, name, NULL);

  g_assert_cmpint (g_rename (file, target), ==, 0);
}

static void
test_goes_on_after_half_a_keep (StoreFixture  *fixture,
                                gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (300000);
  g_autoptr(ImpPayloadInfo) info = stage (fixture, payload);
  ImpStoreStatus status;

  move (fixture, "staged", ".data", "kept");
  store_close (fixture);
  store_open (fixture, &imp_unixfs_v0);
  assert_reads_back (fixture, info->cid, payload);
  get_status (fixture, &status);
  g_assert_cmpuint (status.bytes, ==, 300000);

  if (data != NULL)
    {
      g_assert_true (keep (fixture, info->cid, NULL));
      assert_reads_back (fixture, info->cid, payload);
    }
  else
    {
      g_assert_true (discard (fixture, info->cid, NULL));
      assert_empty (fixture);
    }
}

static void
test_collects_halves (StoreFixture  *fixture,
                      gconstpointer  data)
{
  static const char *const junk[] = { "tmp-1.data", "tmp-1.index", "README", ".x", "Qm.index" };
  g_autoptr(GBytes) payload = make_payload (300000);
  g_autoptr(ImpPayloadInfo) info = stage (fixture, payload);
  g_autofree char *half = find_file (fixture, "staged", data);

  g_assert_cmpint (g_remove (half), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (junk); i++)
    {
      g_autofree char *path = g_build_filename (fixture->directory, "staged", junk[i], NULL);

      g_assert_true (g_file_set_contents (path, "?", 1, NULL));
    }

  store_close (fixture);
  store_open (fixture, &imp_unixfs_v0);
  assert_empty (fixture);
}

static void
test_is_opened_once (StoreFixture  *fixture,
                     gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_embedded_store_open (fixture->directory, &imp_unixfs_v0, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_STORE_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, "in use"));
}

static void
test_refuses_an_unusable_folder (StoreFixture  *fixture,
                                 gconstpointer  data)
{
  g_autofree char *file = g_build_filename (fixture->directory, "lock", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_embedded_store_open (file, &imp_unixfs_v0, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_STORE_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, file));
}

static void
test_knows_nothing_else (StoreFixture  *fixture,
                         gconstpointer  data)
{
  g_autoptr(ImpCid) cid = imp_cid_new_from_string ("QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (open_payload (fixture, cid, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, imp_cid_get_string (cid)));
  assert_empty (fixture);
}

#define add(path, data, func) \
  g_test_add ("/embedded-store/" path, StoreFixture, data, store_set_up, func, store_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("gives-known-cids/v0", NULL, test_gives_known_cids);
  add ("gives-known-cids/v1", &imp_unixfs_v1, test_gives_known_cids);
  add ("reads-back/v0", NULL, test_reads_back);
  add ("reads-back/v1", &imp_unixfs_v1, test_reads_back);
  add ("reads-back/deep", &small_profile, test_reads_back);
  add ("reads-back/repetition", &small_profile, test_reads_back_repetition);
  add ("seeks/v1", &imp_unixfs_v1, test_seeks);
  add ("seeks/deep", &small_profile, test_seeks);
  add ("keeps-equal-payloads-once", NULL, test_keeps_equal_payloads_once);
  add ("discards-only-ones-own", NULL, test_discards_only_ones_own);
  add ("stages-the-same-at-once", NULL, test_stages_the_same_at_once);
  add ("finds-either-version", NULL, test_finds_either_version);
  add ("tells-a-root-from-raw-bytes", &imp_unixfs_v1, test_tells_a_root_from_raw_bytes);
  add ("refuses-more-than-limit", NULL, test_refuses_more_than_limit);
  add ("leaves-nothing/cut", NULL, test_leaves_nothing_of_a_cut_stream);
  add ("leaves-nothing/cancelled", NULL, test_leaves_nothing_when_cancelled);
  add ("leaves-nothing/full-disk", NULL, test_leaves_nothing_on_a_full_disk);
  add ("lists-what-a-crash-left", NULL, test_lists_what_a_crash_left);
  add ("survives-being-killed", NULL, test_survives_being_killed);
  add ("half-a-keep/keep", &imp_unixfs_v0, test_goes_on_after_half_a_keep);
  add ("half-a-keep/discard", NULL, test_goes_on_after_half_a_keep);
  g_test_add ("/embedded-store/collects-halves/index", StoreFixture, ".data",
              set_up_plain, test_collects_halves, store_tear_down);
  g_test_add ("/embedded-store/collects-halves/data", StoreFixture, ".index",
              set_up_plain, test_collects_halves, store_tear_down);
  add ("is-opened-once", NULL, test_is_opened_once);
  add ("refuses-an-unusable-folder", NULL, test_refuses_an_unusable_folder);
  add ("knows-nothing-else", NULL, test_knows_nothing_else);
  g_test_add_func ("/embedded-store/subprocess/stage-and-die", stage_and_die);

  return g_test_run ();
}
