/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-client.h"
#include "imp-keyring.h"
#include "imp-manifest.h"
#include "imp-step.h"

G_BEGIN_DECLS

/* One update on its way from a file to the ledger. */
#define IMP_TYPE_PUBLICATION (imp_publication_get_type ())
G_DECLARE_FINAL_TYPE (ImpPublication, imp_publication, IMP, PUBLICATION, GObject)

ImpPublication *imp_publication_new               (ImpAgentClient        *client,
                                                   ImpKey                *key,
                                                   GFile                 *file,
                                                   ImpManifestBuilder    *builder,
                                                   const char            *expected_digest);
void            imp_publication_set_sbom          (ImpPublication        *self,
                                                   GBytes                *sbom);
void            imp_publication_run_async         (ImpPublication        *self,
                                                   GCancellable          *cancellable,
                                                   GAsyncReadyCallback    callback,
                                                   gpointer               user_data);
gboolean        imp_publication_run_finish        (ImpPublication        *self,
                                                   GAsyncResult          *result,
                                                   GError               **error);

ImpStepState    imp_publication_get_step_state    (ImpPublication        *self,
                                                   ImpStep                step);
double          imp_publication_get_step_ms       (ImpPublication        *self,
                                                   ImpStep                step);
guint64         imp_publication_get_sent          (ImpPublication        *self);
guint64         imp_publication_get_total         (ImpPublication        *self);
const char     *imp_publication_get_id            (ImpPublication        *self);
ImpAgentClient *imp_publication_get_client        (ImpPublication        *self);
const char     *imp_publication_get_author        (ImpPublication        *self);
GFile          *imp_publication_get_file          (ImpPublication        *self);
const char     *imp_publication_get_expected      (ImpPublication        *self);
const char     *imp_publication_get_class_id      (ImpPublication        *self);
const char     *imp_publication_get_version       (ImpPublication        *self);
ImpUpdate      *imp_publication_get_update        (ImpPublication        *self);
const char     *imp_publication_get_transaction   (ImpPublication        *self);
guint64         imp_publication_get_sequence      (ImpPublication        *self);
const char     *imp_publication_get_cid           (ImpPublication        *self);
gint64          imp_publication_get_manifest_sequence (ImpPublication    *self);
const char     *imp_publication_get_reply         (ImpPublication        *self);

G_END_DECLS
