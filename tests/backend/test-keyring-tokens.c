/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <gnutls/pkcs11.h>

#include "backend-fixture.h"
#include "imp-error.h"
#include "imp-keyring.h"

/* Against real tokens of SoftHSM’s, through a module of the test’s own that makes them lock themselves
 * and lets them be pulled out; see counting-token.c. Each test is a process of its own, because a
 * PKCS#11 module is set up once in a process.
 */
#define PIN "1234"

static char *home;

static const char *
find_softhsm (void)
{
  static const char *const paths[] = {
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/lib/pkcs11/libsofthsm2.so",
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      if (g_file_test (paths[i], G_FILE_TEST_EXISTS))
        return paths[i];
    }

  return NULL;
}

static void
run (const char *first,
     ...)
{
  g_autoptr(GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr(GSubprocess) process = NULL;
  g_autofree char *output = NULL;
  g_autoptr(GError) error = NULL;
  const char *argument;
  va_list args;

  va_start (args, first);
  for (argument = first; argument != NULL; argument = va_arg (args, const char *))
    g_ptr_array_add (arguments, (char *) argument);
  va_end (args);
  g_ptr_array_add (arguments, NULL);

  process = g_subprocess_newv ((const char *const *) arguments->pdata,
                               G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (process))
    g_error ("%s: %s", first, output);
}

static char *
make_pem (const char *name,
          const char *algorithm,
          const char *option)
{
  char *path = g_build_filename (home, name, NULL);

  if (option != NULL)
    run ("openssl", "genpkey", "-algorithm", algorithm, "-pkeyopt", option, "-out", path, NULL);
  else
    run ("openssl", "genpkey", "-algorithm", algorithm, "-out", path, NULL);

  return path;
}

/* Puts a key made elsewhere on the token, under the PIN of its owner. */
static void
put_key (const char *token,
         const char *name,
         const char *id,
         const char *algorithm,
         const char *option)
{
  g_autofree char *path = make_pem (name, algorithm, option);

  run ("softhsm2-util", "--import", path, "--token", token, "--label", name, "--id", id, "--pin", PIN, NULL);
}

static void
make_token (const char *label)
{
  run ("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "4321", NULL);
}

/* Who has the PIN. */
typedef struct
{
  ImpKeyring        *keyring;
  const char *const *pins;        /* what is answered, one after the other */
  guint              n_asked;
  ImpPinFlags        flags[8];    /* what was said each time */
  GCancellable      *cancellable; /* cancelled instead of an answer */
} Fixture;

static gboolean
ask_pin_cb (ImpKeyring    *keyring,
            ImpPinRequest *request,
            Fixture       *fixture)
{
  const char *pin = fixture->pins != NULL ? fixture->pins[fixture->n_asked] : NULL;

  g_assert_cmpuint (fixture->n_asked, <, G_N_ELEMENTS (fixture->flags));
  g_assert_cmpstr (imp_pin_request_get_token (request), ==, "demo");
  fixture->flags[fixture->n_asked++] = imp_pin_request_get_flags (request);

  if (fixture->cancellable != NULL)
    g_cancellable_cancel (fixture->cancellable);
  else if (pin != NULL)
    imp_pin_request_answer (request, pin);
  else
    imp_pin_request_refuse (request, NULL);
  return TRUE;
}

static void
load (ImpKeyring *keyring)
{
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  imp_keyring_load_async (keyring, NULL, test_keep_result, &result);
  imp_keyring_load_finish (keyring, test_wait (&result), &error);
  g_assert_no_error (error);
}

static void
load_tokens (ImpKeyring *keyring,
             gboolean    read_again)
{
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  imp_keyring_load_tokens_async (keyring, read_again, NULL, test_keep_result, &result);
  imp_keyring_load_tokens_finish (keyring, test_wait (&result), &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  static const char *const right[] = { PIN, PIN, PIN, PIN, NULL };

  fixture->keyring = imp_keyring_new ();
  fixture->pins = right;
  g_signal_connect (fixture->keyring, "ask-pin", G_CALLBACK (ask_pin_cb), fixture);
  load (fixture->keyring);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  test_assert_finalizes (fixture->keyring);
}

static ImpPkcs11Token *
get_token (Fixture *fixture)
{
  g_autoptr(ImpPkcs11Token) token = g_list_model_get_item (imp_keyring_get_tokens (fixture->keyring), 0);

  return token;
}

static ImpKeyringItem *
find (Fixture    *fixture,
      const char *name)
{
  g_autoptr(GError) error = NULL;
  ImpKeyringItem *item = imp_keyring_find (fixture->keyring, name, &error);

  g_assert_no_error (error);
  return item;
}

static ImpKey *
open_key (Fixture       *fixture,
          const char    *name,
          GCancellable  *cancellable,
          GError       **error)
{
  g_autoptr(ImpKeyringItem) item = find (fixture, name);
  TEST_RESULT (result);

  imp_keyring_open_key_async (fixture->keyring, item, cancellable, test_keep_result, &result);
  return imp_keyring_open_key_finish (fixture->keyring, test_wait (&result), error);
}

static void
test_lists (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(ImpKeyringItem) item = find (fixture, "rsa");
  const char *const *unusable = imp_pkcs11_token_get_unusable (get_token (fixture));

  g_assert_cmpuint (fixture->n_asked, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (imp_keyring_get_tokens (fixture->keyring)), ==, 2);
  g_assert_cmpstr (imp_pkcs11_token_get_label (get_token (fixture)), ==, "demo");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->keyring)), ==, 4);
  g_assert_cmpstr (imp_keyring_item_get_algorithm (item), ==, "RSA-2048");
  g_assert_cmpstr (imp_keyring_item_get_token (item), ==, "demo");
  g_assert_cmpstr (imp_keyring_item_get_location (item), ==, "PKCS#11 token “demo”");
  g_assert_cmpint (imp_keyring_item_get_created (item), ==, -1);

  g_assert_cmpuint (g_strv_length ((char **) unusable), ==, 1);
  g_assert_nonnull (strstr (unusable[0], "“p521”"));
  g_assert_nonnull (strstr (unusable[0], "only P-256 and P-384 are"));
}

