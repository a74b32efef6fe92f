/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Comma-separated values as RFC 4180 has them, built cell by cell. */
typedef struct _ImpCsv ImpCsv;

ImpCsv *imp_csv_new        (void);
void    imp_csv_free       (ImpCsv     *self);

void    imp_csv_add        (ImpCsv     *self,
                            const char *text);
void    imp_csv_add_uint   (ImpCsv     *self,
                            guint64     number);
void    imp_csv_add_double (ImpCsv     *self,
                            double      number);
void    imp_csv_end_row    (ImpCsv     *self);
char   *imp_csv_steal      (ImpCsv     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpCsv, imp_csv_free)

G_END_DECLS
