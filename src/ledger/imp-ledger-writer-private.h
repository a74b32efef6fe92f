/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-ledger-recorder-private.h"

G_BEGIN_DECLS

/* The thread that writes: takes all that waits, has it recorded in one commit, then answers. */
typedef struct _ImpLedgerWriter ImpLedgerWriter;

ImpLedgerWriter *imp_ledger_writer_new    (ImpLedgerRecorder    *recorder,
                                           ImpLedger            *ledger);
void             imp_ledger_writer_free   (ImpLedgerWriter      *self);
void             imp_ledger_writer_submit (ImpLedgerWriter      *self,
                                           ImpLedgerSubmission  *submission);

G_END_DECLS
