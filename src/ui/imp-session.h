/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-connections.h"
#include "imp-fleet.h"
#include "imp-keyring.h"
#include "imp-submissions.h"
#include "imp-trust.h"

G_BEGIN_DECLS

/* What every place of the console works with: one of each, for one data directory. */
#define IMP_TYPE_SESSION (imp_session_get_type ())
G_DECLARE_FINAL_TYPE (ImpSession, imp_session, IMP, SESSION, GObject)

ImpSession     *imp_session_new               (const char    *data_dir,
                                               GSettings     *settings);

const char     *imp_session_get_data_dir      (ImpSession    *self);
GSettings      *imp_session_get_settings      (ImpSession    *self);
ImpConnections *imp_session_get_connections   (ImpSession    *self);
ImpConnection  *imp_session_get_connection    (ImpSession    *self);
ImpAgentClient *imp_session_get_client        (ImpSession    *self);
const GError   *imp_session_get_error         (ImpSession    *self);
ImpKeyring     *imp_session_get_keyring       (ImpSession    *self);
gboolean        imp_session_get_keys_loaded   (ImpSession    *self);
const GError   *imp_session_get_keyring_error (ImpSession    *self);
GListModel     *imp_session_get_authors       (ImpSession    *self);
ImpSubmissions *imp_session_get_submissions   (ImpSession    *self);
ImpTrust       *imp_session_get_trust         (ImpSession    *self);
ImpFleet       *imp_session_get_fleet         (ImpSession    *self);
gboolean        imp_session_get_fleet_loaded  (ImpSession    *self);
const GError   *imp_session_get_fleet_error   (ImpSession    *self);

void            imp_session_start             (ImpSession    *self);
void            imp_session_open              (ImpSession    *self);
void            imp_session_use               (ImpSession    *self,
                                               ImpConnection *connection);
void            imp_session_load_keys         (ImpSession    *self);
void            imp_session_load_fleet        (ImpSession    *self);

G_END_DECLS
