/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Bytes from the main loop to a thread that reads them as a stream, with a bound: the writer never blocks, it asks whether there is room
 * and is told (in its own main context) when there is room again. An end may carry an error, which the reader then gets.
 */
#define IMP_TYPE_PIPE (imp_pipe_get_type ())
G_DECLARE_FINAL_TYPE (ImpPipe, imp_pipe, IMP, PIPE, GInputStream)

ImpPipe  *imp_pipe_new        (gsize          capacity);
void      imp_pipe_push       (ImpPipe       *self,
                               GBytes        *bytes);
gboolean  imp_pipe_is_full    (ImpPipe       *self);   /* signal "drained" comes when it no longer is */
void      imp_pipe_end        (ImpPipe       *self,
                               const GError  *error);  /* (nullable) */

G_END_DECLS
