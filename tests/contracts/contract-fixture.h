/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-contracts.h"
#include "imp-update.h"

G_BEGIN_DECLS

/* A world state in memory. As on a Fabric peer, a transaction does not see its own writes. */
#define TEST_TYPE_STATE (test_state_get_type ())
G_DECLARE_FINAL_TYPE (TestState, test_state, TEST, STATE, GObject)

TestState        *test_state_new        (void);
void              test_state_begin      (TestState           *self,
                                         gint64               time);
GPtrArray        *test_state_get_writes (TestState           *self);
void              test_state_commit     (TestState           *self);

/* Payloads in memory. */
#define TEST_TYPE_PAYLOADS (test_payloads_get_type ())
G_DECLARE_FINAL_TYPE (TestPayloads, test_payloads, TEST, PAYLOADS, GObject)

TestPayloads     *test_payloads_new     (void);
char             *test_payloads_add     (TestPayloads        *self,
                                         const void          *data,
                                         gsize                size);
void              test_payloads_remove  (TestPayloads        *self,
                                         const char          *cid);
void              test_payloads_break   (TestPayloads        *self,
                                         gboolean             broken);

/* What the arguments of createAuthor and createUpdate are made of. */
char            **test_make_petition    (ImpKey              *author,
                                         const char          *message);
ImpManifestBuilder *test_make_builder   (const char          *class_id,
                                         const char          *version,
                                         gint64               sequence,
                                         const void          *payload,
                                         gsize                size);
ImpUpdate        *test_sign_update      (ImpManifestBuilder  *builder,
                                         ImpKey              *author);
char            **test_make_update      (const char          *token,
                                         ImpUpdate           *update,
                                         const char          *cid);

JsonObject       *test_load_reference   (void);
GBytes           *test_make_payload     (JsonObject          *update);

G_END_DECLS
