/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-checkpoint.h"
#include "imp-error.h"

#include <string.h>

/* Signed by Python's cryptography package with the key whose seed is the bytes 0 to 31. */
#define PRIVATE_KEY "-----BEGIN PRIVATE KEY-----\n" \
                    "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n" \
                    "-----END PRIVATE KEY-----\n"
#define LOG_KEY     "imprimatur.example/log+f385aeda+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define ORIGIN      "imprimatur.example/log"
#define ROOT        "XcnaebcGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg="
#define BODY        ORIGIN "\n8\n" ROOT "\n"
#define TIME        (G_GINT64_CONSTANT (1795337096) * 1000)

#define SIGNED \
  "— " ORIGIN " 84Wu2o/8PhhjwRIms1KfTKpAfiGu5KMY8/mDZIPMTpGLRNxMZ1FOKL4j9ACURkbq" \
  "/iLNpDmpPib+ZJ5szSGN1uQsSww=\n"
#define COSIGNED \
  "— " ORIGIN " 75Sb8QAAAABrAquIERsiXmp+8Ay8XTAqTxXj1HtOH7JcSGcoVFvCC0gDD83fBavS" \
  "jWk7UdLhGCFvn2OQffa49UrybwNQ7V+dzoxxCA==\n"
#define COSIGNED_LATER  /* the same signature with the next second */ \
  "— " ORIGIN " 75Sb8QAAAABrAquJERsiXmp+8Ay8XTAqTxXj1HtOH7JcSGcoVFvCC0gDD83fBavS" \
  "jWk7UdLhGCFvn2OQffa49UrybwNQ7V+dzoxxCA==\n"
#define COSIGNED_AT_ZERO \
  "— " ORIGIN " 75Sb8QAAAAAAAAAAPsNgafNjHwRmpM82uHSMG7z6TBs1sz3x80M8OMCUfd1YSR9x" \
  "HEgRiOMNv4OW+a4JpFiF5lWgy/wWCd9GVfExDg==\n"
#define WITNESSED \
  "— witness.example/w1 IDJKvgAAAABrAquN2Mp3MLjdfDMEfQOOxArHnfBVhjQcHTkCMkdsfZT5L39HXDlKUL9CpPXu" \
  "Kn5UNCoJPh7kMWIxamfZtOOoapK7BQ==\n"

static ImpCheckpoint *
read_checkpoint (const char *text)
{
  g_autoptr(GError) error = NULL;
  ImpCheckpoint *checkpoint = imp_checkpoint_new_from_text (text, -1, &error);

  g_assert_no_error (error);
  return checkpoint;
}

static void
test_reads (void)
{
  g_autoptr(ImpCheckpoint) checkpoint = read_checkpoint (BODY "\n" SIGNED COSIGNED WITNESSED);
  g_autofree char *root = imp_hash_to_base64 (imp_checkpoint_get_root (checkpoint));
  g_autoptr(GError) error = NULL;
  gint64 time;

  g_assert_cmpstr (imp_checkpoint_get_origin (checkpoint), ==, ORIGIN);
  g_assert_cmpuint (imp_checkpoint_get_size (checkpoint), ==, 8);
  g_assert_cmpstr (root, ==, ROOT);
  g_assert_cmpstr (imp_checkpoint_get_text (checkpoint), ==, BODY "\n" SIGNED COSIGNED WITNESSED);

  imp_checkpoint_verify (checkpoint, LOG_KEY, &time, &error);
  g_assert_no_error (error);
  g_assert_cmpint (time, ==, TIME);
}

static void
test_without_time (void)
{
  g_autoptr(ImpCheckpoint) checkpoint = read_checkpoint (BODY "\n" WITNESSED SIGNED);
  g_autoptr(GError) error = NULL;
  gint64 time = 7;

  imp_checkpoint_verify (checkpoint, LOG_KEY, &time, &error);
  g_assert_no_error (error);
  g_assert_cmpint (time, ==, -1);
}

