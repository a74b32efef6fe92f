/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-draft.h"

G_BEGIN_DECLS

/* The one draft of a console, in its file. */
#define IMP_TYPE_DRAFT_KEEPER (imp_draft_keeper_get_type ())
G_DECLARE_FINAL_TYPE (ImpDraftKeeper, imp_draft_keeper, IMP, DRAFT_KEEPER, GObject)

ImpDraftKeeper *imp_draft_keeper_new         (const char           *data_dir);

void            imp_draft_keeper_load_async  (ImpDraftKeeper       *self,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
ImpDraft       *imp_draft_keeper_load_finish (ImpDraftKeeper       *self,
                                              GAsyncResult         *result,
                                              GError              **error);

void            imp_draft_keeper_keep        (ImpDraftKeeper       *self,
                                              ImpDraft             *draft);
void            imp_draft_keeper_flush       (ImpDraftKeeper       *self);

G_END_DECLS
