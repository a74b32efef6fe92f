/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-draft.h"
#include "imp-field-row.h"

G_BEGIN_DECLS

/* The rows in which the fields of a draft are written, each found by its key. */
#define IMP_TYPE_DRAFT_ROWS (imp_draft_rows_get_type ())
G_DECLARE_FINAL_TYPE (ImpDraftRows, imp_draft_rows, IMP, DRAFT_ROWS, GObject)

ImpDraftRows *imp_draft_rows_new       (void);
void          imp_draft_rows_add       (ImpDraftRows *self,
                                        const char   *key,
                                        ImpFieldRow  *row,
                                        gboolean      required);

const char   *imp_draft_rows_get_text  (ImpDraftRows *self,
                                        const char   *key);
void          imp_draft_rows_set_text  (ImpDraftRows *self,
                                        const char   *key,
                                        const char   *text);
void          imp_draft_rows_propose   (ImpDraftRows *self,
                                        const char   *key,
                                        const char   *text);

GtkWidget    *imp_draft_rows_validate  (ImpDraftRows *self);
void          imp_draft_rows_load      (ImpDraftRows *self,
                                        ImpDraft     *draft);
void          imp_draft_rows_save      (ImpDraftRows *self,
                                        ImpDraft     *draft);

gboolean      imp_draft_rows_check_row (ImpFieldRow  *row,
                                        const char   *key,
                                        const char   *empty);

G_END_DECLS
