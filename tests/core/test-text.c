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
  assert_printable ("\xe3\x85\xa4" "a\xef\xb8\x8f", -1, 10, "\\u{3164}a\\u{fe0f}");
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

typedef struct
{
  const char *text;
  gunichar    unseen;      /* 0 if all can be seen */
  gunichar    misleading;
  guint       position;
} Find;

static const Find finds[] = {
  { "", 0, 0, 0 },
  { "V_1 (é) 日本 שלום", 0, 0, 0 },
  { "a\n", '\n', 0, 2 },
  { "a\tb\r", '\t', 0, 2 },
  { "é\x7f", 0x7f, 0, 2 },
  { "\xc2\x85", 0x85, 0, 1 },
  { "日\xe2\x80\xa8", 0x2028, 0, 2 },
  { "\xe2\x80\xa9", 0x2029, 0, 1 },
  { "ab\xe2\x80\xae", 0x202e, 0x202e, 3 },
  { "\xe2\x81\xa7" "a", 0x2067, 0x2067, 1 },
  { "a\xe2\x80\x8c" "b", 0x200c, 0, 2 },
  { "a\xe2\x80\x8b", 0x200b, 0, 2 },
  { "a\xc2\xa0", 0xa0, 0, 2 },
  { "\xe3\x85\xa4", 0x3164, 0, 1 },
  { "\xe2\xa0\x80", 0x2800, 0, 1 },
  { "a\xef\xb8\x8f", 0xfe0f, 0, 2 },
  { "a\xf3\xa0\x81\x81", 0xe0041, 0, 2 },
};

static void
test_finds (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (finds); i++)
    {
      gunichar c;
      guint position;

      g_assert_cmpint (imp_text_find_unseen (finds[i].text, &c, &position), ==, finds[i].unseen != 0);
      if (finds[i].unseen != 0)
        {
          g_assert_cmphex (c, ==, finds[i].unseen);
          g_assert_cmpuint (position, ==, finds[i].position);
        }

      g_assert_cmpint (imp_text_find_misleading (finds[i].text, &c, &position), ==,
                       finds[i].misleading != 0);
      if (finds[i].misleading != 0)
        {
          g_assert_cmphex (c, ==, finds[i].misleading);
          g_assert_cmpuint (position, ==, finds[i].position);
        }
    }
}

static void
test_composed (void)
{
  g_assert_true (imp_text_is_composed (""));
  g_assert_true (imp_text_is_composed ("release"));
  g_assert_true (imp_text_is_composed ("caf\xc3\xa9 日本"));
  g_assert_false (imp_text_is_composed ("cafe\xcc\x81"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/text/printable", test_printable);
  g_test_add_func ("/text/excerpt", test_excerpt);
  g_test_add_func ("/text/finds", test_finds);
  g_test_add_func ("/text/composed", test_composed);

  return g_test_run ();
}
