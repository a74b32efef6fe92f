/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-publish-form.h"

G_BEGIN_DECLS

/* What the preferences say that a new update begins with. */
void imp_publish_defaults_propose (ImpPublishForm *form,
                                   GSettings      *settings);

G_END_DECLS
