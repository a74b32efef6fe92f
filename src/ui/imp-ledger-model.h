/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "imp-ledger-export.h"

G_BEGIN_DECLS

/* The ledger: a GListModel of ImpLedgerEntry that loads as it is looked at. */
#define IMP_TYPE_LEDGER_MODEL (imp_ledger_model_get_type ())
G_DECLARE_FINAL_TYPE (ImpLedgerModel, imp_ledger_model, IMP, LEDGER_MODEL, GObject)

ImpLedgerModel        *imp_ledger_model_new        (void);

const ImpLedgerFilter *imp_ledger_model_get_filter (ImpLedgerModel        *self);
guint64                imp_ledger_model_get_height (ImpLedgerModel        *self);
gboolean               imp_ledger_model_has_lines  (ImpLedgerModel        *self);

GArray                *imp_ledger_model_make_stretches (ImpLedgerModel    *self,
                                                        GtkBitset         *places);

void                   imp_ledger_model_load       (ImpLedgerModel        *self,
                                                    ImpAgentClient        *client);
void                   imp_ledger_model_set_filter (ImpLedgerModel        *self,
                                                    const ImpLedgerFilter *filter);
void                   imp_ledger_model_close      (ImpLedgerModel        *self);

G_END_DECLS
