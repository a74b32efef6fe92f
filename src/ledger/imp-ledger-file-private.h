/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-key.h"

G_BEGIN_DECLS

gboolean  imp_ledger_file_write  (const char  *path,
                                  const void  *data,
                                  gsize        size,
                                  GError     **error);
gboolean  imp_ledger_file_rename (const char  *from,
                                  const char  *to,
                                  GError     **error);
int       imp_ledger_file_lock   (const char  *directory,
                                  GError     **error);
ImpKey   *imp_ledger_key_load    (const char  *path,
                                  ImpKeyType   type,
                                  GError     **error);
ImpKey   *imp_ledger_key_make    (const char  *path,
                                  ImpKeyType   type,
                                  GError     **error);

G_END_DECLS