static void
test_lists_empty (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(ImpPkcs11Token) token = g_list_model_get_item (imp_keyring_get_tokens (fixture->keyring), 1);

  g_assert_cmpstr (imp_pkcs11_token_get_label (token), ==, "empty");
  g_assert_cmpuint (imp_pkcs11_token_get_keys (token)->len, ==, 0);
  g_assert_false (imp_pkcs11_token_get_revealed (token));
  g_assert_false (imp_pkcs11_token_get_pin_locked (token));
}

/* By the public half alone, as the other side has it. */
static void
assert_signs (ImpKey         *key,
              ImpKeyringItem *item)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpKey) other = imp_key_new_from_pem (imp_keyring_item_get_public_pem (item), -1, NULL, &error);
  g_autofree char *signature = NULL;
  g_autoptr(GBytes) raw = NULL;

  signature = imp_key_sign_text (key, "firmware", &error);
  g_assert_no_error (error);
  g_assert_true (imp_key_verify_text (other, "firmware", signature, NULL));
  g_assert_false (imp_key_verify_text (other, "other firmware", signature, NULL));
  g_assert_cmpuint (strlen (signature), <=, imp_key_get_max_signature (other));

  raw = imp_key_sign_raw (key, "note", 4, &error);
  g_assert_no_error (error);
  g_assert_true (imp_key_verify_raw (other, "note", 4, g_bytes_get_data (raw, NULL), g_bytes_get_size (raw), NULL));
}

