/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-wait.h"

#include <errno.h>
#include <sys/wait.h>

/**
 * imp_wait_cb:
 * @object: the object that the call was made on
 * @result: its result
 * @user_data: the [struct@Imp.Wait] that waits for it
 *
 * The callback to hand to an asynchronous call that [func@Imp.wait] will wait for.
 */
void
imp_wait_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  ImpWait *self = user_data;

  g_set_object (&self->result, result);
}

/**
 * imp_wait:
 * @self: what was given as user data to one asynchronous call
 *
 * Runs the main loop until that call has ended.
 *
 * A command does one thing after another, so waiting here keeps it readable from top to bottom;
 * the loop goes on meanwhile, so progress is drawn and Ctrl+C reaches the call's cancellable.
 *
 * Returns: (transfer none): the result, until the next call or [method@Imp.Wait.clear]
 */
GAsyncResult *
imp_wait (ImpWait *self)
{
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return self->result;
}

/**
 * imp_wait_clear:
 * @self: a wait
 *
 * Drops the result that was waited for. The structure is the caller's.
 */
void
imp_wait_clear (ImpWait *self)
{
  g_clear_object (&self->result);
}

/**
 * imp_wait_for_children:
 *
 * Waits until a child of this process that was told to end has ended, so that whoever comes next
 * finds its folder free and nobody writes there any more. It is left to GSubprocess to reap it.
 */
void
imp_wait_for_children (void)
{
  siginfo_t info;
  int status;

  do
    status = waitid (P_ALL, 0, &info, WEXITED | WNOWAIT);
  while (status < 0 && errno == EINTR);
}
