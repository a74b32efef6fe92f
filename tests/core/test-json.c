/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"

#define MAX_SIZE (1024 * 1024)

static char *
canonicalize (const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = imp_json_parse (text, -1, MAX_SIZE, &error);

  g_assert_no_error (error);

  return imp_json_canonicalize (node);
}

static void
assert_canonical (const char *text,
                  const char *expected)
{
  g_autofree char *canonical = canonicalize (text);
  g_autofree char *again = canonicalize (canonical);

  g_assert_cmpstr (canonical, ==, expected);
  g_assert_cmpstr (again, ==, expected);
}

/* What json-stringify-deterministic printed, and its SHA-384. */
static void
test_reference (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "reference.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) root = NULL;
  JsonArray *vectors;
  gsize size;

  g_file_get_contents (path, &text, &size, &error);
  g_assert_no_error (error);
  root = imp_json_parse (text, size, MAX_SIZE, &error);
  g_assert_no_error (error);

  vectors = imp_json_get_array (json_node_get_object (root), "canonical", &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_array_get_length (vectors), ==, 10);

  for (guint i = 0; i < json_array_get_length (vectors); i++)
    {
      JsonObject *vector = json_array_get_object_element (vectors, i);
      const char *canonical = imp_json_get_string (vector, "canonical", NULL);
      g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA384, canonical, strlen (canonical));

      assert_canonical (imp_json_get_string (vector, "json", NULL), canonical);
      g_assert_cmpstr (digest, ==, imp_json_get_string (vector, "sha384", NULL));
    }
}

/* Printed by Node.js 20. */
static const struct
{
  const char *text;
  const char *canonical;
} numbers[] = {
  { "-0", "0" },
  { "-0.0e5", "0" },
  { "1.0", "1" },
  { "1e3", "1000" },
  { "-1.50", "-1.5" },
  { "123456789012345678901234567890", "1.2345678901234568e+29" },
  { "9007199254740991", "9007199254740991" },
  { "9007199254740993", "9007199254740992" },
  { "9223372036854775807", "9223372036854776000" },
  { "9223372036854775808", "9223372036854776000" },
  { "-9223372036854775809", "-9223372036854776000" },
  { "100000000000000000000", "100000000000000000000" },
  { "1e21", "1e+21" },
  { "1.7976931348623157e308", "1.7976931348623157e+308" },
  { "5e-324", "5e-324" },
  { "2e-324", "0" },
  { "2.2250738585072014e-308", "2.2250738585072014e-308" },
  { "0.000001", "0.000001" },
  { "0.0000001", "1e-7" },
  { "123.456", "123.456" },
  { "0.1e1", "1" },
  { "5.684341886080801486968994140625e-14", "5.684341886080802e-14" },
  { "0.30000000000000004", "0.30000000000000004" },
  { "4.35", "4.35" },
  { "9.5367431640625e-7", "9.5367431640625e-7" },
};

static void
test_numbers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    assert_canonical (numbers[i].text, numbers[i].canonical);
}

static void
test_one_number_one_kind (void)
{
  g_autoptr(JsonNode) root = imp_json_parse ("{\"a\":1e3,\"b\":0.5,\"c\":9007199254740992}",
                                             -1, MAX_SIZE, NULL);
  JsonObject *object = json_node_get_object (root);
  g_autoptr(GError) error = NULL;
  gint64 value = 0;

  g_assert_true (imp_json_get_int (object, "a", &value, &error));
  g_assert_no_error (error);
  g_assert_cmpint (value, ==, 1000);
  g_assert_false (imp_json_get_int (object, "b", &value, NULL));
  g_assert_false (imp_json_get_int (object, "c", &value, NULL));
}

static void
test_foreign_nodes (void)
{
  g_autoptr(JsonNode) huge = json_node_init_int (json_node_alloc (), G_MAXINT64);
  g_autoptr(JsonNode) nothing = json_node_init_double (json_node_alloc (), 0.0 / 0.0);
  g_autofree char *huge_text = imp_json_canonicalize (huge);
  g_autofree char *nothing_text = imp_json_canonicalize (nothing);

  g_assert_cmpstr (huge_text, ==, "9223372036854776000");
  g_assert_cmpstr (nothing_text, ==, "null");
}

