/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-columns.h"

#include <glib/gi18n.h>

#include "imp-author-names.h"
#include "imp-format.h"

/**
 * ImpLedgerColumns:
 *
 * The columns of the ledger. Where there is little room, only those are shown
 * that a line is recognised by.
 *
 * They are no widgets: a table of a million lines rebinds two hundred rows when
 * it is jumped through, and as many labels as those would have cannot be laid
 * out between two frames.
 */
struct _ImpLedgerColumns
{
  GObject parent_instance;

  GListModel *authors;                  /* (owned) */
  int         char_width;               /* Pango units */
  int         x[IMP_LEDGER_N_COLUMNS];
  int         width[IMP_LEDGER_N_COLUMNS];  /* 0: not shown */
};

G_DEFINE_FINAL_TYPE (ImpLedgerColumns, imp_ledger_columns, G_TYPE_OBJECT)

#define SPACING 12
#define LEAST_CHARS 5   /* of the numbers, before classes and versions are cut off */

typedef char *(*FormatFunc) (ImpTransaction *transaction,
                             GListModel     *authors);

static char *
format_time (ImpTransaction *transaction,
             GListModel     *authors)
{
  return imp_format_time (imp_transaction_get_time (transaction));
}

static char *
format_contract (ImpTransaction *transaction,
                 GListModel     *authors)
{
  return g_strdup_printf ("%s · %s", imp_transaction_get_contract (transaction),
                          imp_transaction_get_function (transaction));
}

static char *
format_author (ImpTransaction *transaction,
               GListModel     *authors)
{
  return imp_author_names_format (authors, imp_transaction_get_author (transaction));
}

/* A line that is about no class is still about something. */
static char *
format_class (ImpTransaction *transaction,
              GListModel     *authors)
{
  const char *class_id = imp_transaction_get_class_id (transaction);

  return g_strdup (class_id != NULL ? class_id : imp_transaction_get_function (transaction));
}

static char *
format_version (ImpTransaction *transaction,
                GListModel     *authors)
{
  const char *version = imp_transaction_get_version (transaction);

  return g_strdup (version != NULL ? version : "—");
}

static char *
format_cid (ImpTransaction *transaction,
            GListModel     *authors)
{
  return imp_format_short_id (imp_transaction_get_cid (transaction));
}

/* What a contract refuses is not recorded. */
static char *
format_result (ImpTransaction *transaction,
               GListModel     *authors)
{
  /* Translators: what a contract decided of what was submitted. */
  return g_strdup (C_ ("result", "Accepted"));
}

typedef struct
{
  const char *title;
  FormatFunc  format;  /* NULL: the line's number, known before the line is */
  int         chars;
  int         weight;  /* how much of what is left over it takes */
  int         rank;    /* the lower, the longer it stays when room gets scarce */
} Column;

static const Column columns[IMP_LEDGER_N_COLUMNS] = {
  { N_("Line"), NULL, 7, 0, 0 },
  { N_("Recorded"), format_time, 20, 0, 3 },
  { N_("Contract"), format_contract, 28, 0, 6 },
  { N_("Author"), format_author, 12, 1, 4 },
  { N_("Class"), format_class, 12, 3, 1 },
  { N_("Version"), format_version, 10, 1, 2 },
  { N_("CID"), format_cid, 17, 0, 5 },
  { N_("Result"), format_result, 9, 0, 7 },
};

static void
imp_ledger_columns_finalize (GObject *object)
{
  g_clear_object (&IMP_LEDGER_COLUMNS (object)->authors);

  G_OBJECT_CLASS (imp_ledger_columns_parent_class)->finalize (object);
}

static void
imp_ledger_columns_class_init (ImpLedgerColumnsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_ledger_columns_finalize;
}

static void
imp_ledger_columns_init (ImpLedgerColumns *self)
{
}

/**
 * imp_ledger_columns_new:
 * @authors: this user's keys, which have names
 *
 * Returns: (transfer full): the columns
 */
ImpLedgerColumns *
imp_ledger_columns_new (GListModel *authors)
{
  ImpLedgerColumns *self = g_object_new (IMP_TYPE_LEDGER_COLUMNS, NULL);

  self->authors = g_object_ref (authors);
  return self;
}

/**
 * imp_ledger_columns_get_title:
 * @column: a column
 *
 * Returns: its title, translated; never freed
 */
const char *
imp_ledger_columns_get_title (guint column)
{
  g_return_val_if_fail (column < IMP_LEDGER_N_COLUMNS, NULL);

  return _(columns[column].title);
}

/**
 * imp_ledger_columns_format:
 * @self: columns
 * @column: one of them
 * @entry: a line
 *
 * Says what stands in a cell.
 *
 * Returns: (transfer full): a text, “…” while the line is on its way
 */
