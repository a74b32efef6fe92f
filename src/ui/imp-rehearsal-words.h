/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-device.h"

G_BEGIN_DECLS

/* What a rehearsal came to, in a sentence. */
char *imp_rehearsal_summarize    (GListModel *items,
                                  gboolean   *got_in);
char *imp_rehearsal_say_weakness (ImpDevice  *device);

G_END_DECLS
