/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-store.h"
#include "imp-unixfs.h"

G_BEGIN_DECLS

/* Payloads in a folder of this machine. */
#define IMP_TYPE_EMBEDDED_STORE (imp_embedded_store_get_type ())
G_DECLARE_FINAL_TYPE (ImpEmbeddedStore, imp_embedded_store, IMP, EMBEDDED_STORE, GObject)

ImpStore *imp_embedded_store_open (const char              *directory,
                                   const ImpUnixfsProfile  *profile,
                                   GError                 **error);

G_END_DECLS