static void
test_key_order (void)
{
  assert_canonical ("{\"ab\":1,\"a\":2,\"\":3,\"\\u0000\":4,\"\\u0001\":5}",
                    "{\"\":3,\"\\u0000\":4,\"\\u0001\":5,\"a\":2,\"ab\":1}");
  assert_canonical ("{\"\\ue000\":1,\"\\ud800\\udc00\":2,\"\\ud7ff\":3,"
                    "\"a\\udbff\\udfff\":4,\"a\\uffee\":5}",
                    "{\"a\xf4\x8f\xbf\xbf\":4,\"a\xef\xbf\xae\":5,\"\xed\x9f\xbf\":3,"
                    "\"\xf0\x90\x80\x80\":2,\"\xee\x80\x80\":1}");
}

static void
test_strings (void)
{
  assert_canonical ("\"\\b\\f\\n\\r\\t\\/\\\\\\\"\\u001F\\u007f\"",
                    "\"\\b\\f\\n\\r\\t/\\\\\\\"\\u001f\x7f\"");
  assert_canonical (" [ \"a\\u0000b\\u0000\" ] ", "[\"a\\u0000b\\u0000\"]");
}

/* A string that somebody here made wrongly must not become another, rightly made one. */
static void
test_keeps_wrong_bytes (void)
{
  g_autoptr(JsonNode) node = json_node_init_string (json_node_alloc (), "a\xc0" "b\xc0");
  g_autofree char *text = imp_json_canonicalize (node);

  g_assert_cmpstr (text, ==, "\"a\xc0" "b\xc0\"");
}

static void
test_depth (void)
{
  g_autoptr(GString) deep = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;

  for (guint i = 0; i < IMP_JSON_MAX_DEPTH; i++)
    g_string_append_c (deep, '[');
  for (guint i = 0; i < IMP_JSON_MAX_DEPTH; i++)
    g_string_append_c (deep, ']');

  assert_canonical (deep->str, deep->str);

  g_string_prepend_c (deep, '[');
  g_string_append_c (deep, ']');
  node = imp_json_parse (deep->str, deep->len, MAX_SIZE, &error);
  g_assert_null (node);
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
}

/* Depth counts what is open, not what was. */
static void
test_breadth (void)
{
  g_autoptr(GString) broad = g_string_new ("[");

  for (guint i = 0; i < 100; i++)
    g_string_append (broad, "[{}],");
  g_string_append (broad, "[]]");

  assert_canonical (broad->str, broad->str);
}

static void
assert_refused (const char *text,
                gssize      length,
                const char *reason)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = imp_json_parse (text, length, MAX_SIZE, &error);

  g_assert_null (node);
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  if (strstr (error->message, reason) == NULL)
    g_error ("“%s” does not say “%s”", error->message, reason);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

typedef struct
{
  const char *name;
  const char *text;
  const char *reason;
} Refusal;

