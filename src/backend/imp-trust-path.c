/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-trust-path.h"

#include <string.h>

#include "imp-error.h"
#include "imp-json.h"
#include "imp-merkle.h"

/**
 * ImpTrustPath:
 *
 * What proves one update, from its author’s key to a signed head of the log, in one file that can be
 * checked anywhere (docs/trust-path.md).
 *
 * Its text is canonical JSON with exactly the members that are checked: whatever is changed in it,
 * a check fails. A trust path never changes; nothing of it may be believed before it is verified.
 */
struct _ImpTrustPath
{
  GObject parent_instance;

  char     *text;  /* (owned) as in the file */
  JsonNode *root;  /* (owned) */
};

G_DEFINE_FINAL_TYPE (ImpTrustPath, imp_trust_path, G_TYPE_OBJECT)

/* Besides “format” and “version”, which say how to read the others. */
static const struct
{
  const char *name;
  char        type;  /* string, integer, object or array */
} members[] = {
  { "publicKey", 's' },
  { "manifest", 'o' },
  { "authorManifestSign", 's' },
  { "authorSign", 's' },
  { "cid", 's' },
  { "leaf", 's' },
  { "sequence", 'i' },
  { "path", 'a' },
  { "checkpoint", 's' },
  { "logKey", 's' },
};

static void
imp_trust_path_finalize (GObject *object)
{
  ImpTrustPath *self = IMP_TRUST_PATH (object);

  g_free (self->text);
  g_clear_pointer (&self->root, json_node_unref);

  G_OBJECT_CLASS (imp_trust_path_parent_class)->finalize (object);
}

static void
imp_trust_path_class_init (ImpTrustPathClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_trust_path_finalize;
}

static void
imp_trust_path_init (ImpTrustPath *self)
{
}

static char *
make_text (JsonNode *root)
{
  g_autofree char *canonical = imp_json_canonicalize (root);

  return g_strconcat (canonical, "\n", NULL);
}

static JsonArray *
make_path (GArray *hashes)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < hashes->len; i++)
    {
      g_autofree char *base64 = imp_hash_to_base64 (&g_array_index (hashes, ImpHash, i));

      json_array_add_string_element (array, base64);
    }

  return array;
}

/**
 * imp_trust_path_new:
 * @update: an update with what proves it
 * @log_key: the verifier key of its log
 *
 * Puts a path together, and verifies nothing.
 *
 * Returns: (transfer full): the path
 */
ImpTrustPath *
imp_trust_path_new (const ImpRegisteredUpdate *update,
                    const char                *log_key)
{
  ImpTrustPath *self = g_object_new (IMP_TYPE_TRUST_PATH, NULL);
  JsonObject *object;

  /* The manifest and both signatures come with their names from here. */
  self->root = imp_update_to_json (update->update);
  object = json_node_get_object (self->root);
  json_object_set_string_member (object, "format", IMP_TRUST_PATH_FORMAT);
  json_object_set_int_member (object, "version", IMP_TRUST_PATH_VERSION);
  json_object_set_string_member (object, "publicKey", imp_key_get_public_pem (update->author));
  json_object_set_string_member (object, "cid", update->cid);
  json_object_set_string_member (object, "leaf", imp_transaction_get_leaf (update->transaction));
  json_object_set_int_member (object, "sequence",
                              imp_transaction_get_sequence (update->transaction));
  json_object_set_array_member (object, "path", make_path (update->path));
  json_object_set_string_member (object, "checkpoint", update->checkpoint);
  json_object_set_string_member (object, "logKey", log_key);
  self->text = make_text (self->root);

  return self;
}

static gboolean
check_format (JsonObject  *object,
              GError     **error)
{
  const char *format = imp_json_get_string (object, "format", NULL);
  gint64 version;

  if (g_strcmp0 (format, IMP_TRUST_PATH_FORMAT) != 0)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "“format” is not “" IMP_TRUST_PATH_FORMAT "”");
  if (!imp_json_get_int (object, "version", &version, error))
    return FALSE;
  if (version != IMP_TRUST_PATH_VERSION)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "“version” is %" G_GINT64_FORMAT ", and this program reads version %d",
                          version, IMP_TRUST_PATH_VERSION);

  return TRUE;
}

