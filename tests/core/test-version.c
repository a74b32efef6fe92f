/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-version.h"

/* Each is older than the next. */
static const char *const semantic[] = {
  "0.9.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
  "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0-rc.1", "2.0.0",
  "99999999999999999999.0.0", "100000000000000000000.0.0",
};

static const char *const natural[] = {
  "", "1", "1.0", "1.9", "1.10", "2", "V", "V_1", "V_9", "V_10", "V_10a", "V_11",
  "V_99999999999999999999999", "V_100000000000000000000000", "W_1", "é",
};

static void
test_order (gconstpointer data)
{
  const char *const *versions = data;
  guint length = versions == semantic ? G_N_ELEMENTS (semantic) : G_N_ELEMENTS (natural);

  for (guint i = 0; i < length; i++)
    {
      for (guint j = 0; j < length; j++)
        {
          int order = imp_version_compare (versions[i], versions[j]);

          if ((order > 0) - (order < 0) != (i > j) - (i < j))
            g_error ("“%s” against “%s” gives %d", versions[i], versions[j], order);
        }
    }
}

static void
test_equal (void)
{
  g_assert_cmpint (imp_version_compare ("1.0.0+a", "1.0.0+b"), ==, 0);
  g_assert_cmpint (imp_version_compare ("V_01", "V_1"), ==, 0);
  g_assert_cmpint (imp_version_compare ("V_0", "V_000"), ==, 0);
}

/* Not semantic versions, so that the hyphen is only a character. */
static void
test_nearly_semantic (void)
{
  g_assert_cmpint (imp_version_compare ("v1.0.0", "v1.0.0-rc.1"), <, 0);
  g_assert_cmpint (imp_version_compare ("1.0", "1.0-rc.1"), <, 0);
  g_assert_cmpint (imp_version_compare ("1.0.00", "1.0.0-rc.1"), <, 0);
  g_assert_cmpint (imp_version_compare ("1.0.0-", "1.0.0"), >, 0);
  g_assert_cmpint (imp_version_compare ("1.0.0-01", "1.0.0"), >, 0);
  g_assert_cmpint (imp_version_compare ("1.0.0-a..b", "1.0.0"), >, 0);
}

static const struct
{
  const char *version;
  const char *next;
} nexts[] = {
  { "V_1", "V_2" },
  { "V_9", "V_10" },
  { "V_09", "V_10" },
  { "V_99999999999999999999", "V_100000000000000000000" },
  { "1.2.3", "1.2.4" },
  { "2.0.0-rc.1", "2.0.0-rc.2" },
  { "1.0.0-rc9", "1.0.0-rc9.1" },
  { "1.0.0+5", "1.0.1" },
  { "r5 (beta)", "r6 (beta)" },
  { "beta", "beta.1" },
  { "", "1" },
};

static void
test_next (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (nexts); i++)
    {
      g_autofree char *next = imp_version_next (nexts[i].version);

      g_assert_cmpstr (next, ==, nexts[i].next);
      g_assert_cmpint (imp_version_compare (next, nexts[i].version), >, 0);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/version/semantic", semantic, test_order);
  g_test_add_data_func ("/version/natural", natural, test_order);
  g_test_add_func ("/version/equal", test_equal);
  g_test_add_func ("/version/nearly-semantic", test_nearly_semantic);
  g_test_add_func ("/version/next", test_next);

  return g_test_run ();
}
