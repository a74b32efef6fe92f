/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-challenges.h"

#include "imp-error.h"

#define NOW 1700000000000

static char *
answer (const char *agent,
        const char *challenge,
        const char *fingerprint)
{
  return g_strdup_printf ("{\"agent\":\"%s\",\"challenge\":\"%s\",\"fingerprint\":\"%s\"}", agent,
                          challenge, fingerprint);
}

static void
test_once (void)
{
  g_autoptr(ImpChallenges) challenges = imp_challenges_new ("agent");
  g_autoptr(GError) error = NULL;
  gint64 expires;
  g_autofree char *challenge = imp_challenges_create (challenges, NOW, &expires, &error);
  g_autofree char *message = answer ("agent", challenge, "abc");

  g_assert_cmpuint (strlen (challenge), ==, 43);
  g_assert_cmpint (expires, ==, NOW + 120000);
  g_assert_true (imp_challenges_check (challenges, message, "abc", NOW + 119999, &error));
  g_assert_no_error (error);
  g_assert_false (imp_challenges_check (challenges, message, "abc", NOW + 1, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_PETITION_REPLAYED);
}

static void
test_expires (void)
{
  g_autoptr(ImpChallenges) challenges = imp_challenges_new ("agent");
  g_autoptr(GError) error = NULL;
  gint64 expires;
  g_autofree char *challenge = imp_challenges_create (challenges, NOW, &expires, &error);
  g_autofree char *message = answer ("agent", challenge, "abc");

  g_assert_false (imp_challenges_check (challenges, message, "abc", NOW + 120000, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_PETITION_REPLAYED);
}

/* One that is for another agent or another key is refused, and not used up. */
static void
test_binds (void)
{
  g_autoptr(ImpChallenges) challenges = imp_challenges_new ("agent");
  g_autoptr(GError) error = NULL;
  gint64 expires;
  g_autofree char *challenge = imp_challenges_create (challenges, NOW, &expires, &error);
  g_autofree char *elsewhere = answer ("other agent", challenge, "abc");
  g_autofree char *message = answer ("agent", challenge, "abc");

  g_assert_false (imp_challenges_check (challenges, elsewhere, "abc", NOW, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VERIFIABLE);
  g_clear_error (&error);
  g_assert_false (imp_challenges_check (challenges, message, "def", NOW, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VERIFIABLE);
  g_clear_error (&error);
  g_assert_true (imp_challenges_check (challenges, message, "abc", NOW, &error));
}

/* Whatever is not exactly an answer is a petition of the reference's kind. */
static void
test_lets_others_pass (void)
{
  static const char *const messages[] = {
    "", "message", "{}", "[1,2,3]", "{\"agent\":\"agent\",\"challenge\":\"x\"}",
    "{\"agent\":\"agent\",\"challenge\":1,\"fingerprint\":\"abc\"}",
    "{\"agent\":\"agent\",\"challenge\":\"x\",\"fingerprint\":\"abc\",\"more\":\"y\"}",
  };
  g_autoptr(ImpChallenges) challenges = imp_challenges_new ("agent");

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    g_assert_true (imp_challenges_check (challenges, messages[i], "abc", NOW, NULL));
}

/* Who asks for challenges without end keeps nobody out, and finds no end of our memory. */
static void
test_is_bounded (void)
{
  g_autoptr(ImpChallenges) challenges = imp_challenges_new ("agent");
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;
  g_autofree char *forgotten = NULL;
  g_autofree char *message = NULL;
  g_autoptr(GError) error = NULL;
  gint64 expires;

  first = imp_challenges_create (challenges, NOW, &expires, NULL);
  for (guint i = 0; i < 20000; i++)
    {
      g_free (last);
      last = imp_challenges_create (challenges, NOW, &expires, &error);
      g_assert_no_error (error);
    }

  message = answer ("agent", last, "abc");
  forgotten = answer ("agent", first, "abc");
  g_assert_true (imp_challenges_check (challenges, message, "abc", NOW, NULL));
  g_assert_false (imp_challenges_check (challenges, forgotten, "abc", NOW, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_PETITION_REPLAYED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/challenges/once", test_once);
  g_test_add_func ("/challenges/expires", test_expires);
  g_test_add_func ("/challenges/binds", test_binds);
  g_test_add_func ("/challenges/lets-others-pass", test_lets_others_pass);
  g_test_add_func ("/challenges/is-bounded", test_is_bounded);

  return g_test_run ();
}
