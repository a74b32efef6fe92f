/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-thread.h"

#include <errno.h>
#include <sys/resource.h>

#include <glib.h>

/* Linux gives such a thread about a third of the time of one that did not give way, where they compete. */
#define NICENESS 5

/**
 * imp_thread_give_way:
 *
 * Lets the calling thread run after those that somebody waits for: a window that is to be drawn, an
 * agent that is to answer. For threads that hash and send whole payloads; there is no way back, and
 * threads that it starts from then on are like it.
 *
 * Linux has a niceness for each thread. Elsewhere it is the process's, which is not ours to change.
 */
void
imp_thread_give_way (void)
{
#ifdef __linux__
  if (setpriority (PRIO_PROCESS, 0, NICENESS) < 0)
    g_debug ("a thread keeps its priority: %s", g_strerror (errno));
#endif
}
