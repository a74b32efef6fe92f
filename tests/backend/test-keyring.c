/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <libsecret/secret.h>

#include "backend-fixture.h"
#include "imp-error.h"
#include "imp-keyring-secrets.h"
#include "imp-keyring.h"

/* Against libsecret's own file; test-keyring-service does the same against a keyring service. */
typedef struct
{
  ImpKeyring *keyring;
  guint       n_changes;
} Fixture;

static char *home;

static void
changed_cb (GListModel *model,
            guint       position,
            guint       removed,
            guint       added,
            guint      *n_changes)
{
  (*n_changes)++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->keyring = imp_keyring_new ();
  g_signal_connect (fixture->keyring, "items-changed", G_CALLBACK (changed_cb),
                    &fixture->n_changes);
}

static void
remove_key (ImpKeyring     *keyring,
            ImpKeyringItem *item)
{
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  imp_keyring_remove_async (keyring, item, NULL, test_keep_result, &result);
  imp_keyring_remove_finish (keyring, test_wait (&result), &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(ImpKeyringItem) item = NULL;

  while ((item = g_list_model_get_item (G_LIST_MODEL (fixture->keyring), 0)) != NULL)
    {
      remove_key (fixture->keyring, item);
      g_clear_object (&item);
    }

  test_assert_finalizes (fixture->keyring);
}

static ImpKeyringItem *
generate (Fixture       *fixture,
          ImpKeyType     type,
          const char    *label,
          GCancellable  *cancellable,
          GError       **error)
{
  TEST_RESULT (result);

  imp_keyring_generate_async (fixture->keyring, NULL, type, label, cancellable, test_keep_result,
                              &result);
  return imp_keyring_generate_finish (fixture->keyring, test_wait (&result), error);
}

static ImpKeyringItem *
import (Fixture     *fixture,
        const char  *pem,
        const char  *password,
        const char  *label,
        GError     **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (pem, strlen (pem));
  TEST_RESULT (result);

  imp_keyring_import_async (fixture->keyring, bytes, password, label, NULL, test_keep_result,
                            &result);
  return imp_keyring_import_finish (fixture->keyring, test_wait (&result), error);
}

static ImpKey *
open_key (ImpKeyring      *keyring,
          ImpKeyringItem  *item,
          GError         **error)
{
  TEST_RESULT (result);

  imp_keyring_open_key_async (keyring, item, NULL, test_keep_result, &result);
  return imp_keyring_open_key_finish (keyring, test_wait (&result), error);
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

static char *
export_private (ImpKey *key)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) pem = imp_key_export_private (key, &error);
  gsize size;
  const char *text;

  g_assert_no_error (error);
  text = g_bytes_get_data (pem, &size);
  return g_strndup (text, size);
}

static void
test_generates (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(ImpKeyringItem) item = NULL;
  g_autoptr(ImpKeyringItem) again = NULL;
  g_autoptr(ImpKeyring) other = imp_keyring_new ();
  g_autoptr(ImpKey) key = NULL;
  g_autofree char *signature = NULL;
  g_autoptr(GError) error = NULL;

  item = generate (fixture, GPOINTER_TO_INT (data), "Release key “1”", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imp_keyring_item_get_label (item), ==, "Release key “1”");
  g_assert_cmpuint (strlen (imp_keyring_item_get_fingerprint (item)), ==, 64);
  g_assert_cmpint (imp_keyring_item_get_created (item), >, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->keyring)), ==, 1);
  g_assert_cmpuint (fixture->n_changes, >, 0);

  /* Another program, later. */
  load (other);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (other)), ==, 1);
  again = g_list_model_get_item (G_LIST_MODEL (other), 0);
  g_assert_cmpstr (imp_keyring_item_get_fingerprint (again), ==,
                   imp_keyring_item_get_fingerprint (item));
  g_assert_cmpstr (imp_keyring_item_get_algorithm (again), ==,
                   imp_keyring_item_get_algorithm (item));
  g_assert_true (g_str_has_prefix (imp_keyring_item_get_public_pem (again),
                                   "-----BEGIN PUBLIC KEY-----"));

  key = open_key (other, again, &error);
  g_assert_no_error (error);
  g_assert_true (imp_key_has_private (key));
  g_assert_cmpstr (imp_key_get_fingerprint (key), ==, imp_keyring_item_get_fingerprint (item));
  signature = imp_key_sign_text (key, "text", &error);
  g_assert_no_error (error);
}

