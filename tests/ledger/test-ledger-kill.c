/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <signal.h>

#include "imp-error.h"
#include "ledger-fixture.h"

#define N_ROUNDS 10

static GDataInputStream *
start_victim (LedgerFixture  *fixture,
              const char     *class_id,
              GSubprocess   **victim)
{
  g_autofree char *program = g_test_build_filename (G_TEST_BUILT, "ledger", "ledger-victim", NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *line = NULL;
  GDataInputStream *output;

  *victim = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, fixture->directory, class_id,
                              NULL);
  g_assert_no_error (error);

  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (*victim));
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (line, ==, "ready");

  return output;
}

/* Kills it after a while, and gives what it said until then. */
static GPtrArray *
kill_victim (GSubprocess      *victim,
             GDataInputStream *output)
{
  GPtrArray *answered = g_ptr_array_new_with_free_func (g_free);
  gint64 end = g_get_monotonic_time () + g_test_rand_int_range (0, 200 * 1000);
  char *line;

  while (g_get_monotonic_time () < end &&
         (line = g_data_input_stream_read_line (output, NULL, NULL, NULL)) != NULL)
    g_ptr_array_add (answered, line);

  g_subprocess_send_signal (victim, SIGKILL);
  while ((line = g_data_input_stream_read_line (output, NULL, NULL, NULL)) != NULL)
    g_ptr_array_add (answered, line);

  g_assert_true (g_subprocess_wait (victim, NULL, NULL));
  g_assert_true (g_subprocess_get_if_signaled (victim));

  return answered;
}

/* Whatever was answered is there, and whatever is there is whole. */
static void
test_loses_nothing (LedgerFixture *fixture,
                    gconstpointer  data)
{
  guint n_answered = 0;

  ledger_close (fixture);
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      g_autofree char *class_id = g_strdup_printf ("Class_%u", round);
      g_autoptr(GSubprocess) victim = NULL;
      g_autoptr(GDataInputStream) output = start_victim (fixture, class_id, &victim);
      g_autoptr(GPtrArray) answered = kill_victim (victim, output);
      g_autoptr(GError) error = NULL;

      ledger_open (fixture);
      ledger_verify (fixture, &error);
      g_assert_no_error (error);

      for (guint i = 0; i < answered->len; i++)
        {
          ImpLedgerQuery query = { .class_id = class_id, .version = answered->pdata[i] };
          g_autoptr(GPtrArray) found = ledger_list (fixture, query);

          g_assert_cmpuint (found->len, ==, 1);
        }
      n_answered += answered->len;
      ledger_close (fixture);
    }

  g_test_message ("%u registrations were answered before %u kills", n_answered, N_ROUNDS);
  g_assert_cmpuint (n_answered, >, 0);
}

/* While it lives, its ledger is its own. */
static void
test_keeps_the_lock (LedgerFixture *fixture,
                     gconstpointer  data)
{
  g_autoptr(GSubprocess) victim = NULL;
  g_autoptr(GDataInputStream) output = NULL;
  g_autoptr(GPtrArray) answered = NULL;
  g_autoptr(GError) error = NULL;

  ledger_close (fixture);
  output = start_victim (fixture, "Class_1", &victim);
  g_assert_false (ledger_try_open (fixture, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_LEDGER_UNAVAILABLE);
  g_assert_true (g_pattern_match_simple ("*already open in process *", error->message));

  answered = kill_victim (victim, output);
  ledger_open (fixture);
}

#define add(path, func) \
  g_test_add ("/ledger-kill/" path, LedgerFixture, NULL, ledger_set_up, func, ledger_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("loses-nothing", test_loses_nothing);
  add ("keeps-the-lock", test_keeps_the_lock);

  return g_test_run ();
}
