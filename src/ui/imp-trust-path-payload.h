/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-agent-client.h"
#include "imp-trust-path.h"

G_BEGIN_DECLS

/* The payload that a trust path is held to. */
#define IMP_TYPE_TRUST_PATH_PAYLOAD (imp_trust_path_payload_get_type ())
G_DECLARE_FINAL_TYPE (ImpTrustPathPayload, imp_trust_path_payload, IMP, TRUST_PATH_PAYLOAD, AdwBin)

void          imp_trust_path_payload_set_path     (ImpTrustPathPayload *self,
                                                   ImpTrustPath        *path,
                                                   ImpAgentClient      *client);
void          imp_trust_path_payload_forget       (ImpTrustPathPayload *self);
void          imp_trust_path_payload_cancel       (ImpTrustPathPayload *self);

GFile        *imp_trust_path_payload_get_file     (ImpTrustPathPayload *self);
GCancellable *imp_trust_path_payload_begin        (ImpTrustPathPayload *self);
void          imp_trust_path_payload_end          (ImpTrustPathPayload *self);
void          imp_trust_path_payload_progress_cb  (goffset              done,
                                                   goffset              total,
                                                   gpointer             user_data);

G_END_DECLS
