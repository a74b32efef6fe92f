/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define IMP_CHALLENGE_LIFETIME (2 * 60 * 1000)  /* ms */

/* Challenges that were given out and not used. */
#define IMP_TYPE_CHALLENGES (imp_challenges_get_type ())
G_DECLARE_FINAL_TYPE (ImpChallenges, imp_challenges, IMP, CHALLENGES, GObject)

ImpChallenges *imp_challenges_new    (const char     *agent);

char          *imp_challenges_create (ImpChallenges  *self,
                                      gint64          now,
                                      gint64         *expires,
                                      GError        **error);
gboolean       imp_challenges_check  (ImpChallenges  *self,
                                      const char     *message,
                                      const char     *fingerprint,
                                      gint64          now,
                                      GError        **error);
const char    *imp_challenges_get_agent (ImpChallenges *self);

G_END_DECLS
