/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-client.h"
#include "imp-keyring.h"
#include "imp-manifest.h"

G_BEGIN_DECLS

typedef enum
{
  IMP_STEP_HASH,           /* here: reading and hashing the file, as far as it was not known */
  IMP_STEP_SIGN_MANIFEST,
  IMP_STEP_SIGN_PAYLOAD,
  IMP_STEP_UPLOAD,
  IMP_STEP_VERIFY,         /* there */
  IMP_STEP_STORE,
  IMP_STEP_RECORD,
} ImpStep;
#define IMP_N_STEPS 7

typedef enum
{
  IMP_STEP_WAITING,
  IMP_STEP_RUNNING,
  IMP_STEP_DONE,
  IMP_STEP_FAILED,
} ImpStepState;

const char *imp_step_get_id    (ImpStep step);   /* "hash", "sign-manifest", …: JSON, tests */
const char *imp_step_get_title (ImpStep step);   /* translatable */

/* One update on its way from a file to the ledger. The file is read once: while it passes it is hashed, sent and at the end signed. (Where the digest is already known,
 * from a form that showed it, a file that has changed since is refused.)
 * properties: state of the whole via signal; signal changed: some step moved on.
 */
#define IMP_TYPE_PUBLICATION (imp_publication_get_type ())
G_DECLARE_FINAL_TYPE (ImpPublication, imp_publication, IMP, PUBLICATION, GObject)

/* @builder: (transfer full): a manifest but for payloadDigest, size and manifestDigest, which are computed; what is wrong with it fails run before anything is sent.
 * @expected_digest: (nullable): the SHA-384 that the person saw.
 */
ImpPublication *imp_publication_new               (ImpAgentClient        *client,
                                                   ImpKey                *key,
                                                   GFile                 *file,
                                                   ImpManifestBuilder    *builder,
                                                   const char            *expected_digest);
/* Registers the author first where the agent has no good token for it. Cancelling works until the ledger has it. */
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
                                                   ImpStep                step);   /* -1: not known */
guint64         imp_publication_get_sent          (ImpPublication        *self);   /* bytes of the payload */
guint64         imp_publication_get_total         (ImpPublication        *self);
const char     *imp_publication_get_id            (ImpPublication        *self);   /* the request's identity, a UUID */
ImpAgentClient *imp_publication_get_client        (ImpPublication        *self);
const char     *imp_publication_get_author        (ImpPublication        *self);   /* fingerprint */
GFile          *imp_publication_get_file          (ImpPublication        *self);
const char     *imp_publication_get_class_id      (ImpPublication        *self);   /* (nullable) when the manifest is wrong */
const char     *imp_publication_get_version       (ImpPublication        *self);   /* (nullable) when the manifest is wrong */
ImpUpdate      *imp_publication_get_update        (ImpPublication        *self);   /* (nullable) once signed */
const char     *imp_publication_get_transaction   (ImpPublication        *self);   /* (nullable) once recorded */
guint64         imp_publication_get_sequence      (ImpPublication        *self);
const char     *imp_publication_get_cid           (ImpPublication        *self);
const char     *imp_publication_get_reply         (ImpPublication        *self);   /* (nullable) the agent's answer as it came */

G_END_DECLS
