/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-submission-state.h"

#include <glib/gi18n.h>

static const struct
{
  const char *state;
  ImpChipKind kind;
  const char *text;
} looks[] = {
  { "running", IMP_CHIP_BUSY, N_("In progress") },
  { "recorded", IMP_CHIP_GOOD, N_("Recorded") },
  { "failed", IMP_CHIP_BAD, N_("Failed") },
  { "cancelled", IMP_CHIP_NEUTRAL, N_("Cancelled") },
  { "interrupted", IMP_CHIP_WARNING, N_("Interrupted") },
};

/**
 * imp_submission_state_show:
 * @chip: where to show it
 * @submission: a submission
 *
 * Shows how a submission stands.
 */
void
imp_submission_state_show (ImpStatusChip *chip,
                           ImpSubmission *submission)
{
  const char *state = imp_submission_get_state (submission);

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      if (g_strcmp0 (looks[i].state, state) == 0)
        {
          imp_status_chip_set (chip, looks[i].kind, _(looks[i].text));
          return;
        }
    }

  imp_status_chip_set (chip, IMP_CHIP_NEUTRAL, state);
}

/**
 * imp_submission_state_running:
 * @submission: a submission
 *
 * Asks whether it is still under way.
 *
 * Returns: whether it is
 */
gboolean
imp_submission_state_running (ImpSubmission *submission)
{
  return g_strcmp0 (imp_submission_get_state (submission), "running") == 0;
}
