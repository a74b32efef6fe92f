/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-output.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "imp-time.h"

/**
 * ImpTable:
 *
 * Rows whose columns line up, for a person to read and to copy from.
 */
struct _ImpTable
{
  GPtrArray *cells;    /* (element-type utf8), row by row, the header first */
  guint      columns;
};

/**
 * imp_table_new:
 * @header: the columns' names; a single empty one gives a list of names and values without a header
 *
 * Begins a table.
 */
ImpTable *
imp_table_new (const char *const *header)
{
  ImpTable *self = g_new0 (ImpTable, 1);

  self->cells = g_ptr_array_new_with_free_func (g_free);
  self->columns = g_strv_length ((char **) header);
  for (guint i = 0; i < self->columns; i++)
    g_ptr_array_add (self->cells, g_strdup (header[i]));

  return self;
}

/**
 * imp_table_free:
 * @self: (transfer full): a table, not `NULL`
 *
 * Frees a table and its cells.
 */
void
imp_table_free (ImpTable *self)
{
  g_ptr_array_unref (self->cells);
  g_free (self);
}

/**
 * imp_table_add:
 * @self: a table
 * @...: as many cells as there are columns, then `NULL`; an empty string for one that has nothing to say
 *
 * Adds a row. What comes from outside is made printable here, so that a class or a version on the
 * ledger cannot move the cursor of whoever lists it.
 */
void
imp_table_add (ImpTable *self,
               ...)
{
  va_list arguments;
  const char *cell;
  guint n = 0;

  va_start (arguments, self);
  while ((cell = va_arg (arguments, const char *)) != NULL)
    {
      g_ptr_array_add (self->cells, imp_printable (cell));
      n++;
    }
  va_end (arguments);

  g_assert (n == self->columns);
}

/* Columns that the text takes on a terminal. */
static guint
measure (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_iszerowidth (c))
        width += g_unichar_iswide (c) ? 2 : 1;
    }

  return width;
}

static guint
measure_column (ImpTable *self,
                guint     column)
{
  guint width = 0;

  for (guint i = column; i < self->cells->len; i += self->columns)
    width = MAX (width, measure (g_ptr_array_index (self->cells, i)));

  return width;
}

static gboolean
has_header (ImpTable *self)
{
  for (guint i = 0; i < self->columns; i++)
    {
      if (*(const char *) g_ptr_array_index (self->cells, i) != '\0')
        return TRUE;
    }

  return FALSE;
}

/**
 * imp_table_print:
 * @self: a table
 *
 * Prints it, each column as wide as its widest cell.
 */
void
imp_table_print (ImpTable *self)
{
  g_autofree guint *widths = g_new (guint, self->columns);
  guint rows = self->cells->len / self->columns;

  for (guint i = 0; i < self->columns; i++)
    widths[i] = measure_column (self, i);

  for (guint row = has_header (self) ? 0 : 1; row < rows; row++)
    {
      g_autoptr(GString) line = g_string_new (NULL);

      for (guint i = 0; i < self->columns; i++)
        {
          const char *cell = g_ptr_array_index (self->cells, row * self->columns + i);

          g_string_append (line, cell);
          if (i + 1 < self->columns)
            g_string_append_printf (line, "%*s", (int) (widths[i] - measure (cell) + 2), "");
        }

      imp_print ("%s\n", g_strchomp (line->str));
    }
}

/**
 * imp_print:
 * @format: a format
 *
 * Prints to standard output, in UTF-8 whatever the locale says of its own encoding: it is also
 * read by programs. Whether all of it arrived is seen in [func@Imp.print_flush].
 */
void
imp_print (const char *format,
           ...)
{
  va_list arguments;

  va_start (arguments, format);
  vfprintf (stdout, format, arguments);
  va_end (arguments);
}

/**
 * imp_print_json:
 * @node: what the command found
 *
 * Prints JSON on one line of standard output, for machines.
 */
