/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define IMP_TYPE_PIPE (imp_pipe_get_type ())
G_DECLARE_FINAL_TYPE (ImpPipe, imp_pipe, IMP, PIPE, GInputStream)

ImpPipe  *imp_pipe_new        (gsize          capacity);
void      imp_pipe_push       (ImpPipe       *self,
                               GBytes        *bytes);
gboolean  imp_pipe_is_full    (ImpPipe       *self);
void      imp_pipe_end        (ImpPipe       *self,
                               const GError  *error);

G_END_DECLS
