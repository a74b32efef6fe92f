/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "imp-ledger.h"

G_BEGIN_DECLS

/* One registered update with all that a device checks it by. */
void      imp_update_details_async  (ImpLedger            *ledger,
                                     const char           *transaction,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
JsonNode *imp_update_details_finish (ImpLedger            *ledger,
                                     GAsyncResult         *result,
                                     GError              **error);

G_END_DECLS
