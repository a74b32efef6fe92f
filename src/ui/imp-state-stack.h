/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define IMP_TYPE_STATE_STACK (imp_state_stack_get_type ())
G_DECLARE_FINAL_TYPE (ImpStateStack, imp_state_stack, IMP, STATE_STACK, AdwBin)

typedef enum
{
  IMP_STATE_LOADING,
  IMP_STATE_EMPTY,
  IMP_STATE_CONTENT,
  IMP_STATE_FAILED,
} ImpState;

GtkWidget *imp_state_stack_new           (void);

ImpState   imp_state_stack_get_state     (ImpStateStack *self);

void       imp_state_stack_set_loading   (ImpStateStack *self);
void       imp_state_stack_set_replacing (ImpStateStack *self);
void       imp_state_stack_set_loaded    (ImpStateStack *self,
                                          gboolean       empty);
void       imp_state_stack_set_failed    (ImpStateStack *self,
                                          const char    *title,
                                          const GError  *error);

G_END_DECLS
