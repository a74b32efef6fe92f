/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "imp-error.h"
#include "imp-multipart-reader.h"

#define TYPE "multipart/form-data; boundary=b"
#define DISPOSITION "Content-Disposition: form-data; name=\"n\""

/* What a handler was told, as a text: <name|file name|type:content>. */
static gboolean
begin_part (const char  *name,
            const char  *file_name,
            const char  *content_type,
            gpointer     user_data,
            GError     **error)
{
  g_string_append_printf (user_data, "<%s|%s|%s:", name, file_name != NULL ? file_name : "-",
                          content_type != NULL ? content_type : "-");

  if (g_str_equal (name, "refused"))
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_REFUSED, "no such part");
      return FALSE;
    }

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

static const ImpMultipartHandler handler = { begin_part, part_data, end_part };

/* Reads a body in chunks of a size; each chunk is a copy of its own, so that ASan sees its ends. */
static gboolean
read_body (const char  *content_type,
           const char  *body,
           gsize        size,
           gsize        chunk_size,
           GString     *told,
           GError     **error)
{
  g_autoptr(ImpMultipartReader) reader =
    imp_multipart_reader_new (content_type, &handler, told, error);

  if (reader == NULL)
    return FALSE;

  for (gsize at = 0; at < size; at += chunk_size)
    {
      gsize length = MIN (chunk_size, size - at);
      g_autofree guint8 *chunk = g_memdup2 (body + at, length);

      if (!imp_multipart_reader_feed (reader, chunk, length, error))
        return FALSE;
    }

  return imp_multipart_reader_end (reader, error);
}

