/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-columns.h"

#include <glib/gi18n.h>

#include "imp-author.h"
#include "imp-format.h"
#include "imp-ledger-entry.h"

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

/* By name where it is one of this user's keys. */
static char *
format_author (ImpTransaction *transaction,
               GListModel     *authors)
{
  const char *fingerprint = imp_transaction_get_author (transaction);
  guint n = g_list_model_get_n_items (authors);

  for (guint i = 0; fingerprint != NULL && i < n; i++)
    {
      g_autoptr(ImpAuthor) author = g_list_model_get_item (authors, i);

      if (g_str_equal (fingerprint, imp_author_get_fingerprint (author)))
        return g_strdup (imp_author_get_label (author));
    }

  return imp_format_short_id (fingerprint);
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

typedef struct
{
  const char *title;
  FormatFunc  format;   /* NULL: the line's number, known before the line is */
  int         chars;
  gboolean    expand;
  gboolean    compact;  /* also shown where there is little room */
} Column;

static const Column columns[] = {
  { N_("Line"), NULL, 6, FALSE, TRUE },
  { N_("Recorded"), format_time, 20, FALSE, FALSE },
  { N_("Contract"), format_contract, 16, FALSE, FALSE },
  { N_("Author"), format_author, 13, FALSE, FALSE },
  { N_("Class"), format_class, 12, TRUE, TRUE },
  { N_("Version"), format_version, 10, FALSE, TRUE },
  { N_("CID"), format_cid, 13, FALSE, FALSE },
};

static void
update_label (ImpLedgerEntry *entry,
              GParamSpec     *pspec,
              GtkLabel       *label)
{
  const Column *column = g_object_get_data (G_OBJECT (label), "column");
  GListModel *authors = g_object_get_data (G_OBJECT (label), "authors");
  ImpTransaction *transaction = imp_ledger_entry_get_transaction (entry);
  g_autofree char *text = NULL;

  if (column->format == NULL)
    text = g_strdup_printf ("%" G_GUINT64_FORMAT, imp_ledger_entry_get_sequence (entry));
  else if (transaction != NULL)
    text = column->format (transaction, authors);
  gtk_label_set_text (label, text != NULL ? text : "…");
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          gpointer                  user_data)
{
  const Column *column = user_data;
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), column->format == NULL ? 1 : 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (label), column->chars);
  gtk_label_set_max_width_chars (GTK_LABEL (label), column->chars);
  gtk_widget_add_css_class (label, "numeric");
  g_object_set_data (G_OBJECT (label), "column", user_data);
  g_object_set_data (G_OBJECT (label), "authors", g_object_get_data (G_OBJECT (factory), "authors"));
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         gpointer                  user_data)
{
  GtkWidget *label = gtk_list_item_get_child (item);
  ImpLedgerEntry *entry = gtk_list_item_get_item (item);

  g_signal_connect_object (entry, "notify::transaction", G_CALLBACK (update_label), label, 0);
  update_label (entry, NULL, GTK_LABEL (label));
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           gpointer                  user_data)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), update_label,
                                        gtk_list_item_get_child (item));
}

static void
add_column (GtkColumnView *view,
            const Column  *column,
            GListModel    *authors)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *view_column;

  g_object_set_data_full (G_OBJECT (factory), "authors", g_object_ref (authors), g_object_unref);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer) column);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);

  view_column = gtk_column_view_column_new (_(column->title), factory);
  gtk_column_view_column_set_expand (view_column, column->expand);
  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_append_column (view, view_column);
  g_object_unref (view_column);
}

/**
 * imp_ledger_columns_add:
 * @view: a view of [class@LedgerEntry]
 * @authors: this user's keys
 *
 * Gives @view the columns of the ledger.
 */
void
imp_ledger_columns_add (GtkColumnView *view,
                        GListModel    *authors)
{
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    add_column (view, &columns[i], authors);
}

/**
 * imp_ledger_columns_set_compact:
 * @view: a view with the columns of the ledger
 * @compact: whether there is little room
 *
 * Leaves only the columns that a line is recognised by, or shows them all.
 */
void
imp_ledger_columns_set_compact (GtkColumnView *view,
                                gboolean       compact)
{
  GListModel *model = gtk_column_view_get_columns (view);

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (model, i);

      if (column != NULL)
        gtk_column_view_column_set_visible (column, !compact || columns[i].compact);
    }
}
