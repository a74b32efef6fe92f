/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-run.h"

G_BEGIN_DECLS

#define IMP_ARGUMENTS_ANY G_MAXUINT

/* One command: “imprimaturctl [GROUP] NAME [OPTION…] [ARGUMENT…]”. */
typedef struct
{
  const char         *group;      /* (nullable) */
  const char         *name;
  const char         *arguments;  /* (nullable) as in the synopsis */
  guint               min_arguments;
  guint               max_arguments;
  const char         *summary;    /* N_() */
  const GOptionEntry *options;    /* (nullable) besides those that every command has */
  gboolean          (*run)        (ImpRun   *run,
                                   GError  **error);
} ImpCommand;

/* Each room's commands, ended by one without a name. */
extern const ImpCommand imp_agents_commands[];
extern const ImpCommand imp_author_commands[];
extern const ImpCommand imp_compare_commands[];
extern const ImpCommand imp_demo_commands[];
extern const ImpCommand imp_device_commands[];
extern const ImpCommand imp_key_commands[];
extern const ImpCommand imp_ledger_commands[];
extern const ImpCommand imp_manifest_commands[];
extern const ImpCommand imp_publish_commands[];
extern const ImpCommand imp_rehearse_commands[];
extern const ImpCommand imp_trust_commands[];
extern const ImpCommand imp_timings_commands[];
extern const ImpCommand imp_update_commands[];

int imp_command_main (char **arguments);

G_END_DECLS
