/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-run.h"

G_BEGIN_DECLS

/* What was checked, and how it came out. */
typedef struct _ImpVerdicts ImpVerdicts;

ImpVerdicts *imp_verdicts_new          (void);
ImpVerdicts *imp_verdicts_new_from     (GPtrArray   *verdicts);
void         imp_verdicts_free         (ImpVerdicts *self);

void         imp_verdicts_add          (ImpVerdicts *self,
                                        const char  *id,
                                        const char  *title,
                                        gboolean     passed,
                                        const char  *detail);
void         imp_verdicts_take         (ImpVerdicts *self,
                                        const char  *id,
                                        const char  *title,
                                        gboolean     passed,
                                        GError     **error);

void         imp_verdicts_print        (ImpVerdicts *self,
                                        ImpRun      *run,
                                        const char  *transaction);
gboolean     imp_verdicts_conclude     (ImpVerdicts *self,
                                        ImpRun      *run,
                                        GError     **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpVerdicts, imp_verdicts_free)

G_END_DECLS
