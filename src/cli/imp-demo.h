/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-run.h"

G_BEGIN_DECLS

/* The whole job, once, step by step. */
typedef struct _ImpDemo ImpDemo;

/* A step runs the main loop until it has ended, and says what came of it. */
typedef struct
{
  const char *name;   /* for programs */
  const char *title;  /* N_() */
  gboolean  (*run)    (ImpDemo  *demo,
                       char    **detail,
                       GError  **error);
} ImpDemoStep;

extern const ImpDemoStep imp_demo_steps[];  /* ended by one without a name */

ImpDemo  *imp_demo_new          (ImpRun      *run,
                                 const char  *directory,
                                 GError     **error);
void      imp_demo_free         (ImpDemo     *self);
gboolean  imp_demo_is_generated (ImpDemo     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpDemo, imp_demo_free)

G_END_DECLS
