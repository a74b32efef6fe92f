/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "imp-attack.h"
#include "imp-key.h"

G_BEGIN_DECLS

/* What the one in the middle has: keys of its own, and what is on the ledger for everyone to see. */
struct _ImpAttacker
{
  ImpKey       *author_key;   /* (owned) */
  ImpKey       *log_key;      /* (owned) */
  char         *other;        /* (owned) (nullable): another update, as an agent answers it */
  char         *old_head;     /* (owned) (nullable): a checkpoint of earlier */
  guint64       own_size;     /* bytes of the firmware of its own */

  char         *agent;        /* (owned) without a slash at its end */
  SoupSession  *session;      /* (owned) (nullable): of the thread that attacks */
  GCancellable *cancellable;  /* (nullable): of the network */
};

ImpAttacker *imp_attacker_new      (const char   *agent,
                                    GError      **error);
void         imp_attacker_free     (ImpAttacker  *self);
JsonObject  *imp_attacker_ask      (ImpAttacker  *self,
                                    const char   *path,
                                    GError      **error);
void         imp_attacker_fill     (guint8       *bytes,
                                    guint64       offset,
                                    gsize         size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpAttacker, imp_attacker_free)

/* Changes to an offer, each an ImpOfferFunc. */
#define IMP_OFFER_FUNC(name) \
  gboolean imp_offer_ ## name (ImpAttacker *attacker, JsonObject *offer, GError **error)

IMP_OFFER_FUNC (flip_manifest);
IMP_OFFER_FUNC (sign_as_another);
IMP_OFFER_FUNC (publish_own);
IMP_OFFER_FUNC (unsign);
IMP_OFFER_FUNC (truncate_signature);
IMP_OFFER_FUNC (change_format);
IMP_OFFER_FUNC (change_location);
IMP_OFFER_FUNC (fast_forward);
IMP_OFFER_FUNC (pile_up_dependencies);
IMP_OFFER_FUNC (swap_cid);
IMP_OFFER_FUNC (forge_ledger);
IMP_OFFER_FUNC (split_view);
IMP_OFFER_FUNC (turn_back_head);
IMP_OFFER_FUNC (flip_proof);
IMP_OFFER_FUNC (shift_leaf);
IMP_OFFER_FUNC (double_size);
IMP_OFFER_FUNC (empty_proof);
IMP_OFFER_FUNC (extend_proof);
IMP_OFFER_FUNC (prove_another);
IMP_OFFER_FUNC (strip_time);
IMP_OFFER_FUNC (rename_log);
IMP_OFFER_FUNC (break_lines);
IMP_OFFER_FUNC (inflate_head);
IMP_OFFER_FUNC (unsign_head);

G_END_DECLS
