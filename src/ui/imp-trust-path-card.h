/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-trust-path.h"

G_BEGIN_DECLS

/* One step of a trust path with its verdict. */
#define IMP_TYPE_TRUST_PATH_CARD (imp_trust_path_card_get_type ())
G_DECLARE_FINAL_TYPE (ImpTrustPathCard, imp_trust_path_card, IMP, TRUST_PATH_CARD, AdwBin)

GtkWidget *imp_trust_path_card_new (GPtrArray *steps,
                                    guint      index);

G_END_DECLS