static const Refusal refusals[] = {
  { "empty", "", "the text ends" },
  { "blank", " \n ", "line 2, column 2" },
  { "bom", "\xef\xbb\xbf{}", "\\u{feff}" },
  { "overlong", "\"\xc0\xaf\"", "not UTF-8" },
  { "modified-nul", "\"\xc0\x80\"", "not UTF-8" },
  { "raw-surrogate", "\"\xed\xa0\x80\"", "not UTF-8" },
  { "beyond-unicode", "\"\xf4\x90\x80\x80\"", "not UTF-8" },
  { "cut-character", "\"\xe2\x82", "not UTF-8" },
  { "lone-high-surrogate", "\"\\ud83d\"", "surrogate" },
  { "lone-low-surrogate", "\"\\ude00\"", "surrogate" },
  { "two-high-surrogates", "\"\\ud83d\\ud83d\"", "surrogate" },
  { "high-and-letter", "\"\\ud83d\\u0041\"", "surrogate" },
  { "short-escape", "\"\\u12\"", "hexadecimal" },
  { "no-hex-escape", "\"\\u12g4\"", "hexadecimal" },
  { "unknown-escape", "\"\\x41\"", "“x” where an escape" },
  { "cut-escape", "\"\\", "an escape" },
  { "newline-in-string", "\"a\nb\"", "line 1, column 3" },
  { "tab-in-string", "\"\t\"", "end of a string" },
  { "unit-separator-in-string", "\"\x1f\"", "end of a string" },
  { "open-string", "\"abc", "end of a string" },
  { "single-quotes", "'a'", "“'” where a value" },
  { "bare-word", "{a:1}", "a string" },
  { "nan", "NaN", "a value" },
  { "infinity", "Infinity", "a value" },
  { "minus-infinity", "-Infinity", "a digit" },
  { "upper-case-word", "True", "a value" },
  { "cut-word", "tru", "a value" },
  { "long-word", "nullx", "end of the text" },
  { "1e999", "[1e999]", "too large" },
  { "minus-1e999", "-1e999", "too large" },
  { "leading-zero", "01", "end of the text" },
  { "plus", "+1", "a value" },
  { "minus", "-", "a digit" },
  { "no-fraction", "1.", "a digit" },
  { "no-integer", ".5", "a value" },
  { "no-exponent", "1e", "a digit" },
  { "signed-nothing", "1e+", "a digit" },
  { "hex", "0x10", "end of the text" },
  { "duplicate-key", "{\"a\":1,\n \"a\":2}", "line 2, column 2: the key “a” is there twice" },
  { "duplicate-escaped-key", "{\"a\":1,\"\\u0061\":1}", "twice" },
  { "duplicate-nul-key", "{\"\\u0000\":1,\"\\u0000\":1}", "twice" },
  { "duplicate-deep", "[{\"x\":{\"k\":1,\"j\":2,\"k\":3}}]", "“k”" },
  { "number-key", "{1:2}", "a string" },
  { "no-colon", "{\"a\" 1}", "“:”" },
  { "no-value", "{\"a\":}", "a value" },
  { "trailing-comma-object", "{\"a\":1,}", "a string" },
  { "trailing-comma-array", "[1,]", "a value" },
  { "no-comma", "[1 2]", "“,” or “]”" },
  { "wrong-bracket", "[1}", "“,” or “]”" },
  { "open-array", "[1", "“,” or “]”" },
  { "open-object", "{\"a\":1", "“,” or “}”" },
  { "trailing-text", "{} x", "“x” where the end of the text" },
  { "two-values", "1 2", "end of the text" },
  { "comment", "/* c */ 1", "a value" },
  { "form-feed", "\f1", "a value" },
  { "no-break-space", "\xc2\xa0" "1", "a value" },
};

static void
test_refuses (gconstpointer data)
{
  const Refusal *refusal = data;

  assert_refused (refusal->text, -1, refusal->reason);
}

static void
test_refuses_nul_byte (void)
{
  assert_refused ("\"a\0b\"", 5, "NUL");
  assert_refused ("{}\0", 3, "NUL");
}

/* 100,000 of them end json-glib’s own parser with the stack. */
static void
test_refuses_endless_depth (gconstpointer data)
{
  const char *unit = data;
  g_autoptr(GString) deep = g_string_new (NULL);

  for (guint i = 0; i < 100000; i++)
    g_string_append (deep, unit);

  assert_refused (deep->str, deep->len, "deeper than 32");
}

static void
test_refuses_size (void)
{
  g_autofree char *blank = g_strnfill (MAX_SIZE + 1, ' ');

  blank[0] = '1';
  assert_refused (blank, -1, "at most 1048576");
}

