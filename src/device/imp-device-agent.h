/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* How patient a device is. */
typedef struct
{
  guint    answer_seconds;  /* until an answer begins */
  guint    idle_seconds;    /* without a byte */
  guint    window_ms;       /* in which at least… */
  guint64  window_bytes;    /* …so many bytes have to come */
} ImpDevicePace;

extern const ImpDevicePace imp_device_default_pace;

typedef void (*ImpDeviceTraceFunc) (const char *line,
                                    gpointer    user_data);

/* A device's end of the conversation with a retrieval agent; blocking. */
typedef struct _ImpDeviceAgent ImpDeviceAgent;

ImpDeviceAgent *imp_device_agent_new          (const char           *base,
                                               const char           *device_id,
                                               const ImpDevicePace  *pace,
                                               GCancellable         *cancellable,
                                               ImpDeviceTraceFunc    trace,
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

/* An answer's bytes, as long as they keep coming. */
typedef struct _ImpDeviceBody ImpDeviceBody;

ImpDeviceBody  *imp_device_agent_get_payload  (ImpDeviceAgent       *self,
                                               const char           *cid,
                                               GError              **error);
goffset         imp_device_body_get_length    (ImpDeviceBody        *self);
gboolean        imp_device_body_fill          (ImpDeviceBody        *self,
                                               void                 *buffer,
                                               gsize                 size,
                                               gsize                *filled,
                                               GError              **error);
void            imp_device_body_free          (ImpDeviceBody        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpDeviceAgent, imp_device_agent_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpDeviceBody, imp_device_body_free)

G_END_DECLS
