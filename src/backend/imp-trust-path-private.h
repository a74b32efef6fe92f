/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-payload-facts.h"
#include "imp-trust-path.h"

G_BEGIN_DECLS

/* A path under examination. What a step could not read stays NULL, and the steps that need it fail. */
typedef struct
{
  JsonNode            *root;
  JsonObject          *object;
  const char          *log_key;  /* (nullable): the one that is trusted */
  const char          *author;   /* (nullable): the fingerprint that is trusted */
  GInputStream        *payload;  /* (nullable) */
  ImpProgress         *progress; /* (nullable) */
  GCancellable        *cancellable;
  ImpRegisteredUpdate *update;   /* (owned) as far as it could be read */
  ImpPayloadFacts     *facts;    /* (owned) (nullable) */
  GError              *unread;   /* (owned) (nullable): why there are no facts */
  GPtrArray           *steps;    /* (owned) */
} ImpTrustExamination;

/* A step that is being decided; values, details and errors are taken. */
ImpTrustStep *imp_trust_step_begin          (GPtrArray               *steps,
                                             const char              *id,
                                             const char              *title);
void          imp_trust_step_add_given      (ImpTrustStep            *self,
                                             const char              *id,
                                             const char              *title,
                                             char                    *value);
void          imp_trust_step_add_computed   (ImpTrustStep            *self,
                                             const char              *id,
                                             const char              *title,
                                             char                    *value);
void          imp_trust_step_add_unproven   (ImpTrustStep            *self,
                                             char                    *sentence);
void          imp_trust_step_end            (ImpTrustStep            *self,
                                             char                    *found,
                                             GError                  *error);

const char   *imp_examination_get_text      (ImpTrustExamination     *self,
                                             const char              *name);
void          imp_examination_give          (ImpTrustExamination     *self,
                                             ImpTrustStep            *step,
                                             const char              *name,
                                             const char              *title);
gboolean      imp_examination_refuse        (GError                 **error,
                                             const char              *why);
void          imp_examine_checkpoint        (ImpTrustExamination     *self);

G_END_DECLS
