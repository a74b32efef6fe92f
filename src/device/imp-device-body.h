/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "imp-device.h"

G_BEGIN_DECLS

/* What was asked, what was answered or why nothing was, how many bytes came, and how long it took. */
typedef void (*ImpDeviceExchangeFunc) (const char *request,
                                       const char *answer,
                                       guint64     bytes,
                                       double      ms,
                                       gpointer    user_data);

/* An answer's bytes, as long as they keep coming; when it is freed, the exchange is told. */
typedef struct _ImpDeviceBody ImpDeviceBody;

ImpDeviceBody *imp_device_body_new        (SoupMessage            *message,
                                           const ImpDevicePace    *pace,
                                           GCancellable           *cancellable,
                                           ImpDeviceExchangeFunc   exchange,
                                           gpointer                user_data);
void           imp_device_body_free       (ImpDeviceBody          *self);

gboolean       imp_device_body_begin      (ImpDeviceBody          *self,
                                           GInputStream           *stream,
                                           const GError           *error);
goffset        imp_device_body_get_length (ImpDeviceBody          *self);
gboolean       imp_device_body_fill       (ImpDeviceBody          *self,
                                           void                   *buffer,
                                           gsize                   size,
                                           gsize                  *filled,
                                           GError                **error);
GBytes        *imp_device_body_read_all   (ImpDeviceBody          *self,
                                           GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpDeviceBody, imp_device_body_free)

G_END_DECLS
