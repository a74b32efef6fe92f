/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-key.h"
#include "imp-request.h"

G_BEGIN_DECLS

#define IMP_PETITION_MAX_SIZE (256 * 1024)

/* What an author asks to be registered with: `{publicKey, message, signedMessage}`. */
typedef struct
{
  char   *message;
  char   *signed_message;
  ImpKey *author;
} ImpPetition;

ImpPetition *imp_petition_parse    (ImpRequest   *request,
                                    GError      **error);
void         imp_petition_free     (ImpPetition  *self);
ImpKey      *imp_author_key_parse  (const char   *pem,
                                    GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpPetition, imp_petition_free)

G_END_DECLS
