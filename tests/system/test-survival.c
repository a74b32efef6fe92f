/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "daemon-process.h"
#include "imp-digest.h"
#include "imp-embedded-ledger.h"
#include "imp-embedded-store.h"
#include "imp-store-payload-reader.h"

#define N_REGISTRATIONS 200
#define N_AUTHORS       2
#define MAX_PAYLOAD     (300 * 1000)
#define MIN_LIFE        30   /* ms */
#define MAX_LIFE        600

/* SIGKILL at random moments: whatever was answered 201 is there afterwards, and nothing half-done. */

/* One author, publishing one version after the other into its own class. */
typedef struct
{
  ImpKey *author;
  char *class_id;
  DaemonProcess *daemon;
  guint version;
  guint wanted;
  GPtrArray *digests;   /* of what was answered 201 */
  GPtrArray *versions;
  GPtrArray *cids;
  GRand *rand;
} Worker;

static void
publish_next (Worker *worker,
              guint  *status)
{
  gsize size = g_rand_int_range (worker->rand, 0, MAX_PAYLOAD);
  g_autofree guint8 *bytes = g_malloc (size + 1);
  g_autofree char *version = g_strdup_printf ("V_%u", ++worker->version);
  g_autofree char *digest = NULL;
  g_autoptr(ImpUpdate) update = NULL;
  g_autoptr(GInputStream) payload = NULL;
  g_autoptr(GBytes) reply = NULL;

  for (gsize i = 0; i < size; i++)
    bytes[i] = g_rand_int (worker->rand) >> 24;

  digest = imp_digest_hex (IMP_DIGEST_SHA384, bytes, size);
  update = make_update (worker->author, worker->class_id, version, worker->version, digest, size);
  payload = g_memory_input_stream_new_from_data (bytes, size, NULL);
  *status = publish_stream (worker->daemon, worker->author, update, payload, &reply);
  if (*status != 201)
    return;

  g_ptr_array_add (worker->digests, g_steal_pointer (&digest));
  g_ptr_array_add (worker->versions, g_steal_pointer (&version));
  g_ptr_array_add (worker->cids, get_member (reply, "cid"));
}

static gpointer
work_thread (gpointer data)
{
  Worker *worker = data;
  guint status = 201;

  while (status == 201 && worker->version < worker->wanted)
    publish_next (worker, &status);

  /* The connection broke; anything else would be a refusal of what should be taken. */
  if (status != 201)
    g_assert_cmpuint (status, ==, 0);
  return NULL;
}

static gboolean
is_finished (Worker *workers)
{
  for (guint i = 0; i < N_AUTHORS; i++)
    {
      if (workers[i].version < workers[i].wanted)
        return FALSE;
    }

  return TRUE;
}

/* One life of the daemon, which ends at a moment that it does not know. */
static void
live_and_die (Worker     *workers,
              const char *data_dir)
{
  DaemonProcess *daemon = daemon_process_start (data_dir, NULL);
  GThread *threads[N_AUTHORS];

  for (guint i = 0; i < N_AUTHORS; i++)
    {
      workers[i].daemon = daemon;
      threads[i] = g_thread_new ("author", work_thread, &workers[i]);
    }

  g_usleep (g_test_rand_int_range (MIN_LIFE, MAX_LIFE) * 1000);
  g_subprocess_force_exit (daemon->process);
  for (guint i = 0; i < N_AUTHORS; i++)
    g_thread_join (threads[i]);

  daemon_process_kill (daemon);
}

static void
assert_all_there (Worker        *worker,
                  DaemonProcess *daemon)
{
  for (guint i = 0; i < worker->cids->len; i++)
    {
      g_autofree char *payload = g_strconcat ("/v1/payloads/",
                                              g_ptr_array_index (worker->cids, i), NULL);
      g_autofree char *query = g_strdup_printf (
        "/v1/updates?class=%s&version=%s", worker->class_id,
        (const char *) g_ptr_array_index (worker->versions, i));
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(GBytes) updates = NULL;
      g_autofree char *digest = NULL;

      g_assert_cmpuint (exchange ("GET", daemon->uris[IMP_ROLE_RETRIEVAL], payload, NULL, NULL, 0,
                                  &bytes),
                        ==, 200);
      digest = imp_digest_hex (IMP_DIGEST_SHA384, g_bytes_get_data (bytes, NULL),
                               g_bytes_get_size (bytes));
      g_assert_cmpstr (digest, ==, g_ptr_array_index (worker->digests, i));

      g_assert_cmpuint (exchange ("GET", daemon->uris[IMP_ROLE_RETRIEVAL], query, NULL, NULL, 0,
                                  &updates),
                        ==, 200);
      g_assert_nonnull (g_strstr_len (g_bytes_get_data (updates, NULL), g_bytes_get_size (updates),
                                      g_ptr_array_index (worker->cids, i)));
    }
}

