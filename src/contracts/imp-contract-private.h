/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "imp-contracts.h"

G_BEGIN_DECLS

#define IMP_PETITION_MAX_SIZE  (64 * 1024)
#define IMP_SIGNATURE_MAX_SIZE (4 * 1024)
#define IMP_CID_MAX_SIZE       128

/* The kinds of keys in the world state. */
#define IMP_STATE_AUTHOR   "author"
#define IMP_STATE_PETITION "petition"
#define IMP_STATE_UPDATE   "update"
#define IMP_STATE_LATEST   "latest"

typedef char *(*ImpContractFunc) (const ImpContractContext  *context,
                                  const char *const         *arguments,
                                  GError                   **error);

char       *imp_register_author_create_author  (const ImpContractContext  *context,
                                                const char *const         *arguments,
                                                GError                   **error);
char       *imp_register_update_create_update  (const ImpContractContext  *context,
                                                const char *const         *arguments,
                                                GError                   **error);
char       *imp_retrieve_update_query_version  (const ImpContractContext  *context,
                                                const char *const         *arguments,
                                                GError                   **error);
char       *imp_retrieve_update_query_update   (const ImpContractContext  *context,
                                                const char *const         *arguments,
                                                GError                   **error);
char       *imp_retrieve_update_query_history  (const ImpContractContext  *context,
                                                const char *const         *arguments,
                                                GError                   **error);
char       *imp_retrieve_update_query_author   (const ImpContractContext  *context,
                                                const char *const         *arguments,
                                                GError                   **error);

ImpKey     *imp_contract_read_author_key       (const char                *pem,
                                                GError                   **error);
JsonObject *imp_contract_parse_state           (const char                *key,
                                                const char                *value,
                                                GError                   **error);
gboolean    imp_contract_get_state             (ImpWorldState             *state,
                                                const char                *key,
                                                JsonObject               **object,
                                                GError                   **error);
char       *imp_contract_print                 (JsonObject                *object);

G_END_DECLS
