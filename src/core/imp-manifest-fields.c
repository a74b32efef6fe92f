/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-manifest-private.h"

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json-private.h"
#include "imp-text.h"
#include "imp-time.h"

/* What each field of a manifest may hold. A form that checks one field and a contract that checks
 * them all come to the same functions.
 */

#define MAX_TEXT  (64 * 1024)  /* bytes */
#define MAX_PATH  4096
#define MAX_LABEL 64
#define MAX_ITEMS 256

typedef enum
{
  KIND_NAME,          /* a line, not empty, no “/”, not “.” or “..” */
  KIND_LINE,          /* nothing that cannot be seen, no space at either end */
  KIND_TEXT,          /* anything but U+0000 that shows in its own order */
  KIND_BYTES,         /* anything but U+0000 */
  KIND_SEQUENCE,      /* integer, digits, or ISO 8601 */
  KIND_SIZE,          /* integer or digits */
  KIND_DIGEST,        /* SHA-384 in lower-case hex */
  KIND_TIME,          /* ISO 8601 */
  KIND_REFERENCES,    /* array of “version” or “class:version” */
  KIND_TRANSLATIONS,  /* object, language to text */
  KIND_SBOM,          /* object of format, digest and cid */
} Kind;

typedef struct
{
  const char *key;
  Kind        kind;
  gboolean    required;
  gsize       max_size;  /* bytes */
} Field;

static const Field fields[] = {
  { IMP_MANIFEST_VERSION_ID, KIND_NAME, TRUE, IMP_MANIFEST_MAX_NAME },
  { IMP_MANIFEST_SEQUENCE, KIND_SEQUENCE, TRUE, 0 },
  { IMP_MANIFEST_VENDOR_ID, KIND_LINE, FALSE, IMP_MANIFEST_MAX_NAME },
  { IMP_MANIFEST_CLASS_ID, KIND_NAME, TRUE, IMP_MANIFEST_MAX_NAME },
  { IMP_MANIFEST_PAYLOAD_FORMAT, KIND_LINE, TRUE, IMP_MANIFEST_MAX_NAME },
  { IMP_MANIFEST_PAYLOAD_PROCESSING, KIND_TEXT, FALSE, MAX_TEXT },
  { IMP_MANIFEST_STORAGE_LOCATION, KIND_LINE, TRUE, MAX_PATH },
  { IMP_MANIFEST_PAYLOAD_INDICATOR, KIND_LINE, FALSE, MAX_PATH },
  { IMP_MANIFEST_PAYLOAD_DIGEST, KIND_DIGEST, TRUE, 0 },
  { IMP_MANIFEST_MANIFEST_DIGEST, KIND_DIGEST, TRUE, 0 },
  { IMP_MANIFEST_SIZE, KIND_SIZE, TRUE, 0 },
  { IMP_MANIFEST_ADDITIONAL_INSTRUCTIONS, KIND_TEXT, FALSE, MAX_TEXT },
  { IMP_MANIFEST_DEPENDENCIES, KIND_REFERENCES, TRUE, 2 * IMP_MANIFEST_MAX_NAME + 1 },
  { IMP_MANIFEST_ENCRYPTION_WRAPPER, KIND_TEXT, TRUE, MAX_TEXT },
  { IMP_MANIFEST_PAYLOAD, KIND_BYTES, FALSE, IMP_MANIFEST_MAX_SIZE },
  { IMP_MANIFEST_EXPIRATION_TIME, KIND_TIME, FALSE, 0 },
  { IMP_MANIFEST_COMPONENT_IDENTIFIER, KIND_LINE, FALSE, IMP_MANIFEST_MAX_NAME },
  { IMP_MANIFEST_REQUIRED_VERSIONS, KIND_REFERENCES, FALSE, 2 * IMP_MANIFEST_MAX_NAME + 1 },
  { IMP_MANIFEST_PRECURSOR_DIGEST, KIND_DIGEST, FALSE, 0 },
  { IMP_MANIFEST_TEXT, KIND_TRANSLATIONS, FALSE, MAX_TEXT },
  { IMP_MANIFEST_SBOM, KIND_SBOM, FALSE, 0 },
};

/* The members of “sbom”, all of which it must have. */
static const Field sbom_fields[] = {
  { "format", KIND_NAME, TRUE, MAX_LABEL },
  { "digest", KIND_DIGEST, TRUE, 0 },
  { "cid", KIND_NAME, TRUE, IMP_MANIFEST_MAX_NAME },
};

static gboolean check_members (JsonObject   *object,
                               const Field  *known,
                               guint         n_known,
                               GError      **error);

static const Field *
find_field (const Field *known,
            guint        n_known,
            const char  *key)
{
  for (guint i = 0; i < n_known; i++)
    {
      if (g_str_equal (known[i].key, key))
        return &known[i];
    }

  return NULL;
}

