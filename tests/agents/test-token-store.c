/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-token-store.h"

#include <glib/gstdio.h>
#include <string.h>

#include "imp-token.h"

#define NOW G_GINT64_CONSTANT (1700000000000)

typedef struct
{
  char *folder;
  char *path;
  char *token;        /* good from NOW for half an hour */
  char *later_token;  /* from an hour later */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(ImpKey) ledger = imp_key_generate (IMP_KEY_RSA_2048, NULL);
  g_autoptr(ImpKey) author = imp_key_generate (IMP_KEY_ED25519, NULL);

  fixture->folder = g_dir_make_tmp ("imprimatur-tokens-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "tokens.json", NULL);
  fixture->token = imp_token_issue (ledger, author, NOW, NULL);
  fixture->later_token = imp_token_issue (ledger, author, NOW + 3600000, NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_unlink (fixture->path);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->token);
  g_free (fixture->later_token);
}

static void
put_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  gboolean *done = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_true (imp_token_store_put_finish (IMP_TOKEN_STORE (object), result, &error));
  g_assert_no_error (error);
  *done = TRUE;
}

static void
put (ImpTokenStore *store,
     const char    *fingerprint,
     const char    *token,
     gint64         now)
{
  gboolean done = FALSE;

  imp_token_store_put_async (store, fingerprint, token, now, NULL, put_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

/* The thread that did the last job may let go of it a moment after we do. */
static void
close_store (ImpTokenStore **store)
{
  GWeakRef ref;
  GObject *object;

  g_weak_ref_init (&ref, *store);
  g_clear_object (store);
  while ((object = g_weak_ref_get (&ref)) != NULL)
    {
      g_object_unref (object);
      g_usleep (1000);
    }

  g_weak_ref_clear (&ref);
}

static void
test_keeps (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpTokenStore) store = imp_token_store_open (fixture->path, &error);
  gint64 expires;

  g_assert_no_error (error);
  g_assert_null (imp_token_store_get (store, "a", NOW, NULL));
  put (store, "a", fixture->token, NOW);
  close_store (&store);

  store = imp_token_store_open (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imp_token_store_get (store, "a", NOW, &expires), ==, fixture->token);
  g_assert_cmpint (expires, ==, NOW + IMP_TOKEN_LIFETIME);
  g_assert_null (imp_token_store_get (store, "b", NOW, NULL));
}

static void
test_drops_expired (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(ImpTokenStore) store = imp_token_store_open (fixture->path, NULL);
  g_autofree char *text = NULL;

  put (store, "a", fixture->token, NOW);
  g_assert_null (imp_token_store_get (store, "a", NOW + IMP_TOKEN_LIFETIME, NULL));
  put (store, "b", fixture->later_token, NOW + 3600000);

  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_null (strstr (text, fixture->token));
  g_assert_nonnull (strstr (text, fixture->later_token));
}

static void
test_is_private (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(ImpTokenStore) store = imp_token_store_open (fixture->path, NULL);
  GStatBuf info;

  put (store, "a", fixture->token, NOW);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
}

/* Spoiled files cost a new registration, not the agent. */
static void
test_spoiled (Fixture       *fixture,
              gconstpointer  data)
{
  static const char *const files[] = { "", "{", "[]", "\xff", "{\"a\":1,\"b\":{}}" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr(ImpTokenStore) store = NULL;
      g_autoptr(GError) error = NULL;

      g_assert_true (g_file_set_contents (fixture->path, files[i], -1, NULL));
      if (i < G_N_ELEMENTS (files) - 1)
        g_test_expect_message ("Imprimatur-agents", G_LOG_LEVEL_WARNING, "*tokens are dropped*");
      store = imp_token_store_open (fixture->path, &error);
      g_test_assert_expected_messages ();
      g_assert_no_error (error);
      g_assert_null (imp_token_store_get (store, "a", NOW, NULL));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD_CASE(path, func) g_test_add ("/token-store/" path, Fixture, NULL, set_up, func, tear_down)

  ADD_CASE ("keeps", test_keeps);
  ADD_CASE ("drops-expired", test_drops_expired);
  ADD_CASE ("is-private", test_is_private);
  ADD_CASE ("spoiled", test_spoiled);

  return g_test_run ();
}
