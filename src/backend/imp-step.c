/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-step.h"

#define GETTEXT_PACKAGE IMP_GETTEXT_PACKAGE
#include <glib/gi18n-lib.h>

static const struct
{
  const char *id;
  const char *title;
} steps[IMP_N_STEPS] = {
  [IMP_STEP_HASH] = { "hash", N_("Hash the firmware") },
  [IMP_STEP_SIGN_MANIFEST] = { "sign-manifest", N_("Sign the manifest") },
  [IMP_STEP_SIGN_PAYLOAD] = { "sign-payload", N_("Sign the firmware") },
  [IMP_STEP_UPLOAD] = { "upload", N_("Upload") },
  [IMP_STEP_VERIFY] = { "verify", N_("Verify on the ledger") },
  [IMP_STEP_STORE] = { "store", N_("Store the firmware") },
  [IMP_STEP_RECORD] = { "record", N_("Record on the ledger") },
};

/**
 * imp_step_get_id:
 * @step: a step
 *
 * Returns: its name for machines, as in the agents' events and in records; never freed
 */
const char *
imp_step_get_id (ImpStep step)
{
  g_return_val_if_fail (step < IMP_N_STEPS, NULL);

  return steps[step].id;
}

/**
 * imp_step_get_title:
 * @step: a step
 *
 * Returns: what it is called, in the user’s language
 */
const char *
imp_step_get_title (ImpStep step)
{
  g_return_val_if_fail (step < IMP_N_STEPS, NULL);

  return _(steps[step].title);
}

/**
 * imp_step_from_id:
 * @id: (nullable): a name
 * @step: (out): the step that it is of
 *
 * Returns: whether there is a step of that name
 */
gboolean
imp_step_from_id (const char *id,
                  ImpStep    *step)
{
  for (guint i = 0; i < IMP_N_STEPS; i++)
    {
      if (g_strcmp0 (steps[i].id, id) == 0)
        {
          *step = i;
          return TRUE;
        }
    }

  return FALSE;
}
