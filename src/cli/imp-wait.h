/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Waits for an asynchronous call while the main loop runs on. */
typedef struct
{
  GAsyncResult *result;  /* (owned) */
} ImpWait;

#define IMP_WAIT_INIT { NULL }

void          imp_wait_cb           (GObject      *object,
                                     GAsyncResult *result,
                                     gpointer      user_data);
GAsyncResult *imp_wait              (ImpWait      *self);
void          imp_wait_clear        (ImpWait      *self);

/* Until the agents that this process has started, and is ending, have ended. */
void          imp_wait_for_children (void);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ImpWait, imp_wait_clear)

G_END_DECLS
