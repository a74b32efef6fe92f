/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-device.h"
#include "imp-run.h"

G_BEGIN_DECLS

#define IMP_DEVICE_POLL_MAX_SECONDS (24 * 60 * 60)

gboolean imp_device_poll_run (ImpRun      *run,
                              GPtrArray   *devices,
                              int          seconds,
                              const char  *version,
                              GError     **error);

G_END_DECLS
