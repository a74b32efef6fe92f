/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-client.h"
#include "imp-checkpoint.h"

G_BEGIN_DECLS

/* What can be recomputed of a registered update, whether an agent or a file shows it. */
gboolean imp_update_check_manifest_digest (ImpManifest                *manifest,
                                           char                      **computed,
                                           GError                    **error);
gboolean imp_update_check_leaf            (const ImpRegisteredUpdate  *update,
                                           GError                    **error);
gboolean imp_update_check_inclusion       (const ImpRegisteredUpdate  *update,
                                           ImpCheckpoint              *head,
                                           GError                    **error);

G_END_DECLS
