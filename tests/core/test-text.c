/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-text.h"

#include <string.h>

static void
assert_printable (const char *text,
                  gssize      length,
                  guint       max_characters,
                  const char *expected)
{
  g_autofree char *printable = imp_text_make_printable (text, length, max_characters);

  g_assert_cmpstr (printable, ==, expected);
}

static void
test_printable (void)
{
  assert_printable ("", -1, 5, "");
  assert_printable ("héllo", -1, 5, "héllo");
  assert_printable ("héllo!", -1, 5, "héllo…");
  assert_printable ("a\nb\t\x1b", -1, 10, "a\\u{a}b\\u{9}\\u{1b}");
  assert_printable ("a\0b", 3, 10, "a\xef\xbf\xbd" "b");
  assert_printable ("\xff\xc0\x80", -1, 10, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  assert_printable ("\xe2\x80\xae" "evil\xe2\x80\x8b", -1, 10, "\\u{202e}evil\\u{200b}");
  assert_printable ("日本語", 5, 10, "日\xef\xbf\xbd\xef\xbf\xbd");
}

static void
test_excerpt (void)
{
  g_autofree char *long_text = g_strnfill (100000, 'x');
  g_autofree char *excerpt = imp_text_excerpt (long_text, -1);

  g_assert_cmpuint (g_utf8_strlen (excerpt, -1), ==, 65);
  g_assert_true (g_str_has_suffix (excerpt, "x…"));
}

static void
test_has_control (void)
{
  g_assert_false (imp_text_has_control (""));
  g_assert_false (imp_text_has_control ("V_1 (é) 日本"));
  g_assert_true (imp_text_has_control ("a\n"));
  g_assert_true (imp_text_has_control ("\x7f"));
  g_assert_true (imp_text_has_control ("\xc2\x85"));
  g_assert_true (imp_text_has_control ("\xe2\x80\xa8"));
  g_assert_true (imp_text_has_control ("\xe2\x80\xa9"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/text/printable", test_printable);
  g_test_add_func ("/text/excerpt", test_excerpt);
  g_test_add_func ("/text/has-control", test_has_control);

  return g_test_run ();
}
