/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "imp-key-pin.h"

G_BEGIN_DECLS

/* A question for the PIN of a token, which a thread waits for. */
#define IMP_TYPE_PIN_REQUEST (imp_pin_request_get_type ())
G_DECLARE_FINAL_TYPE (ImpPinRequest, imp_pin_request, IMP, PIN_REQUEST, GObject)

/* Shows a request to somebody who will answer it; FALSE where there is nobody. */
typedef gboolean (*ImpPinRequestFunc) (GObject       *owner,
                                       ImpPinRequest *request);

ImpPinAsker *imp_pin_request_new_asker   (GObject           *owner,
                                          ImpPinRequestFunc  show,
                                          GCancellable      *cancellable);

const char  *imp_pin_request_get_token   (ImpPinRequest     *self);
ImpPinFlags  imp_pin_request_get_flags   (ImpPinRequest     *self);
gboolean     imp_pin_request_is_answered (ImpPinRequest     *self);

void         imp_pin_request_answer      (ImpPinRequest     *self,
                                          const char        *pin);
void         imp_pin_request_refuse      (ImpPinRequest     *self,
                                          const GError      *reason);

G_END_DECLS
