/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-agent-client.h"

G_BEGIN_DECLS

/* The versions of a class before and after one of them. */
#define IMP_TYPE_VERSION_LINE (imp_version_line_get_type ())
G_DECLARE_FINAL_TYPE (ImpVersionLine, imp_version_line, IMP, VERSION_LINE, AdwBin)

void imp_version_line_load  (ImpVersionLine *self,
                             ImpAgentClient *client,
                             ImpTransaction *transaction);
void imp_version_line_close (ImpVersionLine *self);

G_END_DECLS
