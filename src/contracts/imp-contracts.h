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

/* Everything that a contract is given (borrowed). A query needs no payloads. */
typedef struct
{
  ImpWorldState    *state;
  ImpPayloadReader *payloads;   /* (nullable) for queries */
  ImpKey           *token_key;  /* the ledger's RSA-2048 key: RS384 signatures are deterministic, so peers agree */
} ImpContractContext;

/* The one door: runs function of contract, gives what it returns (JSON text; for createAuthor the token, for queryVersion the bare
 * versionID). Errors are the contract's; an unknown contract or function or a wrong count of arguments is IMP_ERROR_MALFORMED.
 */
char    *imp_contract_invoke   (const ImpContractContext *context,
                                const char               *contract,
                                const char               *function,
                                const char *const        *arguments,
                                GError                  **error);
/* Whether it writes nothing. */
gboolean imp_contract_is_query (const char               *contract,
                                const char               *function);
/* The arguments as they may be recorded: a token becomes "sha256:<hex>". */
char   **imp_contract_redact   (const char               *contract,
                                const char               *function,
                                const char *const        *arguments);

G_END_DECLS
