/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-cid.h"
#include "imp-error.h"

#include <string.h>

/* The block “hello world\n” in each spelling. */
#define RAW        "bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4"
#define RAW_UPPER  "BAFKREIFJJCIE6LYPI6NY7AMXNFFTAGCLBUXNDQONFIPMB64F2KM2DEVEI4"
#define RAW_58     "zb2rhi36Gc9GJWijLEL6zW45MBux5FcFv5gJmjXA7VAMozEXY"
#define RAW_16     "f01551220a948904f2f0f479b8f8197694b30184b0d2ed1c1cd2a1ec0fb85d299a192a447"
#define RAW_16_UPPER "F01551220A948904F2F0F479B8F8197694B30184B0D2ED1C1CD2A1EC0FB85D299A192A447"
#define V0         "QmZjTnYw2TFhn9Nn7tjmPSoTBoY7YRkwPzwSrSbabY24Kp"
#define V1_PB      "bafybeifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4"
#define V1_PB_58   "zdj7Wgpi9yzsvjJerghrdhPFpe1p1jZFyB5GKLyXEzFQyaxVk"

typedef struct
{
  const char *text;
  const char *canonical;
  guint       version;
  ImpCodec    codec;
} Spelling;

static const Spelling spellings[] = {
  { RAW, RAW, 1, IMP_CODEC_RAW },
  { RAW_UPPER, RAW, 1, IMP_CODEC_RAW },
  { RAW_58, RAW, 1, IMP_CODEC_RAW },
  { RAW_16, RAW, 1, IMP_CODEC_RAW },
  { RAW_16_UPPER, RAW, 1, IMP_CODEC_RAW },
  { V0, V0, 0, IMP_CODEC_DAG_PB },
  { V1_PB, V1_PB, 1, IMP_CODEC_DAG_PB },
  { V1_PB_58, V1_PB, 1, IMP_CODEC_DAG_PB },
};

static ImpCid *
read_cid (const char *text)
{
  g_autoptr(GError) error = NULL;
  ImpCid *cid = imp_cid_new_from_string (text, &error);

  g_assert_no_error (error);
  return cid;
}

static void
test_reads (gconstpointer data)
{
  const Spelling *spelling = data;
  g_autoptr(ImpCid) cid = read_cid (spelling->text);
  g_autoptr(ImpCid) again = NULL;
  g_autoptr(GBytes) bytes = imp_cid_to_bytes (cid);
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (imp_cid_get_string (cid), ==, spelling->canonical);
  g_assert_cmpuint (imp_cid_get_version (cid), ==, spelling->version);
  g_assert_cmpuint (imp_cid_get_codec (cid), ==, spelling->codec);

  again = imp_cid_new_from_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imp_cid_get_string (again), ==, spelling->canonical);
  g_assert_true (imp_cid_equal (cid, again));
  g_assert_cmpuint (imp_cid_hash (cid), ==, imp_cid_hash (again));
}

static void
test_equality (void)
{
  g_autoptr(ImpCid) v0 = read_cid (V0);
  g_autoptr(ImpCid) v1 = read_cid (V1_PB);
  g_autoptr(ImpCid) raw = read_cid (RAW);

  g_assert_true (imp_cid_equal (v0, v1));
  g_assert_false (imp_cid_equal (v1, raw));
}

static void
test_verifies (void)
{
  g_autoptr(ImpCid) cid = read_cid (RAW);

  g_assert_true (imp_cid_verify (cid, "hello world\n", 12));
  g_assert_false (imp_cid_verify (cid, "hello world\n", 11));
  g_assert_false (imp_cid_verify (cid, "Hello world\n", 12));
  g_assert_false (imp_cid_verify (cid, NULL, 0));
}

/* Text that is refused, and a word that the error has */

typedef struct
{
  const char *name;
  const char *text;
  const char *pattern;
} Refused;

