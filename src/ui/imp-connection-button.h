/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

#define IMP_TYPE_CONNECTION_BUTTON (imp_connection_button_get_type ())
G_DECLARE_FINAL_TYPE (ImpConnectionButton, imp_connection_button, IMP, CONNECTION_BUTTON, AdwBin)

void imp_connection_button_set_session (ImpConnectionButton *self,
                                        ImpSession          *session);

G_END_DECLS
