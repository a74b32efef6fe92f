/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-device-agent.h"
#include "imp-device.h"

G_BEGIN_DECLS

/* Tests have no time for an agent that takes its own. */
void imp_device_set_pace (ImpDevice            *self,
                          const ImpDevicePace  *pace);

G_END_DECLS
