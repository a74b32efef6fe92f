/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "contracts-runner.h"

#include <string.h>

void
contracts_set_up (Contracts     *self,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  const char *pem;

  self->state = test_state_new ();
  self->payloads = test_payloads_new ();
  self->reference = test_load_reference ();
  self->now = TEST_NOW;

  pem = json_object_get_string_member (self->reference, "chainPrivateKey");
  self->token_key = imp_key_new_from_pem (pem, -1, NULL, &error);
  g_assert_no_error (error);

  self->author = imp_key_generate (IMP_KEY_EC_P256, &error);
  g_assert_no_error (error);
}

void
contracts_tear_down (Contracts     *self,
                     gconstpointer  data)
{
  g_assert_finalize_object (self->state);
  g_assert_finalize_object (self->payloads);
  json_object_unref (self->reference);
  g_clear_object (&self->token_key);
  g_clear_object (&self->author);
}

/* A refusal must come before the first write: on a peer nobody rolls back for the contract. */
char *
contracts_run (Contracts          *self,
               const char         *contract,
               const char         *function,
               const char *const  *arguments,
               GError            **error)
{
  ImpContractContext context = {
    .state = IMP_WORLD_STATE (self->state),
    .payloads = self->payloads != NULL ? IMP_PAYLOAD_READER (self->payloads) : NULL,
    .token_key = self->token_key,
  };
  char *result;

  test_state_begin (self->state, self->now);
  result = imp_contract_invoke (&context, contract, function, arguments, error);

  if (result == NULL || imp_contract_is_query (contract, function))
    g_assert_cmpuint (test_state_get_writes (self->state)->len, ==, 0);

  test_state_commit (self->state);
  return result;
}

char *
contracts_register (Contracts  *self,
                    ImpKey     *author,
                    const char *message)
{
  g_auto(GStrv) arguments = test_make_petition (author, message);
  g_autoptr(GError) error = NULL;
  char *token;

  token = contracts_run (self, IMP_CONTRACT_REGISTER_AUTHOR, "createAuthor",
                         (const char *const *) arguments, &error);
  g_assert_no_error (error);

  return token;
}

char *
contracts_publish (Contracts   *self,
                   const char  *token,
                   ImpKey      *author,
                   const char  *class_id,
                   const char  *version,
                   gint64       sequence,
                   GError     **error)
{
  g_autoptr(ImpUpdate) update = NULL;
  g_autofree char *cid = NULL;
  g_auto(GStrv) arguments = NULL;

  update = test_sign_update (test_make_builder (class_id, version, sequence, version, strlen (version)),
                             author);
  cid = test_payloads_add (self->payloads, version, strlen (version));
  arguments = test_make_update (token, update, cid);

  return contracts_run (self, IMP_CONTRACT_REGISTER_UPDATE, "createUpdate",
                        (const char *const *) arguments, error);
}

char *
contracts_query (Contracts   *self,
                 const char  *function,
                 ImpKey      *author,
                 const char  *class_id,
                 GError     **error)
{
  const char *arguments[] = { imp_key_get_public_pem (author), class_id, NULL };

  return contracts_run (self, IMP_CONTRACT_RETRIEVE_UPDATE, function, arguments, error);
}
