/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* <0, 0, >0. Semantic versions by semver.org where both are ("2.0.0-rc.1" < "2.0.0"), otherwise runs of
 * digits as numbers of any length and the rest as bytes ("V_10" > "V_9").
 */
int   imp_version_compare (const char *a,
                           const char *b);
/* Proposes the next one: the last run of digits plus one. */
char *imp_version_next    (const char *version);

G_END_DECLS
