/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-client.h"
#include "imp-progress.h"

G_BEGIN_DECLS

#define IMP_TRUST_PATH_FORMAT   "imprimatur-trust-path"
#define IMP_TRUST_PATH_VERSION  1
#define IMP_TRUST_PATH_MAX_SIZE (16 * 1024 * 1024)  /* bytes of JSON text */
#define IMP_TRUST_PATH_SUFFIX   ".imprimatur"

/* What proves one update, from its author's key to a signed head of the log, in one file. */
#define IMP_TYPE_TRUST_PATH (imp_trust_path_get_type ())
G_DECLARE_FINAL_TYPE (ImpTrustPath, imp_trust_path, IMP, TRUST_PATH, GObject)

/* A value with its name. */
typedef struct
{
  const char *id;     /* for programs */
  const char *title;  /* for people */
  char       *value;  /* (owned) */
} ImpTrustFact;

/* One step of the path, and what came of recomputing it. */
typedef struct
{
  const char *id;
  const char *title;
  gboolean    passed;
  char       *detail;    /* (owned) what was found, or why it failed */
  GPtrArray  *given;     /* (owned) (element-type ImpTrustFact) the bytes that it is computed from */
  GPtrArray  *computed;  /* (owned) (element-type ImpTrustFact) what was computed of them */
  GPtrArray  *unproven;  /* (owned) (element-type utf8) what it does not prove */
} ImpTrustStep;

void          imp_trust_step_free            (ImpTrustStep               *self);
const ImpTrustStep *
              imp_trust_steps_find_failed    (GPtrArray                  *steps);

ImpTrustPath *imp_trust_path_new             (const ImpRegisteredUpdate  *update,
                                              const char                 *log_key);
ImpTrustPath *imp_trust_path_new_from_text   (const char                 *text,
                                              gsize                       length,
                                              GError                    **error);

const char   *imp_trust_path_get_text        (ImpTrustPath               *self);
JsonNode     *imp_trust_path_get_root        (ImpTrustPath               *self);
const char   *imp_trust_path_get_log_key     (ImpTrustPath               *self);
char         *imp_trust_path_dup_title       (ImpTrustPath               *self);
gboolean      imp_trust_path_is_name         (const char                 *name);

GPtrArray    *imp_trust_path_verify          (ImpTrustPath               *self,
                                              const char                 *log_key,
                                              const char                 *author,
                                              GInputStream               *payload,
                                              ImpProgress                *progress,
                                              GCancellable               *cancellable,
                                              GError                    **error);
void          imp_trust_path_load_async      (GFile                      *file,
                                              GCancellable               *cancellable,
                                              GAsyncReadyCallback         callback,
                                              gpointer                    user_data);
ImpTrustPath *imp_trust_path_load_finish     (GAsyncResult               *result,
                                              GError                    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpTrustStep, imp_trust_step_free)

G_END_DECLS
