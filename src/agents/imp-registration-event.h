/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "imp-update.h"

G_BEGIN_DECLS

/* What listeners are told of a step of a registration. */
JsonObject *imp_registration_event_new       (const char   *request_id,
                                              const char   *fingerprint,
                                              ImpUpdate    *update,
                                              const char   *step);
void        imp_registration_event_set_error (JsonObject   *event,
                                              const GError *error);

void        imp_json_set_string_or_null      (JsonObject   *object,
                                              const char   *name,
                                              const char   *value);

G_END_DECLS
