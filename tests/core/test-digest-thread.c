/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "imp-digest-thread.h"

#define BUFFER_SIZE 1000

static char *
digest_in_thread (const guint8 *data,
                  gsize         size)
{
  g_autoptr(ImpDigestThread) thread = imp_digest_thread_new (IMP_DIGEST_SHA384, BUFFER_SIZE);

  for (gsize offset = 0; offset < size; offset += BUFFER_SIZE)
    {
      gsize n = MIN (BUFFER_SIZE, size - offset);

      memcpy (imp_digest_thread_get_buffer (thread), data + offset, n);
      imp_digest_thread_push (thread, n);
    }

  return imp_digest_thread_finish_hex (thread);
}

static void
test_equals_plain_digest (void)
{
  static const gsize sizes[] = { 0, 1, 999, 1000, 1001, 4000, 4001, 123456 };
  guint8 *data = g_malloc (123456);

  for (gsize i = 0; i < 123456; i++)
    data[i] = i * i >> 3;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *expected = imp_digest_hex (IMP_DIGEST_SHA384, data, sizes[i]);
      g_autofree char *actual = digest_in_thread (data, sizes[i]);

      g_assert_cmpstr (actual, ==, expected);
    }

  g_free (data);
}

static void
test_is_freed_with_work_left (void)
{
  ImpDigestThread *thread = imp_digest_thread_new (IMP_DIGEST_SHA384, BUFFER_SIZE);

  for (guint i = 0; i < 3; i++)
    {
      memset (imp_digest_thread_get_buffer (thread), 'x', BUFFER_SIZE);
      imp_digest_thread_push (thread, BUFFER_SIZE);
    }

  imp_digest_thread_free (thread);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/digest-thread/equals-plain-digest", test_equals_plain_digest);
  g_test_add_func ("/digest-thread/is-freed-with-work-left", test_is_freed_with_work_left);

  return g_test_run ();
}
