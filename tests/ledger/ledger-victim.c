/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Publishes into the ledger of DIRECTORY, under CLASS, until it is killed. Each version is printed once
 * it has been answered: what was printed must be there afterwards.
 *
 *   ledger-victim DIRECTORY CLASS
 */

#include <string.h>
#include <unistd.h>

#include "ledger-fixture.h"

#define N_CONCURRENT 8

static void
say (const char *line)
{
  g_autofree char *text = g_strconcat (line, "\n", NULL);

  if (write (STDOUT_FILENO, text, strlen (text)) < 0)
    _exit (1);
}

int
main (int   argc,
      char *argv[])
{
  LedgerFixture fixture = { 0 };
  LedgerCall *calls[N_CONCURRENT] = { NULL };

  g_assert_cmpint (argc, ==, 3);
  fixture.directory = g_strdup (argv[1]);
  fixture.payloads = test_payloads_new ();
  fixture.committed = g_ptr_array_new_with_free_func (g_object_unref);
  fixture.author = imp_key_generate (IMP_KEY_ED25519, NULL);
  ledger_open (&fixture);
  ledger_register (&fixture, "message");
  say ("ready");

  for (guint i = 0;; i++)
    {
      LedgerCall **call = &calls[i % N_CONCURRENT];
      g_autofree char *version = g_strdup_printf ("V_%u", i);
      g_autoptr(GError) error = NULL;

      if (*call != NULL)
        {
          g_autoptr(ImpReceipt) receipt = ledger_finish (&fixture, *call, &error);

          g_assert_no_error (error);
          say (imp_transaction_get_version (receipt->transaction));
        }
      *call = ledger_start (&fixture, argv[2], version, i + 1, NULL);
    }
}
