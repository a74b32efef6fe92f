/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A place in a JSON text. */
typedef struct
{
  const char *start;
  const char *at;
  const char *end;
} ImpJsonScanner;

void      imp_json_scanner_set_error      (const ImpJsonScanner  *self,
                                           const char            *at,
                                           GError               **error,
                                           const char            *format,
                                           ...) G_GNUC_PRINTF (4, 5);
gboolean  imp_json_scanner_refuse         (const ImpJsonScanner  *self,
                                           const char            *expected,
                                           GError               **error);
void      imp_json_scanner_skip_space     (ImpJsonScanner        *self);
char      imp_json_scanner_peek           (const ImpJsonScanner  *self);
gboolean  imp_json_scanner_skip           (ImpJsonScanner        *self,
                                           char                   c);
char     *imp_json_scanner_read_string    (ImpJsonScanner        *self,
                                           GError               **error);
JsonNode *imp_json_scanner_read_number    (ImpJsonScanner        *self,
                                           GError               **error);
JsonNode *imp_json_scanner_read_word      (ImpJsonScanner        *self,
                                           GError               **error);
gboolean  imp_json_scanner_check_encoding (const ImpJsonScanner  *self,
                                           GError               **error);

G_END_DECLS
