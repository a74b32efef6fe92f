/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-client.h"

G_BEGIN_DECLS

/* What the ledger has of one class by one author, and what is known at all. */
#define IMP_TYPE_CLASS_LOOKUP (imp_class_lookup_get_type ())
G_DECLARE_FINAL_TYPE (ImpClassLookup, imp_class_lookup, IMP, CLASS_LOOKUP, GObject)

ImpClassLookup    *imp_class_lookup_new          (void);

const char *const *imp_class_lookup_get_classes  (ImpClassLookup *self);
const char *const *imp_class_lookup_get_releases (ImpClassLookup *self);
ImpTransaction    *imp_class_lookup_get_latest   (ImpClassLookup *self);
ImpManifest       *imp_class_lookup_get_manifest (ImpClassLookup *self);

void               imp_class_lookup_list         (ImpClassLookup *self,
                                                  ImpAgentClient *client);
void               imp_class_lookup_find         (ImpClassLookup *self,
                                                  ImpAgentClient *client,
                                                  const char     *author,
                                                  const char     *class_id);
void               imp_class_lookup_close        (ImpClassLookup *self);

G_END_DECLS
