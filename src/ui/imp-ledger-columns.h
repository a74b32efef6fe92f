/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "imp-ledger-entry.h"

G_BEGIN_DECLS

#define IMP_LEDGER_N_COLUMNS 8

/* The columns of the ledger: what they say, and where they stand. */
#define IMP_TYPE_LEDGER_COLUMNS (imp_ledger_columns_get_type ())
G_DECLARE_FINAL_TYPE (ImpLedgerColumns, imp_ledger_columns, IMP, LEDGER_COLUMNS, GObject)

ImpLedgerColumns *imp_ledger_columns_new         (GListModel       *authors);

const char       *imp_ledger_columns_get_title   (guint             column);
char             *imp_ledger_columns_format      (ImpLedgerColumns *self,
                                                  guint             column,
                                                  ImpLedgerEntry   *entry);
char             *imp_ledger_columns_describe    (ImpLedgerColumns *self,
                                                  ImpLedgerEntry   *entry);

void              imp_ledger_columns_fit         (ImpLedgerColumns *self,
                                                  GtkWidget        *widget,
                                                  int               width);
int               imp_ledger_columns_get_height  (ImpLedgerColumns *self,
                                                  GtkWidget        *widget);
gboolean          imp_ledger_columns_get_place   (ImpLedgerColumns *self,
                                                  guint             column,
                                                  int              *x,
                                                  int              *width);

G_END_DECLS
