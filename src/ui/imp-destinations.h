/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-destination.h"
#include "imp-session.h"

G_BEGIN_DECLS

/* What is known without asking anybody: the window's own pages and actions, and the models. */
GPtrArray *imp_destinations_find     (ImpSession *session,
                                      GListModel *pages,
                                      const char *text);

/* What the ledger answered to a text. */
GPtrArray *imp_destinations_classify (ImpSession *session,
                                      GPtrArray  *transactions,
                                      const char *text);

G_END_DECLS
