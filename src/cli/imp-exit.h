/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Exit statuses; imprimaturctl(1) documents them. */
typedef enum
{
  IMP_EXIT_DONE = 0,
  IMP_EXIT_FAILED = 1,
  IMP_EXIT_USAGE = 2,
  IMP_EXIT_REFUSED = 3,
  IMP_EXIT_UNREACHABLE = 4,
  IMP_EXIT_NOT_FOUND = 5,
  IMP_EXIT_NOT_VERIFIED = 6,
  IMP_EXIT_CANCELLED = 130,
} ImpExit;

ImpExit     imp_exit_from_error (const GError *error);
const char *imp_exit_get_code   (ImpExit       status,
                                 const GError *error);

G_END_DECLS
