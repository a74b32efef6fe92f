/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "imp-strings.h"

static ImpStringsDiff *
compare (GString *a,
         GString *b,
         guint    max_set)
{
  g_autoptr(GBytes) bytes_a = g_bytes_new (a->str, a->len);
  g_autoptr(GBytes) bytes_b = g_bytes_new (b->str, b->len);
  g_autoptr(GInputStream) stream_a = g_memory_input_stream_new_from_bytes (bytes_a);
  g_autoptr(GInputStream) stream_b = g_memory_input_stream_new_from_bytes (bytes_b);
  g_autoptr(GError) error = NULL;
  ImpStringsDiff *diff = imp_strings_compare (stream_a, stream_b, max_set, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return diff;
}

static ImpStringsDiff *
compare_texts (const char *a,
               gsize       size_a,
               const char *b,
               gsize       size_b)
{
  g_autoptr(GString) text_a = g_string_new_len (a, size_a);
  g_autoptr(GString) text_b = g_string_new_len (b, size_b);

  return compare (text_a, text_b, IMP_STRINGS_MAX_SET);
}

static void
assert_found (GPtrArray  *found,
              guint       index,
              const char *text,
              guint64     offset)
{
  ImpStringFound *string;

  g_assert_cmpuint (found->len, >, index);
  string = g_ptr_array_index (found, index);
  g_assert_cmpstr (string->text, ==, text);
  g_assert_cmpuint (string->offset, ==, offset);
}

static void
test_found (void)
{
  static const char a[] = "\0same string\0only in a\0short\0twice in a\0twice in a\377";
  static const char b[] = "only in b\n\001same string\0tab\there\0";
  g_autoptr(ImpStringsDiff) diff = compare_texts (a, sizeof a - 1, b, sizeof b - 1);

  g_assert_cmpuint (diff->n_gone, ==, 2);
  g_assert_cmpuint (diff->n_added, ==, 2);
  g_assert_cmpuint (diff->share, ==, 1);
  assert_found (diff->gone, 0, "only in a", 13);
  assert_found (diff->gone, 1, "twice in a", 29);
  assert_found (diff->added, 0, "only in b", 0);
  assert_found (diff->added, 1, "tab\there", 23);
}

static void
test_empty (void)
{
  g_autoptr(ImpStringsDiff) diff = compare_texts ("", 0, "abcdef", 6);

  g_assert_cmpuint (diff->n_gone, ==, 0);
  g_assert_cmpuint (diff->n_added, ==, 1);
  assert_found (diff->added, 0, "abcdef", 0);
}

/* A string across blocks, and one that is longer than any. */
static void
test_long (void)
{
  g_autoptr(GString) a = g_string_new (NULL);
  g_autoptr(GString) b = g_string_new (NULL);
  g_autoptr(ImpStringsDiff) diff = NULL;

  for (guint i = 0; i < 256 * 1024 - 3; i++)
    g_string_append_c (a, '\0');
  g_string_append (a, "across blocks");
  for (guint i = 0; i < 3000; i++)
    g_string_append_c (b, 'x');

  diff = compare (a, b, IMP_STRINGS_MAX_SET);
  assert_found (diff->gone, 0, "across blocks", 256 * 1024 - 3);
  g_assert_cmpuint (diff->n_added, ==, 2);  /* pieces of 1024, equal, and the rest */
  g_assert_cmpuint (strlen (((ImpStringFound *) g_ptr_array_index (diff->added, 0))->text), ==, 1024);
}

/* Beyond its limit a set leaves strings out, the same ones of both files: nothing that is told is false. */
static void
test_thinned (void)
{
  g_autoptr(GString) a = g_string_new (NULL);
  g_autoptr(GString) b = g_string_new (NULL);
  g_autoptr(ImpStringsDiff) diff = NULL;

  for (guint i = 0; i < 20000; i++)
    {
      g_string_append_printf (a, "number %u%c", i, 0);
      if (i >= 10000)
        g_string_append_printf (b, "number %u%c", i, 0);
    }

  diff = compare (a, b, 1000);
  g_assert_cmpuint (diff->share, ==, 32);
  g_assert_cmpuint (diff->n_added, ==, 0);
  g_assert_cmpuint (diff->n_gone, >, 200);
  g_assert_cmpuint (diff->n_gone, <, 420);
  g_assert_cmpuint (diff->gone->len, ==, diff->n_gone);
  for (guint i = 0; i < diff->gone->len; i++)
    {
      ImpStringFound *string = g_ptr_array_index (diff->gone, i);

      g_assert_cmpuint (g_ascii_strtoull (string->text + strlen ("number "), NULL, 10), <, 10000);
    }
}

/* More than are listed are still counted. */
static void
test_many (void)
{
  g_autoptr(GString) a = g_string_new (NULL);
  g_autoptr(GString) b = g_string_new (NULL);
  g_autoptr(ImpStringsDiff) diff = NULL;

  for (guint i = 0; i < IMP_STRINGS_MAX_LIST + 500; i++)
    g_string_append_printf (b, "number %u%c", i, 0);

  diff = compare (a, b, IMP_STRINGS_MAX_SET);
  g_assert_cmpuint (diff->n_added, ==, IMP_STRINGS_MAX_LIST + 500);
  g_assert_cmpuint (diff->added->len, ==, IMP_STRINGS_MAX_LIST);
}

static void
test_cancelled (void)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data ("abcdef", 6, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (imp_strings_compare (stream, stream, 10, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/strings/found", test_found);
  g_test_add_func ("/strings/empty", test_empty);
  g_test_add_func ("/strings/long", test_long);
  g_test_add_func ("/strings/thinned", test_thinned);
  g_test_add_func ("/strings/many", test_many);
  g_test_add_func ("/strings/cancelled", test_cancelled);

  return g_test_run ();
}
