/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "store-fixture.h"

#define BIG_SIZE (G_GUINT64_CONSTANT (1) << 30)

/* Numbers, so that no block is like another. */
typedef struct
{
  GInputStream parent_instance;

  guint64 position;
} CountingStream;

typedef GInputStreamClass CountingStreamClass;

GType counting_stream_get_type (void);
G_DEFINE_TYPE (CountingStream, counting_stream, G_TYPE_INPUT_STREAM)

static gssize
counting_stream_read (GInputStream  *stream,
                      void          *buffer,
                      gsize          count,
                      GCancellable  *cancellable,
                      GError       **error)
{
  CountingStream *self = (CountingStream *) stream;
  gsize n = MIN (count & ~(gsize) 7, BIG_SIZE - self->position);

  for (gsize i = 0; i < n; i += 8)
    {
      guint64 word = self->position + i;

      memcpy ((guint8 *) buffer + i, &word, sizeof word);
    }

  self->position += n;
  return n;
}

static void
counting_stream_class_init (CountingStreamClass *klass)
{
  klass->read_fn = counting_stream_read;
}

static void
counting_stream_init (CountingStream *self)
{
}

static guint64
get_peak_memory (void)
{
  g_autofree char *status = NULL;
  const char *line;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  line = strstr (status, "VmHWM:");
  g_assert_nonnull (line);

  return g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10) * 1024;
}

static void
test_does_not_grow (StoreFixture  *fixture,
                    gconstpointer  data)
{
  g_autoptr(GInputStream) payload = g_object_new (counting_stream_get_type (), NULL);
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(ImpPayloadInfo) info = NULL;
  g_autofree guint64 *buffer = g_malloc (1 << 20);
  g_autoptr(GError) error = NULL;
  guint64 position = 0, before, peak;
  gssize n;

  if (!g_test_slow ())
    {
      g_test_skip ("writes 1 GiB");
      return;
    }

  before = get_peak_memory ();
  info = stage_stream (fixture, payload, 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (info->size, ==, BIG_SIZE);

  stream = open_payload (fixture, info->cid, &error);
  g_assert_no_error (error);
  while ((n = g_input_stream_read (stream, buffer, 1 << 20, NULL, &error)) > 0)
    {
      g_assert_cmpuint (buffer[0], ==, position);
      position += n;
    }
  g_assert_no_error (error);
  g_assert_cmpuint (position, ==, BIG_SIZE);

  peak = get_peak_memory ();
  g_test_message ("peak memory %" G_GUINT64_FORMAT " KiB, %" G_GUINT64_FORMAT " KiB before",
                  peak / 1024, before / 1024);
  g_assert_cmpuint (peak - before, <, 16 << 20);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/store-memory/does-not-grow", StoreFixture, NULL,
              store_set_up, test_does_not_grow, store_tear_down);

  return g_test_run ();
}
