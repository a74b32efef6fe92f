/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define IMP_JSON_MAX_DEPTH   32
#define IMP_JSON_MAX_MEMBERS 1024          /* of one object */
#define IMP_JSON_MAX_VALUES  (256 * 1024)  /* of one text */

JsonNode   *imp_json_parse        (const char  *text,
                                   gssize       length,
                                   gsize        max_size,
                                   GError     **error);

char       *imp_json_canonicalize (JsonNode    *node);

const char *imp_json_get_string   (JsonObject  *object,
                                   const char  *name,
                                   GError     **error);
gboolean    imp_json_get_int      (JsonObject  *object,
                                   const char  *name,
                                   gint64      *value,
                                   GError     **error);
JsonObject *imp_json_get_object   (JsonObject  *object,
                                   const char  *name,
                                   GError     **error);
JsonArray  *imp_json_get_array    (JsonObject  *object,
                                   const char  *name,
                                   GError     **error);

G_END_DECLS
