/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-json.h"

#include <math.h>

#include "imp-error.h"
#include "imp-json-private.h"
#include "imp-text.h"

/* RFC 8259 and nothing more, from bytes that anybody may have sent.
 *
 * json-glib’s own parser takes comments and single quotes, lets the last of two equal keys win, and
 * recurses until the stack is gone; so only its tree is used here.
 */

#define MAX_NUMBER 1024  /* characters: a double needs 767 at the most */

typedef struct
{
  const char *start;
  const char *at;
  const char *end;
  guint       depth;
  guint       n_values;
} Reader;

static JsonNode *read_value (Reader  *reader,
                             GError **error);

G_GNUC_PRINTF (4, 5)
static void
set_error_at (const Reader  *reader,
              const char    *at,
              GError       **error,
              const char    *format,
              ...)
{
  g_autofree char *message = NULL;
  const char *line_start = reader->start;
  guint line = 1;
  va_list args;

  for (const char *p = reader->start; p < at; p++)
    {
      if (*p == '\n')
        {
          line++;
          line_start = p + 1;
        }
    }

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
               "JSON line %u, column %ld: %s", line, (long) (at - line_start) + 1, message);
}

static gboolean
refuse_here (const Reader  *reader,
             const char    *expected,
             GError       **error)
{
  g_autofree char *found = NULL;

  if (reader->at == reader->end)
    {
      set_error_at (reader, reader->at, error, "the text ends where %s should be", expected);
      return FALSE;
    }

  found = imp_text_excerpt (reader->at, MIN (g_utf8_skip[(guchar) *reader->at],
                                             reader->end - reader->at));
  set_error_at (reader, reader->at, error, "“%s” where %s should be", found, expected);

  return FALSE;
}

static void
skip_space (Reader *reader)
{
  while (reader->at < reader->end && strchr (" \t\n\r", *reader->at) != NULL)
    reader->at++;
}

static char
peek (const Reader *reader)
{
  return reader->at < reader->end ? *reader->at : '\0';
}

static gboolean
skip_char (Reader *reader,
           char    c)
{
  if (peek (reader) != c)
    return FALSE;

  reader->at++;

  return TRUE;
}

static gboolean
read_hex4 (Reader    *reader,
           gunichar  *unit,
           GError   **error)
{
  *unit = 0;

  for (guint i = 0; i < 4; i++, reader->at++)
    {
      if (!g_ascii_isxdigit (peek (reader)))
        return refuse_here (reader, "a hexadecimal digit", error);

      *unit = *unit * 16 + g_ascii_xdigit_value (*reader->at);
    }

  return TRUE;
}

/* After “\u”. Surrogates are taken in pairs only: half of one is no character. */
static gboolean
read_unicode_escape (Reader   *reader,
                     GString  *string,
                     GError  **error)
{
  const char *escape = reader->at - 2;
  gunichar unit, low;

  if (!read_hex4 (reader, &unit, error))
    return FALSE;

  if (unit >= 0xd800 && unit < 0xdc00 &&
      reader->end - reader->at >= 2 && reader->at[0] == '\\' && reader->at[1] == 'u')
    {
      reader->at += 2;
      if (!read_hex4 (reader, &low, error))
        return FALSE;

      if (low >= 0xdc00 && low < 0xe000)
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }

  if (unit >= 0xd800 && unit < 0xe000)
    {
      set_error_at (reader, escape, error, "half of a surrogate pair");
      return FALSE;
    }

  if (unit == 0)
    g_string_append (string, IMP_JSON_NUL);
  else
    g_string_append_unichar (string, unit);

  return TRUE;
}

static gboolean
read_escape (Reader   *reader,
             GString  *string,
             GError  **error)
{
  static const char letters[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  const char *letter;

  if (skip_char (reader, 'u'))
    return read_unicode_escape (reader, string, error);

  letter = peek (reader) != '\0' ? strchr (letters, peek (reader)) : NULL;
  if (letter == NULL)
    return refuse_here (reader, "an escape", error);

  g_string_append_c (string, meanings[letter - letters]);
  reader->at++;

  return TRUE;
}

static char *
read_string (Reader  *reader,
             GError **error)
{
  g_autoptr(GString) string = g_string_new (NULL);

  if (!skip_char (reader, '"'))
    {
      refuse_here (reader, "a string", error);
      return NULL;
    }

  while (!skip_char (reader, '"'))
    {
      const char *run = reader->at;

      while (reader->at < reader->end && (guchar) *reader->at >= 0x20 &&
             *reader->at != '"' && *reader->at != '\\')
        reader->at++;

      g_string_append_len (string, run, reader->at - run);

      if (skip_char (reader, '\\'))
        {
          if (!read_escape (reader, string, error))
            return NULL;
        }
      else if (peek (reader) != '"')
        {
          refuse_here (reader, "the end of a string", error);
          return NULL;
        }
    }

  return g_string_free (g_steal_pointer (&string), FALSE);
}

static gboolean
skip_digits (Reader  *reader,
             GError **error)
{
  if (!g_ascii_isdigit (peek (reader)))
    return refuse_here (reader, "a digit", error);

  while (g_ascii_isdigit (peek (reader)))
    reader->at++;

  return TRUE;
}

static gboolean
skip_number (Reader  *reader,
             GError **error)
{
  skip_char (reader, '-');

  if (!skip_char (reader, '0') && !skip_digits (reader, error))
    return FALSE;

  if (skip_char (reader, '.') && !skip_digits (reader, error))
    return FALSE;

  if (skip_char (reader, 'e') || skip_char (reader, 'E'))
    {
      if (!skip_char (reader, '+'))
        skip_char (reader, '-');
      return skip_digits (reader, error);
    }

  return TRUE;
}

/* ECMAScript knows only doubles: 1, 1.0 and 1e0 are one number and become one kind of node. */
static JsonNode *
read_number (Reader  *reader,
             GError **error)
{
  const char *start = reader->at;
  g_autofree char *text = NULL;
  double number;

  if (!skip_number (reader, error))
    return NULL;

  if (reader->at - start > MAX_NUMBER)
    {
      set_error_at (reader, start, error, "a number of more than %d characters", MAX_NUMBER);
      return NULL;
    }

  text = g_strndup (start, reader->at - start);
  number = g_ascii_strtod (text, NULL);

  if (!isfinite (number))
    {
      g_autofree char *excerpt = imp_text_excerpt (text, -1);

      set_error_at (reader, start, error, "the number %s is too large", excerpt);
      return NULL;
    }

  if (fabs (number) <= (double) IMP_JSON_MAX_INT && number == trunc (number))
    return json_node_init_int (json_node_alloc (), (gint64) number);

  return json_node_init_double (json_node_alloc (), number);
}

static JsonNode *
read_word (Reader  *reader,
           GError **error)
{
  static const char *const words[] = { "null", "true", "false" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i]);

      if ((gsize) (reader->end - reader->at) < length ||
          memcmp (reader->at, words[i], length) != 0)
        continue;

      reader->at += length;

      return i == 0 ? json_node_init_null (json_node_alloc ())
                    : json_node_init_boolean (json_node_alloc (), i == 1);
    }

  refuse_here (reader, "a value", error);

  return NULL;
}