static void
test_refuses_long_number (void)
{
  g_autofree char *ones = g_strnfill (1025, '1');

  assert_refused (ones, -1, "more than 1024 characters");
}

static void
test_refuses_many_keys (void)
{
  g_autoptr(GString) text = g_string_new ("{");

  for (guint i = 0; i < IMP_JSON_MAX_MEMBERS + 1; i++)
    g_string_append_printf (text, "%s\"%u\":0", i > 0 ? "," : "", i);
  g_string_append_c (text, '}');

  assert_refused (text->str, text->len, "more than 1024 keys");
}

static void
test_refuses_many_values (void)
{
  g_autoptr(GString) text = g_string_new ("[0");

  for (guint i = 0; i < IMP_JSON_MAX_VALUES; i++)
    g_string_append (text, ",0");
  g_string_append_c (text, ']');

  assert_refused (text->str, text->len, "more than 262144 values");
}

static void
test_look_ups (void)
{
  g_autoptr(JsonNode) root = imp_json_parse ("{\"s\":\"x\",\"n\":null,\"z\":\"\\u0000\",\"o\":{},\"a\":[]}",
                                             -1, MAX_SIZE, NULL);
  JsonObject *object = json_node_get_object (root);
  g_autoptr(GError) error = NULL;
  gint64 value = 7;

  g_assert_cmpstr (imp_json_get_string (object, "s", NULL), ==, "x");
  g_assert_nonnull (imp_json_get_object (object, "o", NULL));
  g_assert_nonnull (imp_json_get_array (object, "a", NULL));

  g_assert_null (imp_json_get_string (object, "missing", &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_assert_cmpstr (error->message, ==, "“missing” is missing");
  g_clear_error (&error);

  g_assert_null (imp_json_get_string (object, "n", &error));
  g_assert_cmpstr (error->message, ==, "“n” is not a string");
  g_clear_error (&error);

  g_assert_null (imp_json_get_string (object, "z", &error));
  g_assert_cmpstr (error->message, ==, "“z” contains U+0000");
  g_clear_error (&error);

  g_assert_false (imp_json_get_int (object, "s", &value, &error));
  g_assert_cmpstr (error->message, ==, "“s” is not an integer");
  g_assert_cmpint (value, ==, 7);
  g_clear_error (&error);

  g_assert_null (imp_json_get_object (object, "a", &error));
  g_assert_cmpstr (error->message, ==, "“a” is not an object");
  g_clear_error (&error);

  g_assert_null (imp_json_get_array (object, "o", &error));
  g_assert_cmpstr (error->message, ==, "“o” is not an array");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/reference", test_reference);
  g_test_add_func ("/json/numbers", test_numbers);
  g_test_add_func ("/json/one-number-one-kind", test_one_number_one_kind);
  g_test_add_func ("/json/foreign-nodes", test_foreign_nodes);
  g_test_add_func ("/json/key-order", test_key_order);
  g_test_add_func ("/json/strings", test_strings);
  g_test_add_func ("/json/keeps-wrong-bytes", test_keeps_wrong_bytes);
  g_test_add_func ("/json/depth", test_depth);
  g_test_add_func ("/json/breadth", test_breadth);
  g_test_add_func ("/json/look-ups", test_look_ups);

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strconcat ("/json/refuses/", refusals[i].name, NULL);

      g_test_add_data_func (path, &refusals[i], test_refuses);
    }
  g_test_add_func ("/json/refuses/nul-byte", test_refuses_nul_byte);
  g_test_add_data_func ("/json/refuses/endless-arrays", "[", test_refuses_endless_depth);
  g_test_add_data_func ("/json/refuses/endless-objects", "{\"a\":", test_refuses_endless_depth);
  g_test_add_func ("/json/refuses/size", test_refuses_size);
  g_test_add_func ("/json/refuses/long-number", test_refuses_long_number);
  g_test_add_func ("/json/refuses/many-keys", test_refuses_many_keys);
  g_test_add_func ("/json/refuses/many-values", test_refuses_many_values);

  return g_test_run ();
}
