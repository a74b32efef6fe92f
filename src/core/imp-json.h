/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define IMP_JSON_MAX_DEPTH 32

/* Reading: strict RFC 8259 for bytes from outside (our own reader, into json-glib's tree): UTF-8,
 * depth, duplicate keys, trailing text, size are checked WHILE reading, before a tree grows.
 * length may be -1. Integers in ±(2^53-1) become int64 nodes, other numbers doubles as in
 * ECMAScript; a number that no double holds (1e999) is refused. U+0000 in a string is kept where
 * JSON allows it? No: json-glib strings are C strings, so \u0000 needs care in canonical form; see
 * the vectors.
 */
JsonNode   *imp_json_parse        (const char  *text,
                                   gssize       length,
                                   gsize        max_size,
                                   GError     **error);

/* What json-stringify-deterministic prints. */
char       *imp_json_canonicalize (JsonNode    *node);

/* Typed look-ups that name the member in the error (IMP_ERROR_MALFORMED). */
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
