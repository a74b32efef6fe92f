/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-request.h"

G_BEGIN_DECLS

/* How many uploads an agent takes at a time. */
typedef struct _ImpUploadSlots ImpUploadSlots;

ImpUploadSlots *imp_upload_slots_new   (guint           n_slots);
void            imp_upload_slots_free  (ImpUploadSlots *self);
gboolean        imp_upload_slots_take  (ImpUploadSlots *self,
                                        ImpRequest     *request);
guint           imp_upload_slots_count (ImpUploadSlots *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpUploadSlots, imp_upload_slots_free)

G_END_DECLS