/* Ed25519 has one signature for each text, so ours must be theirs. */
static void
test_signs (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpKey) key = imp_key_new_from_pem (PRIVATE_KEY, -1, NULL, &error);
  g_autoptr(ImpCheckpoint) checkpoint = NULL;
  g_autofree char *log_key = imp_note_verifier_key (ORIGIN, key);
  ImpHash root;

  g_assert_cmpstr (log_key, ==, LOG_KEY);
  g_assert_true (imp_hash_from_base64 (ROOT, &root, NULL));

  checkpoint = imp_checkpoint_new_signed (ORIGIN, 8, &root, key, TIME + 999, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imp_checkpoint_get_text (checkpoint), ==, BODY "\n" SIGNED COSIGNED);
}

static void
test_signs_empty_log (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpKey) key = imp_key_new_from_pem (PRIVATE_KEY, -1, NULL, &error);
  g_autoptr(ImpCheckpoint) checkpoint = NULL;
  ImpHash root;

  imp_merkle_hash_empty (&root);
  checkpoint = imp_checkpoint_new_signed (ORIGIN, 0, &root, key, TIME, &error);
  g_assert_no_error (error);
  g_assert_true (imp_checkpoint_verify (checkpoint, LOG_KEY, NULL, &error));
  g_assert_no_error (error);
}

