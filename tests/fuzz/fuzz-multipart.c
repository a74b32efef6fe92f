/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include "imp-multipart-reader.h"

#include <string.h>

static gboolean
begin_part (const char  *name,
            const char  *file_name,
            const char  *content_type,
            gpointer     user_data,
            GError     **error)
{
  g_string_append_printf (user_data, "<%s|%s|%s:", name, file_name != NULL ? file_name : "-",
                          content_type != NULL ? content_type : "-");

  return TRUE;
}

static gboolean
part_data (const guint8  *data,
           gsize          size,
           gpointer       user_data,
           GError       **error)
{
  g_assert_cmpuint (size, >, 0);
  g_string_append_len (user_data, (const char *) data, size);

  return TRUE;
}

static gboolean
end_part (gpointer   user_data,
          GError   **error)
{
  g_string_append_c (user_data, '>');

  return TRUE;
}

/* All that a handler was told, and how it ended. */
static GString *
read_body (const char   *content_type,
           const guint8 *body,
           gsize         size,
           gsize         chunk_size)
{
  static const ImpMultipartHandler handler = { begin_part, part_data, end_part };
  GString *told = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpMultipartReader) reader =
    imp_multipart_reader_new (content_type, &handler, told, &error);
  gboolean good = reader != NULL;

  for (gsize at = 0; good && at < size; at += chunk_size)
    {
      gsize length = MIN (chunk_size, size - at);
      g_autofree guint8 *chunk = g_memdup2 (body + at, length);

      good = imp_multipart_reader_feed (reader, chunk, length, &error);
    }

  if (good)
    good = imp_multipart_reader_end (reader, &error);

  g_assert_cmpint (good, ==, error == NULL);
  g_string_append (told, good ? "\nwhole" : error->message);

  return told;
}

/* A line of Content-Type, then a body: however it is cut, the same comes out. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  const guint8 *line_end = size > 0 ? memchr (data, '\n', size) : NULL;
  gsize type_length = line_end != NULL ? (gsize) (line_end - data) : 0;
  g_autofree char *content_type = g_strndup ((const char *) data, type_length);
  const guint8 *body = line_end != NULL ? line_end + 1 : data;
  gsize body_size = line_end != NULL ? size - type_length - 1 : size;
  const char *type = *content_type != '\0' ? content_type : "multipart/form-data; boundary=b";
  g_autoptr(GString) whole = read_body (type, body, body_size, MAX (body_size, 1));
  gsize chunk_sizes[] = { 1, 2, 3, 7, MAX (body_size / 2, 1) };

  for (guint i = 0; i < G_N_ELEMENTS (chunk_sizes); i++)
    {
      g_autoptr(GString) cut = read_body (type, body, body_size, chunk_sizes[i]);

      g_assert_true (g_string_equal (whole, cut));
    }

  return 0;
}
