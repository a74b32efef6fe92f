/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-request.h"

G_BEGIN_DECLS

/* `{publicKey, classID}`: what a device asks by. */
typedef struct
{
  char *public_key;
  char *class_id;
} ImpDeviceId;

ImpDeviceId *imp_device_id_parse            (ImpRequest   *request,
                                             GError      **error);
ImpDeviceId *imp_device_id_from_json        (JsonObject   *object,
                                             GError      **error);
void         imp_device_id_free             (ImpDeviceId  *self);

/* The name that a device gives itself. */
gboolean     imp_device_name_check          (const char   *name,
                                             GError      **error);
gboolean     imp_device_name_check_request  (ImpRequest   *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpDeviceId, imp_device_id_free)

G_END_DECLS
