/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-device-log.h"

G_BEGIN_DECLS

/* What a device and the retrieval agent said to each other. */
#define IMP_TYPE_CONVERSATION (imp_conversation_get_type ())
G_DECLARE_FINAL_TYPE (ImpConversation, imp_conversation, IMP, CONVERSATION, AdwBin)

void  imp_conversation_set_exchanges (ImpConversation *self,
                                      GPtrArray       *exchanges);
char *imp_conversation_dup_text      (ImpConversation *self);

G_END_DECLS
