/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent.h"
#include "imp-registrar.h"
#include "imp-upload.h"

G_BEGIN_DECLS

/* The way into the registrar, which the author and the register agent share. */

/* Finds the registration token for what has arrived, and whose it is where that is known. */
typedef char *(*ImpTokenFunc) (ImpUpload   *upload,
                               char       **fingerprint,
                               gpointer     user_data,
                               GError     **error);

typedef struct
{
  ImpAgent             *agent;
  ImpRegistrar         *registrar;
  const ImpUploadField *fields;
  const char           *key_field;      /* the field that token_func reads */
  gboolean              tell_steps;     /* to those who listen to @agent */
  ImpTokenFunc          token_func;
  gpointer              user_data;
} ImpIntakeType;

void imp_intake_add_routes (ImpIntakeType *type);

G_END_DECLS
