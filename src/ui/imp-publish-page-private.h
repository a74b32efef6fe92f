/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-changes-view.h"
#include "imp-class-lookup.h"
#include "imp-draft-keeper.h"
#include "imp-firmware-group.h"
#include "imp-manifest-view.h"
#include "imp-publish-form.h"
#include "imp-publish-page.h"
#include "imp-sbom-group.h"

G_BEGIN_DECLS

struct _ImpPublishPage
{
  ImpPlace parent_instance;

  ImpClassLookup *lookup;     /* (owned) */
  ImpDraftKeeper *keeper;     /* (owned) (nullable): once the page has a session */
  ImpSubmission  *submitted;  /* (owned) (nullable): the last one of this form */
  guint           lookup_id;
  gboolean        filling;    /* changes come from us, all together */
  gboolean        replaced;   /* before the draft of the last time was there */
  AdwToast       *undo;       /* (nullable) (weak): the offer to take the last replacement back */

  ImpStateStack    *state_stack;
  GtkWidget        *no_key_group;
  GtkWidget        *no_keyring_group;
  AdwActionRow     *no_keyring_row;
  ImpFirmwareGroup *firmware;
  ImpPublishForm   *form;
  ImpSbomGroup     *sbom;
  ImpManifestView  *review;
  ImpChangesView   *changes;
};

/* imp-publish-page.c */
void                imp_publish_page_look_up_soon (ImpPublishPage *self);
ImpManifestBuilder *imp_publish_page_make_builder (ImpPublishPage *self);

/* imp-publish-drafts.c: what stands in the form, kept and replaced */
ImpDraft *imp_publish_page_dup_draft      (ImpPublishPage *self);
void      imp_publish_page_restore        (ImpPublishPage *self);
void      imp_publish_page_replace        (ImpPublishPage *self,
                                           ImpDraft       *draft,
                                           const char     *what);
void      imp_publish_page_install_drafts (GtkWidgetClass *widget_class);

/* imp-publish-files.c: files that are chosen */
void      imp_publish_page_install_files  (GtkWidgetClass *widget_class);

/* imp-publish-submit.c */
void      imp_publish_page_install_submit (GtkWidgetClass *widget_class);

G_END_DECLS