/* @complaint is a format for the rest of a sentence that begins with the field. */
G_GNUC_PRINTF (3, 4)
static gboolean
refuse (const Field  *field,
        GError      **error,
        const char   *complaint,
        ...)
{
  g_autofree char *rest = NULL;
  va_list args;

  va_start (args, complaint);
  rest = g_strdup_vprintf (complaint, args);
  va_end (args);

  g_set_error (error, IMP_ERROR, IMP_ERROR_INCORRECT_MANIFEST_FORMAT,
               "“%s” %s", field->key, rest);

  return FALSE;
}

static gboolean
refuse_unknown (const char  *key,
                GError     **error)
{
  g_autofree char *excerpt = imp_text_excerpt (key, -1);

  g_set_error (error, IMP_ERROR, IMP_ERROR_INCORRECT_MANIFEST_FORMAT,
               "“%s” is not a field of a manifest", excerpt);

  return FALSE;
}

static gboolean
refuse_sequence (const Field  *field,
                 GError      **error)
{
  return refuse (field, error,
                 "is neither a positive integer nor a time such as 2023-02-01T14:04:19.353Z");
}

static gboolean
refuse_size (const Field  *field,
             GError      **error)
{
  return refuse (field, error, "is not a whole number of bytes");
}

/* Characters and length, before anyone looks at what a text means. */
static gboolean
check_characters (const Field  *field,
                  const char   *text,
                  GError      **error)
{
  if (field->max_size > 0 && strlen (text) > field->max_size)
    return refuse (field, error, "is longer than %" G_GSIZE_FORMAT " bytes", field->max_size);

  if (strstr (text, IMP_JSON_NUL) != NULL)
    return refuse (field, error, "contains U+0000");

  if (!g_utf8_validate (text, -1, NULL))
    return refuse (field, error, "is not UTF-8");

  return TRUE;
}

static gboolean
refuse_character (const Field  *field,
                  gunichar      c,
                  guint         position,
                  GError      **error)
{
  return refuse (field, error, "has U+%04X as character %u, which cannot be seen", c, position);
}

static gboolean
check_order (const Field  *field,
             const char   *text,
             GError      **error)
{
  gunichar c;
  guint position;

  return !imp_text_find_misleading (text, &c, &position) ||
         refuse_character (field, c, position, error);
}

/* Whoever reads two lines that look alike must be able to trust that they are. */
static gboolean
check_line (const Field  *field,
            const char   *text,
            GError      **error)
{
  gunichar c;
  guint position;

  if (imp_text_find_unseen (text, &c, &position))
    return refuse_character (field, c, position, error);

  if (g_str_has_prefix (text, " ") || g_str_has_suffix (text, " "))
    return refuse (field, error, "begins or ends with a space");

  return imp_text_is_composed (text) ||
         refuse (field, error, "has accents apart from their letters (it is not in Unicode’s normal form C)");
}

static gboolean
check_name (const Field  *field,
            const char   *text,
            GError      **error)
{
  if (*text == '\0')
    return refuse (field, error, "is empty");

  if (strchr (text, '/') != NULL)
    return refuse (field, error, "contains “/”");

  /* Names become those of files, and parts of URLs. */
  if (g_str_equal (text, ".") || g_str_equal (text, ".."))
    return refuse (field, error, "is a name that stands for a folder");

  return check_line (field, text, error);
}

static gboolean
check_digest (const Field  *field,
              const char   *text,
              GError      **error)
{
  if (imp_digest_is_hex (text, IMP_SHA384_HEX_LENGTH))
    return TRUE;

  return refuse (field, error, "is not %d lower-case hexadecimal digits", IMP_SHA384_HEX_LENGTH);
}

static gboolean
check_text (const Field  *field,
            const char   *text,
            GError      **error)
{
  gint64 ms;
  guint64 size;

  if (!check_characters (field, text, error))
    return FALSE;

  switch (field->kind)
    {
    case KIND_NAME:
    case KIND_REFERENCES:
      return check_name (field, text, error);

    case KIND_SEQUENCE:
      return imp_manifest_parse_sequence_text (text, &ms) || refuse_sequence (field, error);

    case KIND_SIZE:
      return imp_manifest_parse_size_text (text, &size) || refuse_size (field, error);

    case KIND_DIGEST:
      return check_digest (field, text, error);

    case KIND_TIME:
      return imp_time_parse (text, &ms, NULL) ||
             refuse (field, error, "is not a time such as 2023-02-01T14:04:19.353Z");

    case KIND_LINE:
      return check_line (field, text, error);

    case KIND_TEXT:
    case KIND_TRANSLATIONS:
      return check_order (field, text, error);

    case KIND_BYTES:
      return TRUE;

    case KIND_SBOM:
      return refuse (field, error, "is not an object");

    default:
      g_assert_not_reached ();
    }
}

