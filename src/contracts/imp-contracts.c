/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-contracts.h"

#include <string.h>

#include "imp-contract-private.h"
#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-manifest.h"
#include "imp-token.h"

#define MAX_ARGUMENTS 5

typedef struct
{
  const char *name;
  gsize       max_size;
  gboolean    secret;
} Argument;

typedef struct
{
  const char      *contract;
  const char      *name;
  gboolean         query;
  ImpContractFunc  invoke;
  Argument         arguments[MAX_ARGUMENTS + 1];
} Function;

static const Function functions[] = {
  { IMP_CONTRACT_REGISTER_AUTHOR, "createAuthor", FALSE, imp_register_author_create_author,
    { { "message", IMP_PETITION_MAX_SIZE },
      { "signedMessage", IMP_SIGNATURE_MAX_SIZE },
      { "publicKey", IMP_KEY_MAX_PEM_SIZE } } },
  { IMP_CONTRACT_REGISTER_UPDATE, "createUpdate", FALSE, imp_register_update_create_update,
    { { "token", IMP_TOKEN_MAX_SIZE, TRUE },
      { "manifest", IMP_MANIFEST_MAX_SIZE },
      { "authorSign", IMP_SIGNATURE_MAX_SIZE },
      { "authorManifestSign", IMP_SIGNATURE_MAX_SIZE },
      { "cid", IMP_CID_MAX_SIZE } } },
  { IMP_CONTRACT_RETRIEVE_UPDATE, "queryVersion", TRUE, imp_retrieve_update_query_version,
    { { "publicKey", IMP_KEY_MAX_PEM_SIZE }, { "classID", IMP_MANIFEST_MAX_NAME } } },
  { IMP_CONTRACT_RETRIEVE_UPDATE, "queryUpdate", TRUE, imp_retrieve_update_query_update,
    { { "publicKey", IMP_KEY_MAX_PEM_SIZE }, { "classID", IMP_MANIFEST_MAX_NAME } } },
  { IMP_CONTRACT_RETRIEVE_UPDATE, "queryHistory", TRUE, imp_retrieve_update_query_history,
    { { "publicKey", IMP_KEY_MAX_PEM_SIZE }, { "classID", IMP_MANIFEST_MAX_NAME } } },
  { IMP_CONTRACT_RETRIEVE_UPDATE, "queryAuthor", TRUE, imp_retrieve_update_query_author,
    { { "fingerprint", 2 * IMP_SHA256_SIZE } } },
};

static const Function *
find_function (const char *contract,
               const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    {
      if (g_str_equal (functions[i].contract, contract) && g_str_equal (functions[i].name, name))
        return &functions[i];
    }

  return NULL;
}

static guint
count_arguments (const Function *function)
{
  guint n = 0;

  while (function->arguments[n].name != NULL)
    n++;

  return n;
}

static gboolean
check_argument (const Argument  *argument,
                const char      *value,
                GError         **error)
{
  gsize size = strlen (value);

  if (size > argument->max_size)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "argument “%s” has %" G_GSIZE_FORMAT " bytes, more than %" G_GSIZE_FORMAT,
                          argument->name, size, argument->max_size);

  if (!g_utf8_validate_len (value, size, NULL))
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "argument “%s” is not UTF-8", argument->name);

  return TRUE;
}

static gboolean
check_arguments (const Function     *function,
                 const char *const  *arguments,
                 GError            **error)
{
  guint n_expected = count_arguments (function);
  guint n_given = g_strv_length ((char **) arguments);

  if (n_given != n_expected)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "%s.%s takes %u arguments, not %u",
                          function->contract, function->name, n_expected, n_given);

  for (guint i = 0; i < n_given; i++)
    {
      if (!check_argument (&function->arguments[i], arguments[i], error))
        return FALSE;
    }

  return TRUE;
}

/**
 * imp_contract_invoke:
 * @context: what the contract runs over
 * @contract: name of a contract, such as %IMP_CONTRACT_REGISTER_UPDATE
 * @function: name of one of its functions
 * @arguments: (array zero-terminated=1): what it is called with
 * @error: return location for an error
 *
 * Runs a function of a contract: the one door to all of them.
 *
 * - `RegisterAuthor.createAuthor (message, signedMessage, publicKey)` returns the author's token
 * - `RegisterUpdate.createUpdate (token, manifest, authorSign, authorManifestSign, cid)` returns
 *   `{"author", "cid", "class", "version"}`
 * - `RetrieveUpdate.queryVersion (publicKey, classID)` returns the bare versionID
 * - `RetrieveUpdate.queryUpdate (publicKey, classID)` returns the newest update,
 *   `{"authorManifestSign", "authorSign", "cid", "manifest", "time", "transaction"}`
 * - `RetrieveUpdate.queryHistory (publicKey, classID)` returns an array, newest first, of
 *   `{"cid", "sequence", "time", "transaction", "version"}`
 * - `RetrieveUpdate.queryAuthor (fingerprint)` returns
 *   `{"fingerprint", "publicKey", "registered", "tokenExpires"}`
 *
 * Objects are canonical JSON. An unknown contract or function and arguments of the wrong count or
 * size are %IMP_ERROR_MALFORMED; all else that is refused has a code of the protocol.
 *
 * Returns: (transfer full) (nullable): what the function returns, or `NULL` with @error set
 */
