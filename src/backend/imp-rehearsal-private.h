/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-attacker.h"
#include "imp-rehearsal.h"

G_BEGIN_DECLS

/* What is known of the ledger and done to the device so that there is something to attack. */
typedef struct
{
  ImpAgentClient *client;       /* (owned) */
  ImpDevice      *device;       /* (owned) */
  GCancellable   *cancellable;  /* (owned) (nullable) */
  GPtrArray      *versions;     /* (owned) (element-type ImpTransaction) of the device's class, newest first */
  GPtrArray      *updates;      /* (owned) (element-type ImpTransaction) by its author, newest first */
  gint64          expiry;       /* of the newest, -1: never */
  gboolean        taken_back;   /* to an older version than it had */
} ImpStage;

ImpStage   *imp_stage_new             (ImpAgentClient       *client,
                                       ImpDevice            *device,
                                       GCancellable         *cancellable);
void        imp_stage_free            (ImpStage             *self);

void        imp_stage_look_async      (ImpStage             *self,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
gboolean    imp_stage_look_finish     (ImpStage             *self,
                                       GAsyncResult         *result,
                                       GError              **error);

/* Makes of the device one that the attack can be tried on; a reason where it cannot. */
void        imp_stage_set_async       (ImpStage             *self,
                                       const ImpAttack      *attack,
                                       ImpAttacker          *attacker,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
gboolean    imp_stage_set_finish      (ImpStage             *self,
                                       GAsyncResult         *result,
                                       GError              **error);

void        imp_stage_update_async    (ImpStage             *self,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
gboolean    imp_stage_update_finish   (ImpStage             *self,
                                       GAsyncResult         *result,
                                       GError              **error);

gboolean    imp_stage_has_newer       (ImpStage             *self);
const char *imp_stage_get_retrieval   (ImpStage             *self);

gboolean    imp_rehearsal_check_ready (ImpRehearsal         *self,
                                       ImpAgentClient       *client,
                                       ImpDevice            *device,
                                       GError              **error);

G_END_DECLS