void
imp_print_json (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);

  imp_print ("%s\n", text);
}

/* Where one thing was asked for it is printed by itself, if it came to be. */
void
imp_print_json_items (JsonArray *items,
                      gboolean   array)
{
  if (array)
    {
      g_autoptr(JsonNode) node = json_node_init_array (json_node_alloc (), items);

      imp_print_json (node);
    }
  else if (json_array_get_length (items) > 0)
    imp_print_json (json_array_get_element (items, 0));
}

/**
 * imp_print_flush:
 * @error: return location for an error
 *
 * Sees to it that what was printed has arrived: a script that reads from us through a full disk
 * should not take half a page for a whole one. A reader that went away on purpose is no failure.
 *
 * Returns: whether all is written
 */
gboolean
imp_print_flush (GError **error)
{
  int code;

  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;

  code = errno;
  if (code == EPIPE)
    return TRUE;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
               _("Standard output could not be written: %s"), g_strerror (code));
  return FALSE;
}

/**
 * imp_printable:
 * @text: a text from outside
 *
 * Escapes what a terminal would obey instead of show.
 */
char *
imp_printable (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *printable = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GUnicodeType type = g_unichar_type (c);

      if (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
          type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR)
        g_string_append_printf (printable, "\\u%04x", c);
      else
        g_string_append_unichar (printable, c);
    }

  return g_string_free (printable, FALSE);
}

/**
 * imp_format_local_time:
 * @ms: milliseconds since 1970, or negative where there is none
 *
 * Returns: (transfer full): date and time in this machine's zone, to the second, or “—”
 */
char *
imp_format_local_time (gint64 ms)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (ms / 1000);

  if (ms < 0 || time == NULL)
    return g_strdup ("—");

  return g_date_time_format (time, "%Y-%m-%d %H:%M:%S");
}

/**
 * imp_format_duration:
 * @ms: milliseconds, or negative where it is not known
 *
 * Returns: (transfer full): “12.3 ms”, “1.23 s” or “—”
 */
char *
imp_format_duration (double ms)
{
  if (ms < 0)
    return g_strdup ("—");
  if (ms < 1000)
    return g_strdup_printf (_("%.1f ms"), ms);

  return g_strdup_printf (_("%.2f s"), ms / 1000);
}

/**
 * imp_json_add_string:
 * @builder: a builder within an object
 * @name: the key
 * @value: (nullable): its text, or `NULL` for JSON's `null`
 *
 * Adds a member that is there even where it has no value, so that who reads it need not ask.
 */
void
imp_json_add_string (JsonBuilder *builder,
                     const char  *name,
                     const char  *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/**
 * imp_json_add_int:
 * @builder: a builder within an object
 * @name: the key
 * @value: its number
 *
 * Adds an integer. Readers in JavaScript see it exactly up to 2^53.
 */
void
imp_json_add_int (JsonBuilder *builder,
                  const char  *name,
                  gint64       value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

/**
 * imp_json_add_double:
 * @builder: a builder within an object
 * @name: the key
 * @value: its number, finite
 *
 * Adds a number that need not be whole.
 */
void
imp_json_add_double (JsonBuilder *builder,
                     const char  *name,
                     double       value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

/**
 * imp_json_add_boolean:
 * @builder: a builder within an object
 * @name: the key
 * @value: whether it is true
 *
 * Adds a boolean.
 */
void
imp_json_add_boolean (JsonBuilder *builder,
                      const char  *name,
                      gboolean     value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

/* Times are ISO 8601 as on the wire; a negative one is none. */
void
imp_json_add_time (JsonBuilder *builder,
                   const char  *name,
                   gint64       ms)
{
  g_autofree char *text = ms < 0 ? NULL : imp_time_format (ms);

  imp_json_add_string (builder, name, text);
}

/* Takes @value. */
void
imp_json_add_node (JsonBuilder *builder,
                   const char  *name,
                   JsonNode    *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_value (builder, value);
}
