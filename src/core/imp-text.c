/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-text.h"

#define MAX_EXCERPT 64  /* characters */

/* Format characters are not seen: with them two names look alike, or one rearranges its line. */
static gboolean
is_control (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return TRUE;

    default:
      return FALSE;
    }
}

/* Directional marks can make a quoted text rearrange the sentence around it. */
static gboolean
is_printable (gunichar c)
{
  return g_unichar_isprint (c) && g_unichar_type (c) != G_UNICODE_FORMAT;
}

/**
 * imp_text_make_printable:
 * @text: bytes from anywhere
 * @length: how many, or -1 if they end in NUL
 * @max_characters: how much of it to keep
 *
 * Makes bytes that someone else wrote fit to be shown: valid UTF-8, on one line, not too long, and
 * with `\u{…}` in the place of what cannot be seen.
 *
 * Returns: (transfer full): the text
 */
char *
imp_text_make_printable (const char *text,
                         gssize      length,
                         guint       max_characters)
{
  g_autofree char *valid = NULL;
  g_autoptr(GString) printable = g_string_new (NULL);
  gsize size, max_size = (gsize) max_characters * 6;
  const char *at;

  g_return_val_if_fail (text != NULL, NULL);

  size = length < 0 ? strlen (text) : (gsize) length;
  valid = g_utf8_make_valid (text, MIN (size, max_size));
  at = valid;

  for (guint i = 0; *at != '\0' && i < max_characters; i++, at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (is_printable (c))
        g_string_append_unichar (printable, c);
      else
        g_string_append_printf (printable, "\\u{%x}", c);
    }

  if (*at != '\0' || size > max_size)
    g_string_append (printable, "…");

  return g_string_free (g_steal_pointer (&printable), FALSE);
}

/**
 * imp_text_excerpt:
 * @text: bytes from anywhere
 * @length: how many, or -1 if they end in NUL
 *
 * Makes the beginning of a foreign text fit to be quoted in an error.
 *
 * Returns: (transfer full): the text
 */
char *
imp_text_excerpt (const char *text,
                  gssize      length)
{
  return imp_text_make_printable (text, length, MAX_EXCERPT);
}

/**
 * imp_text_has_control:
 * @text: UTF-8
 *
 * Finds characters that a name on one line cannot have.
 *
 * Returns: whether there is a control character (a directional mark, too), a line or a paragraph
 *   separator in @text
 */
gboolean
imp_text_has_control (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      if (is_control (g_utf8_get_char (text)))
        return TRUE;
    }

  return FALSE;
}
