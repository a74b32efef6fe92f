/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Rows whose columns line up. */
typedef struct _ImpTable ImpTable;

ImpTable *imp_table_new         (const char *const *header);
void      imp_table_free        (ImpTable          *self);
void      imp_table_add         (ImpTable          *self,
                                 ...) G_GNUC_NULL_TERMINATED;
void      imp_table_print       (ImpTable          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpTable, imp_table_free)

void      imp_print             (const char        *format,
                                 ...) G_GNUC_PRINTF (1, 2);
void      imp_print_json        (JsonNode          *node);
void      imp_print_json_items  (JsonArray         *items,
                                 gboolean           array);
gboolean  imp_print_flush       (GError           **error);

char     *imp_printable         (const char        *text);
char     *imp_format_local_time (gint64             ms);
char     *imp_format_duration   (double             ms);

/* Members of an object that is being built; absent values are null. */
void      imp_json_add_string   (JsonBuilder       *builder,
                                 const char        *name,
                                 const char        *value);
void      imp_json_add_int      (JsonBuilder       *builder,
                                 const char        *name,
                                 gint64             value);
void      imp_json_add_double   (JsonBuilder       *builder,
                                 const char        *name,
                                 double             value);
void      imp_json_add_boolean  (JsonBuilder       *builder,
                                 const char        *name,
                                 gboolean           value);
void      imp_json_add_time     (JsonBuilder       *builder,
                                 const char        *name,
                                 gint64             ms);
void      imp_json_add_node     (JsonBuilder       *builder,
                                 const char        *name,
                                 JsonNode          *value);

G_END_DECLS
