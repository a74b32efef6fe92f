/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-json-scanner.h"

#include <math.h>
#include <string.h>

#include "imp-error.h"
#include "imp-json-private.h"
#include "imp-text.h"

/* The characters of a JSON text, and what they make up: strings, numbers and words (RFC 8259, 3, 6 and 7).
 *
 * Whatever is refused is refused with its line and column.
 */

#define MAX_NUMBER 1024  /* characters: a double needs 767 at the most */

/**
 * imp_json_scanner_set_error:
 * @self: a scanner
 * @at: where in its text
 * @error: return location for an error
 * @format: what is wrong there
 * @...: arguments for @format
 *
 * Makes %IMP_ERROR_MALFORMED with the line and the column, both from 1.
 */
void
imp_json_scanner_set_error (const ImpJsonScanner  *self,
                            const char            *at,
                            GError               **error,
                            const char            *format,
                            ...)
{
  g_autofree char *message = NULL;
  const char *line_start = self->start;
  guint line = 1;
  va_list args;

  for (const char *p = self->start; p < at; p++)
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

/**
 * imp_json_scanner_refuse:
 * @self: a scanner
 * @expected: what should be where it stands
 * @error: return location for an error
 *
 * Makes an error of the character that stands there instead, or of the end of the text.
 *
 * Returns: %FALSE
 */
gboolean
imp_json_scanner_refuse (const ImpJsonScanner  *self,
                         const char            *expected,
                         GError               **error)
{
  g_autofree char *found = NULL;

  if (self->at == self->end)
    {
      imp_json_scanner_set_error (self, self->at, error, "the text ends where %s should be", expected);
      return FALSE;
    }

  found = imp_text_excerpt (self->at, MIN (g_utf8_skip[(guchar) *self->at], self->end - self->at));
  imp_json_scanner_set_error (self, self->at, error, "“%s” where %s should be", found, expected);

  return FALSE;
}

/**
 * imp_json_scanner_skip_space:
 * @self: a scanner
 *
 * Passes over the white space of RFC 8259: space, tab, line feed and carriage return.
 */
void
imp_json_scanner_skip_space (ImpJsonScanner *self)
{
  while (self->at < self->end && strchr (" \t\n\r", *self->at) != NULL)
    self->at++;
}

/**
 * imp_json_scanner_peek:
 * @self: a scanner
 *
 * Returns: the byte where it stands, NUL at the end of the text
 */
char
imp_json_scanner_peek (const ImpJsonScanner *self)
{
  return self->at < self->end ? *self->at : '\0';
}

/**
 * imp_json_scanner_skip:
 * @self: a scanner
 * @c: a character that may come now
 *
 * Returns: whether it came, and has been passed
 */
gboolean
imp_json_scanner_skip (ImpJsonScanner *self,
                       char            c)
{
  if (imp_json_scanner_peek (self) != c)
    return FALSE;

  self->at++;

  return TRUE;
}

static gboolean
read_hex4 (ImpJsonScanner  *self,
           gunichar        *unit,
           GError         **error)
{
  *unit = 0;

  for (guint i = 0; i < 4; i++, self->at++)
    {
      if (!g_ascii_isxdigit (imp_json_scanner_peek (self)))
        return imp_json_scanner_refuse (self, "a hexadecimal digit", error);

      *unit = *unit * 16 + g_ascii_xdigit_value (*self->at);
    }

  return TRUE;
}

/* After “\u”. Surrogates are taken in pairs only: half of one is no character. */
static gboolean
read_unicode_escape (ImpJsonScanner  *self,
                     GString         *string,
                     GError         **error)
{
  const char *escape = self->at - 2;
  gunichar unit, low;

  if (!read_hex4 (self, &unit, error))
    return FALSE;

  if (unit >= 0xd800 && unit < 0xdc00 &&
      self->end - self->at >= 2 && self->at[0] == '\\' && self->at[1] == 'u')
    {
      self->at += 2;
      if (!read_hex4 (self, &low, error))
        return FALSE;

      if (low >= 0xdc00 && low < 0xe000)
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }

  if (unit >= 0xd800 && unit < 0xe000)
    {
      imp_json_scanner_set_error (self, escape, error, "half of a surrogate pair");
      return FALSE;
    }

  if (unit == 0)
    g_string_append (string, IMP_JSON_NUL);
  else
    g_string_append_unichar (string, unit);

  return TRUE;
}

static gboolean
read_escape (ImpJsonScanner  *self,
             GString         *string,
             GError         **error)
{
  static const char letters[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  const char *letter;

  if (imp_json_scanner_skip (self, 'u'))
    return read_unicode_escape (self, string, error);

  letter = imp_json_scanner_peek (self) != '\0' ? strchr (letters, imp_json_scanner_peek (self)) : NULL;
  if (letter == NULL)
    return imp_json_scanner_refuse (self, "an escape", error);

  g_string_append_c (string, meanings[letter - letters]);
  self->at++;

  return TRUE;
}

/**
 * imp_json_scanner_read_string:
 * @self: a scanner where a string should begin
 * @error: return location for an error
 *
 * Reads a string. U+0000 in it becomes %IMP_JSON_NUL.
 *
 * Returns: (transfer full) (nullable): what it says, or `NULL` with @error set
 */
char *
imp_json_scanner_read_string (ImpJsonScanner  *self,
                              GError         **error)
{
  g_autoptr(GString) string = g_string_new (NULL);

  if (!imp_json_scanner_skip (self, '"'))
    {
      imp_json_scanner_refuse (self, "a string", error);
      return NULL;
    }

  while (!imp_json_scanner_skip (self, '"'))
    {
      const char *run = self->at;

      while (self->at < self->end && (guchar) *self->at >= 0x20 &&
             *self->at != '"' && *self->at != '\\')
        self->at++;

      g_string_append_len (string, run, self->at - run);

      if (imp_json_scanner_skip (self, '\\'))
        {
          if (!read_escape (self, string, error))
            return NULL;
        }
      else if (imp_json_scanner_peek (self) != '"')
        {
          imp_json_scanner_refuse (self, "the end of a string", error);
          return NULL;
        }
    }

  return g_string_free (g_steal_pointer (&string), FALSE);
}

static gboolean
skip_digits (ImpJsonScanner  *self,
             GError         **error)
{
  if (!g_ascii_isdigit (imp_json_scanner_peek (self)))
    return imp_json_scanner_refuse (self, "a digit", error);

  while (g_ascii_isdigit (imp_json_scanner_peek (self)))
    self->at++;

  return TRUE;
}

static gboolean
skip_number (ImpJsonScanner  *self,
             GError         **error)
{
  imp_json_scanner_skip (self, '-');

  if (!imp_json_scanner_skip (self, '0') && !skip_digits (self, error))
    return FALSE;

  if (imp_json_scanner_skip (self, '.') && !skip_digits (self, error))
    return FALSE;

  if (imp_json_scanner_skip (self, 'e') || imp_json_scanner_skip (self, 'E'))
    {
      if (!imp_json_scanner_skip (self, '+'))
        imp_json_scanner_skip (self, '-');
      return skip_digits (self, error);
    }

  return TRUE;
}

/**
 * imp_json_scanner_read_number:
 * @self: a scanner where a number should begin
 * @error: return location for an error
 *
 * Reads a number. ECMAScript knows only doubles: 1, 1.0 and 1e0 are one number and become one kind of node.
 *
 * Returns: (transfer full) (nullable): an integer or a double, or `NULL` with @error set
 */
JsonNode *
imp_json_scanner_read_number (ImpJsonScanner  *self,
                              GError         **error)
{
  const char *start = self->at;
  g_autofree char *text = NULL;
  double number;

  if (!skip_number (self, error))
    return NULL;

  if (self->at - start > MAX_NUMBER)
    {
      imp_json_scanner_set_error (self, start, error, "a number of more than %d characters", MAX_NUMBER);
      return NULL;
    }

  text = g_strndup (start, self->at - start);
  number = g_ascii_strtod (text, NULL);

  if (!isfinite (number))
    {
      g_autofree char *excerpt = imp_text_excerpt (text, -1);

      imp_json_scanner_set_error (self, start, error, "the number %s is too large", excerpt);
      return NULL;
    }

  if (fabs (number) <= (double) IMP_JSON_MAX_INT && number == trunc (number))
    return json_node_init_int (json_node_alloc (), (gint64) number);

  return json_node_init_double (json_node_alloc (), number);
}

/**
 * imp_json_scanner_read_word:
 * @self: a scanner where a value should begin
 * @error: return location for an error
 *
 * Reads one of the words that are values: null, true and false.
 *
 * Returns: (transfer full) (nullable): the value, or `NULL` with @error set
 */
JsonNode *
imp_json_scanner_read_word (ImpJsonScanner  *self,
                            GError         **error)
{
  static const char *const words[] = { "null", "true", "false" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i]);

      if ((gsize) (self->end - self->at) < length ||
          memcmp (self->at, words[i], length) != 0)
        continue;

      self->at += length;

      return i == 0 ? json_node_init_null (json_node_alloc ())
                    : json_node_init_boolean (json_node_alloc (), i == 1);
    }

  imp_json_scanner_refuse (self, "a value", error);

  return NULL;
}

/**
 * imp_json_scanner_check_encoding:
 * @self: a scanner
 * @error: return location for an error
 *
 * Returns: whether the whole text is UTF-8 without NUL bytes
 */
gboolean
imp_json_scanner_check_encoding (const ImpJsonScanner  *self,
                                 GError               **error)
{
  const char *valid_end;

  if (g_utf8_validate_len (self->start, self->end - self->start, &valid_end))
    return TRUE;

  if (*valid_end == '\0')
    imp_json_scanner_set_error (self, valid_end, error, "a NUL byte");
  else
    imp_json_scanner_set_error (self, valid_end, error, "the text is not UTF-8");

  return FALSE;
}
