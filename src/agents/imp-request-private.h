/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-request.h"

G_BEGIN_DECLS

struct _ImpRequest
{
  GObject parent_instance;

  SoupServerMessage *message;  /* (owned) */
  GCancellable *cancellable;   /* (owned) */
  ImpErrorStyle style;
  GHashTable *parameters;      /* (owned) of the path */
  GHashTable *query;           /* (owned) (nullable) */
  GBytes *body;                /* (owned) (nullable) */
  char *id;                    /* (owned) (nullable) */
  guint status;

  gboolean body_read;
  gboolean continued;  /* we have said “100 Continue” */
  gboolean held;
  gboolean replied;
  gboolean streaming;
  gboolean over;
};

void imp_request_set_over (ImpRequest *self);

G_END_DECLS
