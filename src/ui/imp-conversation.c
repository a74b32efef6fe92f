/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-conversation.h"

#include <glib/gi18n.h>

#include "imp-fit.h"
#include "imp-format.h"

/**
 * ImpConversation:
 *
 * What a device and the retrieval agent said to each other: a line a request, with what was answered, how
 * many bytes came and how long it took. The newest is on top. Lines are used again and again.
 */
struct _ImpConversation
{
  AdwBin parent_instance;

  GtkListBox *list;
  GPtrArray  *lines;  /* (owned) (element-type Line) */
  GString    *text;   /* (owned) */
};

G_DEFINE_FINAL_TYPE (ImpConversation, imp_conversation, ADW_TYPE_BIN)

typedef struct
{
  GtkWidget *row;
  GtkLabel  *request;
  GtkLabel  *answer;
  GtkLabel  *bytes;
  GtkLabel  *ms;
} Line;

static GtkLabel *
add_label (GtkWidget  *box,
           const char *style,
           float       xalign)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (box), label);

  return GTK_LABEL (label);
}

static void
add_texts (Line      *line,
           GtkWidget *box)
{
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_widget_set_hexpand (texts, TRUE);
  line->request = add_label (texts, "monospace", 0.0);
  gtk_widget_add_css_class (GTK_WIDGET (line->request), "caption");
  gtk_label_set_width_chars (line->request, 12);
  gtk_label_set_wrap (line->request, TRUE);
  gtk_label_set_wrap_mode (line->request, PANGO_WRAP_WORD_CHAR);
  imp_fit_identifiers (line->request);
  line->answer = add_label (texts, "caption", 0.0);
  gtk_widget_add_css_class (GTK_WIDGET (line->answer), "dim-label");
  gtk_label_set_wrap (line->answer, TRUE);
  gtk_label_set_wrap_mode (line->answer, PANGO_WRAP_WORD_CHAR);
  gtk_box_append (GTK_BOX (box), texts);
}

static void
add_figures (Line      *line,
             GtkWidget *box)
{
  GtkWidget *figures = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_widget_set_valign (figures, GTK_ALIGN_CENTER);
  line->bytes = add_label (figures, "caption", 1.0);
  gtk_widget_add_css_class (GTK_WIDGET (line->bytes), "numeric");
  gtk_label_set_wrap (line->bytes, TRUE);
  gtk_label_set_width_chars (line->bytes, 8);
  gtk_label_set_max_width_chars (line->bytes, 14);
  gtk_label_set_justify (line->bytes, GTK_JUSTIFY_RIGHT);
  line->ms = add_label (figures, "caption", 1.0);
  gtk_widget_add_css_class (GTK_WIDGET (line->ms), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (line->ms), "dim-label");
  gtk_box_append (GTK_BOX (box), figures);
}

static Line *
add_line (ImpConversation *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  Line *line = g_new0 (Line, 1);

  gtk_widget_set_margin_top (box, 8);
  gtk_widget_set_margin_bottom (box, 8);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  add_texts (line, box);
  add_figures (line, box);

  line->row = gtk_list_box_row_new ();
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (line->row), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (line->row), box);
  gtk_list_box_append (self->list, line->row);
  g_ptr_array_add (self->lines, line);

  return line;
}

static void
show_exchange (ImpConversation   *self,
               Line              *line,
               const ImpExchange *exchange)
{
  g_autofree char *bytes = imp_format_size (exchange->bytes);
  g_autofree char *ms = imp_format_duration (exchange->ms);
  g_autofree char *name = NULL;

  gtk_label_set_text (line->request, exchange->request);
  gtk_label_set_text (line->answer, exchange->answer);
  gtk_label_set_text (line->bytes, bytes);
  gtk_label_set_text (line->ms, ms);
  gtk_widget_set_visible (line->row, TRUE);

  name = g_strdup_printf ("%s, %s, %s, %s", exchange->request, exchange->answer, bytes, ms);
  gtk_accessible_update_property (GTK_ACCESSIBLE (line->row), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  g_string_append_printf (self->text, "%s\t%s\t%" G_GUINT64_FORMAT "\t%.1f\n", exchange->request,
                          exchange->answer, exchange->bytes, exchange->ms);
}

static void
imp_conversation_dispose (GObject *object)
{
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);

  G_OBJECT_CLASS (imp_conversation_parent_class)->dispose (object);
}

static void
imp_conversation_finalize (GObject *object)
{
  ImpConversation *self = IMP_CONVERSATION (object);

  g_ptr_array_unref (self->lines);
  g_string_free (self->text, TRUE);

  G_OBJECT_CLASS (imp_conversation_parent_class)->finalize (object);
}

static void
imp_conversation_class_init (ImpConversationClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = imp_conversation_dispose;
  G_OBJECT_CLASS (klass)->finalize = imp_conversation_finalize;
}

static void
imp_conversation_init (ImpConversation *self)
{
  self->lines = g_ptr_array_new_with_free_func (g_free);
  self->text = g_string_new (NULL);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Conversation with the retrieval agent"), -1);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
}

/**
 * imp_conversation_set_exchanges:
 * @self: a conversation
 * @exchanges: (nullable) (element-type ImpExchange): requests, oldest first
 *
 * Shows requests and what came of them.
 */
void
imp_conversation_set_exchanges (ImpConversation *self,
                                GPtrArray       *exchanges)
{
  guint n = exchanges != NULL ? exchanges->len : 0;

  g_return_if_fail (IMP_IS_CONVERSATION (self));

  g_string_truncate (self->text, 0);
  for (guint i = 0; i < n; i++)
    show_exchange (self, i < self->lines->len ? g_ptr_array_index (self->lines, i) : add_line (self),
                   g_ptr_array_index (exchanges, n - 1 - i));
  for (guint i = n; i < self->lines->len; i++)
    gtk_widget_set_visible (((Line *) g_ptr_array_index (self->lines, i))->row, FALSE);
}

/**
 * imp_conversation_dup_text:
 * @self: a conversation
 *
 * Returns: (transfer full): what is shown, a line a request, with tabs between request, answer, bytes and ms
 */
char *
imp_conversation_dup_text (ImpConversation *self)
{
  g_return_val_if_fail (IMP_IS_CONVERSATION (self), NULL);

  return g_strdup (self->text->str);
}
