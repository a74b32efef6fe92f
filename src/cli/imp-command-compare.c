/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-command.h"

#include <glib/gi18n.h>
#include <string.h>

#include "imp-comparison.h"
#include "imp-output.h"
#include "imp-transactions.h"

static struct
{
  ImpPageOptions page;
} options;

/* With a class, versions are named; without one, transactions. */
static char *
find_transaction (ImpRun      *run,
                  guint        index,
                  GError     **error)
{
  const char *name = imp_run_get_argument (run, index);

  if (options.page.class_id == NULL)
    return g_strdup (name);

  options.page.version = (char *) name;
  return imp_page_options_find_transaction (&options.page, run, error);
}

static ImpComparison *
compare (ImpRun  *run,
         GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpProgressBar) bar = NULL;
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;
  ImpAgentClient *client;

  if (!(a = find_transaction (run, 0, error)) || !(b = find_transaction (run, 1, error)) ||
      !(client = imp_run_connect (run, error)))
    return NULL;

  bar = imp_run_start_progress (run, _("Fetching payloads"), IMP_PROGRESS_BYTES);
  imp_comparison_new_async (client, a, b, imp_progress_bar_cb, bar, imp_run_get_cancellable (run),
                            imp_wait_cb, &wait);
  return imp_comparison_new_finish (imp_wait (&wait), error);
}

/* Strings of a payload are anybody's. */
static void
print_text (ImpComparison *comparison)
{
  g_autofree char *text = imp_comparison_to_text (comparison);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++)
    {
      g_autofree char *line = imp_printable (lines[i]);

      imp_print ("%s\n", line);
    }
}

static gboolean
run_compare (ImpRun  *run,
             GError **error)
{
  g_autoptr(ImpComparison) comparison = compare (run, error);

  if (comparison == NULL)
    return FALSE;

  if (imp_run_is_json (run))
    {
      g_autoptr(JsonNode) node = imp_comparison_to_json (comparison);

      imp_print_json (node);
    }
  else
    print_text (comparison);

  return TRUE;
}

static const GOptionEntry compare_options[] = {
  { "class", 0, 0, G_OPTION_ARG_STRING, &options.page.class_id,
    N_("A and B are versions of this class (default: transactions)"), N_("CLASS") },
  { "key", 'k', 0, G_OPTION_ARG_STRING, &options.page.key,
    N_("Only this author’s: a key’s name, or a fingerprint"), N_("KEY") },
  { NULL }
};

const ImpCommand imp_compare_commands[] = {
  { NULL, "compare", "A B", 2, 2, N_("Compare two versions: manifests, sections, strings"),
    compare_options, run_compare },
  { NULL }
};
