/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include "imp-json.h"
#include "imp-manifest.h"

#include <string.h>

#define DIGEST \
  "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da" \
  "274edebfe76f65fbd51ad2f14898b95b"

/* The fields that may be written as strings. */
static const char *const keys[] = {
  IMP_MANIFEST_VERSION_ID, IMP_MANIFEST_SEQUENCE, IMP_MANIFEST_VENDOR_ID, IMP_MANIFEST_CLASS_ID,
  IMP_MANIFEST_STORAGE_LOCATION, IMP_MANIFEST_PAYLOAD_DIGEST, IMP_MANIFEST_SIZE,
  IMP_MANIFEST_ADDITIONAL_INSTRUCTIONS, IMP_MANIFEST_EXPIRATION_TIME,
};

static void
check_names (ImpManifest *manifest)
{
  g_assert_null (strpbrk (imp_manifest_get_version (manifest), "/\r\n"));
  g_assert_null (strpbrk (imp_manifest_get_class_id (manifest), "/\r\n"));
  g_assert_cmpuint (strlen (imp_manifest_get_class_id (manifest)), <=, IMP_MANIFEST_MAX_NAME);
  g_assert_cmpint (imp_manifest_get_sequence (manifest), >=, 0);
}

static void
check_text (const char *text)
{
  g_autoptr(ImpManifest) manifest = imp_manifest_new_from_text (text, -1, NULL);
  g_autoptr(ImpManifest) again = NULL;
  g_autofree char *canonical = NULL, *canonical_again = NULL;
  g_autofree char *digest = NULL, *digest_again = NULL;

  if (manifest == NULL)
    return;

  check_names (manifest);
  canonical = imp_manifest_canonicalize (manifest);
  again = imp_manifest_new_from_text (canonical, -1, NULL);
  g_assert_nonnull (again);

  canonical_again = imp_manifest_canonicalize (again);
  digest = imp_manifest_compute_digest (manifest);
  digest_again = imp_manifest_compute_digest (again);
  g_assert_cmpstr (canonical, ==, canonical_again);
  g_assert_cmpstr (digest, ==, digest_again);
}

/* A form that takes a value must not end in a manifest that is refused, nor the other way round. */
static void
check_field (const char *key,
             const char *value)
{
  g_autoptr(ImpManifestBuilder) builder = imp_manifest_builder_new ();
  g_autoptr(ImpManifest) manifest = NULL;

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VERSION_ID, "V_1");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_CLASS_ID, "Class_1");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_FORMAT, "bin");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_STORAGE_LOCATION, ".");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_DIGEST, DIGEST);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SIZE, 0);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SEQUENCE, 0);
  imp_manifest_builder_set_string (builder, key, value);
  manifest = imp_manifest_builder_end (builder, NULL);

  g_assert_cmpint (imp_manifest_check_field (key, value, NULL), ==, manifest != NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = NULL;

  if (size == 0)
    return 0;

  text = g_strndup ((const char *) data + 1, size - 1);
  if (data[0] == '{')
    {
      g_autofree char *whole = g_strconcat ("{", text, NULL);

      check_text (whole);
    }
  else
    check_field (keys[data[0] % G_N_ELEMENTS (keys)], text);

  return 0;
}
