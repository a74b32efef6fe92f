/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "imp-error.h"
#include "imp-json.h"
#include "imp-transaction.h"

#define ID "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define TIME "2023-02-01T14:04:19.353Z"

#define HEAD "\"contract\":\"RegisterUpdate\",\"creator\":\"register\"," \
             "\"function\":\"createUpdate\",\"time\":\"" TIME "\",\"transaction\":\"" ID "\""
#define NAMES "\"contract\":\"\",\"creator\":\"\",\"function\":\"\""
#define ARGUMENTS "\"arguments\":[\"sha256:00\",\"{}\",\"a\",\"b\",\"QmX\"]"
#define WRITES "\"writes\":[" \
               "{\"digest\":\"" SHA256 "\",\"key\":\"update/fp/Class%2F1/V_1\"}," \
               "{\"digest\":\"" SHA256 "\",\"key\":\"latest/fp/Class%2F1\"}]"
#define LEAF "{" ARGUMENTS "," HEAD "," WRITES "}"

static void
add_write (JsonArray  *writes,
           const char *key)
{
  JsonObject *write = json_object_new ();

  json_object_set_string_member (write, "key", key);
  json_object_set_string_member (write, "digest", SHA256);
  json_array_add_object_element (writes, write);
}

static void
test_makes_leaf (void)
{
  static const char *const arguments[] = { "sha256:00", "{}", "a", "b", "QmX", NULL };
  g_autoptr(JsonArray) writes = json_array_new ();
  g_autofree char *key = imp_state_key ("update", "fp", "Class/1", "V_1", NULL);
  g_autofree char *leaf = NULL;

  add_write (writes, key);
  add_write (writes, "latest/fp/Class%2F1");
  leaf = imp_transaction_make_leaf (ID, 1675260259353, "register", "RegisterUpdate",
                                    "createUpdate", arguments, writes);

  g_assert_cmpstr (leaf, ==, LEAF);
}

static void
assert_update (ImpTransaction *transaction)
{
  g_assert_cmpuint (imp_transaction_get_sequence (transaction), ==, 7);
  g_assert_cmpstr (imp_transaction_get_id (transaction), ==, ID);
  g_assert_cmpint (imp_transaction_get_time (transaction), ==, 1675260259353);
  g_assert_cmpstr (imp_transaction_get_contract (transaction), ==, "RegisterUpdate");
  g_assert_cmpstr (imp_transaction_get_function (transaction), ==, "createUpdate");
  g_assert_cmpstr (imp_transaction_get_creator (transaction), ==, "register");
  g_assert_cmpstr (imp_transaction_get_author (transaction), ==, "fp");
  g_assert_cmpstr (imp_transaction_get_class_id (transaction), ==, "Class/1");
  g_assert_cmpstr (imp_transaction_get_version (transaction), ==, "V_1");
  g_assert_cmpstr (imp_transaction_get_cid (transaction), ==, "QmX");
}

static void
test_reads_leaf (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpTransaction) transaction = imp_transaction_new_from_leaf (7, LEAF, &error);

  g_assert_no_error (error);
  assert_update (transaction);
  g_assert_cmpstr (imp_transaction_get_leaf (transaction), ==, LEAF);
  g_assert_finalize_object (g_steal_pointer (&transaction));
}

static void
test_reads_author (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpTransaction) transaction =
    imp_transaction_new_from_leaf (0,
                                   "{\"arguments\":[],\"contract\":\"RegisterAuthor\",\"creator\":\"author\","
                                   "\"function\":\"createAuthor\",\"time\":\"" TIME "\",\"transaction\":\"" ID "\","
                                   "\"writes\":[{\"digest\":\"" SHA256 "\",\"key\":\"author/fp\"},"
                                   "{\"digest\":\"" SHA256 "\",\"key\":\"petition/x\"}]}",
                                   &error);

  g_assert_no_error (error);
  g_assert_cmpstr (imp_transaction_get_author (transaction), ==, "fp");
  g_assert_null (imp_transaction_get_class_id (transaction));
  g_assert_null (imp_transaction_get_version (transaction));
  g_assert_null (imp_transaction_get_cid (transaction));
}

