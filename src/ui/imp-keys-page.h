/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-place.h"

G_BEGIN_DECLS

#define IMP_TYPE_KEYS_PAGE (imp_keys_page_get_type ())
G_DECLARE_FINAL_TYPE (ImpKeysPage, imp_keys_page, IMP, KEYS_PAGE, ImpPlace)

G_END_DECLS
