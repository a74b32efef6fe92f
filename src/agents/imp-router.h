/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent.h"

G_BEGIN_DECLS

/* Which handler a path belongs to. */
typedef struct _ImpRouter ImpRouter;

typedef struct
{
  const ImpRoute *route;
  gpointer        user_data;
} ImpMatch;

ImpRouter *imp_router_new    (void);
void       imp_router_free   (ImpRouter       *self);
void       imp_router_add    (ImpRouter       *self,
                              const ImpRoute  *route,
                              gpointer         user_data);
GPtrArray *imp_router_list   (ImpRouter       *self);
gboolean   imp_router_match  (ImpRouter       *self,
                              const char      *method,
                              const char      *path,
                              ImpMatch        *match,
                              GHashTable      *parameters,
                              char           **allowed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpRouter, imp_router_free)

G_END_DECLS
