/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-digest.h"

#include <string.h>

/* FIPS 180-4’s examples. */
#define SHA256_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define SHA256_EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define SHA384_ABC \
  "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed" \
  "8086072ba1e7cc2358baeca134c825a7"
#define SHA384_EMPTY \
  "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da" \
  "274edebfe76f65fbd51ad2f14898b95b"

static void
test_known (void)
{
  g_autofree char *abc256 = imp_digest_hex (IMP_DIGEST_SHA256, "abc", 3);
  g_autofree char *abc384 = imp_digest_hex (IMP_DIGEST_SHA384, "abc", 3);
  g_autofree char *empty256 = imp_digest_hex (IMP_DIGEST_SHA256, NULL, 0);
  g_autofree char *empty384 = imp_digest_hex (IMP_DIGEST_SHA384, "", 0);

  g_assert_cmpstr (abc256, ==, SHA256_ABC);
  g_assert_cmpstr (abc384, ==, SHA384_ABC);
  g_assert_cmpstr (empty256, ==, SHA256_EMPTY);
  g_assert_cmpstr (empty384, ==, SHA384_EMPTY);
}

static void
test_pieces (void)
{
  g_autoptr(ImpDigest) digest = imp_digest_new (IMP_DIGEST_SHA384);
  g_autofree char *hex = NULL;

  imp_digest_update (digest, "a", 1);
  imp_digest_update (digest, NULL, 0);
  imp_digest_update (digest, "bc", 2);
  hex = imp_digest_finish_hex (digest);

  g_assert_cmpstr (hex, ==, SHA384_ABC);
}

static void
test_begins_again (void)
{
  g_autoptr(ImpDigest) digest = imp_digest_new (IMP_DIGEST_SHA256);
  g_autofree char *first = NULL, *second = NULL, *third = NULL;

  imp_digest_update (digest, "not abc", 7);
  first = imp_digest_finish_hex (digest);
  imp_digest_update (digest, "abc", 3);
  second = imp_digest_finish_hex (digest);
  third = imp_digest_finish_hex (digest);

  g_assert_cmpstr (first, !=, SHA256_ABC);
  g_assert_cmpstr (second, ==, SHA256_ABC);
  g_assert_cmpstr (third, ==, SHA256_EMPTY);
}

static void
test_bytes (void)
{
  guint8 bytes[IMP_SHA256_SIZE], again[IMP_SHA256_SIZE];
  g_autoptr(ImpDigest) digest = imp_digest_new (IMP_DIGEST_SHA256);
  g_autofree char *hex = NULL;

  imp_digest_compute (IMP_DIGEST_SHA256, "abc", 3, bytes);
  imp_digest_update (digest, "abc", 3);
  imp_digest_finish (digest, again);
  hex = imp_hex_encode (bytes, sizeof bytes);

  g_assert_cmpmem (bytes, sizeof bytes, again, sizeof again);
  g_assert_cmpstr (hex, ==, SHA256_ABC);
}

static void
test_is_hex (void)
{
  g_autofree char *upper = g_ascii_strup (SHA384_ABC, -1);

  g_assert_true (imp_digest_is_hex (SHA384_ABC, IMP_SHA384_HEX_LENGTH));
  g_assert_true (imp_digest_is_hex ("", 0));
  g_assert_false (imp_digest_is_hex (upper, IMP_SHA384_HEX_LENGTH));
  g_assert_false (imp_digest_is_hex (&SHA384_ABC[1], IMP_SHA384_HEX_LENGTH));
  g_assert_false (imp_digest_is_hex (SHA384_ABC "0", IMP_SHA384_HEX_LENGTH));
  g_assert_false (imp_digest_is_hex ("g", 1));
  g_assert_false (imp_digest_is_hex ("", 1));
  g_assert_false (imp_digest_is_hex (NULL, 0));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/digest/known", test_known);
  g_test_add_func ("/digest/pieces", test_pieces);
  g_test_add_func ("/digest/begins-again", test_begins_again);
  g_test_add_func ("/digest/bytes", test_bytes);
  g_test_add_func ("/digest/is-hex", test_is_hex);

  return g_test_run ();
}