static void
test_cannot_sign (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpKey) key = imp_key_new_from_pem (PRIVATE_KEY, -1, NULL, NULL);
  g_autoptr(ImpKey) public_key = imp_key_new_from_pem (imp_key_get_public_pem (key), -1, NULL, NULL);
  g_autoptr(ImpKey) ec = imp_key_generate (IMP_KEY_EC_P256, NULL);
  ImpHash root = { { 0 } };

  g_assert_null (imp_checkpoint_new_signed ("two words", 8, &root, key, TIME, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_clear_error (&error);

  g_assert_null (imp_checkpoint_new_signed (ORIGIN, 8, &root, public_key, TIME, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID);
  g_clear_error (&error);

  g_assert_null (imp_checkpoint_new_signed (ORIGIN, 8, &root, ec, TIME, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID);
}

/* Attacks on the form */

typedef struct
{
  const char *name;
  const char *text;
  const char *pattern;
} Vector;

static const Vector malformed[] = {
  { "not-signed", BODY, "*no empty line*" },
  { "no-root", ORIGIN "\n8\n\n" SIGNED, "*origin, a size and a root" },
  { "only-origin", ORIGIN "\n\n" SIGNED, "*origin, a size and a root" },
  { "empty-origin", "\n8\n" ROOT "\n\n" SIGNED, "line 1 *empty" },
  { "origin-not-first", "8\n" ORIGIN "\n" ROOT "\n\n" SIGNED, "line 2 *" },
  { "size-zero-led", ORIGIN "\n08\n" ROOT "\n\n" SIGNED, "line 2 *" },
  { "size-signed", ORIGIN "\n+8\n" ROOT "\n\n" SIGNED, "line 2 *" },
  { "size-negative", ORIGIN "\n-8\n" ROOT "\n\n" SIGNED, "line 2 *" },
  { "size-hex", ORIGIN "\n0x8\n" ROOT "\n\n" SIGNED, "line 2 *" },
  { "size-space", ORIGIN "\n8 \n" ROOT "\n\n" SIGNED, "line 2 *" },
  { "size-huge", ORIGIN "\n9223372036854775808\n" ROOT "\n\n" SIGNED, "line 2 *" },
  { "size-overflow", ORIGIN "\n18446744073709551624\n" ROOT "\n\n" SIGNED, "line 2 *" },
  { "root-short", ORIGIN "\n8\nXcnaebcGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQw==\n\n" SIGNED, "line 3 *" },
  { "root-no-padding", ORIGIN "\n8\nXcnaebcGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg\n\n" SIGNED, "line 3 *" },
  { "root-other-text", ORIGIN "\n8\nXcnaebcGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyh=\n\n" SIGNED, "line 3 *" },
  { "empty-with-root", ORIGIN "\n0\n" ROOT "\n\n" SIGNED, "line 3 *empty log*" },
  { "empty-extension", BODY "\nmore\n\n" SIGNED, "line 4 *empty" },
  { "crlf", ORIGIN "\r\n8\r\n" ROOT "\r\n\r\n" SIGNED, "*0x0d" },
};

static void
test_malformed (gconstpointer data)
{
  const Vector *vector = data;
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_checkpoint_new_from_text (vector->text, -1, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  if (!g_pattern_match_simple (vector->pattern, error->message))
    g_error ("“%s” does not match “%s”", error->message, vector->pattern);
}

static void
test_too_many_lines (void)
{
  g_autoptr(GString) text = g_string_new (BODY);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 30; i++)
    g_string_append (text, "extension\n");
  g_string_append (text, "\n" SIGNED);

  g_assert_null (imp_checkpoint_new_from_text (text->str, -1, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
}

/* Attacks on what it says */

static const Vector forged[] = {
  { "other-size", ORIGIN "\n9\n" ROOT "\n\n" SIGNED, "*does not fit*" },
  { "other-root", ORIGIN "\n8\nYcnaebcGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n" SIGNED, "*does not fit*" },
  { "extension", BODY "more\n\n" SIGNED, "*does not fit*" },
  { "other-origin", "imprimatur.example/other\n8\n" ROOT "\n\n" SIGNED, "*and not of*" },
  { "unknown-key", BODY "\n" WITNESSED, "*not signed by*" },
  { "cosignature-only", BODY "\n" COSIGNED, "*not signed by*" },
  { "zero-time", BODY "\n" SIGNED COSIGNED_AT_ZERO, "*does not fit*" },
  { "other-time", BODY "\n" SIGNED COSIGNED_LATER, "*does not fit*" },
  { "cosignature-cut", BODY "\n" SIGNED "— " ORIGIN " 75Sb8QAAAABrAquI\n", "*does not fit*" },
};

static void
test_forged (gconstpointer data)
{
  const Vector *vector = data;
  g_autoptr(ImpCheckpoint) checkpoint = read_checkpoint (vector->text);
  g_autoptr(GError) error = NULL;
  gint64 time;

  g_assert_false (imp_checkpoint_verify (checkpoint, LOG_KEY, &time, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
  if (!g_pattern_match_simple (vector->pattern, error->message))
    g_error ("“%s” does not match “%s”", error->message, vector->pattern);
}

static void
test_bad_log_key (void)
{
  g_autoptr(ImpCheckpoint) checkpoint = read_checkpoint (BODY "\n" SIGNED);
  g_autoptr(GError) error = NULL;

  g_assert_false (imp_checkpoint_verify (checkpoint, "not a key", NULL, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
}

static void
add_vectors (const Vector  *vectors,
             gsize          n_vectors,
             const char    *suite,
             GTestDataFunc  func)
{
  for (gsize i = 0; i < n_vectors; i++)
    {
      g_autofree char *path = g_strdup_printf ("/checkpoint/%s/%s", suite, vectors[i].name);

      g_test_add_data_func (path, &vectors[i], func);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/checkpoint/reads", test_reads);
  g_test_add_func ("/checkpoint/without-time", test_without_time);
  g_test_add_func ("/checkpoint/signs", test_signs);
  g_test_add_func ("/checkpoint/signs-empty-log", test_signs_empty_log);
  g_test_add_func ("/checkpoint/cannot-sign", test_cannot_sign);
  add_vectors (malformed, G_N_ELEMENTS (malformed), "malformed", test_malformed);
  g_test_add_func ("/checkpoint/malformed/too-many-lines", test_too_many_lines);
  add_vectors (forged, G_N_ELEMENTS (forged), "forged", test_forged);
  g_test_add_func ("/checkpoint/bad-log-key", test_bad_log_key);

  return g_test_run ();
}
