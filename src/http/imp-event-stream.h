/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define IMP_EVENT_MAX_SIZE (1024 * 1024)  /* bytes */

/* A server-sent event. */
typedef struct
{
  guint64  id;
  char    *name;
  char    *data;
} ImpEvent;

#define IMP_TYPE_EVENT (imp_event_get_type ())
GType     imp_event_get_type (void);
ImpEvent *imp_event_new      (guint64         id,
                              const char     *name,
                              const char     *data);
ImpEvent *imp_event_copy     (const ImpEvent *self);
void      imp_event_free     (ImpEvent       *self);
char     *imp_event_format   (const ImpEvent *self);

/* Reads events as they arrive. */
typedef struct _ImpEventReader ImpEventReader;

typedef void (*ImpEventFunc) (const ImpEvent *event,
                              gpointer        user_data);

ImpEventReader *imp_event_reader_new  (ImpEventFunc     func,
                                       gpointer         user_data);
void            imp_event_reader_free (ImpEventReader  *self);
gboolean        imp_event_reader_feed (ImpEventReader  *self,
                                       const char      *data,
                                       gsize            size,
                                       GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpEvent, imp_event_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpEventReader, imp_event_reader_free)

G_END_DECLS
