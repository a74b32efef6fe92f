/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-key.h"
#include "imp-payload-reader.h"
#include "imp-world-state.h"

G_BEGIN_DECLS

#define IMP_CONTRACT_REGISTER_AUTHOR "RegisterAuthor"
#define IMP_CONTRACT_REGISTER_UPDATE "RegisterUpdate"
#define IMP_CONTRACT_RETRIEVE_UPDATE "RetrieveUpdate"

/* Everything that a contract is given (borrowed). */
typedef struct
{
  ImpWorldState    *state;
  ImpPayloadReader *payloads;   /* (nullable) for queries */
  ImpKey           *token_key;  /* the ledger's RSA-2048 key */
} ImpContractContext;

char    *imp_contract_invoke   (const ImpContractContext  *context,
                                const char                *contract,
                                const char                *function,
                                const char *const         *arguments,
                                GError                   **error);
gboolean imp_contract_is_query (const char                *contract,
                                const char                *function);
char   **imp_contract_redact   (const char                *contract,
                                const char                *function,
                                const char *const         *arguments);

G_END_DECLS
