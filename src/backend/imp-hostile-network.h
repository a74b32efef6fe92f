/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-attack.h"

G_BEGIN_DECLS

/* Something that it did to what passed through it. */
typedef struct
{
  char *where;   /* (owned) the request */
  char *before;  /* (owned) (nullable) the bytes as they came */
  char *after;   /* (owned) as they went on */
} ImpTamper;

void               imp_tamper_free              (ImpTamper          *self);

/* What stands between a device and its agent in a rehearsal, and does not always pass on what it was given. */
typedef struct _ImpHostileNetwork ImpHostileNetwork;

ImpHostileNetwork *imp_hostile_network_new      (const ImpAttack    *attack,
                                                 ImpAttacker        *attacker,
                                                 GError            **error);
void               imp_hostile_network_free     (ImpHostileNetwork  *self);

const char        *imp_hostile_network_get_url  (ImpHostileNetwork  *self);
GPtrArray         *imp_hostile_network_stop     (ImpHostileNetwork  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpTamper, imp_tamper_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpHostileNetwork, imp_hostile_network_free)

G_END_DECLS
