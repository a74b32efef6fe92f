/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <sys/resource.h>

#include <glib.h>

#include "imp-thread.h"

static gpointer
give_way_thread (gpointer user_data)
{
  imp_thread_give_way ();
  return GINT_TO_POINTER (getpriority (PRIO_PROCESS, 0));
}

/* The thread that gave way, and no other. */
static void
test_give_way (void)
{
#ifdef __linux__
  int before = getpriority (PRIO_PROCESS, 0);
  int after = GPOINTER_TO_INT (g_thread_join (g_thread_new ("polite", give_way_thread, NULL)));

  if (before >= 5)
    {
      g_test_skip ("whoever runs this gave way already");
      return;
    }
  g_assert_cmpint (after, >, before);
  g_assert_cmpint (getpriority (PRIO_PROCESS, 0), ==, before);
#else
  imp_thread_give_way ();
#endif
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/thread/give-way", test_give_way);

  return g_test_run ();
}
