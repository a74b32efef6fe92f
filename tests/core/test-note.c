/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-error.h"
#include "imp-note.h"

#include <string.h>

/* Notes that others signed: the example of Go's note package, and a head of Go's checksum database. */

#define NEUMANN_KEY  "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define NEUMANN_TEXT "If you think cryptography is the answer to your problem,\n" \
                     "then you don't know what your problem is.\n"
#define NEUMANN_SIGNATURE "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg" \
                          "KvqfqdngotpRZb6KE6RyyBwJnAM=\n"
#define NEUMANN      NEUMANN_TEXT "\n" NEUMANN_SIGNATURE

#define GOLANG_KEY "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
#define GOLANG     "go.sum database tree\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" \
                   "— sum.golang.org Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGz" \
                   "Gku9nTo+zyWE+xeMcTOAYQ8=\n"

static ImpNote *
read_note (const char *text)
{
  g_autoptr(GError) error = NULL;
  ImpNote *note = imp_note_new_from_text (text, -1, &error);

  g_assert_no_error (error);
  return note;
}

static gboolean
verify (const char  *text,
        const char  *verifier_key,
        GError     **error)
{
  g_autoptr(ImpNote) note = read_note (text);
  g_autoptr(ImpKey) key = NULL;
  g_autofree char *name = NULL;

  g_assert_true (imp_note_parse_verifier_key (verifier_key, &name, &key, NULL));
  return imp_note_verify (note, name, key, error);
}

static void
test_verifies (void)
{
  g_autoptr(GError) error = NULL;

  verify (NEUMANN, NEUMANN_KEY, &error);
  g_assert_no_error (error);
  verify (GOLANG, GOLANG_KEY, &error);
  g_assert_no_error (error);
}

typedef struct
{
  const char *name;
  const char *text;
} Text;

static const Text other_signatures[] = {
  { "other-text", "other text\n\n" NEUMANN_SIGNATURE },
  { "other-key", GOLANG },
  { "cut", NEUMANN_TEXT "\n— PeterNeumann x08go/ZJkg==\n" },
  { "good-and-bad", NEUMANN "— PeterNeumann x08go/ZJkg==\n" },
};

