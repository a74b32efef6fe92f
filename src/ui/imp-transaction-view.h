/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

#define IMP_TYPE_TRANSACTION_VIEW (imp_transaction_view_get_type ())
G_DECLARE_FINAL_TYPE (ImpTransactionView, imp_transaction_view, IMP, TRANSACTION_VIEW, AdwBin)

void imp_transaction_view_show  (ImpTransactionView *self,
                                 ImpSession         *session,
                                 const char         *id);

G_END_DECLS
