/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-device-offer.h"
#include "imp-device-state.h"

G_BEGIN_DECLS

/* A head that is older than this may be one that an attacker has frozen. */
#define IMP_CHECKPOINT_MAX_AGE (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)

gboolean  imp_check_offer        (ImpCheck                check,
                                  const ImpDeviceState   *state,
                                  const ImpDeviceOffer   *offer,
                                  gint64                  now,
                                  GError                **error);
gboolean  imp_check_checkpoint   (const ImpDeviceState   *state,
                                  const ImpDeviceOffer   *offer,
                                  gint64                  now,
                                  gint64                 *time,
                                  GError                **error);
gboolean  imp_check_consistency  (ImpCheckpoint          *last,
                                  ImpCheckpoint          *checkpoint,
                                  const GArray           *path,
                                  GError                **error);
gboolean  imp_check_inclusion    (const ImpDeviceOffer   *offer,
                                  GError                **error);

G_END_DECLS
