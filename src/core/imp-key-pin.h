/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a PKCS#11 token lets one know of the tries that are left: it gives no number. */
typedef enum
{
  IMP_PIN_WRONG     = 1 << 0,  /* the PIN that was given just before was wrong */
  IMP_PIN_FEW_TRIES = 1 << 1,  /* a wrong PIN was given since the last right one */
  IMP_PIN_LAST_TRY  = 1 << 2,  /* one more wrong PIN locks the token */
  IMP_PIN_EACH_TIME = 1 << 3,  /* for one signature: the key asks again for the next one */
} ImpPinFlags;

/* Gives the PIN of a token, or `NULL` with @error set. Called in the thread that signs; the PIN is
 * wiped and freed by who asked.
 */
typedef char *(*ImpPinFunc) (const char   *token,
                             ImpPinFlags   flags,
                             gpointer      user_data,
                             GError      **error);

#define IMP_PIN_MAX_SIZE 255

/* Whom to ask for PINs. */
typedef struct _ImpPinAsker ImpPinAsker;

ImpPinAsker *imp_pin_asker_new        (ImpPinFunc      func,
                                       gpointer        user_data,
                                       GDestroyNotify  destroy);
ImpPinAsker *imp_pin_asker_ref        (ImpPinAsker    *self);
void         imp_pin_asker_unref      (ImpPinAsker    *self);

int          imp_pin_asker_ask        (void           *self,
                                       int             attempt,
                                       const char     *token_url,
                                       const char     *token_label,
                                       unsigned int    flags,
                                       char           *pin,
                                       size_t          pin_size);
void         imp_pin_asker_enter      (ImpPinAsker    *self);
void         imp_pin_asker_leave      (void);
gboolean     imp_pin_asker_set_error  (ImpPinAsker    *self,
                                       int             code,
                                       const char     *token,
                                       GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpPinAsker, imp_pin_asker_unref)

G_END_DECLS
