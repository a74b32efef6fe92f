/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-device-status.h"

#include <glib/gi18n.h>

#include "imp-attack-result.h"
#include "imp-device-rehearsal.h"
#include "imp-format.h"

static const struct
{
  ImpChipKind  kind;
  const char  *title;
} statuses[] = {
  [IMP_DEVICE_STATUS_UNASKED] = { IMP_CHIP_NEUTRAL, N_("Idle") },
  [IMP_DEVICE_STATUS_WAITING] = { IMP_CHIP_NEUTRAL, N_("Waiting") },
  [IMP_DEVICE_STATUS_BUSY] = { IMP_CHIP_BUSY, N_("Working") },
  [IMP_DEVICE_STATUS_UPDATED] = { IMP_CHIP_GOOD, N_("Updated") },
  [IMP_DEVICE_STATUS_CURRENT] = { IMP_CHIP_GOOD, N_("Up to date") },
  [IMP_DEVICE_STATUS_REFUSED] = { IMP_CHIP_BAD, N_("Refused") },
  [IMP_DEVICE_STATUS_UNREACHABLE] = { IMP_CHIP_WARNING, N_("Unreachable") },
  [IMP_DEVICE_STATUS_FAILED] = { IMP_CHIP_BAD, N_("Failed") },
};

static const struct
{
  const char *state;
  const char *title;
} busy_states[] = {
  { "asking", N_("Asking") },
  { "downloading", N_("Downloading") },
  { "installing", N_("Installing") },
};

static const char *
get_title (ImpDeviceStatus status)
{
  g_return_val_if_fail (status < G_N_ELEMENTS (statuses), NULL);

  return _(statuses[status].title);
}

static const char *
get_busy_title (const char *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (busy_states); i++)
    {
      if (g_str_equal (busy_states[i].state, state))
        return _(busy_states[i].title);
    }

  return get_title (IMP_DEVICE_STATUS_BUSY);
}

/* What a rehearsal has left behind comes before all else, until the device is restored. */
static gboolean
show_weakness (ImpDevice     *device,
               ImpStatusChip *chip)
{
  guint off = imp_device_get_checks_off (device);
  g_autofree char *checks = off != 0 ? imp_checks_to_text (off) : NULL;
  g_autofree char *text = off != 0 ? g_strdup_printf (_("Without check %s"), checks) : NULL;

  if (imp_device_get_damage (device) != NULL)
    imp_status_chip_set (chip, IMP_CHIP_BAD, _("Damaged"));
  else if (imp_device_is_breached (device))
    imp_status_chip_set (chip, IMP_CHIP_BAD, _("Attacker’s firmware"));
  else if (off != 0)
    imp_status_chip_set (chip, IMP_CHIP_WARNING, text);
  else
    return FALSE;

  return TRUE;
}

/**
 * imp_device_status_show:
 * @device: a device
 * @chip: where to show it
 *
 * Shows what a device does, or how its last look for an update ended.
 */
void
imp_device_status_show (ImpDevice     *device,
                        ImpStatusChip *chip)
{
  ImpDeviceStatus status = imp_device_log_get_status (imp_device_log_get (device));

  if (show_weakness (device, chip))
    return;

  imp_status_chip_set (chip, statuses[status].kind,
                       status == IMP_DEVICE_STATUS_BUSY ? get_busy_title (imp_device_get_state (device))
                                                        : get_title (status));
}

static char *
summarize_refusal (ImpDeviceLog *log)
{
  ImpCheck check = imp_device_log_get_failed_check (log);
  const char *reason = imp_device_log_get_check_reason (log, check);

  if (check == 0)
    return g_strdup (_("Refused."));

  return g_strdup_printf (_("Refused at check %d, %s: %s"), check, imp_check_get_title (check),
                          reason != NULL ? reason : "");
}

static char *
summarize_unreachable (ImpDeviceLog *log)
{
  g_autofree char *since = imp_format_time (imp_device_log_get_unreachable_since (log));
  g_autofree char *why = NULL;

  if (imp_device_log_get_error (log) == NULL)
    return g_strdup_printf (_("Unreachable since %s."), since);

  why = imp_format_error (imp_device_log_get_error (log));
  return g_strdup_printf (_("Unreachable since %s: %s"), since, why);
}

/**
 * imp_device_status_summarize:
 * @device: a device
 *
 * Says how a device stands.
 *
 * Returns: (transfer full) (nullable): a sentence, or `NULL` while there is nothing to say
 */
char *
imp_device_status_summarize (ImpDevice *device)
{
  ImpDeviceLog *log = imp_device_log_get (device);

  if (imp_device_get_damage (device) != NULL)
    return g_strdup (imp_device_get_damage (device));

  switch (imp_device_log_get_status (log))
    {
    case IMP_DEVICE_STATUS_WAITING:
      return g_strdup (_("Looks for an update when others are done."));

    case IMP_DEVICE_STATUS_UPDATED:
      return g_strdup_printf (_("Runs %s now."), imp_device_get_version (device));

    case IMP_DEVICE_STATUS_CURRENT:
      return g_strdup (_("There was nothing newer."));

    case IMP_DEVICE_STATUS_REFUSED:
      return summarize_refusal (log);

    case IMP_DEVICE_STATUS_UNREACHABLE:
      return summarize_unreachable (log);

    case IMP_DEVICE_STATUS_FAILED:
      return imp_format_error (imp_device_log_get_error (log));

    case IMP_DEVICE_STATUS_UNASKED:
    case IMP_DEVICE_STATUS_BUSY:
    default:
      return NULL;
    }
}
