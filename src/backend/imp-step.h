/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The steps of a publication, here and at the agents. */
typedef enum
{
  IMP_STEP_HASH,
  IMP_STEP_SIGN_MANIFEST,
  IMP_STEP_SIGN_PAYLOAD,
  IMP_STEP_UPLOAD,
  IMP_STEP_VERIFY,
  IMP_STEP_STORE,
  IMP_STEP_RECORD,
} ImpStep;
#define IMP_N_STEPS 7

typedef enum
{
  IMP_STEP_WAITING,
  IMP_STEP_RUNNING,
  IMP_STEP_DONE,
  IMP_STEP_FAILED,
} ImpStepState;

const char *imp_step_get_id    (ImpStep     step);
const char *imp_step_get_title (ImpStep     step);
gboolean    imp_step_from_id   (const char *id,
                                ImpStep    *step);

G_END_DECLS