static const Refused refused[] = {
  { "empty", "", "*sign of a base*" },
  { "no-base", "8" RAW, "*sign of a base*" },
  { "space-before", " " RAW, "*sign of a base*" },
  { "space-after", RAW " ", "*base32 does not have*" },
  { "newline-after", V0 "\n", "*sign of a base*" },
  { "newline-inside", "Qm\nTnYw2TFhn9Nn7tjmPSoTBoY7YRkwPzwSrSbabY24Kp", "*" },
  { "v0-letter", "Qm0jTnYw2TFhn9Nn7tjmPSoTBoY7YRkwPzwSrSbabY24Kp", "*base58 does not have*" },
  { "v0-short", "QmZjTnYw2TFhn9Nn7tjmPSoTBoY7YRkwPzwSrSbabY24K", "*sign of a base*" },
  { "v0-with-base", "z" V0, "*version 18*" },
  { "v0-in-base32", "bciqksseqj4xq6r43r6azo2klgamewdjo2ha42kq6yd5yluuzugjkiry", "*version 18*" },
  { "upper-in-lower", "bAFKREIFJJCIE6LYPI6NY7AMXNFFTAGCLBUXNDQONFIPMB64F2KM2DEVEI4", "*base32 does not have*" },
  { "padding", RAW "=", "*base32 does not have*" },
  { "trailing-bits", "bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei5", "*left over*" },
  { "odd-base16", RAW_16 "0", "*left over*" },
  { "version-2", "bajkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4", "*version 2*" },
  { "non-minimal", "bqeafkeravfejatzpb5dzxd4bs5uuwmayjmgs5uobzuvb5qh3qxjjtimsurdq", "*shortest form*" },
  { "codec", "bafyreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4", "*codec 0x71*" },
  { "sha-512",
    "bafkrgqfjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei6uurecpf4hupg4pqglwsszqdbfq2lwryhgsuhwa7oc5fgnbskseo",
    "*hash function 0x13*" },
  { "blake2b", "bafk2bzacecuurecpf4hupg4pqglwsszqdbfq2lwryhgsuhwa7oc5fgnbskseo", "*hash function 0xb220*" },
  { "identity", "bafkqaa3bmjrq", "*hash function 0x0*" },
  { "digest-cut", "bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2deve", "*32 bytes*" },
  { "digest-longer", "bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4aa", "*32 bytes*" },
  { "digest-of-31", "bafkreh5jjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2deve", "*32 bytes*" },
  { "only-a-base", "b", "*cut short*" },
};

static void
assert_refused (const char *text,
                const char *pattern)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_cid_new_from_string (text, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("“%s” does not match “%s”", error->message, pattern);
}

static void
test_refuses (gconstpointer data)
{
  const Refused *vector = data;

  assert_refused (vector->text, vector->pattern);
}

static void
test_refuses_long (gconstpointer data)
{
  for (gsize length = 100; length < 4000; length += 97)
    {
      g_autofree char *text = g_strnfill (length, *(const char *) data);

      text[0] = *((const char *) data + 1);
      assert_refused (text, "*");
    }
}

static void
test_refuses_bytes (void)
{
  guint8 bytes[40] = { 0x12, 0x20 };

  for (gsize size = 0; size <= sizeof bytes; size++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ImpCid) cid = imp_cid_new_from_bytes (bytes, size, &error);

      g_assert_true ((cid != NULL) == (size == 34));
      if (cid == NULL)
        g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/cid/reads/%.6s", spellings[i].text);
      g_test_add_data_func (path, &spellings[i], test_reads);
    }
  g_test_add_func ("/cid/equality", test_equality);
  g_test_add_func ("/cid/verifies", test_verifies);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *path = g_strdup_printf ("/cid/refuses/%s", refused[i].name);
      g_test_add_data_func (path, &refused[i], test_refuses);
    }
  g_test_add_data_func ("/cid/refuses/long-base32", "ab", test_refuses_long);
  g_test_add_data_func ("/cid/refuses/long-base58", "zz", test_refuses_long);
  g_test_add_data_func ("/cid/refuses/long-base58-zeros", "1z", test_refuses_long);
  g_test_add_data_func ("/cid/refuses/long-base16", "0f", test_refuses_long);
  g_test_add_func ("/cid/refuses/bytes", test_refuses_bytes);

  return g_test_run ();
}