static void
test_signs (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(ImpKeyringItem) item = find (fixture, data);
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(GError) error = NULL;

  key = open_key (fixture, data, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->n_asked, ==, 1);
  g_assert_cmpuint (fixture->flags[0], ==, 0);
  g_assert_true (imp_key_has_private (key));
  g_assert_true (imp_key_is_on_token (key));
  g_assert_cmpstr (imp_key_get_fingerprint (key), ==, imp_keyring_item_get_fingerprint (item));
  assert_signs (key, item);

  /* Not once more: the token stays logged in as long as there is the key. */
  g_assert_cmpuint (fixture->n_asked, ==, 1);
  g_assert_null (imp_key_export_private (key, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID);
}

static void
test_logs_out (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 1; i <= 2; i++)
    {
      key = open_key (fixture, "ec", NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (fixture->n_asked, ==, i);
      g_clear_object (&key);
    }
}

static void
test_asks_again (Fixture       *fixture,
                 gconstpointer  data)
{
  static const char *const pins[] = { "0000", "1111", PIN, NULL };
  g_autoptr(ImpKeyringItem) item = find (fixture, "rsa");
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(GError) error = NULL;

  fixture->pins = pins;
  key = open_key (fixture, "rsa", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->n_asked, ==, 3);
  g_assert_cmpuint (fixture->flags[0], ==, 0);
  g_assert_cmpuint (fixture->flags[1], ==, IMP_PIN_WRONG | IMP_PIN_FEW_TRIES);
  g_assert_cmpuint (fixture->flags[2], ==, IMP_PIN_WRONG | IMP_PIN_FEW_TRIES | IMP_PIN_LAST_TRY);
  assert_signs (key, item);
}

static void
test_locks (Fixture       *fixture,
            gconstpointer  data)
{
  static const char *const pins[] = { "0000", "1111", "2222", PIN, NULL };
  g_autoptr(GError) error = NULL;

  fixture->pins = pins;
  g_assert_null (open_key (fixture, "rsa", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_nonnull (strstr (error->message, "“demo” is locked"));
  g_assert_null (strstr (error->message, "2222"));
  g_assert_cmpuint (fixture->n_asked, ==, 3);

  load_tokens (fixture->keyring, FALSE);
  g_assert_true (imp_pkcs11_token_get_pin_locked (get_token (fixture)));
}

static void
test_is_refused (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->pins = NULL;
  g_assert_null (open_key (fixture, "rsa", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture->n_asked, ==, 1);
}

static void
test_cancels (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  fixture->cancellable = cancellable;
  g_assert_null (open_key (fixture, "rsa", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_asks_nobody (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_signal_handlers_disconnect_by_func (fixture->keyring, ask_pin_cb, fixture);
  g_assert_null (open_key (fixture, "rsa", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}

static void
test_refuses_long_pin (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autofree char *text = g_strnfill (IMP_PIN_MAX_SIZE + 1, '1');
  const char *const pins[] = { text, NULL };
  g_autoptr(GError) error = NULL;

  fixture->pins = pins;
  g_assert_null (open_key (fixture, "rsa", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_false (imp_pkcs11_token_get_pin_locked (get_token (fixture)));
}

static void
test_reveals (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpKeyringItem) before = find (fixture, "rsa");
  g_autoptr(ImpKeyringItem) after = NULL;
  TEST_RESULT (result);

  imp_keyring_reveal_async (fixture->keyring, get_token (fixture), NULL, test_keep_result, &result);
  g_assert_true (imp_keyring_reveal_finish (fixture->keyring, test_wait (&result), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->n_asked, ==, 1);
  g_assert_true (imp_pkcs11_token_get_revealed (get_token (fixture)));

  /* What was there before is the same object still. */
  after = find (fixture, "rsa");
  g_assert_true (before == after);
}

static void
test_generates (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(ImpKeyringItem) item = NULL;
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);
  TEST_RESULT (again);

  imp_keyring_generate_async (fixture->keyring, get_token (fixture), GPOINTER_TO_INT (data), "made here", NULL,
                              test_keep_result, &result);
  item = imp_keyring_generate_finish (fixture->keyring, test_wait (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imp_keyring_item_get_token (item), ==, "demo");

  key = open_key (fixture, "made here", NULL, &error);
  g_assert_no_error (error);
  assert_signs (key, item);

  imp_keyring_generate_async (fixture->keyring, get_token (fixture), IMP_KEY_EC_P256, "made here", NULL,
                              test_keep_result, &again);
  g_assert_null (imp_keyring_generate_finish (fixture->keyring, test_wait (&again), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
}

static void
test_does_not_remove (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(ImpKeyringItem) item = find (fixture, "rsa");
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  imp_keyring_remove_async (fixture->keyring, item, NULL, test_keep_result, &result);
  g_assert_false (imp_keyring_remove_finish (fixture->keyring, test_wait (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  load (fixture->keyring);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->keyring)), ==, 4);
}

static void
test_is_pulled_out (Fixture       *fixture,
                    gconstpointer  data)
{
  const char *out = g_getenv ("IMP_TEST_TOKEN_OUT");
  g_autoptr(ImpKeyringItem) item = find (fixture, "rsa");
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  key = open_key (fixture, "rsa", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (out, "", 0, NULL));

  g_assert_null (imp_key_sign_text (key, "firmware", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_clear_error (&error);
  g_clear_object (&key);

  load_tokens (fixture->keyring, FALSE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->keyring)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (imp_keyring_get_tokens (fixture->keyring)), ==, 0);
  imp_keyring_open_key_async (fixture->keyring, item, NULL, test_keep_result, &result);
  g_assert_null (imp_keyring_open_key_finish (fixture->keyring, test_wait (&result), &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_cmpint (g_unlink (out), ==, 0);
  load_tokens (fixture->keyring, FALSE);
  key = open_key (fixture, "rsa", NULL, &error);
  g_assert_no_error (error);
  assert_signs (key, item);
}

static void
test_does_not_believe (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(GError) error = NULL;

  g_setenv ("IMP_TEST_TOKEN_LIES", "1", TRUE);
  key = open_key (fixture, data, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (imp_key_sign_text (key, "firmware", &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID);
  g_assert_nonnull (strstr (error->message, "“demo”"));
}

/* Starts this program again for one test, with the module set up anew. */
static void
test_part (gconstpointer data)
{
  g_test_trap_subprocess (data, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
make_tokens (void)
{
  g_autofree char *conf = NULL;
  g_autofree char *text = NULL;
  g_autofree char *tokens = g_build_filename (home, "tokens", NULL);

  g_assert_cmpint (g_mkdir (tokens, 0700), ==, 0);
  text = g_strdup_printf ("directories.tokendir = %s\nobjectstore.backend = file\n", tokens);
  conf = test_write_file (home, "softhsm2.conf", text, strlen (text));
  g_setenv ("SOFTHSM2_CONF", conf, TRUE);

  make_token ("demo");
  put_key ("demo", "rsa", "a1", "RSA", "rsa_keygen_bits:2048");
  put_key ("demo", "ec", "a2", "EC", "ec_paramgen_curve:P-256");
  put_key ("demo", "ec-384", "a3", "EC", "ec_paramgen_curve:P-384");
  put_key ("demo", "ed", "a4", "ED25519", NULL);
  put_key ("demo", "p521", "a5", "EC", "ec_paramgen_curve:P-521");
  make_token ("empty");
}

static void
set_up_module (void)
{
  g_setenv ("IMP_TEST_SOFTHSM", find_softhsm (), TRUE);
  g_assert_cmpint (gnutls_pkcs11_init (GNUTLS_PKCS11_FLAG_MANUAL, NULL), ==, 0);
  g_assert_cmpint (gnutls_pkcs11_add_provider (g_getenv ("IMP_TEST_TOKEN_MODULE"), NULL), ==, 0);
}

#define add(path, data, func)                                                                      \
  G_STMT_START                                                                                     \
    {                                                                                              \
      g_test_add ("/keyring-tokens/" path "/subprocess/part", Fixture, data, set_up, func, tear_down); \
      g_test_add_data_func ("/keyring-tokens/" path, "/keyring-tokens/" path "/subprocess/part", test_part); \
    }                                                                                              \
  G_STMT_END

int
main (int   argc,
      char *argv[])
{
  g_autofree char *file = NULL;
  g_autofree char *out = NULL;
  g_autofree char *util = g_find_program_in_path ("softhsm2-util");
  g_autofree char *openssl = g_find_program_in_path ("openssl");
  int status;

  g_test_init (&argc, &argv, NULL);
  if (util == NULL || openssl == NULL || find_softhsm () == NULL)
    {
      g_print ("1..0 # SKIP SoftHSM (softhsm2) or openssl is not installed\n");
      return 0;
    }

  if (g_test_subprocess ())
    set_up_module ();
  else
    {
      home = test_make_home ();
      file = g_build_filename (home, "keyring", NULL);
      out = g_build_filename (home, "token-is-out", NULL);
      g_setenv ("SECRET_BACKEND", "file", TRUE);
      g_setenv ("SECRET_FILE_TEST_PATH", file, TRUE);
      g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);
      g_setenv ("IMP_TEST_TOKEN_OUT", out, TRUE);
      make_tokens ();
    }

  add ("lists", NULL, test_lists);
  add ("lists/empty", NULL, test_lists_empty);
  add ("signs/rsa", "rsa", test_signs);
  add ("signs/ec", "ec", test_signs);
  add ("signs/ec-384", "ec-384", test_signs);
  add ("signs/ed25519", "ed", test_signs);
  add ("logs-out", NULL, test_logs_out);
  add ("pin/asks-again", NULL, test_asks_again);
  add ("pin/locks", NULL, test_locks);
  add ("pin/refused", NULL, test_is_refused);
  add ("pin/cancelled", NULL, test_cancels);
  add ("pin/nobody", NULL, test_asks_nobody);
  add ("pin/too-long", NULL, test_refuses_long_pin);
  add ("reveals", NULL, test_reveals);
  add ("does-not-remove", NULL, test_does_not_remove);
  add ("pulled-out", NULL, test_is_pulled_out);
  add ("lies/rsa", "rsa", test_does_not_believe);
  add ("lies/ec", "ec", test_does_not_believe);
  add ("generates/rsa", GINT_TO_POINTER (IMP_KEY_RSA_2048), test_generates);

  status = g_test_run ();
  if (home != NULL)
    test_remove_home (home);
  return status;
}