char *
imp_ledger_columns_format (ImpLedgerColumns *self,
                           guint             column,
                           ImpLedgerEntry   *entry)
{
  ImpTransaction *transaction = imp_ledger_entry_get_transaction (entry);
  gint64 sequence = imp_ledger_entry_get_sequence (entry);
  char *text = NULL;

  if (columns[column].format == NULL && sequence >= 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT, sequence);
  if (columns[column].format != NULL && transaction != NULL)
    text = columns[column].format (transaction, self->authors);

  return text != NULL ? text : g_strdup (transaction != NULL ? "—" : "…");
}

/**
 * imp_ledger_columns_describe:
 * @self: columns
 * @entry: a line
 *
 * Says a whole line, for those who do not see it.
 *
 * Returns: (transfer full): a text
 */
char *
imp_ledger_columns_describe (ImpLedgerColumns *self,
                             ImpLedgerEntry   *entry)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < IMP_LEDGER_N_COLUMNS; i++)
    {
      g_autofree char *cell = imp_ledger_columns_format (self, i, entry);

      if (imp_ledger_entry_get_transaction (entry) == NULL && columns[i].format != NULL)
        continue;
      /* Translators: the title of a column and what stands in it; read aloud one after the other. */
      g_string_append_printf (text, _("%s %s"), _(columns[i].title), cell);
      g_string_append (text, i + 1 < IMP_LEDGER_N_COLUMNS ? ", " : "");
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static PangoFontMetrics *
get_metrics (GtkWidget *widget)
{
  return pango_context_get_metrics (gtk_widget_get_pango_context (widget), NULL, NULL);
}

static int
get_width (ImpLedgerColumns *self,
           guint             column)
{
  return PANGO_PIXELS_CEIL (columns[column].chars * self->char_width) + SPACING;
}

/* The columns of the lowest ranks for which there is room; the first three are always there. */
static int
choose_columns (ImpLedgerColumns *self,
                int               width)
{
  int left = width;
  gboolean room = TRUE;

  for (int rank = 0; rank < IMP_LEDGER_N_COLUMNS; rank++)
    {
      for (guint i = 0; i < IMP_LEDGER_N_COLUMNS; i++)
        {
          if (columns[i].rank != rank)
            continue;
          room = rank < 3 || (room && left >= get_width (self, i));
          self->width[i] = room ? get_width (self, i) : 0;
          left -= self->width[i];
        }
    }

  return left;
}

/* Takes what is missing from the room of longer numbers than most ledgers have. */
static int
shorten_numbers (ImpLedgerColumns *self,
                 int               left)
{
  int most = PANGO_PIXELS ((columns[0].chars - LEAST_CHARS) * self->char_width);
  int part = CLAMP (-left, 0, most);

  self->width[0] -= part;
  return left + part;
}

static int
sum_weights (ImpLedgerColumns *self)
{
  int weights = 0;

  for (guint i = 0; i < IMP_LEDGER_N_COLUMNS; i++)
    weights += self->width[i] > 0 ? columns[i].weight : 0;

  return weights;
}

/**
 * imp_ledger_columns_fit:
 * @self: columns
 * @widget: in whose font
 * @width: pixels
 *
 * Places the columns side by side.
 */
void
imp_ledger_columns_fit (ImpLedgerColumns *self,
                        GtkWidget        *widget,
                        int               width)
{
  PangoFontMetrics *metrics = get_metrics (widget);
  int left, weights, x = 0;

  self->char_width = pango_font_metrics_get_approximate_digit_width (metrics);
  pango_font_metrics_unref (metrics);
  left = shorten_numbers (self, choose_columns (self, width));
  weights = sum_weights (self);

  for (guint i = 0; i < IMP_LEDGER_N_COLUMNS; i++)
    {
      if (self->width[i] > 0)
        self->width[i] = MAX (self->width[i] + left * columns[i].weight / weights, SPACING + 1);
      self->x[i] = x;
      x += self->width[i];
    }
}

/**
 * imp_ledger_columns_get_height:
 * @self: the columns
 * @widget: what they are drawn in
 *
 * Returns: how high a line is in the font of @widget, in pixels
 */
int
imp_ledger_columns_get_height (ImpLedgerColumns *self,
                               GtkWidget        *widget)
{
  PangoFontMetrics *metrics = get_metrics (widget);
  int height = PANGO_PIXELS_CEIL (pango_font_metrics_get_height (metrics));

  pango_font_metrics_unref (metrics);
  return height + SPACING;
}

/**
 * imp_ledger_columns_get_place:
 * @self: columns that were fitted
 * @column: one of them
 * @x: (out): where it begins
 * @width: (out): how wide it is, without the space beside it
 *
 * Returns: whether there is room for it
 */
gboolean
imp_ledger_columns_get_place (ImpLedgerColumns *self,
                              guint             column,
                              int              *x,
                              int              *width)
{
  *x = self->x[column] + SPACING / 2;
  *width = self->width[column] - SPACING;
  return self->width[column] > SPACING;
}