static void
test_refuses_label (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (generate (fixture, IMP_KEY_ED25519, data, NULL, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->keyring)), ==, 0);
}

/* Any program of this user may write into the keyring what it likes. */
static void
test_foreign_label (Fixture       *fixture,
                    gconstpointer  data)
{
  const char *labels[][2] = {
    { "Re\xe2\x80\xaelease\n\x1b[2J", "Re\\u{202e}lease\\u{a}\\u{1b}[2J" },
    { "", "00ff" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autoptr(ImpKeyringItem) item = NULL;
      g_autoptr(GError) error = NULL;

      secret_password_store_sync (&imp_keyring_schema, SECRET_COLLECTION_DEFAULT, labels[i][0],
                                  "no key", NULL, &error, "fingerprint", "00ff", "algorithm",
                                  "Ed25519", "public-key", "", NULL);
      g_assert_no_error (error);
      load (fixture->keyring);
      item = g_list_model_get_item (G_LIST_MODEL (fixture->keyring), 0);
      g_assert_cmpstr (imp_keyring_item_get_label (item), ==, labels[i][1]);
    }
}

static void
test_refuses_same (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(ImpKeyringItem) item = NULL;
  g_autoptr(ImpKey) key = NULL;
  g_autofree char *pem = NULL;
  g_autoptr(GError) error = NULL;

  item = generate (fixture, IMP_KEY_ED25519, "First", NULL, &error);
  g_assert_no_error (error);
  g_assert_null (generate (fixture, IMP_KEY_ED25519, "First", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);

  key = open_key (fixture->keyring, item, &error);
  g_assert_no_error (error);
  pem = export_private (key);
  g_assert_null (import (fixture, pem, NULL, "Second", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_nonnull (strstr (error->message, "“First”"));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->keyring)), ==, 1);
}

static char *
read_key (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "keys", name, NULL);
  g_autoptr(GError) error = NULL;
  char *pem;

  g_file_get_contents (path, &pem, NULL, &error);
  g_assert_no_error (error);

  return pem;
}

static void
test_imports (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(ImpKey) made = NULL;
  g_autofree char *pem = NULL;
  g_autoptr(ImpKeyringItem) item = NULL;
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(GError) error = NULL;

  made = imp_key_generate (IMP_KEY_EC_P256, &error);
  g_assert_no_error (error);
  pem = export_private (made);

  item = import (fixture, pem, NULL, "Imported", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imp_keyring_item_get_fingerprint (item), ==, imp_key_get_fingerprint (made));
  key = open_key (fixture->keyring, item, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imp_key_get_fingerprint (key), ==, imp_key_get_fingerprint (made));
}

static void
test_imports_encrypted (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autofree char *pem = read_key ("rsa-2048-encrypted.pem");
  g_autoptr(ImpKeyringItem) item = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (import (fixture, pem, NULL, "Encrypted", &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID);
  g_clear_error (&error);
  g_assert_null (import (fixture, pem, "not the password", "Encrypted", &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID);
  g_assert_null (strstr (error->message, "not the password"));
  g_clear_error (&error);

  item = import (fixture, pem, "secret", "Encrypted", &error);
  g_assert_no_error (error);
}

static void
test_refuses_import (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (import (fixture, data, NULL, "Wrong", &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == IMP_ERROR);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->keyring)), ==, 0);
}

static void
test_refuses_public (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpKey) key = imp_key_generate (IMP_KEY_ED25519, &error);

  g_assert_no_error (error);
  g_assert_null (import (fixture, imp_key_get_public_pem (key), NULL, "Public", &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID);
}

static void
test_cancels (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (generate (fixture, IMP_KEY_ED25519, "Never", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  load (fixture->keyring);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->keyring)), ==, 0);
}