static void
test_goes_over_the_wire (gconstpointer data)
{
  gboolean with_leaf = GPOINTER_TO_INT (data);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpTransaction) sent = imp_transaction_new_from_leaf (7, LEAF, &error);
  g_autoptr(JsonNode) node = imp_transaction_to_json (sent, with_leaf);
  g_autofree char *text = imp_json_canonicalize (node);
  g_autoptr(JsonNode) received = imp_json_parse (text, -1, G_MAXSIZE, &error);
  g_autoptr(ImpTransaction) transaction = imp_transaction_new_from_json (received, &error);

  g_assert_no_error (error);
  assert_update (transaction);
  g_assert_cmpstr (imp_transaction_get_leaf (transaction), ==, with_leaf ? LEAF : NULL);
}

typedef struct
{
  const char *name;
  const char *text;
  const char *reason;
} Refusal;

static const Refusal leaf_refusals[] = {
  { "nothing", "", "transaction 7: JSON line 1" },
  { "array", "[]", "not an object" },
  { "no-contract",
    "{" ARGUMENTS ",\"creator\":\"\",\"function\":\"\","
    "\"time\":\"" TIME "\",\"transaction\":\"" ID "\"," WRITES "}",
    "“contract” is missing" },
  { "no-arguments", "{" HEAD "," WRITES "}", "“arguments” is missing" },
  { "number-argument", "{\"arguments\":[1]," HEAD "," WRITES "}", "“arguments” has an item 1" },
  { "no-writes", "{" ARGUMENTS "," HEAD "}", "“writes” is missing" },
  { "string-write", "{" ARGUMENTS "," HEAD ",\"writes\":[\"\"]}", "“writes” has an item 1" },
  { "keyless-write", "{" ARGUMENTS "," HEAD ",\"writes\":[{\"digest\":\"" SHA256 "\"}]}",
    "item 1 of “writes”: “key” is missing" },
  { "digestless-write", "{" ARGUMENTS "," HEAD ",\"writes\":[{\"digest\":\"\",\"key\":\"a\"}]}",
    "without a SHA-256" },
  { "bad-time",
    "{" ARGUMENTS "," NAMES ",\"time\":\"now\",\"transaction\":\"" ID "\"," WRITES "}",
    "“now” is not a time" },
  { "bad-id",
    "{" ARGUMENTS "," NAMES ",\"time\":\"" TIME "\",\"transaction\":\"0\"," WRITES "}",
    "“transaction” is not 64" },
  { "white-space", "{ " ARGUMENTS "," HEAD "," WRITES "}", "not canonical" },
  { "other-order", "{" HEAD "," ARGUMENTS "," WRITES "}", "not canonical" },
  { "more", "{" ARGUMENTS "," HEAD "," WRITES ",\"x\":1}", "members that no leaf has" },
};

