/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-ledger-filter.h"

G_BEGIN_DECLS

typedef enum
{
  IMP_LEDGER_EXPORT_CSV,
  IMP_LEDGER_EXPORT_JSON,
} ImpLedgerExportFormat;

/* Lines that follow each other under a filter, in its order. */
typedef struct
{
  gint64  first;  /* the line to begin at; -1: that which comes first */
  guint   skip;   /* lines from there on that are not meant */
  guint64 count;  /* lines that are */
} ImpLedgerStretch;

void     imp_ledger_export_async     (ImpAgentClient         *client,
                                      const ImpLedgerFilter  *filter,
                                      GArray                 *stretches,
                                      ImpLedgerExportFormat   format,
                                      GFile                  *file,
                                      GCancellable           *cancellable,
                                      GFileProgressCallback   progress,
                                      gpointer                progress_data,
                                      GAsyncReadyCallback     callback,
                                      gpointer                user_data);
guint64  imp_ledger_export_finish    (ImpAgentClient         *client,
                                      GAsyncResult           *result,
                                      GError                **error);

char    *imp_ledger_export_make_line (ImpTransaction         *transaction,
                                      ImpLedgerExportFormat   format);
#define IMP_LEDGER_EXPORT_CSV_HEAD \
  "sequence,time,transaction,contract,function,creator,author,class,version,cid\r\n"

G_END_DECLS
