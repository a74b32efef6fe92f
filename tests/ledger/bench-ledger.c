/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Compares a large ledger with a small one, taking turns so that both see the same machine:
 *
 *   bench-ledger [--rounds N] SMALL-DIRECTORY LARGE-DIRECTORY
 *
 * Both are ledgers of make-ledger. Prints one JSON line for each thing that is measured, medians in
 * milliseconds. What a small ledger lacks to fill a page makes its page cheaper.
 */

#include <locale.h>
#include <time.h>

#include "ledger-load.h"

static int n_rounds = 500;
static char **arguments;

static const GOptionEntry entries[] = {
  { "rounds", 'n', 0, G_OPTION_ARG_INT, &n_rounds, "Measurements of each", "N" },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL, "SMALL LARGE" },
  G_OPTION_ENTRY_NULL
};

static void
report (const char *name,
        GArray     *small,
        GArray     *large)
{
  double small_median = get_percentile (small, 0.5);
  double large_median = get_percentile (large, 0.5);

  g_print ("{\"name\": \"%s\", \"rounds\": %u, \"smallMs\": %.4f, \"largeMs\": %.4f, \"ratio\": %.3f}\n",
           name, small->len, small_median, large_median, large_median / small_median);
}

/* What this process computed while it registered one update: the same on a busy machine as on an idle
 * one, but without the disk.
 */
static void
add_processor_time (LedgerLoad *load,
                    GArray     *processor_times,
                    GArray     *times)
{
  clock_t start = clock ();
  double time;

  ledger_load_publish (load, 1, 1, times);
  time = (clock () - start) * 1000.0 / CLOCKS_PER_SEC;
  g_array_append_val (processor_times, time);
}

static void
compare_registrations (LedgerLoad *loads[2])
{
  g_autoptr(GArray) small = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray) large = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray) small_cpu = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray) large_cpu = g_array_new (FALSE, FALSE, sizeof (double));

  for (int i = 0; i < n_rounds; i++)
    {
      add_processor_time (loads[0], small_cpu, small);
      add_processor_time (loads[1], large_cpu, large);
    }

  report ("register", small, large);
  report ("register-processor", small_cpu, large_cpu);
}

static void
compare_queries (LedgerLoad *loads[2])
{
  g_autoptr(GArray) small = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray) large = g_array_new (FALSE, FALSE, sizeof (double));

  for (int i = 0; i < n_rounds; i++)
    {
      double times[2];

      for (guint j = 0; j < 2; j++)
        times[j] = ledger_load_query_version (loads[j]);
      g_array_append_val (small, times[0]);
      g_array_append_val (large, times[1]);
    }

  report ("query-version", small, large);
}

typedef struct
{
  const char     *name;
  ImpLedgerQuery  query;
} Page;

static const Page pages[] = {
  { "page-newest", { 0 } },
  { "page-in-the-middle", { .before = 90 } },
  { "page-of-class", { .class_id = "Class_1" } },
  { "page-of-contract", { .contract = "RegisterAuthor" } },
  { "find-version", { .version = "V_77" } },
  { "search-version", { .text = "V_77" } },
  { "search-class", { .text = "lass_" } },
  { "search-hash", { .text = "00c0ffee" } },
  { "search-two-characters", { .text = "V_" } },
  { "search-two-characters-absent", { .text = "~~" } },
  { "search-two-characters-of-hash", { .text = "zz" } },
  { "search-one-character-absent", { .text = "~" } },
};

static void
compare_pages (LedgerLoad *loads[2],
               const Page *page)
{
  g_autoptr(GArray) small = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray) large = g_array_new (FALSE, FALSE, sizeof (double));

  for (int i = 0; i < MIN (n_rounds, 50); i++)
    {
      double times[] = { ledger_load_list (loads[0], &page->query), ledger_load_list (loads[1], &page->query) };

      g_array_append_val (small, times[0]);
      g_array_append_val (large, times[1]);
    }

  report (page->name, small, large);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;
  LedgerLoad *loads[2];

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || n_rounds < 1 ||
      arguments == NULL || g_strv_length (arguments) != 2)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "usage: bench-ledger [OPTION…] SMALL LARGE");
      return 2;
    }

  for (guint i = 0; i < 2; i++)
    loads[i] = ledger_load_open (arguments[i], 1, 1);

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    compare_pages (loads, &pages[i]);
  compare_queries (loads);
  compare_registrations (loads);

  for (guint i = 0; i < 2; i++)
    ledger_load_close (loads[i]);

  return 0;
}
