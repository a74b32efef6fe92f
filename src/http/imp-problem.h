/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define IMP_REPLY_MAX_SIZE (16 * 1024 * 1024)  /* of a JSON reply */

/* Errors on the wire, in both of its forms. */
guint     imp_problem_get_status (const GError  *error);  /* 403, 404, 405, 413, 503… for what @error is */
/* RFC 9457: {"type", "title", "status", "detail", "code"} */
char     *imp_problem_to_json    (const GError  *error);
/* The reference's: a JSON string, the code if there is one and the message otherwise. */
char     *imp_problem_to_reference_json (const GError *error);

/* Client side: if @message did not succeed, turns its status and body (either form, or garbage, which is quoted only in part and
 * made printable) into an error.
 */
gboolean  imp_problem_check      (SoupMessage   *message,
                                  GBytes        *body,
                                  GError       **error);

G_END_DECLS
