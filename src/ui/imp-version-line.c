/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-version-line.h"

#include <glib/gi18n.h>

#include "imp-format.h"

/* To either side: more is a matter for the filter. */
#define N_BESIDE 5

#define MAX_CHARS 16

/**
 * ImpVersionLine:
 *
 * The versions of a class before and after one of them, oldest first. Each is a
 * button that activates `transaction.show`.
 */
struct _ImpVersionLine
{
  AdwBin parent_instance;

  GCancellable   *cancellable;  /* (owned) (nullable) */
  ImpTransaction *transaction;  /* (owned) (nullable) */
  GPtrArray      *older;        /* (owned) (nullable): newest first */
  GPtrArray      *newer;        /* (owned) (nullable): oldest first */

  GtkFlowBox     *box;
};

G_DEFINE_FINAL_TYPE (ImpVersionLine, imp_version_line, ADW_TYPE_BIN)

static void
forget (ImpVersionLine *self)
{
  GtkWidget *child;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->transaction);
  g_clear_pointer (&self->older, g_ptr_array_unref);
  g_clear_pointer (&self->newer, g_ptr_array_unref);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_flow_box_remove (self->box, child);
}

static void
imp_version_line_dispose (GObject *object)
{
  forget (IMP_VERSION_LINE (object));

  G_OBJECT_CLASS (imp_version_line_parent_class)->dispose (object);
}

static void
imp_version_line_class_init (ImpVersionLineClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = imp_version_line_dispose;
}

static void
imp_version_line_init (ImpVersionLine *self)
{
  self->box = GTK_FLOW_BOX (gtk_flow_box_new ());
  gtk_flow_box_set_selection_mode (self->box, GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (self->box, 2 * N_BESIDE + 3);
  gtk_flow_box_set_column_spacing (self->box, 6);
  gtk_flow_box_set_row_spacing (self->box, 6);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Versions of this class"), -1);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
}

/* What is in its place is focused, not the place. */
static void
add (ImpVersionLine *self,
     GtkWidget      *widget)
{
  gtk_flow_box_insert (self->box, widget, -1);
  gtk_widget_set_focusable (gtk_widget_get_parent (widget), FALSE);
}

static void
add_version (ImpVersionLine *self,
             ImpTransaction *transaction)
{
  const char *version = imp_transaction_get_version (transaction);
  GtkWidget *label = gtk_label_new (version);
  GtkWidget *button = gtk_button_new ();
  g_autofree char *time = imp_format_time (imp_transaction_get_time (transaction));

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_width_chars (GTK_LABEL (label), MIN (g_utf8_strlen (version, -1), MAX_CHARS));
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_set_tooltip_text (button, time);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "transaction.show");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s",
                                    imp_transaction_get_id (transaction));
  gtk_widget_add_css_class (button, "chip");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, version, -1);
  if (transaction == self->transaction)
    {
      gtk_widget_add_css_class (button, "suggested-action");
      gtk_accessible_update_state (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_STATE_SELECTED, TRUE, -1);
    }
  add (self, button);
}

/* Where there are more than these, the line says so. */
static void
add_more (ImpVersionLine *self,
          GPtrArray      *page)
{
  GtkWidget *label;

  if (page->len <= N_BESIDE)
    return;

  label = gtk_label_new ("…");
  gtk_widget_set_tooltip_text (label, _("There are more versions of this class"));
  add (self, label);
}

static void
show_versions (ImpVersionLine *self)
{
  if (self->older == NULL || self->newer == NULL)
    return;

  add_more (self, self->older);
  for (guint i = MIN (self->older->len, N_BESIDE); i > 0; i--)
    add_version (self, self->older->pdata[i - 1]);
  add_version (self, self->transaction);
  for (guint i = 0; i < MIN (self->newer->len, N_BESIDE); i++)
    add_version (self, self->newer->pdata[i]);
  add_more (self, self->newer);
}

static void
take_page (ImpVersionLine  *self,
           GPtrArray      **side,
           GAsyncResult    *result,
           GObject         *client)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpPage) page = imp_agent_client_list_transactions_finish (IMP_AGENT_CLIENT (client),
                                                                       result, &error);

  /* The pane above says it already where agents are away; this line is then not there. */
  if (page == NULL)
    return;

  *side = g_ptr_array_ref (page->items);
  show_versions (self);
}

static void
got_older_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(ImpVersionLine) self = user_data;

  take_page (self, &self->older, result, object);
}

static void
got_newer_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(ImpVersionLine) self = user_data;

  take_page (self, &self->newer, result, object);
}

/**
 * imp_version_line_load:
 * @self: a line of versions
 * @client: the agents
 * @transaction: one that registered an update
 *
 * Shows the versions around one, by the same author.
 */
void
imp_version_line_load (ImpVersionLine *self,
                       ImpAgentClient *client,
                       ImpTransaction *transaction)
{
  guint64 sequence = imp_transaction_get_sequence (transaction);
  ImpPageQuery query = {
    .limit = N_BESIDE + 1,
    .contract = imp_transaction_get_contract (transaction),
    .author = imp_transaction_get_author (transaction),
    .class_id = imp_transaction_get_class_id (transaction),
  };

  g_return_if_fail (IMP_IS_VERSION_LINE (self));

  forget (self);
  self->cancellable = g_cancellable_new ();
  self->transaction = g_object_ref (transaction);
  query.from = sequence + 1;
  query.oldest_first = TRUE;
  imp_agent_client_list_transactions_async (client, &query, self->cancellable, got_newer_cb,
                                            g_object_ref (self));
  if (sequence == 0)
    {
      self->older = g_ptr_array_new ();
      return;
    }

  query.from = 0;
  query.before = sequence;
  query.oldest_first = FALSE;
  imp_agent_client_list_transactions_async (client, &query, self->cancellable, got_older_cb,
                                            g_object_ref (self));
}

/**
 * imp_version_line_close:
 * @self: a line
 *
 * Cancels what is asked, since nobody looks any more.
 */
void
imp_version_line_close (ImpVersionLine *self)
{
  g_return_if_fail (IMP_IS_VERSION_LINE (self));

  g_cancellable_cancel (self->cancellable);
}
