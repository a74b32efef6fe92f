/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "imp-agent.h"

G_BEGIN_DECLS

typedef enum
{
  IMP_ROLE_AUTHOR,
  IMP_ROLE_REGISTER,
  IMP_ROLE_RETRIEVAL,
  IMP_ROLE_VERIFICATION,
  IMP_N_ROLES,
} ImpRole;

extern const char *const imp_role_names[];  /* ends with NULL */

/* What imprimaturd is told by its file and its options. */
typedef struct
{
  char           *data_dir;
  char           *name;                   /* of the agents, in challenges and in the ledger */
  gboolean        roles[IMP_N_ROLES];
  GSocketAddress *listen[IMP_N_ROLES];
  char           *register_agent;         /* (nullable) URL; where this process has none of its own */
  char           *origin;                 /* (nullable) of a new ledger */
  char           *profile;                /* of payloads' CIDs */
  guint           keep_activity;
  ImpLimits       limits;
} ImpConfig;

ImpConfig *imp_config_new        (void);
void       imp_config_free       (ImpConfig   *self);

gboolean   imp_config_load       (ImpConfig   *self,
                                  const char  *path,
                                  GError     **error);
gboolean   imp_config_set_roles  (ImpConfig   *self,
                                  const char  *roles,
                                  GError     **error);
gboolean   imp_config_set_listen (ImpConfig   *self,
                                  const char  *text,
                                  GError     **error);
void       imp_config_set_embedded (ImpConfig *self);
gboolean   imp_config_check      (ImpConfig   *self,
                                  GError     **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpConfig, imp_config_free)

G_END_DECLS
