/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-json.h"

#include "imp-error.h"
#include "imp-json-private.h"

static void append_node (GString  *text,
                         JsonNode *node);

/* Keys sort by UTF-16 code units, as ECMAScript compares them. In UTF-8, bytes sort like code
 * points, and the two orders differ in one thing: what lies beyond U+FFFF begins with a surrogate in
 * UTF-16, and so comes before U+E000 to U+FFFF.
 */
static int
rank_byte (guchar byte)
{
  switch (byte)
    {
    case 0xc0:  /* IMP_JSON_NUL, which is less than any character but more than the end */
      return 1;

    case 0xee:
    case 0xef:
      return byte + 0x10;

    default:
      return byte == 0 ? 0 : byte + 1;
    }
}

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  const guchar *left = *(const guchar *const *) a;
  const guchar *right = *(const guchar *const *) b;

  while (*left != '\0' && *left == *right)
    {
      left++;
      right++;
    }

  return rank_byte (*left) - rank_byte (*right);
}

static void
append_escaped (GString *text,
                guchar   c)
{
  static const char letters[] = "\"\\bfnrt";
  static const char meanings[] = "\"\\\b\f\n\r\t";
  const char *meaning = c != '\0' ? strchr (meanings, c) : NULL;

  if (meaning != NULL)
    g_string_append_printf (text, "\\%c", letters[meaning - meanings]);
  else
    g_string_append_printf (text, "\\u%04x", c);
}

static gboolean
needs_escape (guchar c)
{
  return c < 0x20 || c == '"' || c == '\\';
}

static void
append_string (GString    *text,
               const char *string)
{
  g_string_append_c (text, '"');

  while (*string != '\0')
    {
      if (needs_escape (*string))
        append_escaped (text, *string++);
      else if (g_str_has_prefix (string, IMP_JSON_NUL))
        {
          append_escaped (text, '\0');
          string += strlen (IMP_JSON_NUL);
        }
      else
        {
          const char *run = string++;

          while (*string != '\0' && !needs_escape (*string) && *string != IMP_JSON_NUL[0])
            string++;
          g_string_append_len (text, run, string - run);
        }
    }

  g_string_append_c (text, '"');
}

static void
append_object (GString    *text,
               JsonObject *object)
{
  g_autoptr(GPtrArray) keys = g_ptr_array_new ();
  JsonObjectIter iter;
  const char *key;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &key, NULL))
    g_ptr_array_add (keys, (char *) key);

  g_ptr_array_sort (keys, compare_keys);

  g_string_append_c (text, '{');
  for (guint i = 0; i < keys->len; i++)
    {
      key = g_ptr_array_index (keys, i);
      if (i > 0)
        g_string_append_c (text, ',');
      append_string (text, key);
      g_string_append_c (text, ':');
      append_node (text, json_object_get_member (object, key));
    }
  g_string_append_c (text, '}');
}

static void
append_array (GString   *text,
              JsonArray *array)
{
  guint length = json_array_get_length (array);

  g_string_append_c (text, '[');
  for (guint i = 0; i < length; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      append_node (text, json_array_get_element (array, i));
    }
  g_string_append_c (text, ']');
}

static void
append_int (GString *text,
            gint64   value)
{
  if (value >= -IMP_JSON_MAX_INT && value <= IMP_JSON_MAX_INT)
    g_string_append_printf (text, "%" G_GINT64_FORMAT, value);
  else
    imp_json_append_number (text, (double) value);
}

static void
append_value (GString  *text,
              JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    append_string (text, json_node_get_string (node));
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (text, json_node_get_boolean (node) ? "true" : "false");
  else if (type == G_TYPE_INT64)
    append_int (text, json_node_get_int (node));
  else
    imp_json_append_number (text, json_node_get_double (node));
}

static void
append_node (GString  *text,
             JsonNode *node)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      append_object (text, json_node_get_object (node));
      break;

    case JSON_NODE_ARRAY:
      append_array (text, json_node_get_array (node));
      break;

    case JSON_NODE_VALUE:
      append_value (text, node);
      break;

    case JSON_NODE_NULL:
      g_string_append (text, "null");
      break;

    default:
      g_assert_not_reached ();
    }
}