static void
test_refuses_leaf (gconstpointer data)
{
  const Refusal *refusal = data;
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_transaction_new_from_leaf (7, refusal->text, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  if (strstr (error->message, refusal->reason) == NULL)
    g_error ("“%s” does not say “%s”", error->message, refusal->reason);
}

static const Refusal wire_refusals[] = {
  { "array", "[]", "not an object" },
  { "no-sequence", "{" HEAD "}", "“sequence” is missing" },
  { "negative-sequence", "{\"sequence\":-1," HEAD "}", "negative" },
  { "no-transaction", "{\"sequence\":7}", "“transaction” is missing" },
  { "number-author", "{\"sequence\":7,\"author\":1," HEAD "}", "“author” is not a string" },
  { "number-leaf", "{\"sequence\":7,\"leaf\":1," HEAD "}", "“leaf” is not a string" },
  { "bad-leaf", "{\"sequence\":7,\"leaf\":\"{}\"," HEAD "}", "“transaction” is missing" },
};

static void
test_refuses_wire (gconstpointer data)
{
  const Refusal *refusal = data;
  g_autoptr(JsonNode) node = imp_json_parse (refusal->text, -1, G_MAXSIZE, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_transaction_new_from_json (node, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  if (strstr (error->message, refusal->reason) == NULL)
    g_error ("“%s” does not say “%s”", error->message, refusal->reason);
}

/* An agent that shows one thing and proves another is caught. */
static void
test_refuses_disagreement (gconstpointer data)
{
  const char *name = data;
  g_autoptr(ImpTransaction) sent = imp_transaction_new_from_leaf (7, LEAF, NULL);
  g_autoptr(JsonNode) node = imp_transaction_to_json (sent, TRUE);
  g_autoptr(GError) error = NULL;

  json_object_set_string_member (json_node_get_object (node), name, "another");

  g_assert_null (imp_transaction_new_from_json (node, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY);
  g_assert_nonnull (strstr (error->message, name));
}

static void
test_keys (void)
{
  g_autofree char *plain = imp_state_key ("author", "fp", NULL);
  g_autofree char *tricky = imp_state_key ("update", "fp", "a/b%2F\n\xc3\xa9", "", NULL);
  g_auto(GStrv) parts = imp_state_key_split (tricky);

  g_assert_cmpstr (plain, ==, "author/fp");
  g_assert_cmpstr (tricky, ==, "update/fp/a%2Fb%252F%0A%C3%A9/");
  g_assert_cmpuint (g_strv_length (parts), ==, 4);
  g_assert_cmpstr (parts[0], ==, "update");
  g_assert_cmpstr (parts[2], ==, "a/b%2F\n\xc3\xa9");
  g_assert_cmpstr (parts[3], ==, "");
}

static void
test_refuses_key (gconstpointer data)
{
  g_assert_null (imp_state_key_split (data));
}

static void
add_refusals (const char     *prefix,
              const Refusal  *refusals,
              guint           n_refusals,
              GTestDataFunc   func)
{
  for (guint i = 0; i < n_refusals; i++)
    {
      g_autofree char *path = g_strconcat (prefix, refusals[i].name, NULL);

      g_test_add_data_func (path, &refusals[i], func);
    }
}

int
main (int   argc,
      char *argv[])
{
  static const char *const derived[] = {
    "transaction", "time", "contract", "function", "creator", "author", "class", "version", "cid",
  };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/transaction/makes-leaf", test_makes_leaf);
  g_test_add_func ("/transaction/reads-leaf", test_reads_leaf);
  g_test_add_func ("/transaction/reads-author", test_reads_author);
  g_test_add_data_func ("/transaction/wire/whole", GINT_TO_POINTER (TRUE), test_goes_over_the_wire);
  g_test_add_data_func ("/transaction/wire/page", GINT_TO_POINTER (FALSE), test_goes_over_the_wire);
  add_refusals ("/transaction/refuses-leaf/", leaf_refusals, G_N_ELEMENTS (leaf_refusals),
                test_refuses_leaf);
  add_refusals ("/transaction/refuses-wire/", wire_refusals, G_N_ELEMENTS (wire_refusals),
                test_refuses_wire);
  for (guint i = 0; i < G_N_ELEMENTS (derived); i++)
    {
      g_autofree char *path = g_strconcat ("/transaction/refuses-disagreement/", derived[i], NULL);

      g_test_add_data_func (path, derived[i], test_refuses_disagreement);
    }
  g_test_add_func ("/state-key/both-ways", test_keys);
  g_test_add_data_func ("/state-key/refuses/lower-case", "author/%2f", test_refuses_key);
  g_test_add_data_func ("/state-key/refuses/needless", "author/%41", test_refuses_key);
  g_test_add_data_func ("/state-key/refuses/nul", "author/%00", test_refuses_key);
  g_test_add_data_func ("/state-key/refuses/bare", "author/a b", test_refuses_key);
  g_test_add_data_func ("/state-key/refuses/cut", "author/%4", test_refuses_key);

  return g_test_run ();
}
