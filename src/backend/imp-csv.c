/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-csv.h"

#include <string.h>

struct _ImpCsv
{
  GString  *text;  /* (owned) */
  gboolean  in_row;
};

/**
 * imp_csv_new:
 *
 * Makes a table without rows, in the form of RFC 4180.
 *
 * Returns: (transfer full): the table
 */
ImpCsv *
imp_csv_new (void)
{
  ImpCsv *self = g_new0 (ImpCsv, 1);

  self->text = g_string_new (NULL);
  return self;
}

/**
 * imp_csv_free:
 * @self: (transfer full): a table, not `NULL`
 *
 * Frees a table with its text.
 */
void
imp_csv_free (ImpCsv *self)
{
  g_string_free (self->text, TRUE);
  g_free (self);
}

static void
begin_cell (ImpCsv *self)
{
  if (self->in_row)
    g_string_append_c (self->text, ',');
  self->in_row = TRUE;
}

/* A spreadsheet takes a cell that begins like this for a formula, and runs it. */
static gboolean
looks_like_formula (const char *text)
{
  return *text != '\0' && strchr ("=+-@\t\r", *text) != NULL;
}

/**
 * imp_csv_add:
 * @self: a table
 * @text: (nullable): a cell, %NULL for one that is empty
 *
 * Adds a cell, in quotes where it needs them. What a spreadsheet would run as a formula begins with
 * an apostrophe: names of classes and versions are other people's.
 */
void
imp_csv_add (ImpCsv     *self,
             const char *text)
{
  gboolean formula = text != NULL && looks_like_formula (text);

  begin_cell (self);
  if (text == NULL)
    return;

  if (!formula && strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (self->text, text);
      return;
    }

  g_string_append (self->text, formula ? "\"'" : "\"");
  for (const char *c = text; *c != '\0'; c++)
    g_string_append_printf (self->text, *c == '"' ? "\"\"" : "%c", *c);
  g_string_append_c (self->text, '"');
}

/**
 * imp_csv_add_uint:
 * @self: a table
 * @number: what is in the cell
 *
 * Adds a cell to the row, in digits that no locale groups.
 */
void
imp_csv_add_uint (ImpCsv  *self,
                  guint64  number)
{
  begin_cell (self);
  g_string_append_printf (self->text, "%" G_GUINT64_FORMAT, number);
}

/**
 * imp_csv_add_double:
 * @self: a table
 * @number: a number that is not negative; a negative one is not known, and its cell stays empty
 *
 * Adds a number, with a point whatever the user's language writes.
 */
void
imp_csv_add_double (ImpCsv *self,
                    double  number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  begin_cell (self);
  if (number >= 0)
    g_string_append (self->text, g_ascii_formatd (text, sizeof text, "%.3f", number));
}

/**
 * imp_csv_end_row:
 * @self: a table
 *
 * Ends the row; the next cell begins another.
 */
void
imp_csv_end_row (ImpCsv *self)
{
  g_string_append (self->text, "\r\n");
  self->in_row = FALSE;
}

/**
 * imp_csv_steal:
 * @self: a table
 *
 * Takes the text out; the table begins anew.
 *
 * Returns: (transfer full): the text
 */
char *
imp_csv_steal (ImpCsv *self)
{
  GString *text = self->text;

  self->text = g_string_new (NULL);
  return g_string_free (text, FALSE);
}