static void
assert_told (const char *content_type,
             const char *body,
             gsize       size,
             const char *expected,
             gsize       expected_size)
{
  for (gsize chunk_size = 1; chunk_size <= size; chunk_size++)
    {
      g_autoptr(GString) told = g_string_new (NULL);
      g_autoptr(GError) error = NULL;

      read_body (content_type, body, size, chunk_size, told, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (told->str, told->len, expected, expected_size);
    }
}

typedef struct
{
  const char *name;
  const char *content_type;
  const char *body;
  const char *expected;  /* what the handler is told, or what the error says */
} Case;

static const Case bodies[] = {
  { "one", TYPE, "--b\r\n" DISPOSITION "\r\n\r\nv\r\n--b--\r\n", "<n|-|-:v>" },
  { "no-last-line-break", TYPE, "--b\r\n" DISPOSITION "\r\n\r\nv\r\n--b--", "<n|-|-:v>" },
  { "none", TYPE, "--b--\r\n", "" },
  { "empty-part", TYPE, "--b\r\n" DISPOSITION "\r\n\r\n\r\n--b--", "<n|-|-:>" },
  { "several", TYPE,
    "--b\r\n" DISPOSITION "\r\n\r\nv\r\n"
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n" DISPOSITION "; filename=\"f\"\r\n\r\nw\r\n"
    "--b--",
    "<n|-|-:v><n|f|text/plain; charset=utf-8:w>" },
  { "line-break-inside", TYPE, "--b\r\n" DISPOSITION "\r\n\r\n\r\n\r\nv\r\n\r\n--b--",
    "<n|-|-:\r\n\r\nv\r\n>" },
  { "bare-returns", TYPE, "--b\r\n" DISPOSITION "\r\n\r\n\r\r\r\n\r\r\n--b--",
    "<n|-|-:\r\r\r\n\r>" },
  { "bare-feeds", TYPE, "--b\r\n" DISPOSITION "\r\n\r\n\n--b\n--b--\n\r\n--b--",
    "<n|-|-:\n--b\n--b--\n>" },
  { "begun-boundaries", TYPE, "--b\r\n" DISPOSITION "\r\n\r\n\r\n-\r\n--\r\n--a\r\n-\r\n--\r\n--b--",
    "<n|-|-:\r\n-\r\n--\r\n--a\r\n-\r\n-->" },
  { "longer-boundaries", TYPE,
    "--b\r\n" DISPOSITION "\r\n\r\n\r\n--bb\r\n--b-\r\n--b\r\r\n--b\rx\r\n--b-x\r\n--b--",
    "<n|-|-:\r\n--bb\r\n--b-\r\n--b\r\r\n--b\rx\r\n--b-x>" },
  { "boundary-without-line", TYPE, "--b\r\n" DISPOSITION "\r\n\r\nx--b--\r\n--b--",
    "<n|-|-:x--b-->" },
  { "preamble", TYPE, "hello\r\n--bx\r\n-- b\r\n--b\r\n" DISPOSITION "\r\n\r\nv\r\n--b--",
    "<n|-|-:v>" },
  { "empty-preamble", TYPE, "\r\n--b\r\n" DISPOSITION "\r\n\r\nv\r\n--b--", "<n|-|-:v>" },
  { "epilogue", TYPE, "--b\r\n" DISPOSITION "\r\n\r\nv\r\n--b--bye\r\n--b\r\n", "<n|-|-:v>" },
  { "padding", TYPE, "--b \t\r\n" DISPOSITION "\r\n\r\nv\r\n--b\t \r\n" DISPOSITION "\r\n\r\nw\r\n--b-- ",
    "<n|-|-:v><n|-|-:w>" },
  { "other-headers", TYPE,
    "--b\r\nX-A: 1\r\ncontent-disposition:form-data;name=n\r\nContent-Transfer-Encoding: BINARY\r\n\r\nv\r\n--b--",
    "<n|-|-:v>" },
  { "escaped-names", TYPE,
    "--b\r\nContent-Disposition: form-data; name=\"a\\\"b\\\\c\\d\"; filename=\"x;y=\\\"z\\\".bin\"\r\n\r\nv\r\n--b--",
    "<a\"b\\c\\d|x;y=\"z\".bin|-:v>" },
  { "tokens", TYPE,
    "--b\r\nContent-Disposition: FORM-DATA ; filename=f.bin ; name=n ; size=3;\r\n\r\nv\r\n--b--",
    "<n|f.bin|-:v>" },
  { "unicode-name", TYPE,
    "--b\r\nContent-Disposition: form-data; name=\"n\"; filename=\"日本.bin\"\r\n\r\nv\r\n--b--",
    "<n|日本.bin|-:v>" },
  { "other-file-name", TYPE,
    "--b\r\n" DISPOSITION "; filename*=UTF-8''x\r\n\r\nv\r\n--b--", "<n|-|-:v>" },
  { "empty-file-name", TYPE, "--b\r\n" DISPOSITION "; filename=\"\"\r\n\r\nv\r\n--b--", "<n||-:v>" },
  { "quoted-boundary", "Multipart/Form-Data ;charset=utf-8; Boundary=\"a b'()+_,-./:=?\"",
    "--a b'()+_,-./:=?\r\n" DISPOSITION "\r\n\r\nv\r\n--a b'()+_,-./:=?--", "<n|-|-:v>" },
  { "hyphen-boundary", "multipart/form-data; boundary=-",
    "---\r\n" DISPOSITION "\r\n\r\n\r\n--\r\n---\r\n" DISPOSITION "\r\n\r\n\r\n-----",
    "<n|-|-:\r\n--><n|-|-:>" },
  { "longest-boundary",
    "multipart/form-data; boundary=1234567890123456789012345678901234567890123456789012345678901234567890",
    "--1234567890123456789012345678901234567890123456789012345678901234567890\r\n" DISPOSITION "\r\n\r\n"
    "\r\n--123456789012345678901234567890123456789012345678901234567890123456789\r\n"
    "--1234567890123456789012345678901234567890123456789012345678901234567890--",
    "<n|-|-:\r\n--123456789012345678901234567890123456789012345678901234567890123456789>" },
};

static void
test_reads (gconstpointer data)
{
  const Case *body = data;

  assert_told (body->content_type, body->body, strlen (body->body), body->expected,
               strlen (body->expected));
}

static void
test_reads_any_byte (void)
{
  g_autoptr(GString) body = g_string_new ("--b\r\n" DISPOSITION "\r\n\r\n");
  g_autoptr(GString) expected = g_string_new ("<n|-|-:");

  for (guint i = 0; i < 512; i++)
    {
      g_string_append_c (body, i * 7);
      g_string_append_c (expected, i * 7);
    }
  g_string_append (body, "\r\n--b--");
  g_string_append_c (expected, '>');

  assert_told (TYPE, body->str, body->len, expected->str, expected->len);
}

static void
assert_refused (const char *content_type,
                const char *body,
                gsize       size,
                const char *reason)
{
  gsize chunk_sizes[] = { 1, 2, 3, 7, 64, 1000, MAX (size, 1) };

  for (guint i = 0; i < G_N_ELEMENTS (chunk_sizes); i++)
    {
      g_autoptr(GString) told = g_string_new (NULL);
      g_autoptr(GError) error = NULL;

      g_assert_false (read_body (content_type, body, size, chunk_sizes[i], told, &error));
      g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
      if (strstr (error->message, reason) == NULL)
        g_error ("“%s” does not say “%s”", error->message, reason);
    }
}

static const Case refusals[] = {
  { "type/none", NULL, "", "no Content-Type" },
  { "type/json", "application/json", "", "“application/json” is not multipart" },
  { "type/mixed", "multipart/mixed; boundary=b", "", "not multipart/form-data" },
  { "type/longer", "multipart/form-data-x; boundary=b", "", "not multipart/form-data" },
  { "type/no-boundary", "multipart/form-data", "", "no boundary" },
  { "type/other-parameter", "multipart/form-data; charset=utf-8", "", "no boundary" },
  { "type/empty-boundary", "multipart/form-data; boundary=", "", "“boundary” has no value" },
  { "type/empty-quoted-boundary", "multipart/form-data; boundary=\"\"", "", "is empty" },
  { "type/open-boundary", "multipart/form-data; boundary=\"b", "", "no value that ends" },
  { "type/two-boundaries", "multipart/form-data; boundary=b; boundary=c", "", "twice" },
  { "type/control-boundary", "multipart/form-data; boundary=\"a\rb\"", "", "characters" },
  { "type/unicode-boundary", "multipart/form-data; boundary=é", "", "characters" },
  { "type/space-boundary", "multipart/form-data; boundary=\"b \"", "", "characters" },
  { "type/no-semicolon", "multipart/form-data boundary=b", "", "“;” is missing" },
  { "type/no-name", "multipart/form-data; =b", "", "no name" },
  { "type/long-boundary",
    "multipart/form-data; boundary=12345678901234567890123456789012345678901234567890123456789012345678901",
    "", "longer than 70" },

  { "truncated/nothing", TYPE, "", "before its first part" },
  { "truncated/preamble", TYPE, "hello\r\n", "before its first part" },
  { "truncated/boundary", TYPE, "--b", "before its first part" },
  { "truncated/headers", TYPE, "--b\r\n" DISPOSITION "\r\n", "in part 1" },
  { "truncated/content", TYPE, "--b\r\n" DISPOSITION "\r\n\r\nv", "in part 1" },
  { "truncated/delimiter", TYPE, "--b\r\n" DISPOSITION "\r\n\r\nv\r\n--", "in part 1" },
  { "truncated/closing", TYPE, "--b\r\n" DISPOSITION "\r\n\r\nv\r\n--b-", "in part 1" },
  { "truncated/second", TYPE, "--b\r\n" DISPOSITION "\r\n\r\nv\r\n--b\r\n", "in part 2" },
  { "truncated/other-boundary", TYPE, "--c\r\n" DISPOSITION "\r\n\r\nv\r\n--c--",
    "before its first part" },
  { "truncated/line-feeds", TYPE, "--b\n" DISPOSITION "\n\nv\n--b--\n", "before its first part" },

  { "headers/none", TYPE, "--b\r\n\r\nv\r\n--b--", "part 1 has no headers" },
  { "headers/no-disposition", TYPE, "--b\r\nContent-Type: a/b\r\n\r\nv\r\n--b--",
    "part 1: there is no Content-Disposition" },
  { "headers/no-name", TYPE, "--b\r\nContent-Disposition: form-data\r\n\r\nv\r\n--b--",
    "part 1: Content-Disposition has no name" },
  { "headers/attachment", TYPE, "--b\r\nContent-Disposition: attachment; name=n\r\n\r\nv\r\n--b--",
    "not form-data" },
  { "headers/two-names", TYPE, "--b\r\n" DISPOSITION "; name=m\r\n\r\nv\r\n--b--",
    "“name” is there twice" },
  { "headers/open-name", TYPE, "--b\r\nContent-Disposition: form-data; name=\"n\r\n\r\nv\r\n--b--",
    "“name” has no value" },
  { "headers/escaped-end", TYPE,
    "--b\r\nContent-Disposition: form-data; name=\"n\\\"\r\n\r\nv\r\n--b--", "“name” has no value" },
  { "headers/two-dispositions", TYPE,
    "--b\r\n" DISPOSITION "\r\n" DISPOSITION "\r\n\r\nv\r\n--b--",
    "Content-Disposition is there twice" },
  { "headers/two-types", TYPE,
    "--b\r\n" DISPOSITION "\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n\r\nv\r\n--b--",
    "Content-Type is there twice" },
  { "headers/base64", TYPE,
    "--b\r\n" DISPOSITION "\r\nContent-Transfer-Encoding: base64\r\n\r\nv\r\n--b--",
    "Content-Transfer-Encoding is not" },
  { "headers/no-colon", TYPE, "--b\r\n" DISPOSITION "\r\nHello\r\n\r\nv\r\n--b--",
    "“Hello” is not a header" },
  { "headers/folded", TYPE, "--b\r\n" DISPOSITION ";\r\n filename=f\r\n\r\nv\r\n--b--",
    "“ filename=f” is not a header" },
  { "headers/space-before-colon", TYPE,
    "--b\r\nContent-Disposition : form-data; name=n\r\n\r\nv\r\n--b--", "is not a header" },
  { "headers/bare-return", TYPE, "--b\r\n" DISPOSITION "\rX: y\r\n\r\nv\r\n--b--",
    "control character" },
  { "headers/bare-feed", TYPE, "--b\r\n" DISPOSITION "\nX: y\r\n\r\nv\r\n--b--",
    "control character" },
  { "headers/escape", TYPE, "--b\r\n" DISPOSITION "\x1b\r\n\r\nv\r\n--b--", "control character" },
  { "headers/not-utf-8", TYPE,
    "--b\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\nv\r\n--b--", "not UTF-8" },
  { "headers/second", TYPE, "--b\r\n" DISPOSITION "\r\n\r\nv\r\n--b\r\nX: y\r\n\r\nw\r\n--b--",
    "part 2: " },
  { "boundary/text-after", TYPE, "--b x\r\n" DISPOSITION "\r\n\r\nv\r\n--b--",
    "after a boundary on its line" },
  { "boundary/return-after", TYPE, "--b \r\r\n" DISPOSITION "\r\n\r\nv\r\n--b--",
    "after a boundary on its line" },
  { "boundary/blanks-after", TYPE,
    "--b                                                                      \r\n" DISPOSITION "\r\n\r\nv\r\n--b--",
    "after a boundary on its line" },
};

static void
test_refuses (gconstpointer data)
{
  const Case *refusal = data;

  assert_refused (refusal->content_type, refusal->body, strlen (refusal->body), refusal->expected);
}

static void
test_refuses_nul_in_headers (void)
{
  static const char body[] = "--b\r\n" DISPOSITION "\r\nX: a\0b\r\n\r\nv\r\n--b--";

  assert_refused (TYPE, body, sizeof body - 1, "control character");
}

static void
test_refuses_long_type (void)
{
  g_autofree char *padding = g_strnfill (1024, 'x');
  g_autofree char *type = g_strconcat (TYPE "; x=", padding, NULL);

  assert_refused (type, "", 0, "longer than 1024");
}

static void
test_refuses_endless_header (void)
{
  g_autofree char *padding = g_strnfill (100 * 1024, 'x');
  g_autofree char *body = g_strconcat ("--b\r\nX: ", padding, NULL);

  assert_refused (TYPE, body, strlen (body), "headers of part 1 are longer than 8192");
}

static void
test_refuses_oversize_headers (void)
{
  g_autofree char *padding = g_strnfill (IMP_MULTIPART_MAX_HEADERS, 'x');
  g_autofree char *body = g_strconcat ("--b\r\nX: ", padding, "\r\n" DISPOSITION "\r\n\r\nv\r\n--b--",
                                       NULL);

  assert_refused (TYPE, body, strlen (body), "headers of part 1 are longer than 8192");
}

static void
test_takes_long_headers (void)
{
  g_autofree char *padding = g_strnfill (IMP_MULTIPART_MAX_HEADERS - 100, 'x');
  g_autofree char *body = g_strconcat ("--b\r\nX: ", padding, "\r\n" DISPOSITION "\r\n\r\nv\r\n--b--",
                                       NULL);
  g_autoptr(GString) told = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  read_body (TYPE, body, strlen (body), 100, told, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (told->str, ==, "<n|-|-:v>");
}

static GString *
make_parts (guint n_parts)
{
  GString *body = g_string_new (NULL);

  for (guint i = 0; i < n_parts; i++)
    g_string_append (body, "--b\r\n" DISPOSITION "\r\n\r\nv\r\n");
  g_string_append (body, "--b--");

  return body;
}

static void
test_counts_parts (void)
{
  g_autoptr(GString) most = make_parts (IMP_MULTIPART_MAX_PARTS);
  g_autoptr(GString) too_many = make_parts (IMP_MULTIPART_MAX_PARTS + 1);
  g_autoptr(GString) told = g_string_new (NULL);

  g_assert_true (read_body (TYPE, most->str, most->len, 100, told, NULL));
  assert_refused (TYPE, too_many->str, too_many->len, "more than 16 parts");
}

static void
test_refuses_endless_preamble (void)
{
  g_autofree char *body = g_strnfill (8 * 1024 + 100, 'x');

  assert_refused (TYPE, body, strlen (body), "no boundary in the first 8192");
}

static void
test_refuses_endless_epilogue (void)
{
  g_autofree char *padding = g_strnfill (8 * 1024 + 1, 'x');
  g_autofree char *body = g_strconcat ("--b\r\n" DISPOSITION "\r\n\r\nv\r\n--b--", padding, NULL);

  assert_refused (TYPE, body, strlen (body), "more than 8192 bytes after the last part");
}

/* What the handler says is what the caller gets, and nothing comes after it. */
static void
test_handler_refuses (void)
{
  static const char body[] = "--b\r\nContent-Disposition: form-data; name=refused\r\n\r\nv\r\n--b--";
  g_autoptr(GString) told = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpMultipartReader) reader = imp_multipart_reader_new (TYPE, &handler, told, &error);

  g_assert_false (imp_multipart_reader_feed (reader, (const guint8 *) body, strlen (body), &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
  g_clear_error (&error);

  g_assert_false (imp_multipart_reader_feed (reader, (const guint8 *) "x", 1, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_false (imp_multipart_reader_end (reader, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_assert_cmpstr (told->str, ==, "<refused|-|-:");
}

static void
add_cases (const char    *prefix,
           const Case    *cases,
           guint          n_cases,
           GTestDataFunc  func)
{
  for (guint i = 0; i < n_cases; i++)
    {
      g_autofree char *path = g_strconcat (prefix, cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], func);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_cases ("/multipart-reader/reads/", bodies, G_N_ELEMENTS (bodies), test_reads);
  g_test_add_func ("/multipart-reader/reads/any-byte", test_reads_any_byte);
  g_test_add_func ("/multipart-reader/reads/long-headers", test_takes_long_headers);
  g_test_add_func ("/multipart-reader/counts-parts", test_counts_parts);

  add_cases ("/multipart-reader/refuses/", refusals, G_N_ELEMENTS (refusals), test_refuses);
  g_test_add_func ("/multipart-reader/refuses/nul-in-headers", test_refuses_nul_in_headers);
  g_test_add_func ("/multipart-reader/refuses/long-type", test_refuses_long_type);
  g_test_add_func ("/multipart-reader/refuses/endless-header", test_refuses_endless_header);
  g_test_add_func ("/multipart-reader/refuses/oversize-headers", test_refuses_oversize_headers);
  g_test_add_func ("/multipart-reader/refuses/endless-preamble", test_refuses_endless_preamble);
  g_test_add_func ("/multipart-reader/refuses/endless-epilogue", test_refuses_endless_epilogue);
  g_test_add_func ("/multipart-reader/handler-refuses", test_handler_refuses);

  return g_test_run ();
}
