/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-run.h"

G_BEGIN_DECLS

/* The keys that a command is told by name. */
ImpKeyringItem *imp_run_find_key        (ImpRun          *self,
                                         const char      *name,
                                         GError         **error);
ImpKey         *imp_run_open_key        (ImpRun          *self,
                                         ImpKeyringItem  *item,
                                         GError         **error);
char           *imp_run_dup_fingerprint (ImpRun          *self,
                                         const char      *name,
                                         GError         **error);

G_END_DECLS
