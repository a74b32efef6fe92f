/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A payload that the retrieval agent sent, or began to send, to a device. */
#define IMP_TYPE_FETCH (imp_fetch_get_type ())
G_DECLARE_FINAL_TYPE (ImpFetch, imp_fetch, IMP, FETCH, GObject)

typedef enum
{
  IMP_FETCH_COMPLETE,
  IMP_FETCH_CUT,
  IMP_FETCH_FAILED,
} ImpFetchOutcome;

ImpFetch        *imp_fetch_new_from_json (JsonObject  *object,
                                          GError     **error);

guint64          imp_fetch_get_id        (ImpFetch    *self);
const char      *imp_fetch_get_device    (ImpFetch    *self);
const char      *imp_fetch_get_class_id  (ImpFetch    *self);
const char      *imp_fetch_get_version   (ImpFetch    *self);
gint64           imp_fetch_get_time      (ImpFetch    *self);
guint64          imp_fetch_get_bytes     (ImpFetch    *self);
double           imp_fetch_get_ms        (ImpFetch    *self);
ImpFetchOutcome  imp_fetch_get_outcome   (ImpFetch    *self);

G_END_DECLS
