/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include "contract-fixture.h"
#include "imp-error.h"
#include "imp-transaction.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1700000000000)
#define ID "00000000000000000000000000000000000000000000000000000000000000ff"

static const char *const functions[][2] = {
  { IMP_CONTRACT_REGISTER_AUTHOR, "createAuthor" },
  { IMP_CONTRACT_REGISTER_UPDATE, "createUpdate" },
  { IMP_CONTRACT_RETRIEVE_UPDATE, "queryVersion" },
  { IMP_CONTRACT_RETRIEVE_UPDATE, "queryUpdate" },
  { IMP_CONTRACT_RETRIEVE_UPDATE, "queryHistory" },
  { IMP_CONTRACT_RETRIEVE_UPDATE, "queryAuthor" },
};

static ImpKey *token_key;
static ImpKey *author;

static void
make_keys (void)
{
  g_autofree char *path = g_build_filename (TEST_DATA, "reference.json", NULL);
  g_autoptr(JsonParser) parser = json_parser_new ();
  JsonObject *reference;

  g_assert_true (json_parser_load_from_file (parser, path, NULL));
  reference = json_node_get_object (json_parser_get_root (parser));
  token_key = imp_key_new_from_pem (json_object_get_string_member (reference, "chainPrivateKey"), -1, NULL,
                                    NULL);
  author = imp_key_generate (IMP_KEY_ED25519, NULL);
  g_assert_true (token_key != NULL && author != NULL);
}

static char *
invoke (const char         *contract,
        const char         *function,
        const char *const  *arguments,
        GError            **error)
{
  g_autoptr(TestState) state = test_state_new ();
  g_autoptr(TestPayloads) payloads = test_payloads_new ();
  ImpContractContext context = { IMP_WORLD_STATE (state), IMP_PAYLOAD_READER (payloads), token_key };

  test_state_begin (state, NOW);
  return imp_contract_invoke (&context, contract, function, arguments, error);
}

/* Whatever it is called with: an answer, or an error of the house. */
static void
check_call (guint       index,
            const char *text,
            gsize       size)
{
  const char *const *function = functions[index % G_N_ELEMENTS (functions)];
  const char *arguments[8] = { NULL };
  const char *end = text + size;
  g_autofree char *result = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (arguments) - 1 && text < end; i++)
    {
      arguments[i] = text;
      text += strlen (text) + 1;
    }

  result = invoke (function[0], function[1], arguments, &error);
  g_assert_true ((result != NULL) == (error == NULL));
  g_assert_true (error == NULL || error->domain == IMP_ERROR);
}

/* What a contract accepts can be written down and read again, or one author could stop the ledger. */
static void
check_leaf (const char *message)
{
  g_auto(GStrv) arguments = test_make_petition (author, message);
  g_autoptr(JsonArray) writes = json_array_new ();
  g_autofree char *leaf = NULL;
  g_autofree char *token = NULL;
  g_autoptr(ImpTransaction) transaction = NULL;
  g_autoptr(GError) error = NULL;

  token = invoke (functions[0][0], functions[0][1], (const char *const *) arguments, NULL);
  if (token == NULL)
    return;

  leaf = imp_transaction_make_leaf (ID, NOW, "fuzz", functions[0][0], functions[0][1],
                                    (const char *const *) arguments, writes);
  transaction = imp_transaction_new_from_leaf (0, leaf, &error);
  g_assert_no_error (error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = NULL;

  if (token_key == NULL)
    make_keys ();

  if (size == 0)
    return 0;

  text = g_malloc (size);
  memcpy (text, data + 1, size - 1);
  text[size - 1] = '\0';

  if (data[0] & 0x80)
    check_leaf (text);
  else
    check_call (data[0], text, size);

  return 0;
}
