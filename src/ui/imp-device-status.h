/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-device-log.h"
#include "imp-status-chip.h"

G_BEGIN_DECLS

/* How a device stands, in words. */
void        imp_device_status_show      (ImpDevice       *device,
                                         ImpStatusChip   *chip);
char       *imp_device_status_summarize (ImpDevice       *device);

G_END_DECLS
