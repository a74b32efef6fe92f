/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define IMP_TYPE_CHOICES_BUTTON (imp_choices_button_get_type ())
G_DECLARE_FINAL_TYPE (ImpChoicesButton, imp_choices_button, IMP, CHOICES_BUTTON, AdwBin)

void imp_choices_button_set_choices (ImpChoicesButton  *self,
                                     const char *const *choices);

G_END_DECLS
