/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

#define IMP_TYPE_CONNECTION_BANNER (imp_connection_banner_get_type ())
G_DECLARE_FINAL_TYPE (ImpConnectionBanner, imp_connection_banner, IMP, CONNECTION_BANNER, AdwBin)

void imp_connection_banner_set_session (ImpConnectionBanner *self,
                                        ImpSession          *session);

G_END_DECLS
