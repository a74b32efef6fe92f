/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-author.h"
#include "imp-draft.h"

G_BEGIN_DECLS

#define IMP_TYPE_PUBLISH_FORM (imp_publish_form_get_type ())
G_DECLARE_FINAL_TYPE (ImpPublishForm, imp_publish_form, IMP, PUBLISH_FORM, AdwBin)

ImpAuthor          *imp_publish_form_get_author   (ImpPublishForm    *self);
const char         *imp_publish_form_get_text     (ImpPublishForm    *self,
                                                   const char        *key);

void                imp_publish_form_set_authors  (ImpPublishForm    *self,
                                                   GListModel        *authors);
void                imp_publish_form_select_author (ImpPublishForm   *self,
                                                   const char        *fingerprint);
void                imp_publish_form_set_text     (ImpPublishForm    *self,
                                                   const char        *key,
                                                   const char        *text);
void                imp_publish_form_propose      (ImpPublishForm    *self,
                                                   const char        *key,
                                                   const char        *text);
void                imp_publish_form_set_choices  (ImpPublishForm    *self,
                                                   const char        *key,
                                                   const char *const *choices);
void                imp_publish_form_set_latest   (ImpPublishForm    *self,
                                                   const char        *latest);
void                imp_publish_form_remember     (ImpPublishForm    *self,
                                                   GSettings         *settings);
void                imp_publish_form_clear        (ImpPublishForm    *self);

gboolean            imp_publish_form_validate     (ImpPublishForm    *self);
ImpDraft           *imp_publish_form_dup_draft    (ImpPublishForm    *self);
void                imp_publish_form_set_draft    (ImpPublishForm    *self,
                                                   ImpDraft          *draft);

G_END_DECLS
