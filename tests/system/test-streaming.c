/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "daemon-process.h"
#include "imp-digest.h"

#define GIBIBYTE   (G_GUINT64_CONSTANT (1024) * 1024 * 1024)
#define MAX_MEMORY (64 * 1024 * 1024)

/* A payload that is never anywhere whole: each 64 KiB begin with their number. */
#define TYPE_PATTERN (pattern_get_type ())
G_DECLARE_FINAL_TYPE (Pattern, pattern, TEST, PATTERN, GInputStream)

struct _Pattern
{
  GInputStream parent_instance;

  guint64 size;
  guint64 position;
};

G_DEFINE_FINAL_TYPE (Pattern, pattern, G_TYPE_INPUT_STREAM)

#define PIECE (64 * 1024)

static gssize
pattern_read (GInputStream  *stream,
              void          *buffer,
              gsize          count,
              GCancellable  *cancellable,
              GError       **error)
{
  Pattern *self = TEST_PATTERN (stream);
  guint64 number = self->position / PIECE;
  gsize offset = self->position % PIECE;
  gsize n = MIN (MIN (count, PIECE - offset), self->size - self->position);
  guint8 *bytes = buffer;

  memset (bytes, 'x', n);
  for (gsize i = 0; i < n && offset + i < sizeof number; i++)
    bytes[i] = number >> (8 * (offset + i));

  self->position += n;
  return n;
}

static void
pattern_class_init (PatternClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = pattern_read;
}

static void
pattern_init (Pattern *self)
{
}

static GInputStream *
pattern_new (guint64 size)
{
  Pattern *self = g_object_new (TYPE_PATTERN, NULL);

  self->size = size;
  return G_INPUT_STREAM (self);
}

static char *
compute_digest (guint64 size)
{
  g_autoptr(GInputStream) stream = pattern_new (size);
  g_autoptr(ImpDigest) digest = imp_digest_new (IMP_DIGEST_SHA384);
  g_autofree guint8 *buffer = g_malloc (PIECE);
  gssize n;

  while ((n = g_input_stream_read (stream, buffer, PIECE, NULL, NULL)) > 0)
    imp_digest_update (digest, buffer, n);

  return imp_digest_finish_hex (digest);
}

/* Reads without keeping. */
static char *
download_digest (const char *uri,
                 const char *path)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autofree char *whole = g_strconcat (uri, path, NULL);
  g_autoptr(SoupMessage) message = soup_message_new ("GET", whole);
  g_autoptr(ImpDigest) digest = imp_digest_new (IMP_DIGEST_SHA384);
  g_autofree guint8 *buffer = g_malloc (PIECE);
  g_autoptr(GInputStream) stream = NULL;
  gssize n;

  soup_session_set_proxy_resolver (session, NULL);
  stream = soup_session_send (session, message, NULL, NULL);
  g_assert_nonnull (stream);
  while ((n = g_input_stream_read (stream, buffer, PIECE, NULL, NULL)) > 0)
    imp_digest_update (digest, buffer, n);

  g_assert_cmpint (n, ==, 0);
  return imp_digest_finish_hex (digest);
}

static char *
publish_pattern (DaemonProcess *daemon,
                 ImpKey        *author,
                 guint64        size,
                 const char    *digest)
{
  g_autoptr(ImpUpdate) update = make_update (author, "Class_1", "V_1", 1, digest, size);
  g_autoptr(GInputStream) payload = pattern_new (size);
  g_autoptr(GBytes) reply = NULL;

  g_assert_cmpuint (register_author (daemon, author), ==, 201);
  g_assert_cmpuint (publish_stream (daemon, author, update, payload, &reply), ==, 201);
  return get_member (reply, "cid");
}

/* AddressSanitizer keeps what was freed, to notice its use: with it, the figure says nothing. */
static void
assert_little_memory (DaemonProcess *daemon)
{
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpuint (daemon_process_get_peak (daemon), <, MAX_MEMORY);
#endif
}

