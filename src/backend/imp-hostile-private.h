/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-attacker.h"
#include "imp-hostile-network.h"

G_BEGIN_DECLS

struct _ImpHostileNetwork
{
  const ImpAttack *attack;
  ImpAttacker     *attacker;     /* (owned) */
  GMainContext    *context;      /* (owned): all that follows is of its thread */
  GMainLoop       *loop;         /* (owned) */
  GThread         *thread;       /* (owned) (nullable) */
  GCancellable    *cancellable;  /* (owned): ends what waits for the agent */
  SoupServer      *server;       /* (owned) */
  SoupSession     *session;      /* (owned) */
  char            *url;          /* (owned) without a slash at its end */
  guint64          size;         /* of the payload, as the manifest that was passed on has it */
  GPtrArray       *tampers;      /* (owned) */
};

void          imp_hostile_network_note       (ImpHostileNetwork  *self,
                                              SoupServerMessage  *message,
                                              const char         *before,
                                              const char         *after);
void          imp_hostile_network_note_bytes (ImpHostileNetwork  *self,
                                              SoupServerMessage  *message,
                                              const char         *before,
                                              gsize               before_size,
                                              const char         *after,
                                              gsize               after_size);
GInputStream *imp_hostile_network_forward    (ImpHostileNetwork  *self,
                                              SoupServerMessage  *message,
                                              const char         *path,
                                              goffset            *length);
void          imp_hostile_network_cut        (SoupServerMessage  *message);
void          imp_hostile_payload_pass       (ImpHostileNetwork  *self,
                                              SoupServerMessage  *message,
                                              const char         *path);
void          imp_hostile_answer_pass        (ImpHostileNetwork  *self,
                                              SoupServerMessage  *message,
                                              const char         *path);

G_END_DECLS
