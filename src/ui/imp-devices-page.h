/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-place.h"

G_BEGIN_DECLS

#define IMP_TYPE_DEVICES_PAGE (imp_devices_page_get_type ())
G_DECLARE_FINAL_TYPE (ImpDevicesPage, imp_devices_page, IMP, DEVICES_PAGE, ImpPlace)

G_END_DECLS