static void
test_constant_memory (void)
{
  g_autofree char *folder = g_dir_make_tmp ("imprimatur-streaming-XXXXXX", NULL);
  g_autofree char *data_dir = g_build_filename (folder, "data", NULL);
  g_autoptr(ImpKey) author = imp_key_generate (IMP_KEY_ED25519, NULL);
  DaemonProcess *daemon = daemon_process_start (data_dir, NULL);
  g_autofree char *digest = compute_digest (GIBIBYTE);
  g_autofree char *cid = publish_pattern (daemon, author, GIBIBYTE, digest);
  g_autofree char *path = g_strconcat ("/v1/payloads/", cid, NULL);
  g_autofree char *fetched = NULL;

  g_test_message ("peak after publishing: %" G_GUINT64_FORMAT " KiB",
                  daemon_process_get_peak (daemon) / 1024);
  fetched = download_digest (daemon->uris[IMP_ROLE_RETRIEVAL], path);
  g_assert_cmpstr (fetched, ==, digest);
  g_test_message ("peak after fetching: %" G_GUINT64_FORMAT " KiB",
                  daemon_process_get_peak (daemon) / 1024);
  assert_little_memory (daemon);

  daemon_process_end (daemon);
  remove_recursively (folder);
}

/* An author agent of its own passes the payload on, and what the register agent says comes back. */
static void
test_agents_apart (void)
{
  guint64 size = 36100000;
  g_autofree char *folder = g_dir_make_tmp ("imprimatur-apart-XXXXXX", NULL);
  g_autofree char *home = g_build_filename (folder, "register", NULL);
  g_autofree char *away = g_build_filename (folder, "author", NULL);
  g_autofree char *conf = g_build_filename (folder, "author.conf", NULL);
  g_autoptr(ImpKey) author = imp_key_generate (IMP_KEY_ED25519, NULL);
  DaemonProcess *ledger = daemon_process_start (home, NULL);
  DaemonProcess *daemon;
  g_autofree char *text = g_strdup_printf ("[author]\nregister-agent=%s\n",
                                           ledger->uris[IMP_ROLE_REGISTER]);
  g_autofree char *digest = compute_digest (size);
  g_autofree char *cid = NULL;
  g_autofree char *path = NULL;
  g_autofree char *fetched = NULL;
  g_autoptr(ImpUpdate) again = make_update (author, "Class_1", "V_1", 2, digest, size);
  g_autoptr(GInputStream) payload = pattern_new (size);
  g_autoptr(GInputStream) other = pattern_new (size);
  g_autoptr(GBytes) refusal = NULL;
  g_autoptr(GBytes) trouble = NULL;
  g_autofree char *code = NULL;
  g_autofree char *trouble_code = NULL;

  g_assert_true (g_file_set_contents (conf, text, -1, NULL));
  daemon = daemon_process_start (away, "--role=author", "--config", conf, NULL);
  g_assert_null (daemon->uris[IMP_ROLE_REGISTER]);

  cid = publish_pattern (daemon, author, size, digest);
  path = g_strconcat ("/v1/payloads/", cid, NULL);
  fetched = download_digest (ledger->uris[IMP_ROLE_RETRIEVAL], path);
  g_assert_cmpstr (fetched, ==, digest);
  assert_little_memory (daemon);

  g_assert_cmpuint (publish_stream (daemon, author, again, payload, &refusal), ==, 403);
  code = get_member (refusal, "code");
  g_assert_cmpstr (code, ==, "ERR_UPDATE_ALREADY_EXISTS");
  g_assert_cmpuint (exchange_json (daemon->uris[IMP_ROLE_AUTHOR], "/v1/challenges", ""), ==, 201);

  daemon_process_end (ledger);
  g_assert_cmpuint (publish_stream (daemon, author, again, other, &trouble), ==, 503);
  trouble_code = get_member (trouble, "code");
  g_assert_cmpstr (trouble_code, ==, "ERR_LEDGER_UNAVAILABLE");

  daemon_process_end (daemon);
  remove_recursively (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  daemon_path = argv[1];

  g_test_add_func ("/streaming/constant-memory", test_constant_memory);
  g_test_add_func ("/streaming/agents-apart", test_agents_apart);

  return g_test_run ();
}
