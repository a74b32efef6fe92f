/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include "imp-digest.h"
#include "imp-sbom.h"

/* Whatever a file says that it is: either it is refused with a sentence, or it has all that a manifest
 * says of it.
 */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpSbom) sbom = imp_sbom_parse (bytes, &error);
  g_autoptr(JsonNode) node = NULL;

  g_assert_true ((sbom == NULL) == (error != NULL));
  if (sbom == NULL)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }

  node = imp_sbom_to_json (sbom);
  g_assert_true (g_utf8_validate (sbom->format, -1, NULL));
  g_assert_true (imp_digest_is_hex (sbom->digest, IMP_SHA384_HEX_LENGTH));
  return 0;
}
