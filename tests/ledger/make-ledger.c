/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Fills a ledger with registrations that went the whole way, for tests that need a large one:
 *
 *   make-ledger [--count N] [--concurrency N] [--authors N] [--classes N]
 *               [--verify] DIRECTORY
 */

#include <locale.h>

#include "ledger-load.h"

#define STEP 10000

static int count = 1000;
static int concurrency = 256;  /* as many as one commit takes */
static int n_authors = 1;
static int n_classes = 1;
static gboolean verify;
static char **arguments;

static const GOptionEntry entries[] = {
  { "count", 'n', 0, G_OPTION_ARG_INT, &count, "Updates to register", "N" },
  { "concurrency", 'c', 0, G_OPTION_ARG_INT, &concurrency, "At a time", "N" },
  { "authors", 0, 0, G_OPTION_ARG_INT, &n_authors, "Authors who register them", "N" },
  { "classes", 0, 0, G_OPTION_ARG_INT, &n_classes, "Classes to spread them over", "N" },
  { "verify", 0, 0, G_OPTION_ARG_NONE, &verify, "Check all of it from the first leaf", NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL, "DIRECTORY" },
  G_OPTION_ENTRY_NULL
};

static void
report (guint   n,
        gint64  time,
        GArray *times)
{
  g_print ("{\"count\": %u, \"concurrency\": %d, \"seconds\": %.3f, \"rate\": %.0f,"
           " \"medianMs\": %.3f, \"p99Ms\": %.3f}\n",
           n, concurrency, time / 1e6, n / (time / 1e6),
           get_percentile (times, 0.5), get_percentile (times, 0.99));
}

static gboolean
check_all (ImpLedger *ledger)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr(GError) error = NULL;

  if (!imp_embedded_ledger_verify (IMP_EMBEDDED_LEDGER (ledger), NULL, NULL, NULL, &error))
    {
      g_printerr ("%s\n", error->message);
      return FALSE;
    }

  g_print ("{\"verifySeconds\": %.3f}\n", (g_get_monotonic_time () - start) / 1e6);
  return TRUE;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;
  LedgerLoad *load;
  gboolean verified;

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) ||
      arguments == NULL || arguments[1] != NULL || count < 1 || concurrency < 1 ||
      n_authors < 1 || n_classes < 1)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "usage: make-ledger [OPTION…] DIRECTORY");
      return 2;
    }

  load = ledger_load_open (arguments[0], n_authors, n_classes);
  for (int done = 0; done < count; done += STEP)
    {
      g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
      guint n = MIN (STEP, count - done);
      gint64 start = g_get_monotonic_time ();

      ledger_load_publish (load, n, concurrency, times);
      report (n, g_get_monotonic_time () - start, times);
    }
  verified = !verify || check_all (load->ledger);
  ledger_load_close (load);

  return verified ? 0 : 1;
}