/**
 * imp_json_canonicalize:
 * @node: a tree
 *
 * Prints a tree in the one form that is hashed and signed, which is the form that
 * json-stringify-deterministic prints: keys sorted by UTF-16 code units, no white space, strings and
 * numbers as ECMAScript writes them. An integer that no double holds becomes the nearest that one
 * does.
 *
 * Returns: (transfer full): the text
 */
char *
imp_json_canonicalize (JsonNode *node)
{
  GString *text;

  g_return_val_if_fail (node != NULL, NULL);

  text = g_string_new (NULL);
  append_node (text, node);

  return g_string_free (text, FALSE);
}

/* json-glib answers a missing or mistyped member with a critical; what comes from the network is
 * an ordinary error.
 */
static JsonNode *
get_member (JsonObject  *object,
            const char  *name,
            const char  *article_and_type,
            gboolean   (*is_type) (JsonNode *node),
            GError     **error)
{
  JsonNode *member = json_object_get_member (object, name);

  if (member == NULL)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "“%s” is missing", name);
      return NULL;
    }

  if (!is_type (member))
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                   "“%s” is not %s", name, article_and_type);
      return NULL;
    }

  return member;
}

static gboolean
is_string (JsonNode *node)
{
  return json_node_get_value_type (node) == G_TYPE_STRING;
}

static gboolean
is_int (JsonNode *node)
{
  return json_node_get_value_type (node) == G_TYPE_INT64;
}

static gboolean
is_object (JsonNode *node)
{
  return JSON_NODE_HOLDS_OBJECT (node);
}

static gboolean
is_array (JsonNode *node)
{
  return JSON_NODE_HOLDS_ARRAY (node);
}

/**
 * imp_json_get_string:
 * @object: an object
 * @name: the key
 * @error: return location for an [error@Imp.Error]
 *
 * Looks a string up. One that contains U+0000 is refused.
 *
 * Returns: (nullable): the string, or `NULL` with %IMP_ERROR_MALFORMED that names the member
 */
const char *
imp_json_get_string (JsonObject  *object,
                     const char  *name,
                     GError     **error)
{
  JsonNode *member;

  g_return_val_if_fail (object != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  member = get_member (object, name, "a string", is_string, error);
  if (member == NULL)
    return NULL;

  if (strstr (json_node_get_string (member), IMP_JSON_NUL) != NULL)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "“%s” contains U+0000", name);
      return NULL;
    }

  return json_node_get_string (member);
}

/**
 * imp_json_get_int:
 * @object: an object
 * @name: the key
 * @value: (out): the number
 * @error: return location for an [error@Imp.Error]
 *
 * Looks an integer up.
 *
 * Returns: whether it is there, otherwise %IMP_ERROR_MALFORMED that names the member
 */
gboolean
imp_json_get_int (JsonObject  *object,
                  const char  *name,
                  gint64      *value,
                  GError     **error)
{
  JsonNode *member;

  g_return_val_if_fail (object != NULL, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  member = get_member (object, name, "an integer", is_int, error);
  if (member == NULL)
    return FALSE;

  *value = json_node_get_int (member);

  return TRUE;
}

/**
 * imp_json_get_object:
 * @object: an object
 * @name: the key
 * @error: return location for an [error@Imp.Error]
 *
 * Looks an object up.
 *
 * Returns: (transfer none) (nullable): the object, or `NULL` with %IMP_ERROR_MALFORMED that names the
 * member
 */
JsonObject *
imp_json_get_object (JsonObject  *object,
                     const char  *name,
                     GError     **error)
{
  JsonNode *member;

  g_return_val_if_fail (object != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  member = get_member (object, name, "an object", is_object, error);

  return member != NULL ? json_node_get_object (member) : NULL;
}

/**
 * imp_json_get_array:
 * @object: an object
 * @name: the key
 * @error: return location for an [error@Imp.Error]
 *
 * Looks an array up; its items can be of any type.
 *
 * Returns: (transfer none) (nullable): the array, or `NULL` with %IMP_ERROR_MALFORMED that names the
 * member
 */
JsonArray *
imp_json_get_array (JsonObject  *object,
                    const char  *name,
                    GError     **error)
{
  JsonNode *member;

  g_return_val_if_fail (object != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  member = get_member (object, name, "an array", is_array, error);

  return member != NULL ? json_node_get_array (member) : NULL;
}
