/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-manifest.h"

G_BEGIN_DECLS

/* An update that is not written down whole yet: what stands in the form. */
#define IMP_TYPE_DRAFT (imp_draft_get_type ())
G_DECLARE_FINAL_TYPE (ImpDraft, imp_draft, IMP, DRAFT, GObject)

#define IMP_DRAFT_MAX_SIZE (16 * 1024 * 1024)  /* bytes of its file: what was pasted, too */

/* What it has beside the fields of a manifest. */
#define IMP_DRAFT_AUTHOR    "author"     /* fingerprint */
#define IMP_DRAFT_FILE      "file"       /* URI of the firmware */
#define IMP_DRAFT_SBOM_FILE "sbomFile"   /* URI */

ImpDraft           *imp_draft_new               (void);
ImpDraft           *imp_draft_new_from_manifest (ImpManifest  *manifest);
ImpDraft           *imp_draft_new_from_text     (const char   *text,
                                                 gssize        length,
                                                 GError      **error);
char               *imp_draft_to_text           (ImpDraft     *self);

const char         *imp_draft_get               (ImpDraft     *self,
                                                 const char   *key);
void                imp_draft_set               (ImpDraft     *self,
                                                 const char   *key,
                                                 const char   *text);
JsonNode           *imp_draft_get_other         (ImpDraft     *self,
                                                 const char   *key);
void                imp_draft_set_other         (ImpDraft     *self,
                                                 const char   *key,
                                                 JsonNode     *value);
char              **imp_draft_list_others       (ImpDraft     *self);
gboolean            imp_draft_equal             (ImpDraft     *self,
                                                 ImpDraft     *other);

gboolean            imp_draft_check_field       (const char   *key,
                                                 const char   *text,
                                                 GError      **error);
ImpManifestBuilder *imp_draft_make_builder      (ImpDraft     *self);

G_END_DECLS
