/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-text.h"

#define MAX_EXCERPT 64  /* characters */

typedef struct
{
  gunichar first;
  gunichar last;
} Range;

/* Unicode’s Default_Ignorable_Code_Point, and the one letter of Braille without dots: nothing is
 * drawn for them, whatever their type is. Written down here, so that all machines agree on which names
 * there can be.
 */
static const Range blank[] = {
  { 0x00ad, 0x00ad }, { 0x034f, 0x034f }, { 0x061c, 0x061c }, { 0x115f, 0x1160 },
  { 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f }, { 0x202a, 0x202e },
  { 0x2060, 0x206f }, { 0x2800, 0x2800 }, { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f },
  { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfff8 }, { 0x1bca0, 0x1bca3 },
  { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
};

static gboolean
is_blank (gunichar c)
{
  for (guint i = 0; i < G_N_ELEMENTS (blank); i++)
    {
      if (c >= blank[i].first && c <= blank[i].last)
        return TRUE;
    }

  return FALSE;
}

/* With them two names look alike, or one rearranges its line. */
static gboolean
is_unseen (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return TRUE;

    case G_UNICODE_SPACE_SEPARATOR:
      return c != ' ';

    default:
      return is_blank (c);
    }
}

/* Marks that some scripts are written with are well; but nothing may show a text in another order
 * than it has. (A bell or an escape is harmless where JSON is shown: there it is escaped.)
 */
static gboolean
is_misleading (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Directional marks can make a quoted text rearrange the sentence around it. */
static gboolean
is_printable (gunichar c)
{
  return g_unichar_isprint (c) && g_unichar_type (c) != G_UNICODE_FORMAT && !is_blank (c);
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

static gboolean
find (const char *text,
      gboolean  (*is_wanted) (gunichar),
      gunichar  *found,
      guint     *position)
{
  g_return_val_if_fail (text != NULL, FALSE);

  for (guint i = 1; *text != '\0'; text = g_utf8_next_char (text), i++)
    {
      *found = g_utf8_get_char (text);
      *position = i;
      if (is_wanted (*found))
        return TRUE;
    }

  return FALSE;
}

/**
 * imp_text_make_sentence:
 * @fragment: the text of an error, not empty
 *
 * Returns: (transfer full): a sentence: capital letter, full stop
 */
char *
imp_text_make_sentence (const char *fragment)
{
  gunichar first = g_unichar_toupper (g_utf8_get_char (fragment));
  GString *sentence = g_string_new (NULL);

  g_string_append_unichar (sentence, first);
  g_string_append (sentence, g_utf8_next_char (fragment));
  if (!g_str_has_suffix (fragment, "."))
    g_string_append_c (sentence, '.');

  return g_string_free (sentence, FALSE);
}

/**
 * imp_text_find_unseen:
 * @text: UTF-8
 * @found: (out): the character
 * @position: (out): where it stands; the first character is 1
 *
 * Finds what a name on one line cannot have: control and format characters (directional marks, too),
 * ends of lines, spaces other than the usual one, and all that nothing is drawn for.
 *
 * Returns: whether there is one in @text
 */
gboolean
imp_text_find_unseen (const char *text,
                      gunichar   *found,
                      guint      *position)
{
  return find (text, is_unseen, found, position);
}

/**
 * imp_text_find_misleading:
 * @text: UTF-8
 * @found: (out): the character
 * @position: (out): where it stands; the first character is 1
 *
 * Finds what no text of a manifest can have, not even one of several lines: the directional
 * characters that embed, override and isolate.
 *
 * Returns: whether there is one in @text
 */
gboolean
imp_text_find_misleading (const char *text,
                          gunichar   *found,
                          guint      *position)
{
  return find (text, is_misleading, found, position);
}

/**
 * imp_text_is_composed:
 * @text: UTF-8
 *
 * Says whether a text is in Unicode’s normal form C. “é” can be one character or two, and nobody sees
 * which.
 *
 * Returns: whether it is
 */
gboolean
imp_text_is_composed (const char *text)
{
  g_autofree char *composed = NULL;

  g_return_val_if_fail (text != NULL, FALSE);

  if (g_str_is_ascii (text))
    return TRUE;

  composed = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);

  return g_strcmp0 (text, composed) == 0;
}