static gboolean
check_member (JsonObject  *object,
              const char  *name,
              char         type,
              GError     **error)
{
  gint64 number;

  switch (type)
    {
    case 's':
      return imp_json_get_string (object, name, error) != NULL;
    case 'i':
      return imp_json_get_int (object, name, &number, error);
    case 'o':
      return imp_json_get_object (object, name, error) != NULL;
    case 'a':
      return imp_json_get_array (object, name, error) != NULL;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
check_members (JsonObject  *object,
               GError     **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      if (!check_member (object, members[i].name, members[i].type, error))
        return FALSE;
    }

  if (json_object_get_size (object) != G_N_ELEMENTS (members) + 2)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "it has members that no trust path has");

  return TRUE;
}

static gboolean
read_text (ImpTrustPath  *self,
           const char    *text,
           gsize          length,
           GError       **error)
{
  JsonObject *object;

  self->root = imp_json_parse (text, length, IMP_TRUST_PATH_MAX_SIZE, error);
  if (self->root == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (self->root))
    return imp_error_set (error, IMP_ERROR_MALFORMED, "it is not a JSON object");

  object = json_node_get_object (self->root);
  if (!check_format (object, error) || !check_members (object, error))
    return FALSE;

  self->text = make_text (self->root);
  if (strlen (self->text) != length || memcmp (self->text, text, length) != 0)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "it is not canonical JSON with a newline at its end");

  return TRUE;
}

/**
 * imp_trust_path_new_from_text:
 * @text: (array length=length): what a file has
 * @length: the length of @text
 * @error: return location for an error
 *
 * Reads a path, and verifies nothing.
 *
 * Returns: (transfer full) (nullable): the path, or `NULL` with %IMP_ERROR_MALFORMED
 */
ImpTrustPath *
imp_trust_path_new_from_text (const char  *text,
                              gsize        length,
                              GError     **error)
{
  g_autoptr(ImpTrustPath) self = g_object_new (IMP_TYPE_TRUST_PATH, NULL);

  g_return_val_if_fail (text != NULL || length == 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (read_text (self, length > 0 ? text : "", length, error))
    return g_steal_pointer (&self);

  g_prefix_error (error, "this is not a trust path: ");
  return NULL;
}

/**
 * imp_trust_path_get_text:
 * @self: a path
 *
 * Returns: the bytes of its file
 */
const char *
imp_trust_path_get_text (ImpTrustPath *self)
{
  g_return_val_if_fail (IMP_IS_TRUST_PATH (self), NULL);

  return self->text;
}

/**
 * imp_trust_path_get_root:
 * @self: a path
 *
 * Returns: (transfer none): its JSON, an object that must not be changed
 */
JsonNode *
imp_trust_path_get_root (ImpTrustPath *self)
{
  g_return_val_if_fail (IMP_IS_TRUST_PATH (self), NULL);

  return self->root;
}

/**
 * imp_trust_path_get_log_key:
 * @self: a path
 *
 * Returns: the verifier key that the path itself names; whoever checks it holds it against one of their
 * own
 */
const char *
imp_trust_path_get_log_key (ImpTrustPath *self)
{
  g_return_val_if_fail (IMP_IS_TRUST_PATH (self), NULL);

  return json_object_get_string_member (json_node_get_object (self->root), "logKey");
}

static const char *
get_manifest_text (ImpTrustPath *self,
                   const char   *key)
{
  JsonObject *object = json_node_get_object (self->root);
  const char *text = imp_json_get_string (json_object_get_object_member (object, "manifest"),
                                          key, NULL);

  return text != NULL ? text : "?";
}

/**
 * imp_trust_path_dup_title:
 * @self: a path
 *
 * Returns: (transfer full): class and version, as the manifest says; nothing of it is verified
 */
char *
imp_trust_path_dup_title (ImpTrustPath *self)
{
  g_return_val_if_fail (IMP_IS_TRUST_PATH (self), NULL);

  return g_strdup_printf ("%s %s", get_manifest_text (self, IMP_MANIFEST_CLASS_ID),
                          get_manifest_text (self, IMP_MANIFEST_VERSION_ID));
}

/* Whether a file of this name, or a URI, is to be opened as a trust path. */
gboolean
imp_trust_path_is_name (const char *name)
{
  return g_str_has_suffix (name, IMP_TRUST_PATH_SUFFIX);
}
