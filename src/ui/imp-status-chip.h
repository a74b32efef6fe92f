/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define IMP_TYPE_STATUS_CHIP (imp_status_chip_get_type ())
G_DECLARE_FINAL_TYPE (ImpStatusChip, imp_status_chip, IMP, STATUS_CHIP, AdwBin)

typedef enum
{
  IMP_CHIP_NEUTRAL,
  IMP_CHIP_BUSY,
  IMP_CHIP_GOOD,
  IMP_CHIP_WARNING,
  IMP_CHIP_BAD,
} ImpChipKind;

GtkWidget  *imp_status_chip_new      (void);

const char *imp_status_chip_get_text (ImpStatusChip *self);
void        imp_status_chip_set      (ImpStatusChip *self,
                                      ImpChipKind    kind,
                                      const char    *text);

G_END_DECLS
