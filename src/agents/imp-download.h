/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-request.h"

G_BEGIN_DECLS

typedef enum
{
  IMP_DOWNLOAD_COMPLETE,
  IMP_DOWNLOAD_CUT,     /* by the other side */
  IMP_DOWNLOAD_FAILED,  /* by us */
} ImpDownloadOutcome;

typedef void (*ImpDownloadFunc) (ImpDownloadOutcome outcome,
                                 guint64            bytes,
                                 gpointer           user_data);

void imp_download_reply_head (ImpRequest *request,
                              guint64     size,
                              const char *etag);
void imp_download_start (ImpRequest      *request,
                         GInputStream    *payload,
                         guint64          size,
                         const char      *etag,
                         ImpDownloadFunc  func,
                         gpointer         user_data);

G_END_DECLS