static void
staged_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GPtrArray **staged = user_data;

  *staged = imp_store_list_staged_finish (IMP_STORE (object), result, NULL);
}

static void
assert_sound (const char *data_dir)
{
  g_autofree char *ledger_path = g_build_filename (data_dir, "ledger", NULL);
  g_autofree char *store_path = g_build_filename (data_dir, "store", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpStore) store = imp_embedded_store_open (store_path, &imp_unixfs_v0, &error);
  g_autoptr(ImpPayloadReader) payloads = NULL;
  g_autoptr(ImpLedger) ledger = NULL;
  g_autoptr(GPtrArray) staged = NULL;

  g_assert_no_error (error);
  payloads = imp_store_payload_reader_new (store);
  ledger = imp_embedded_ledger_open (ledger_path, NULL, "test", payloads, &error);
  g_assert_no_error (error);
  g_assert_true (imp_embedded_ledger_verify (IMP_EMBEDDED_LEDGER (ledger), NULL, NULL, NULL, &error));
  g_assert_no_error (error);

  imp_store_list_staged_async (store, NULL, staged_cb, &staged);
  while (staged == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (staged->len, ==, 0);
}

static void
worker_init (Worker *worker,
             guint   index)
{
  worker->author = imp_key_generate (IMP_KEY_ED25519, NULL);
  worker->class_id = g_strdup_printf ("Class_%u", index);
  worker->wanted = N_REGISTRATIONS / N_AUTHORS;
  worker->digests = g_ptr_array_new_with_free_func (g_free);
  worker->versions = g_ptr_array_new_with_free_func (g_free);
  worker->cids = g_ptr_array_new_with_free_func (g_free);
  worker->rand = g_rand_new_with_seed (g_test_rand_int ());
}

static void
worker_clear (Worker *worker)
{
  g_object_unref (worker->author);
  g_free (worker->class_id);
  g_ptr_array_unref (worker->digests);
  g_ptr_array_unref (worker->versions);
  g_ptr_array_unref (worker->cids);
  g_rand_free (worker->rand);
}

static void
test_survives_kills (void)
{
  g_autofree char *folder = g_dir_make_tmp ("imprimatur-survival-XXXXXX", NULL);
  g_autofree char *data_dir = g_build_filename (folder, "data", NULL);
  Worker workers[N_AUTHORS] = { { NULL } };
  DaemonProcess *daemon = daemon_process_start (data_dir, NULL);
  guint lives = 0;
  guint answered = 0;

  for (guint i = 0; i < N_AUTHORS; i++)
    {
      worker_init (&workers[i], i);
      g_assert_cmpuint (register_author (daemon, workers[i].author), ==, 201);
    }
  daemon_process_end (daemon);

  for (; !is_finished (workers); lives++)
    live_and_die (workers, data_dir);

  daemon = daemon_process_start (data_dir, NULL);
  for (guint i = 0; i < N_AUTHORS; i++)
    {
      assert_all_there (&workers[i], daemon);
      answered += workers[i].cids->len;
    }
  daemon_process_end (daemon);
  assert_sound (data_dir);

  g_test_message ("%u lives, %u of %u answered", lives, answered, N_REGISTRATIONS);
  g_assert_cmpuint (lives, >, 1);
  g_assert_cmpuint (answered, >, N_REGISTRATIONS / 10);

  for (guint i = 0; i < N_AUTHORS; i++)
    worker_clear (&workers[i]);
  remove_recursively (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  daemon_path = argv[1];

  g_test_add_func ("/survival/kills", test_survives_kills);

  return g_test_run ();
}
