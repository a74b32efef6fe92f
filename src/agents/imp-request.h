/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* One request and its one reply. */
#define IMP_TYPE_REQUEST (imp_request_get_type ())
G_DECLARE_FINAL_TYPE (ImpRequest, imp_request, IMP, REQUEST, GObject)

/* How errors are told: as RFC 9457 problems, or as the reference's JSON strings. */
typedef enum
{
  IMP_ERROR_STYLE_PROBLEM,
  IMP_ERROR_STYLE_REFERENCE,
} ImpErrorStyle;

ImpRequest         *imp_request_new             (SoupServerMessage   *message,
                                                 GHashTable          *query,
                                                 ImpErrorStyle        style);

SoupServerMessage  *imp_request_get_message     (ImpRequest          *self);
GCancellable       *imp_request_get_cancellable (ImpRequest          *self);
const char         *imp_request_get_id          (ImpRequest          *self);
char               *imp_request_dup_address     (ImpRequest          *self);
gboolean            imp_request_is_over         (ImpRequest          *self);
gboolean            imp_request_is_pending      (ImpRequest          *self);
gboolean            imp_request_is_receiving    (ImpRequest          *self);

void                imp_request_set_parameter   (ImpRequest          *self,
                                                 const char          *name,
                                                 const char          *value);
const char         *imp_request_get_parameter   (ImpRequest          *self,
                                                 const char          *name);
const char         *imp_request_get_query       (ImpRequest          *self,
                                                 const char          *name);
gboolean            imp_request_check_query     (ImpRequest          *self,
                                                 const char *const   *names,
                                                 GError             **error);
gboolean            imp_request_get_query_int   (ImpRequest          *self,
                                                 const char          *name,
                                                 guint64              minimum,
                                                 guint64              maximum,
                                                 guint64             *value,
                                                 GError             **error);
const char         *imp_request_get_header      (ImpRequest          *self,
                                                 const char          *name);

void                imp_request_set_body        (ImpRequest          *self,
                                                 GBytes              *body);
JsonObject         *imp_request_parse_body      (ImpRequest          *self,
                                                 GError             **error);

void                imp_request_hold            (ImpRequest          *self);
void                imp_request_release         (ImpRequest          *self);
void                imp_request_end_body        (ImpRequest          *self);
void                imp_request_abort           (ImpRequest          *self);

void                imp_request_reply           (ImpRequest          *self,
                                                 guint                status,
                                                 const char          *content_type,
                                                 const char          *body,
                                                 gssize               length);
void                imp_request_reply_json      (ImpRequest          *self,
                                                 guint                status,
                                                 JsonNode            *node);
void                imp_request_reply_string    (ImpRequest          *self,
                                                 guint                status,
                                                 const char          *text);
void                imp_request_reply_error     (ImpRequest          *self,
                                                 const GError        *error);
void                imp_request_reply_status    (ImpRequest          *self,
                                                 guint                status,
                                                 const char          *detail);
void                imp_request_begin_stream    (ImpRequest          *self,
                                                 guint                status);

G_END_DECLS
