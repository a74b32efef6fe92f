/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* JSON may say U+0000 in a string, json-glib’s C strings may not: in our trees it is spelled as
 * Java spells it, in two bytes that are never UTF-8. Only the reader and the printer know; every
 * look-up refuses it.
 */
#define IMP_JSON_NUL "\xc0\x80"

/* The integers that every reader of JSON holds exactly: ±(2^53 - 1). */
#define IMP_JSON_MAX_INT G_GINT64_CONSTANT (9007199254740991)

void imp_json_append_number (GString *text,
                             double   number);

G_END_DECLS
