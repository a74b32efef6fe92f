/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include "imp-event-stream.h"

static void
append_cb (const ImpEvent *event,
           gpointer        user_data)
{
  g_autofree char *text = NULL;

  g_assert_true (g_utf8_validate (event->name, -1, NULL));
  g_assert_true (g_utf8_validate (event->data, -1, NULL));

  text = imp_event_format (event);
  g_string_append (user_data, text);
}

/* The events, written anew. */
static GString *
read_stream (const char *data,
             gsize       size,
             gsize       chunk_size)
{
  GString *told = g_string_new (NULL);
  g_autoptr(ImpEventReader) reader = imp_event_reader_new (append_cb, told);

  for (gsize at = 0; at < size; at += chunk_size)
    {
      gsize length = MIN (chunk_size, size - at);
      g_autofree char *chunk = g_memdup2 (data + at, length);

      if (!imp_event_reader_feed (reader, chunk, length, NULL))
        {
          g_string_append (told, "refused");
          break;
        }
    }

  return told;
}

/* However a stream is cut, the same events come out, and written anew they are the same again. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GString) whole = read_stream ((const char *) data, size, MAX (size, 1));
  g_autoptr(GString) bytes = read_stream ((const char *) data, size, 1);
  g_autoptr(GString) pieces = read_stream ((const char *) data, size, 5);
  g_autoptr(GString) again = read_stream (whole->str, whole->len, 7);

  g_assert_true (g_string_equal (whole, bytes));
  g_assert_true (g_string_equal (whole, pieces));
  g_assert_true (g_string_equal (whole, again));

  return 0;
}
