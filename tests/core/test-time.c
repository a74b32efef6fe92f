/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-error.h"
#include "imp-time.h"

static const struct
{
  const char *text;
  gint64      ms;
} times[] = {
  { "1970-01-01T00:00:00.000Z", 0 },
  { "2023-02-01T14:04:19.353Z", 1675260259353 },
  { "1969-12-31T23:59:59.999Z", -1 },
  { "0001-01-01T00:00:00.000Z", -62135596800000 },
  { "9999-12-31T23:59:59.999Z", 253402300799999 },
  { "2024-02-29T00:00:00.001Z", 1709164800001 },
};

static void
test_both_ways (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *text = imp_time_format (times[i].ms);
      g_autoptr(GError) error = NULL;
      gint64 ms = 0;

      g_assert_cmpstr (text, ==, times[i].text);
      g_assert_true (imp_time_parse (times[i].text, &ms, &error));
      g_assert_no_error (error);
      g_assert_cmpint (ms, ==, times[i].ms);
    }
}

static void
test_other_fractions (void)
{
  gint64 ms = 0;

  g_assert_true (imp_time_parse ("1970-01-01T00:00:01Z", &ms, NULL));
  g_assert_cmpint (ms, ==, 1000);
  g_assert_true (imp_time_parse ("1970-01-01T00:00:01.5Z", &ms, NULL));
  g_assert_cmpint (ms, ==, 1500);
  g_assert_true (imp_time_parse ("1970-01-01T00:00:01.123456789Z", &ms, NULL));
  g_assert_cmpint (ms, ==, 1123);
}

static void
test_now (void)
{
  g_assert_cmpint (imp_time_now (), >, 1600000000000);
}

static void
test_refuses (gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gint64 ms = 42;

  g_assert_false (imp_time_parse (data, &ms, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_assert_cmpint (ms, ==, 42);
}

#define refuses(name, text) g_test_add_data_func ("/time/refuses/" name, text, test_refuses)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/time/both-ways", test_both_ways);
  g_test_add_func ("/time/other-fractions", test_other_fractions);
  g_test_add_func ("/time/now", test_now);
  refuses ("empty", "");
  refuses ("words", "yesterday");
  refuses ("date-only", "2023-02-01");
  refuses ("no-zone", "2023-02-01T14:04:19.353");
  refuses ("other-zone", "2023-02-01T14:04:19.353+01:00");
  refuses ("lower-case-zone", "2023-02-01T14:04:19.353z");
  refuses ("space-for-t", "2023-02-01 14:04:19.353Z");
  refuses ("month-13", "2023-13-01T14:04:19.353Z");
  refuses ("february-30", "2023-02-30T14:04:19.353Z");
  refuses ("hour-24", "2023-02-01T24:00:00.000Z");
  refuses ("second-60", "2023-02-01T14:04:60.000Z");
  refuses ("year-0", "0000-01-01T00:00:00.000Z");
  refuses ("five-digit-year", "12023-02-01T14:04:19.353Z");
  refuses ("negative-year", "-023-02-01T14:04:19.353Z");
  refuses ("empty-fraction", "2023-02-01T14:04:19.Z");
  refuses ("ten-digit-fraction", "2023-02-01T14:04:19.0123456789Z");
  refuses ("trailing-text", "2023-02-01T14:04:19.353Z ");
  refuses ("leading-space", " 2023-02-01T14:04:19.353Z");

  return g_test_run ();
}
