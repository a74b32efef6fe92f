/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "imp-device-body.h"

G_BEGIN_DECLS

/* A device's end of the conversation with a retrieval agent; blocking. */
typedef struct _ImpDeviceAgent ImpDeviceAgent;

ImpDeviceAgent *imp_device_agent_new          (const char           *base,
                                               const char           *device_id,
                                               const ImpDevicePace  *pace,
                                               GCancellable         *cancellable,
                                               ImpDeviceExchangeFunc exchange,
                                               gpointer              user_data);
void            imp_device_agent_free         (ImpDeviceAgent       *self);

JsonNode       *imp_device_agent_ask_latest   (ImpDeviceAgent       *self,
                                               const char           *public_key,
                                               const char           *class_id,
                                               GError              **error);
char           *imp_device_agent_get_log_key  (ImpDeviceAgent       *self,
                                               GError              **error);
GArray         *imp_device_agent_get_consistency (ImpDeviceAgent    *self,
                                               guint64               from,
                                               guint64               to,
                                               GError              **error);
gboolean        imp_device_agent_report       (ImpDeviceAgent       *self,
                                               JsonNode             *report,
                                               GError              **error);

ImpDeviceBody  *imp_device_agent_get_payload  (ImpDeviceAgent       *self,
                                               const char           *cid,
                                               GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpDeviceAgent, imp_device_agent_free)

G_END_DECLS