static void
test_refuses_signature (gconstpointer text)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (verify (text, NEUMANN_KEY, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
}

static void
test_round_trip (void)
{
  g_autoptr(ImpNote) note = read_note (NEUMANN);
  g_autofree char *text = imp_note_to_text (note);

  g_assert_cmpstr (note->text, ==, NEUMANN_TEXT);
  g_assert_cmpstr (text, ==, NEUMANN);
}

static void
test_signs (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpKey) key = imp_key_generate (IMP_KEY_ED25519, NULL);
  g_autoptr(ImpKey) other = imp_key_generate (IMP_KEY_ED25519, NULL);
  g_autoptr(ImpNote) note = imp_note_new ("a text\n");
  g_autoptr(ImpNote) again = NULL;
  g_autofree char *text = NULL;
  gint64 time;

  g_assert_true (imp_note_sign (note, "example.org/log", key, &error));
  g_assert_true (imp_note_cosign (note, "example.org/log", key, 5000, &error));
  g_assert_true (imp_note_cosign (note, "example.org/log", key, 7999, &error));
  g_assert_true (imp_note_cosign (note, "example.org/log", key, 6000, &error));

  text = imp_note_to_text (note);
  again = read_note (text);
  g_assert_true (imp_note_verify (again, "example.org/log", key, &error));
  g_assert_true (imp_note_verify_cosignature (again, "example.org/log", key, &time, &error));
  g_assert_cmpint (time, ==, 7000);
  g_assert_no_error (error);

  /* Neither another key of this name nor this key by another name. */
  g_assert_false (imp_note_verify (again, "example.org/log", other, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (imp_note_verify (again, "example.org/other", key, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
  g_assert_true (imp_note_verify_cosignature (again, "example.org/log", other, &time, NULL));
  g_assert_cmpint (time, ==, -1);
}

static void
test_other_keys_cannot_sign (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpKey) ec = imp_key_generate (IMP_KEY_EC_P256, NULL);
  g_autoptr(ImpNote) note = imp_note_new ("a text\n");

  g_assert_false (imp_note_sign (note, "example.org/log", ec, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID);
  g_assert_null (imp_note_verifier_key ("example.org/log", ec));
}

static void
test_verifier_key (void)
{
  g_autoptr(ImpKey) key = NULL;
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  g_assert_true (imp_note_parse_verifier_key (GOLANG_KEY, &name, &key, NULL));
  g_assert_cmpstr (name, ==, "sum.golang.org");

  text = imp_note_verifier_key (name, key);
  g_assert_cmpstr (text, ==, GOLANG_KEY);
}

static const Text other_keys[] = {
  { "empty", "" },
  { "no-name", "+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8" },
  { "other-name", "sum.golang.com+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8" },
  { "capital-id", "sum.golang.org+033DE0AE+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8" },
  { "cut", "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8O" },
  { "algorithm", "sum.golang.org+033de0ae+As4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8" },
};

static void
test_refuses_verifier_key (gconstpointer text)
{
  g_autoptr(ImpKey) key = NULL;
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (imp_note_parse_verifier_key (text, &name, &key, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_assert_null (name);
  g_assert_null (key);
}

typedef struct
{
  const char *name;
  const char *text;
  const char *pattern;
} Refused;

static const Refused refused[] = {
  { "empty", "", "*no empty line*" },
  { "no-signature", NEUMANN_TEXT, "*no empty line*" },
  { "empty-signatures", NEUMANN_TEXT "\n", "*not signed" },
  { "no-last-newline", "text\n\n— PeterNeumann x08go/ZJkg==", "*last line does not end" },
  { "crlf", "text\r\n\r\n— PeterNeumann x08go/ZJkg==\r\n", "line 1*0x0d" },
  { "tab", "text\na\ttab\n\n— PeterNeumann x08go/ZJkg==\n", "line 2*0x09" },
  { "not-utf8", "text\xff\n\n— PeterNeumann x08go/ZJkg==\n", "*UTF-8" },
  { "hyphen", "text\n\n- PeterNeumann x08go/ZJkg==\n", "*does not begin*" },
  { "no-name", "text\n\n—  x08go/ZJkg==\n", "*no name*" },
  { "name-only", "text\n\n— PeterNeumann\n", "*no name*" },
  { "plus-in-name", "text\n\n— Peter+Neumann x08go/ZJkg==\n", "*no name*" },
  { "space-in-name", "text\n\n— Peter\xc2\xa0Neumann x08go/ZJkg==\n", "*no name*" },
  { "two-spaces", "text\n\n— PeterNeumann  x08go/ZJkg==\n", "*not base64*" },
  { "trailing-space", "text\n\n— PeterNeumann x08go/ZJkg== \n", "*not base64*" },
  { "not-base64", "text\n\n— PeterNeumann x08go/ZJkg=\n", "*not base64*" },
  { "key-id-only", "text\n\n— PeterNeumann x08gow==\n", "*not base64*" },
  { "text-after", NEUMANN "text\n", "*does not begin*" },
};

static void
assert_refused (const char *text,
                gssize      length,
                const char *pattern)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_note_new_from_text (text, length, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("“%s” does not match “%s”", error->message, pattern);
}

static void
test_refuses (gconstpointer data)
{
  const Refused *vector = data;

  assert_refused (vector->text, -1, vector->pattern);
}

static void
test_refuses_nul (void)
{
  assert_refused ("text\0\n\n— PeterNeumann x08go/ZJkg==\n", 40, "*UTF-8");
}

static void
test_limits (void)
{
  g_autoptr(GString) many = g_string_new (NEUMANN_TEXT "\n");
  g_autofree char *huge = g_strnfill (IMP_NOTE_MAX_SIZE + 1, 'a');

  for (guint i = 0; i < IMP_NOTE_MAX_SIGNATURES; i++)
    g_string_append (many, NEUMANN_SIGNATURE);

  g_assert_true (verify (many->str, NEUMANN_KEY, NULL));
  g_string_append (many, NEUMANN_SIGNATURE);
  assert_refused (many->str, -1, "*more than 16*");
  assert_refused (huge, -1, "*longer than*");
}

static void
add_texts (const Text    *texts,
           gsize          n_texts,
           const char    *suite,
           GTestDataFunc  func)
{
  for (gsize i = 0; i < n_texts; i++)
    {
      g_autofree char *path = g_strdup_printf ("/note/%s/%s", suite, texts[i].name);

      g_test_add_data_func (path, texts[i].text, func);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/note/verifies", test_verifies);
  add_texts (other_signatures, G_N_ELEMENTS (other_signatures), "refuses-signature", test_refuses_signature);
  g_test_add_func ("/note/round-trip", test_round_trip);
  g_test_add_func ("/note/signs", test_signs);
  g_test_add_func ("/note/other-keys-cannot-sign", test_other_keys_cannot_sign);
  g_test_add_func ("/note/verifier-key", test_verifier_key);
  add_texts (other_keys, G_N_ELEMENTS (other_keys), "refuses-verifier-key", test_refuses_verifier_key);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *path = g_strdup_printf ("/note/refuses/%s", refused[i].name);
      g_test_add_data_func (path, &refused[i], test_refuses);
    }
  g_test_add_func ("/note/refuses/nul", test_refuses_nul);
  g_test_add_func ("/note/limits", test_limits);

  return g_test_run ();
}
