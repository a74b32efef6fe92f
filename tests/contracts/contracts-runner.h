/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "contract-fixture.h"

G_BEGIN_DECLS

/* 2023-11-14T22:13:20Z */
#define TEST_NOW G_GINT64_CONSTANT (1700000000000)

/* The contracts over a state, a store and a clock that a test turns. */
typedef struct
{
  TestState    *state;
  TestPayloads *payloads;
  JsonObject   *reference;
  ImpKey       *token_key;
  ImpKey       *author;
  gint64        now;
} Contracts;

void   contracts_set_up    (Contracts          *self,
                            gconstpointer       data);
void   contracts_tear_down (Contracts          *self,
                            gconstpointer       data);
char  *contracts_run       (Contracts          *self,
                            const char         *contract,
                            const char         *function,
                            const char *const  *arguments,
                            GError            **error);
char  *contracts_register  (Contracts          *self,
                            ImpKey             *author,
                            const char         *message);
char  *contracts_publish   (Contracts          *self,
                            const char         *token,
                            ImpKey             *author,
                            const char         *class_id,
                            const char         *version,
                            gint64              sequence,
                            GError            **error);
char  *contracts_query     (Contracts          *self,
                            const char         *function,
                            ImpKey             *author,
                            const char         *class_id,
                            GError            **error);

G_END_DECLS
