/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"
#include "imp-state-stack.h"

G_BEGIN_DECLS

/* A page of the window: header, search bar, content. */
#define IMP_TYPE_PLACE (imp_place_get_type ())
G_DECLARE_DERIVABLE_TYPE (ImpPlace, imp_place, IMP, PLACE, AdwBin)

struct _ImpPlaceClass
{
  AdwBinClass parent_class;

  void     (*set_up)    (ImpPlace   *self);
  void     (*refresh)   (ImpPlace   *self);
  void     (*search)    (ImpPlace   *self,
                         const char *text);
  void     (*show_item) (ImpPlace   *self,
                         const char *id);
  gboolean (*back)      (ImpPlace   *self);
};

ImpSession     *imp_place_get_session     (ImpPlace      *self);
ImpAgentClient *imp_place_get_client      (ImpPlace      *self);
GCancellable   *imp_place_get_cancellable (ImpPlace      *self);
gboolean        imp_place_get_folded      (ImpPlace      *self);

void            imp_place_set_session     (ImpPlace      *self,
                                           ImpSession    *session);
void            imp_place_set_deep        (ImpPlace      *self,
                                           gboolean       deep);
void            imp_place_toast           (ImpPlace      *self,
                                           const char    *text);

ImpAgentClient *imp_place_begin_loading   (ImpPlace      *self,
                                           ImpStateStack *stack);
void            imp_place_refresh         (ImpPlace      *self);
gboolean        imp_place_start_search    (ImpPlace      *self);
void            imp_place_end_search      (ImpPlace      *self);
void            imp_place_focus           (ImpPlace      *self);
void            imp_place_focus_loaded    (ImpPlace      *self);
void            imp_place_show_item       (ImpPlace      *self,
                                           const char    *id);
gboolean        imp_place_go_back         (ImpPlace      *self);
void            imp_place_close           (ImpPlace      *self);

G_END_DECLS
