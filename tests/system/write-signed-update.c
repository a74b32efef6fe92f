/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <json-glib/json-glib.h>
#include <stdio.h>

#include "imp-digest.h"
#include "imp-json.h"
#include "imp-update.h"

/* Writes an update that our own code made and signed, for the interop test to verify with another. */

static ImpManifest *
make_manifest (GError **error)
{
  static const char *const dependencies[] = { "V_1", "Class_0:V_9", NULL };
  g_autoptr(ImpManifestBuilder) builder = imp_manifest_builder_new ();
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA384, "firmware", 8);

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VERSION_ID, "V_2 “ünïcode” \\ \"");
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SEQUENCE, G_GINT64_CONSTANT (1678868980936));
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_CLASS_ID, "Class_1");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_FORMAT, "bin");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_STORAGE_LOCATION, "./updates");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_DIGEST, digest);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SIZE, 8);
  imp_manifest_builder_set_strv (builder, IMP_MANIFEST_DEPENDENCIES, dependencies);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_ENCRYPTION_WRAPPER, "");
  return imp_manifest_builder_end (builder, error);
}

int
main (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpKey) author = NULL;
  g_autoptr(ImpManifest) manifest = NULL;
  g_autoptr(ImpUpdate) update = NULL;
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  g_autofree char *text = NULL;

  if (!(author = imp_key_generate (IMP_KEY_RSA_2048, &error)) ||
      !(manifest = make_manifest (&error)) ||
      !(update = imp_update_sign (manifest, author, &error)))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }

  json_object_set_string_member (object, "publicKey", imp_key_get_public_pem (author));
  json_object_set_member (object, "update", imp_update_to_json (update));
  json_node_take_object (node, object);
  text = imp_json_canonicalize (node);
  puts (text);
  return 0;
}
