/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-payload-reader.h"
#include "imp-store.h"

G_BEGIN_DECLS

/* How a contract looks at the payloads of a store. */
#define IMP_TYPE_STORE_PAYLOAD_READER (imp_store_payload_reader_get_type ())
G_DECLARE_FINAL_TYPE (ImpStorePayloadReader, imp_store_payload_reader, IMP, STORE_PAYLOAD_READER, GObject)

ImpPayloadReader *imp_store_payload_reader_new (ImpStore *store);

G_END_DECLS
