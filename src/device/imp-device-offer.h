/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-checkpoint.h"
#include "imp-cid.h"
#include "imp-transaction.h"
#include "imp-update.h"

G_BEGIN_DECLS

/* What an agent says is the newest version, and why that should be believed. */
typedef struct
{
  ImpUpdate      *update;       /* (owned) */
  ImpManifest    *manifest;     /* of the update */
  ImpCid         *cid;          /* (owned) */
  ImpTransaction *transaction;  /* (owned) */
  guint64         leaf;
  guint64         size;
  GArray         *path;         /* (owned) ImpHash */
  ImpCheckpoint  *checkpoint;   /* (owned) */
} ImpDeviceOffer;

ImpDeviceOffer *imp_device_offer_parse (JsonNode        *reply,
                                        GError         **error);
void            imp_device_offer_free  (ImpDeviceOffer  *self);
GArray         *imp_device_parse_path  (JsonObject      *object,
                                        GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpDeviceOffer, imp_device_offer_free)

G_END_DECLS
