/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "imp-author.h"
#include "imp-session.h"

G_BEGIN_DECLS

#define IMP_TYPE_KEY_REMOVER (imp_key_remover_get_type ())
G_DECLARE_FINAL_TYPE (ImpKeyRemover, imp_key_remover, IMP, KEY_REMOVER, GObject)

ImpKeyRemover *imp_key_remover_new       (ImpSession    *session);

GListModel    *imp_key_remover_get_model (ImpKeyRemover *self);

void           imp_key_remover_ask       (ImpKeyRemover *self,
                                          GtkWidget     *from,
                                          ImpAuthor     *author);
void           imp_key_remover_commit    (ImpKeyRemover *self);

G_END_DECLS
