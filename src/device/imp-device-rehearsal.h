/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-device.h"

G_BEGIN_DECLS

/* What whoever runs an emulated device may do to it for a rehearsal, and nobody can over a wire. */

/* Checks that are switched off, an IMP_CHECK_BIT() each; the first cannot be. */
guint        imp_device_get_checks_off     (ImpDevice            *self);
/* Whether something runs that a check had refused, had it not been off. */
gboolean     imp_device_is_breached        (ImpDevice            *self);
/* Whether it knows the key of the log, and the last head that it has seen of it. */
gboolean     imp_device_has_log_key        (ImpDevice            *self);
const char  *imp_device_get_head           (ImpDevice            *self);  /* (nullable) */

/* While one goes on, nobody else should let the device look for updates. */
gboolean     imp_device_get_rehearsing     (ImpDevice            *self);
void         imp_device_set_rehearsing     (ImpDevice            *self,
                                            gboolean              rehearsing);
void         imp_device_set_clock_ahead    (ImpDevice            *self,
                                            gint64                ms);

typedef enum
{
  IMP_DEVICE_SET_CHECKS,  /* switches off those that are named, and on all others */
  IMP_DEVICE_RESTORE,     /* all checks on, and back to what ran before the breach */
  IMP_DEVICE_RESET,       /* nothing installed; what the ledger has shown stays known */
} ImpDeviceChange;

void         imp_device_change_async       (ImpDevice            *self,
                                            ImpDeviceChange       change,
                                            guint                 checks_off,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean     imp_device_change_finish      (ImpDevice            *self,
                                            GAsyncResult         *result,
                                            GError              **error);

void         imp_device_digest_async       (ImpDevice            *self,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
char        *imp_device_digest_finish      (ImpDevice            *self,
                                            GAsyncResult         *result,
                                            GError              **error);

G_END_DECLS
