/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define IMP_REPLY_MAX_SIZE (16 * 1024 * 1024)  /* of a JSON reply */

guint     imp_problem_get_status           (const GError  *error);
guint     imp_problem_get_reference_status (const GError  *error);

char     *imp_problem_to_json              (const GError  *error);
char     *imp_problem_to_reference_json    (const GError  *error);

gboolean  imp_problem_check                (SoupMessage   *message,
                                            GBytes        *body,
                                            GError       **error);

G_END_DECLS
