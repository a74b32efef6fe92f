/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether bytes, as they pass, are those that a CID names. */
typedef struct _ImpPayloadCheck ImpPayloadCheck;

ImpPayloadCheck *imp_payload_check_new   (const char       *cid,
                                          GError          **error);
void             imp_payload_check_free  (ImpPayloadCheck  *self);

gboolean         imp_payload_check_write (ImpPayloadCheck  *self,
                                          const void       *data,
                                          gsize             size,
                                          GError          **error);
gboolean         imp_payload_check_end   (ImpPayloadCheck  *self,
                                          char            **sha384,
                                          GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpPayloadCheck, imp_payload_check_free)

G_END_DECLS
