/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-activity-log.h"
#include "imp-agent.h"
#include "imp-cid.h"
#include "imp-store.h"

G_BEGIN_DECLS

/* The payloads that go out of one agent, and the record of each. */
#define IMP_TYPE_FETCHES (imp_fetches_get_type ())
G_DECLARE_FINAL_TYPE (ImpFetches, imp_fetches, IMP, FETCHES, GObject)

ImpFetches *imp_fetches_new      (ImpAgent       *agent,
                                  ImpStore       *store,
                                  ImpActivityLog *activity);

void        imp_fetches_expect   (ImpFetches     *self,
                                  const char     *device,
                                  const char     *cid,
                                  const char     *class_id,
                                  const char     *version);
void        imp_fetches_send     (ImpFetches     *self,
                                  ImpRequest     *request,
                                  ImpCid         *cid,
                                  const char     *class_id,
                                  const char     *version);

G_END_DECLS
