/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-rehearsal-words.h"

#include <glib/gi18n.h>

#include "imp-device-rehearsal.h"
#include "imp-rehearsal-item.h"

/* How many ended how. */
typedef struct
{
  guint tried;
  guint stopped;
  guint got_in;
} Tally;

static Tally
count_results (GListModel *items)
{
  guint n = g_list_model_get_n_items (items);
  Tally tally = { 0, };

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpRehearsalItem) item = g_list_model_get_item (items, i);
      ImpAttackResult *result = imp_rehearsal_item_get_result (item);

      if (result == NULL || result->verdict == IMP_VERDICT_NOT_TRIED)
        continue;

      tally.tried++;
      if (result->verdict == IMP_VERDICT_STOPPED)
        tally.stopped++;
      else if (imp_attack_result_got_in (result))
        tally.got_in++;
    }

  return tally;
}

/**
 * imp_rehearsal_summarize:
 * @items: (element-type ImpRehearsalItem): attacks, and how they ended
 * @got_in: (out): whether one of them succeeded
 *
 * Returns: (transfer full): how many were tried, and what came of it
 */
char *
imp_rehearsal_summarize (GListModel *items,
                         gboolean   *got_in)
{
  Tally tally = count_results (items);

  *got_in = tally.got_in > 0;
  if (tally.tried == 0)
    return g_strdup (_("Nothing tried on this device yet."));
  if (tally.got_in > 0)
    return g_strdup_printf (ngettext ("%u attack SUCCEEDED of %u tried.", "%u attacks SUCCEEDED of %u tried.",
                                      tally.got_in), tally.got_in, tally.tried);

  return g_strdup_printf (ngettext ("%u tried, %u stopped by what must stop it.",
                                    "%u tried, %u stopped by what must stop them.", tally.tried),
                          tally.tried, tally.stopped);
}

/**
 * imp_rehearsal_say_weakness:
 * @device: a device
 *
 * Returns: (transfer full) (nullable): what is wrong with it since it was attacked, or made weaker for it
 */
char *
imp_rehearsal_say_weakness (ImpDevice *device)
{
  guint off = imp_device_get_checks_off (device);
  g_autofree char *checks = imp_checks_to_text (off);
  const char *id = imp_device_get_id (device);

  if (imp_device_get_damage (device) != NULL)
    return g_strdup_printf (_("%s does not start: %s."), id, imp_device_get_damage (device));
  if (imp_device_is_breached (device) && off != 0)
    /* Translators: the device, and the numbers of the checks that are off. */
    return g_strdup_printf (_("%s runs the attacker’s firmware, and does without check %s."), id, checks);
  if (imp_device_is_breached (device))
    return g_strdup_printf (_("%s runs the attacker’s firmware."), id);
  if (off != 0)
    return g_strdup_printf (_("%s does without check %s until it is restored."), id, checks);

  return NULL;
}
