/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-json.h"

#include <string.h>

#include "imp-error.h"
#include "imp-json-private.h"
#include "imp-json-scanner.h"
#include "imp-text.h"

/* RFC 8259 and nothing more, from bytes that anybody may have sent.
 *
 * json-glib’s own parser takes comments and single quotes, lets the last of two equal keys win, and
 * recurses until the stack is gone; so only its tree is used here.
 */

typedef struct
{
  ImpJsonScanner scanner;
  guint          depth;
  guint          n_values;
} Reader;

static JsonNode *read_value (Reader  *reader,
                             GError **error);

static gboolean
read_member (Reader      *reader,
             JsonObject  *object,
             GError     **error)
{
  ImpJsonScanner *scanner = &reader->scanner;
  const char *start;
  g_autofree char *key = NULL;
  JsonNode *value;

  imp_json_scanner_skip_space (scanner);
  start = scanner->at;

  key = imp_json_scanner_read_string (scanner, error);
  if (key == NULL)
    return FALSE;

  if (json_object_has_member (object, key))
    {
      g_autofree char *excerpt = imp_text_excerpt (key, -1);

      imp_json_scanner_set_error (scanner, start, error, "the key “%s” is there twice", excerpt);
      return FALSE;
    }

  /* json-glib hashes keys in a way that anyone can make collide. */
  if (json_object_get_size (object) == IMP_JSON_MAX_MEMBERS)
    {
      imp_json_scanner_set_error (scanner, start, error, "more than %d keys in one object", IMP_JSON_MAX_MEMBERS);
      return FALSE;
    }

  imp_json_scanner_skip_space (scanner);
  if (!imp_json_scanner_skip (scanner, ':'))
    return imp_json_scanner_refuse (scanner, "“:”", error);

  value = read_value (reader, error);
  if (value == NULL)
    return FALSE;

  json_object_set_member (object, key, value);

  return TRUE;
}

static gboolean
enter (Reader  *reader,
       GError **error)
{
  ImpJsonScanner *scanner = &reader->scanner;

  if (++reader->depth > IMP_JSON_MAX_DEPTH)
    {
      imp_json_scanner_set_error (scanner, scanner->at, error, "nested deeper than %d levels", IMP_JSON_MAX_DEPTH);
      return FALSE;
    }

  scanner->at++;
  imp_json_scanner_skip_space (scanner);

  return TRUE;
}

static JsonNode *
read_object (Reader  *reader,
             GError **error)
{
  ImpJsonScanner *scanner = &reader->scanner;
  g_autoptr(JsonObject) object = json_object_new ();

  if (!enter (reader, error))
    return NULL;

  if (!imp_json_scanner_skip (scanner, '}'))
    {
      do
        {
          if (!read_member (reader, object, error))
            return NULL;
          imp_json_scanner_skip_space (scanner);
        }
      while (imp_json_scanner_skip (scanner, ','));

      if (!imp_json_scanner_skip (scanner, '}'))
        {
          imp_json_scanner_refuse (scanner, "“,” or “}”", error);
          return NULL;
        }
    }

  reader->depth--;

  return json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
read_array (Reader  *reader,
            GError **error)
{
  ImpJsonScanner *scanner = &reader->scanner;
  g_autoptr(JsonArray) array = json_array_new ();

  if (!enter (reader, error))
    return NULL;

  if (!imp_json_scanner_skip (scanner, ']'))
    {
      do
        {
          JsonNode *element = read_value (reader, error);

          if (element == NULL)
            return NULL;

          json_array_add_element (array, element);
          imp_json_scanner_skip_space (scanner);
        }
      while (imp_json_scanner_skip (scanner, ','));

      if (!imp_json_scanner_skip (scanner, ']'))
        {
          imp_json_scanner_refuse (scanner, "“,” or “]”", error);
          return NULL;
        }
    }

  reader->depth--;

  return json_node_init_array (json_node_alloc (), array);
}

static JsonNode *
read_string_value (Reader  *reader,
                   GError **error)
{
  g_autofree char *string = imp_json_scanner_read_string (&reader->scanner, error);

  if (string == NULL)
    return NULL;

  return json_node_init_string (json_node_alloc (), string);
}

static JsonNode *
read_value (Reader  *reader,
            GError **error)
{
  ImpJsonScanner *scanner = &reader->scanner;

  imp_json_scanner_skip_space (scanner);

  if (++reader->n_values > IMP_JSON_MAX_VALUES)
    {
      imp_json_scanner_set_error (scanner, scanner->at, error, "more than %d values", IMP_JSON_MAX_VALUES);
      return NULL;
    }

  switch (imp_json_scanner_peek (scanner))
    {
    case '{':
      return read_object (reader, error);

    case '[':
      return read_array (reader, error);

    case '"':
      return read_string_value (reader, error);

    case '-':
    case '0' ... '9':
      return imp_json_scanner_read_number (scanner, error);

    default:
      return imp_json_scanner_read_word (scanner, error);
    }
}

/**
 * imp_json_parse:
 * @text: JSON from anywhere
 * @length: its length in bytes, or -1 if it ends in NUL
 * @max_size: how long it may be
 * @error: return location for an [error@Imp.Error]
 *
 * Reads a JSON text strictly (RFC 8259), into json-glib’s tree.
 *
 * Encoding, size, depth, count and duplicate keys are checked before or while the tree grows, so
 * that no text can exhaust the stack or the memory. Numbers that are integers in ±(2^53 - 1) become
 * integer nodes however they are written, all others doubles; a number that no double holds is
 * refused. Strings may contain U+0000 in a form that only [func@Imp.json_canonicalize] knows;
 * print a tree with nothing else.
 *
 * Returns: (transfer full) (nullable): the tree, or `NULL` with %IMP_ERROR_MALFORMED that says
 *   what is wrong in which line and column
 */
JsonNode *
imp_json_parse (const char  *text,
                gssize       length,
                gsize        max_size,
                GError     **error)
{
  g_autoptr(JsonNode) root = NULL;
  gsize size;
  Reader reader = { 0 };

  g_return_val_if_fail (text != NULL || length == 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (text == NULL)
    text = "";

  size = length < 0 ? strlen (text) : (gsize) length;
  if (size > max_size)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                   "JSON of %" G_GSIZE_FORMAT " bytes, where at most %" G_GSIZE_FORMAT
                   " are taken", size, max_size);
      return NULL;
    }

  reader.scanner = (ImpJsonScanner) { .start = text, .at = text, .end = text + size };

  if (!imp_json_scanner_check_encoding (&reader.scanner, error) ||
      !(root = read_value (&reader, error)))
    return NULL;

  imp_json_scanner_skip_space (&reader.scanner);
  if (reader.scanner.at < reader.scanner.end)
    {
      imp_json_scanner_refuse (&reader.scanner, "the end of the text", error);
      return NULL;
    }

  return g_steal_pointer (&root);
}
