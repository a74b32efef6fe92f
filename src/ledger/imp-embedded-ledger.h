/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-ledger.h"
#include "imp-payload-reader.h"

G_BEGIN_DECLS

#define IMP_TYPE_EMBEDDED_LEDGER (imp_embedded_ledger_get_type ())
G_DECLARE_FINAL_TYPE (ImpEmbeddedLedger, imp_embedded_ledger, IMP, EMBEDDED_LEDGER, GObject)

typedef void (*ImpLedgerProgressFunc) (guint64  done,
                                       guint64  all,
                                       gpointer user_data);

ImpLedger *imp_embedded_ledger_open   (const char             *directory,
                                       const char             *origin,
                                       const char             *creator,
                                       ImpPayloadReader       *payloads,
                                       GError                **error);
gboolean   imp_embedded_ledger_verify (ImpEmbeddedLedger      *self,
                                       ImpLedgerProgressFunc   progress,
                                       gpointer                user_data,
                                       GCancellable           *cancellable,
                                       GError                **error);

G_END_DECLS