static gboolean
is_string (JsonNode *node)
{
  return json_node_get_value_type (node) == G_TYPE_STRING;
}

static gboolean
check_references (const Field  *field,
                  JsonNode     *node,
                  GError      **error)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return refuse (field, error, "is not an array");

  array = json_node_get_array (node);
  if (json_array_get_length (array) > MAX_ITEMS)
    return refuse (field, error, "has more than %d items", MAX_ITEMS);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!is_string (element))
        return refuse (field, error, "has an item %u that is not a string", i + 1);

      if (!check_text (field, json_node_get_string (element), error))
        {
          g_prefix_error (error, "item %u of ", i + 1);
          return FALSE;
        }
    }

  return TRUE;
}

/* As a language tag may look (BCP 47); whether there is such a language is nobody’s concern here. */
static gboolean
is_language (const char *text)
{
  gsize length = strlen (text);

  return length > 0 && length <= MAX_LABEL &&
         strspn (text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-") == length;
}

static gboolean
check_translations (const Field  *field,
                    JsonNode     *node,
                    GError      **error)
{
  JsonObjectIter iter;
  const char *language;
  JsonNode *text;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (field, error, "is not an object");

  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &language, &text))
    {
      if (!is_language (language))
        {
          g_autofree char *excerpt = imp_text_excerpt (language, -1);

          return refuse (field, error, "has a key “%s” that is not a language", excerpt);
        }

      if (!is_string (text))
        return refuse (field, error, "has a text for “%s” that is not a string", language);

      if (!check_text (field, json_node_get_string (text), error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_sbom (const Field  *field,
            JsonNode     *node,
            GError      **error)
{
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (field, error, "is not an object");

  if (check_members (json_node_get_object (node), sbom_fields, G_N_ELEMENTS (sbom_fields), error))
    return TRUE;

  g_prefix_error (error, "“%s”: ", field->key);

  return FALSE;
}

static gboolean
check_node (const Field  *field,
            JsonNode     *node,
            GError      **error)
{
  gint64 sequence;
  guint64 size;

  switch (field->kind)
    {
    case KIND_REFERENCES:
      return check_references (field, node, error);

    case KIND_TRANSLATIONS:
      return check_translations (field, node, error);

    case KIND_SBOM:
      return check_sbom (field, node, error);

    case KIND_SEQUENCE:
      return imp_manifest_parse_sequence (node, &sequence) || refuse_sequence (field, error);

    case KIND_SIZE:
      return imp_manifest_parse_size (node, &size) || refuse_size (field, error);

    default:
      if (!is_string (node))
        return refuse (field, error, "is not a string");
      return check_text (field, json_node_get_string (node), error);
    }
}

static gboolean
check_members (JsonObject   *object,
               const Field  *known,
               guint         n_known,
               GError      **error)
{
  JsonObjectIter iter;
  const char *key;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &key, NULL))
    {
      if (find_field (known, n_known, key) == NULL)
        return refuse_unknown (key, error);
    }

  for (guint i = 0; i < n_known; i++)
    {
      JsonNode *node = json_object_get_member (object, known[i].key);

      if (node == NULL && known[i].required)
        return refuse (&known[i], error, "is missing");

      if (node != NULL && !check_node (&known[i], node, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * imp_manifest_check_object:
 * @object: an object with the keys of a manifest
 * @error: return location for an [error@Imp.Error]
 *
 * Checks every field of a manifest: that the required ones are there, that each holds what it may, and
 * that there is no unknown one. Whether the digest fits is not looked at.
 *
 * Returns: whether a manifest may look like this, otherwise %IMP_ERROR_INCORRECT_MANIFEST_FORMAT that
 * names the field
 */
gboolean
imp_manifest_check_object (JsonObject  *object,
                           GError     **error)
{
  return check_members (object, fields, G_N_ELEMENTS (fields), error);
}

/**
 * imp_manifest_check_field:
 * @key: a key of a manifest
 * @value: (nullable): what it should hold, or `NULL` if it should be left away
 * @error: return location for an [error@Imp.Error]
 *
 * Checks one field by itself, as a form does while it is filled in, with the same rules and the same
 * words as the check of the whole manifest.
 *
 * For a list, @value is one item of it; for texts in several languages, one text.
 *
 * Returns: whether a manifest may hold it, otherwise %IMP_ERROR_INCORRECT_MANIFEST_FORMAT
 */
gboolean
imp_manifest_check_field (const char  *key,
                          const char  *value,
                          GError     **error)
{
  const Field *field;

  g_return_val_if_fail (key != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  field = find_field (fields, G_N_ELEMENTS (fields), key);
  if (field == NULL)
    return refuse_unknown (key, error);

  if (value != NULL)
    return check_text (field, value, error);

  return !field->required || refuse (field, error, "is missing");
}
