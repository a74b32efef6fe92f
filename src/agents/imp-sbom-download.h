/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-request.h"
#include "imp-store.h"

G_BEGIN_DECLS

/* Gives away what is kept and is no update's payload: its SBOM. */
void imp_sbom_download (ImpStore   *store,
                        ImpRequest *request,
                        ImpCid     *cid);

G_END_DECLS
