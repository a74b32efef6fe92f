/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-secret.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void
test_wipe (void)
{
  char text[] = "a password";
  const char zeros[sizeof text] = { 0 };

  imp_secret_wipe (text, sizeof text);
  g_assert_cmpmem (text, sizeof text, zeros, sizeof zeros);
  imp_secret_wipe (NULL, 0);
}

static void
test_copy (void)
{
  g_autoptr(GBytes) bytes = imp_secret_new ("secret", 6);
  g_autoptr(GBytes) empty = imp_secret_new (NULL, 0);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "secret", 6);
  g_assert_cmpuint (g_bytes_get_size (empty), ==, 0);
}

#ifndef __SANITIZE_ADDRESS__
/* In a child: what it gives up it never gets back. */
static void
crash (void)
{
  struct rlimit limit;

  imp_secret_hide_memory ();
  if (getrlimit (RLIMIT_CORE, &limit) != 0 || limit.rlim_max != 0 || prctl (PR_GET_DUMPABLE) != 0)
    _exit (1);

  signal (SIGSEGV, SIG_DFL);
  raise (SIGSEGV);
  _exit (2);
}
#endif

static void
test_no_dump (void)
{
#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("the sanitizers need to look into their own process");
#else
  pid_t child = fork ();
  int status;

  if (child == 0)
    crash ();

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGSEGV);
  g_assert_false (WCOREDUMP (status));
#endif
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/secret/wipe", test_wipe);
  g_test_add_func ("/secret/copy", test_copy);
  g_test_add_func ("/secret/no-dump", test_no_dump);

  return g_test_run ();
}
