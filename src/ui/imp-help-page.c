/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-help-page.h"

#include <string.h>

typedef struct
{
  GPtrArray *blocks;      /* (owned) */
  GString   *markup;      /* (owned) (nullable): of the block that is being read */
  guint      n_sections;
  guint      n_steps;
  gboolean   in_info;
  gboolean   in_steps;
  gboolean   in_item;
  gboolean   in_note;
} Reader;

/* Inline elements, and what Pango writes for them. */
static const struct
{
  const char *name;
  const char *start;
  const char *end;
} inlines[] = {
  { "gui", "<b>", "</b>" },
  { "key", "<b>", "</b>" },
  { "em", "<i>", "</i>" },
  { "code", "<tt>", "</tt>" },
  { "cmd", "<tt>", "</tt>" },
};

static void
block_free (gpointer data)
{
  ImpHelpBlock *block = data;

  g_free (block->markup);
  g_free (block);
}

static gboolean
starts_block (const char *name)
{
  return g_str_equal (name, "title") || g_str_equal (name, "p") || g_str_equal (name, "screen");
}

static ImpHelpKind
get_kind (Reader     *reader,
          const char *name)
{
  if (g_str_equal (name, "title"))
    return reader->n_sections > 0 ? IMP_HELP_HEADING : IMP_HELP_TITLE;
  if (g_str_equal (name, "screen"))
    return IMP_HELP_SCREEN;
  if (reader->in_note)
    return IMP_HELP_NOTE;
  if (reader->in_item)
    return reader->in_steps ? IMP_HELP_STEP : IMP_HELP_ITEM;

  return IMP_HELP_TEXT;
}

static void
start_inline (Reader      *reader,
              const char  *name,
              const char **names,
              const char **values)
{
  for (guint i = 0; i < G_N_ELEMENTS (inlines); i++)
    {
      if (g_str_equal (inlines[i].name, name))
        g_string_append (reader->markup, inlines[i].start);
    }

  if (g_str_equal (name, "link"))
    {
      for (guint i = 0; names[i] != NULL; i++)
        {
          if (g_str_equal (names[i], "xref"))
            g_string_append_printf (reader->markup, "<a href=\"%s\">", values[i]);
        }
    }
  else if (g_str_equal (name, "key") && g_str_has_suffix (reader->markup->str, "</b><b>"))
    g_string_insert (reader->markup, reader->markup->len - strlen ("<b>"), "+");
}

static void
start_element (GMarkupParseContext  *context,
               const char           *name,
               const char          **names,
               const char          **values,
               gpointer              user_data,
               GError              **error)
{
  Reader *reader = user_data;

  if (g_str_equal (name, "info"))
    reader->in_info = TRUE;
  else if (g_str_equal (name, "section"))
    reader->n_sections++;
  else if (g_str_equal (name, "steps"))
    {
      reader->in_steps = TRUE;
      reader->n_steps = 0;
    }
  else if (g_str_equal (name, "item"))
    reader->in_item = TRUE;
  else if (g_str_equal (name, "note"))
    reader->in_note = TRUE;
  else if (reader->in_info)
    return;
  else if (reader->markup != NULL)
    start_inline (reader, name, names, values);
  else if (starts_block (name))
    reader->markup = g_string_new (NULL);
}

static void
end_block (Reader     *reader,
           const char *name)
{
  ImpHelpBlock *block = g_new0 (ImpHelpBlock, 1);

  block->kind = get_kind (reader, name);
  block->number = block->kind == IMP_HELP_STEP ? ++reader->n_steps : 0;
  block->markup = g_string_free (g_steal_pointer (&reader->markup), FALSE);
  g_strstrip (block->markup);
  g_ptr_array_add (reader->blocks, block);
}

static void
end_element (GMarkupParseContext  *context,
             const char           *name,
             gpointer              user_data,
             GError              **error)
{
  Reader *reader = user_data;

  if (g_str_equal (name, "info"))
    reader->in_info = FALSE;
  else if (g_str_equal (name, "steps"))
    reader->in_steps = FALSE;
  else if (g_str_equal (name, "item"))
    reader->in_item = FALSE;
  else if (g_str_equal (name, "note"))
    reader->in_note = FALSE;
  else if (reader->markup == NULL)
    return;
  else if (starts_block (name))
    end_block (reader, name);
  else if (g_str_equal (name, "link"))
    g_string_append (reader->markup, "</a>");
  else
    {
      for (guint i = 0; i < G_N_ELEMENTS (inlines); i++)
        {
          if (g_str_equal (inlines[i].name, name))
            g_string_append (reader->markup, inlines[i].end);
        }
    }
}

/* Line breaks and indents of the file are one space to the reader. */
static void
add_text (GMarkupParseContext  *context,
          const char           *text,
          gsize                 length,
          gpointer              user_data,
          GError              **error)
{
  Reader *reader = user_data;
  g_autofree char *escaped = NULL;

  if (reader->markup == NULL)
    return;

  escaped = g_markup_escape_text (text, length);
  for (const char *p = escaped; *p != '\0'; p++)
    {
      gboolean space = g_ascii_isspace (*p);

      if (space && (reader->markup->len == 0 || g_str_has_suffix (reader->markup->str, " ")))
        continue;
      g_string_append_c (reader->markup, space ? ' ' : *p);
    }
}

/**
 * imp_help_page_parse:
 * @xml: a page of Mallard
 * @length: its length in bytes, or -1
 * @error: return location for an error
 *
 * Reads what there is to show.
 *
 * Returns: (transfer full) (nullable) (element-type ImpHelpBlock): from top to bottom
 */
GPtrArray *
imp_help_page_parse (const char  *xml,
                     gssize       length,
                     GError     **error)
{
  const GMarkupParser parser = { start_element, end_element, add_text, NULL, NULL };
  Reader reader = { .blocks = g_ptr_array_new_with_free_func (block_free) };
  g_autoptr(GMarkupParseContext) context = NULL;
  gboolean parsed;

  context = g_markup_parse_context_new (&parser, 0, &reader, NULL);
  parsed = g_markup_parse_context_parse (context, xml, length, error) &&
           g_markup_parse_context_end_parse (context, error);
  if (reader.markup != NULL)
    g_string_free (reader.markup, TRUE);
  if (parsed)
    return reader.blocks;

  g_ptr_array_unref (reader.blocks);
  return NULL;
}
