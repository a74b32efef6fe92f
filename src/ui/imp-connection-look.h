/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-connection.h"

G_BEGIN_DECLS

/* How a state of a connection is shown: nowhere by its colour alone. */
typedef struct
{
  const char *word;
  const char *sentence;
  const char *icon_name;
  const char *css_class;  /* (nullable) */
} ImpConnectionLook;

ImpConnectionLook imp_connection_look_get (ImpConnection *connection);

G_END_DECLS