static void
test_removes (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(ImpKeyringItem) item = NULL;
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  item = generate (fixture, IMP_KEY_ED25519, "Gone", NULL, &error);
  g_assert_no_error (error);
  remove_key (fixture->keyring, item);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->keyring)), ==, 0);

  imp_keyring_remove_async (fixture->keyring, item, NULL, test_keep_result, &result);
  g_assert_false (imp_keyring_remove_finish (fixture->keyring, test_wait (&result), &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_null (open_key (fixture->keyring, item, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}

static void
assert_finds (Fixture    *fixture,
              const char *name,
              const char *label)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpKeyringItem) item = imp_keyring_find (fixture->keyring, name, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (imp_keyring_item_get_label (item), ==, label);
}

static void
test_finds (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(ImpKeyringItem) beta = NULL;
  g_autoptr(ImpKeyringItem) alpha = NULL;
  g_autoptr(ImpKeyringItem) first = NULL;
  g_autofree char *prefix = NULL;
  g_autofree char *upper = NULL;
  g_autofree char *brief = NULL;
  g_autoptr(GError) error = NULL;

  beta = generate (fixture, IMP_KEY_ED25519, "beta", NULL, &error);
  g_assert_no_error (error);
  alpha = generate (fixture, IMP_KEY_ED25519, "alpha", NULL, &error);
  g_assert_no_error (error);

  first = g_list_model_get_item (G_LIST_MODEL (fixture->keyring), 0);
  g_assert_cmpstr (imp_keyring_item_get_label (first), ==, "alpha");

  prefix = g_strndup (imp_keyring_item_get_fingerprint (beta), 8);
  upper = g_ascii_strup (prefix, -1);
  brief = g_strndup (prefix, 7);
  assert_finds (fixture, "alpha", "alpha");
  assert_finds (fixture, imp_keyring_item_get_fingerprint (alpha), "alpha");
  assert_finds (fixture, prefix, "beta");
  assert_finds (fixture, upper, "beta");

  g_assert_null (imp_keyring_find (fixture->keyring, brief, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND);
}

/* No secret is asked for while listing, so the file holds nothing in clear either way. */
static void
test_keeps_secret (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(ImpKeyringItem) item = NULL;
  g_autoptr(ImpKey) key = NULL;
  g_autofree char *pem = NULL;
  g_autofree char *raw = NULL;
  g_autofree char *middle = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;

  item = generate (fixture, IMP_KEY_EC_P256, "Secret", NULL, &error);
  g_assert_no_error (error);
  key = open_key (fixture->keyring, item, &error);
  g_assert_no_error (error);
  pem = export_private (key);
  middle = g_strndup (pem + 60, 32);

  g_file_get_contents (g_getenv ("SECRET_FILE_TEST_PATH"), &raw, &size, &error);
  g_assert_no_error (error);
  g_assert_null (g_strstr_len (raw, size, middle));
  g_assert_null (g_strstr_len (raw, size, "PRIVATE KEY"));
}

#define add(path, data, func) \
  g_test_add ("/keyring/" path, Fixture, data, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_autofree char *file = NULL;
  int status;

  home = test_make_home ();
  file = g_build_filename (home, "keyring", NULL);
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", file, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);
  g_test_init (&argc, &argv, NULL);

  add ("generates/rsa", GINT_TO_POINTER (IMP_KEY_RSA_2048), test_generates);
  add ("generates/ec", GINT_TO_POINTER (IMP_KEY_EC_P256), test_generates);
  add ("generates/ed25519", GINT_TO_POINTER (IMP_KEY_ED25519), test_generates);
  add ("refuses/label-empty", "", test_refuses_label);
  add ("refuses/label-newline", "a\nb", test_refuses_label);
  add ("refuses/label-bidi", "a\u202eb", test_refuses_label);
  add ("refuses/label-not-utf8", "a\xff", test_refuses_label);
  add ("refuses/label-long",
       "0123456789012345678901234567890123456789012345678901234567890123456789"
       "0123456789012345678901234567890123456789012345678901234567890", test_refuses_label);
  add ("refuses/same", NULL, test_refuses_same);
  add ("foreign-label", NULL, test_foreign_label);
  add ("imports", NULL, test_imports);
  add ("imports/encrypted", NULL, test_imports_encrypted);
  add ("refuses/empty", "", test_refuses_import);
  add ("refuses/garbage", "this is not a key", test_refuses_import);
  add ("refuses/half", "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEG\n",
       test_refuses_import);
  add ("refuses/public", NULL, test_refuses_public);
  add ("cancels", NULL, test_cancels);
  add ("removes", NULL, test_removes);
  add ("finds", NULL, test_finds);
  add ("keeps-secret", NULL, test_keeps_secret);

  status = g_test_run ();
  test_remove_home (home);
  return status;
}
