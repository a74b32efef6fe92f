/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "imp-error.h"
#include "imp-event-stream.h"

/* What a reader tells, as a text: <id|name|data>. */
static void
event_cb (const ImpEvent *event,
          gpointer        user_data)
{
  g_string_append_printf (user_data, "<%" G_GUINT64_FORMAT "|%s|%s>", event->id, event->name,
                          event->data);
}

static gboolean
feed (const char  *text,
      gsize        size,
      gsize        chunk_size,
      GString     *told,
      GError     **error)
{
  g_autoptr(ImpEventReader) reader = imp_event_reader_new (event_cb, told);

  for (gsize at = 0; at < size; at += chunk_size)
    {
      gsize length = MIN (chunk_size, size - at);
      g_autofree char *chunk = g_memdup2 (text + at, length);

      if (!imp_event_reader_feed (reader, chunk, length, error))
        return FALSE;
    }

  return TRUE;
}

typedef struct
{
  const char *name;
  const char *text;
  const char *expected;
} Case;

static const Case cases[] = {
  { "one", "id: 1\nevent: fetch\ndata: x\n\n", "<1|fetch|x>" },
  { "no-space", "id:1\nevent:fetch\ndata:x\n\n", "<1|fetch|x>" },
  { "two-spaces", "data:  x\n\n", "<0|message| x>" },
  { "lines", "data: a\ndata\ndata:b\n\n", "<0|message|a\n\nb>" },
  { "crlf", "data: a\r\n\r\ndata: b\r\n\r\n", "<0|message|a><0|message|b>" },
  { "cr", "data: a\r\rdata: b\r\r", "<0|message|a><0|message|b>" },
  { "mixed", "data: a\rdata: b\r\n\n\rdata: c\n\r", "<0|message|a\nb><0|message|c>" },
  { "id-stays", "id: 5\ndata: a\n\ndata: b\n\n", "<5|message|a><5|message|b>" },
  { "name-goes", "event: n\ndata: a\n\ndata: b\n\n", "<0|n|a><0|message|b>" },
  { "no-data", "id: 7\nevent: n\n\ndata: b\n\n", "<7|message|b>" },
  { "empty-data", "data:\n\n", "<0|message|>" },
  { "comment", ": keep alive\n\n:\ndata: a\n:x\n\n", "<0|message|a>" },
  { "other-field", "retry: 10\nDATA: x\n data: y\ndata: a\n\n", "<0|message|a>" },
  { "bad-id", "id: 3\ndata: a\n\nid: x\ndata: b\n\nid: -1\ndata: c\n\nid:\ndata: d\n\n",
    "<3|message|a><3|message|b><3|message|c><3|message|d>" },
  { "largest-id", "id: 18446744073709551615\ndata: a\n\nid: 18446744073709551616\ndata: b\n\n",
    "<18446744073709551615|message|a><18446744073709551615|message|b>" },
  { "mark", "\xef\xbb\xbf" "data: a\n\n", "<0|message|a>" },
  { "unended", "data: a\n\ndata: b\n", "<0|message|a>" },
  { "unended-line", "data: a", "" },
  { "not-utf-8", "event: \xff\ndata: a\xff\n\n", "<0|\xef\xbf\xbd|a\xef\xbf\xbd>" },
};

static void
test_reads (gconstpointer data)
{
  const Case *c = data;
  gsize size = strlen (c->text);

  for (gsize chunk_size = 1; chunk_size <= size; chunk_size++)
    {
      g_autoptr(GString) told = g_string_new (NULL);
      g_autoptr(GError) error = NULL;

      feed (c->text, size, chunk_size, told, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (told->str, ==, c->expected);
    }
}

static void
test_nul (void)
{
  static const char text[] = "id: 1\0\ndata: a\0b\n\n";
  g_autoptr(GString) told = g_string_new (NULL);

  g_assert_true (feed (text, sizeof text - 1, 3, told, NULL));
  g_assert_cmpstr (told->str, ==, "<0|message|a\xef\xbf\xbd" "b>");
}

static void
test_formats (void)
{
  g_autoptr(ImpEvent) event = imp_event_new (7, "fetch", "a\r\nb\n\nc\rd\n");
  g_autoptr(ImpEvent) copy = imp_event_copy (event);
  g_autofree char *text = imp_event_format (copy);
  g_autoptr(GString) told = g_string_new (NULL);

  g_assert_cmpstr (text, ==, "id: 7\nevent: fetch\n"
                             "data: a\ndata: b\ndata: \ndata: c\ndata: d\ndata: \n\n");
  g_assert_true (feed (text, strlen (text), 5, told, NULL));
  g_assert_cmpstr (told->str, ==, "<7|fetch|a\nb\n\nc\nd\n>");
}

static void
test_limit (gconstpointer data)
{
  const char *line = data;
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GString) told = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  while (text->len < 2 * IMP_EVENT_MAX_SIZE)
    g_string_append (text, line);

  g_assert_false (feed (text->str, text->len, 4096, told, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_assert_cmpstr (told->str, ==, "");
}

static void
test_large (void)
{
  g_autofree char *data = g_strnfill (IMP_EVENT_MAX_SIZE - 64, 'x');
  g_autofree char *text = g_strconcat ("data: ", data, "\n\n", "data: ", data, "\n\n", NULL);
  g_autoptr(GString) told = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  feed (text, strlen (text), 8192, told, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (told->len, ==, 2 * (strlen ("<0|message|>") + strlen (data)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/event-stream/reads/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_reads);
    }
  g_test_add_func ("/event-stream/nul", test_nul);
  g_test_add_func ("/event-stream/formats", test_formats);
  g_test_add_func ("/event-stream/large", test_large);
  g_test_add_data_func ("/event-stream/limit/line", "x", test_limit);
  g_test_add_data_func ("/event-stream/limit/data", "data: xxxxxxxx\n", test_limit);

  return g_test_run ();
}