static gboolean
read_member (Reader      *reader,
             JsonObject  *object,
             GError     **error)
{
  const char *start;
  g_autofree char *key = NULL;
  JsonNode *value;

  skip_space (reader);
  start = reader->at;

  key = read_string (reader, error);
  if (key == NULL)
    return FALSE;

  if (json_object_has_member (object, key))
    {
      g_autofree char *excerpt = imp_text_excerpt (key, -1);

      set_error_at (reader, start, error, "the key “%s” is there twice", excerpt);
      return FALSE;
    }

  /* json-glib hashes keys in a way that anyone can make collide. */
  if (json_object_get_size (object) == IMP_JSON_MAX_MEMBERS)
    {
      set_error_at (reader, start, error, "more than %d keys in one object", IMP_JSON_MAX_MEMBERS);
      return FALSE;
    }

  skip_space (reader);
  if (!skip_char (reader, ':'))
    return refuse_here (reader, "“:”", error);

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
  if (++reader->depth > IMP_JSON_MAX_DEPTH)
    {
      set_error_at (reader, reader->at, error, "nested deeper than %d levels", IMP_JSON_MAX_DEPTH);
      return FALSE;
    }

  reader->at++;
  skip_space (reader);

  return TRUE;
}

static JsonNode *
read_object (Reader  *reader,
             GError **error)
{
  g_autoptr(JsonObject) object = json_object_new ();

  if (!enter (reader, error))
    return NULL;

  if (!skip_char (reader, '}'))
    {
      do
        {
          if (!read_member (reader, object, error))
            return NULL;
          skip_space (reader);
        }
      while (skip_char (reader, ','));

      if (!skip_char (reader, '}'))
        {
          refuse_here (reader, "“,” or “}”", error);
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
  g_autoptr(JsonArray) array = json_array_new ();

  if (!enter (reader, error))
    return NULL;

  if (!skip_char (reader, ']'))
    {
      do
        {
          JsonNode *element = read_value (reader, error);

          if (element == NULL)
            return NULL;

          json_array_add_element (array, element);
          skip_space (reader);
        }
      while (skip_char (reader, ','));

      if (!skip_char (reader, ']'))
        {
          refuse_here (reader, "“,” or “]”", error);
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
  g_autofree char *string = read_string (reader, error);

  if (string == NULL)
    return NULL;

  return json_node_init_string (json_node_alloc (), string);
}

static JsonNode *
read_value (Reader  *reader,
            GError **error)
{
  skip_space (reader);

  if (++reader->n_values > IMP_JSON_MAX_VALUES)
    {
      set_error_at (reader, reader->at, error, "more than %d values", IMP_JSON_MAX_VALUES);
      return NULL;
    }

  switch (peek (reader))
    {
    case '{':
      return read_object (reader, error);

    case '[':
      return read_array (reader, error);

    case '"':
      return read_string_value (reader, error);

    case '-':
    case '0' ... '9':
      return read_number (reader, error);

    default:
      return read_word (reader, error);
    }
}

static gboolean
check_encoding (const Reader  *reader,
                GError       **error)
{
  const char *valid_end;

  if (g_utf8_validate_len (reader->start, reader->end - reader->start, &valid_end))
    return TRUE;

  if (*valid_end == '\0')
    set_error_at (reader, valid_end, error, "a NUL byte");
  else
    set_error_at (reader, valid_end, error, "the text is not UTF-8");

  return FALSE;
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
  Reader reader;

  g_return_val_if_fail (text != NULL || length == 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  size = length < 0 ? strlen (text) : (gsize) length;
  if (size > max_size)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                   "JSON of %" G_GSIZE_FORMAT " bytes, where at most %" G_GSIZE_FORMAT
                   " are taken", size, max_size);
      return NULL;
    }

  if (text == NULL)
    text = "";

  reader = (Reader) { .start = text, .at = text, .end = text + size };

  if (!check_encoding (&reader, error) ||
      !(root = read_value (&reader, error)))
    return NULL;

  skip_space (&reader);
  if (reader.at < reader.end)
    {
      refuse_here (&reader, "the end of the text", error);
      return NULL;
    }

  return g_steal_pointer (&root);
}
