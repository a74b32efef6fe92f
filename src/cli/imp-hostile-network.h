/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What stands between a device and its agent in a demonstration, and does not always pass on what it was given. */
#define IMP_TYPE_HOSTILE_NETWORK (imp_hostile_network_get_type ())
G_DECLARE_FINAL_TYPE (ImpHostileNetwork, imp_hostile_network, IMP, HOSTILE_NETWORK, GObject)

ImpHostileNetwork *imp_hostile_network_new            (const char         *agent,
                                                       GError            **error);

const char        *imp_hostile_network_get_url        (ImpHostileNetwork  *self);

/* From now on: one byte of every payload is another. */
void               imp_hostile_network_flip_byte      (ImpHostileNetwork  *self);
/* From now on: the newest update is said to be this one. */
void               imp_hostile_network_replay         (ImpHostileNetwork  *self,
                                                       const char         *transaction);

G_END_DECLS