char *
imp_contract_invoke (const ImpContractContext  *context,
                     const char                *contract,
                     const char                *function,
                     const char *const         *arguments,
                     GError                   **error)
{
  const Function *found;

  g_return_val_if_fail (context != NULL, NULL);
  g_return_val_if_fail (contract != NULL, NULL);
  g_return_val_if_fail (function != NULL, NULL);
  g_return_val_if_fail (arguments != NULL, NULL);

  found = find_function (contract, function);
  if (found == NULL)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                   "there is no contract function “%s.%s”", contract, function);
      return NULL;
    }

  if (!check_arguments (found, arguments, error))
    return NULL;

  return found->invoke (context, arguments, error);
}

/**
 * imp_contract_is_query:
 * @contract: name of a contract
 * @function: name of a function
 *
 * Tells whether a function writes nothing, so that it needs no transaction.
 *
 * Returns: whether it is a known function that only reads
 */
gboolean
imp_contract_is_query (const char *contract,
                       const char *function)
{
  const Function *found;

  g_return_val_if_fail (contract != NULL, FALSE);
  g_return_val_if_fail (function != NULL, FALSE);

  found = find_function (contract, function);

  return found != NULL && found->query;
}

static char *
redact (const char *secret)
{
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA256, secret, strlen (secret));

  return g_strconcat ("sha256:", digest, NULL);
}

/**
 * imp_contract_redact:
 * @contract: name of a contract
 * @function: name of a function
 * @arguments: (array zero-terminated=1): what it is called with
 *
 * Gives the arguments as they may be recorded: a token is replaced by `sha256:` and its digest.
 *
 * Returns: (transfer full) (array zero-terminated=1): a copy without secrets
 */
char **
imp_contract_redact (const char        *contract,
                     const char        *function,
                     const char *const *arguments)
{
  g_autoptr(GStrvBuilder) builder = NULL;
  const Function *found;
  guint n_known;

  g_return_val_if_fail (contract != NULL, NULL);
  g_return_val_if_fail (function != NULL, NULL);
  g_return_val_if_fail (arguments != NULL, NULL);

  builder = g_strv_builder_new ();
  found = find_function (contract, function);
  n_known = found != NULL ? count_arguments (found) : 0;

  for (guint i = 0; arguments[i] != NULL; i++)
    {
      /* What is unknown might be anything. */
      gboolean secret = i >= n_known || found->arguments[i].secret;
      g_autofree char *shown = secret ? redact (arguments[i]) : g_strdup (arguments[i]);

      g_strv_builder_add (builder, shown);
    }

  return g_strv_builder_end (builder);
}

/* The leaf keeps the text that it is given, so a text with a private half in it must be refused
 * before it is written, wherever in the text that half stands.
 */
ImpKey *
imp_contract_read_author_key (const char  *pem,
                              GError     **error)
{
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(GError) local_error = NULL;

  if (strstr (pem, "PRIVATE KEY") != NULL)
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID,
                           "publicKey holds a private key, which must never leave its owner");
      return NULL;
    }

  key = imp_key_new_from_pem (pem, -1, NULL, &local_error);
  if (key == NULL)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID, "publicKey: %s", local_error->message);
      return NULL;
    }

  return g_steal_pointer (&key);
}

/* A value that does not parse was not written by a contract: the ledger's file was changed. */
JsonObject *
imp_contract_parse_state (const char  *key,
                          const char  *value,
                          GError     **error)
{
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) local_error = NULL;

  node = imp_json_parse (value, -1, 4 * IMP_MANIFEST_MAX_SIZE, &local_error);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT, "state “%s”: %s", key,
                   local_error != NULL ? local_error->message : "not an object");
      return NULL;
    }

  return json_node_dup_object (node);
}

/**
 * imp_contract_get_state:
 * @state: a state
 * @key: the key
 * @object: (out) (nullable) (transfer full): the value, or `NULL` if there is none
 * @error: return location for an error
 *
 * Reads a value that a contract wrote. One that is no object is %IMP_ERROR_CORRUPT.
 *
 * Returns: whether it could be read, be it there or not
 */
gboolean
imp_contract_get_state (ImpWorldState  *state,
                        const char     *key,
                        JsonObject    **object,
                        GError        **error)
{
  g_autofree char *value = NULL;

  *object = NULL;
  if (!imp_world_state_get (state, key, &value, error))
    return FALSE;

  if (value == NULL)
    return TRUE;

  *object = imp_contract_parse_state (key, value, error);
  return *object != NULL;
}

/**
 * imp_contract_print:
 * @object: an object
 *
 * Returns: (transfer full): its canonical JSON, the only form in which state is written
 */
char *
imp_contract_print (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, object);
  return imp_json_canonicalize (node);
}
