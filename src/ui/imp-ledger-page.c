/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-page.h"

#include <glib/gi18n.h>

#include "imp-audit-dialog.h"
#include "imp-ledger-columns.h"
#include "imp-ledger-entry.h"
#include "imp-ledger-model.h"
#include "imp-transaction-view.h"

/**
 * ImpLedgerPage:
 *
 * The ledger as a table that loads as it is scrolled, and beside it the line
 * that was selected.
 */
struct _ImpLedgerPage
{
  ImpPlace parent_instance;

  ImpLedgerModel     *model;      /* (owned) */
  GtkSingleSelection *selection;  /* (owned) */

  AdwFlap            *flap;
  ImpStateStack      *state_stack;
  GtkColumnView      *view;
  ImpTransactionView *transaction_view;
};

G_DEFINE_FINAL_TYPE (ImpLedgerPage, imp_ledger_page, IMP_TYPE_PLACE)

static void
update_layout (ImpLedgerPage *self)
{
  gboolean revealed = adw_flap_get_reveal_flap (self->flap);
  gboolean narrow = imp_place_get_folded (IMP_PLACE (self));

  imp_ledger_columns_set_compact (self->view, revealed || narrow);
  imp_place_set_deep (IMP_PLACE (self), revealed && adw_flap_get_folded (self->flap));
}

static void
show_transaction (ImpLedgerPage *self,
                  const char    *id)
{
  imp_transaction_view_show (self->transaction_view, imp_place_get_session (IMP_PLACE (self)), id);
  adw_flap_set_reveal_flap (self->flap, TRUE);
}

static void
show_entry (ImpLedgerPage  *self,
            ImpLedgerEntry *entry)
{
  ImpTransaction *transaction = entry != NULL ? imp_ledger_entry_get_transaction (entry) : NULL;

  if (transaction != NULL)
    show_transaction (self, imp_transaction_get_id (transaction));
}

static void
selected_cb (ImpLedgerPage *self)
{
  show_entry (self, gtk_single_selection_get_selected_item (self->selection));
}

/* The same line again, after its details were closed. */
static void
activate_cb (ImpLedgerPage *self,
             guint          position)
{
  g_autoptr(ImpLedgerEntry) entry = g_list_model_get_item (G_LIST_MODEL (self->model), position);

  show_entry (self, entry);
}

static void
loaded_cb (ImpLedgerPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));

  imp_state_stack_set_loaded (self->state_stack, n == 0);
}

static void
failed_cb (ImpLedgerPage *self,
           const GError  *error)
{
  imp_state_stack_set_failed (self->state_stack, _("The ledger could not be read"), error);
}

static void
retry_cb (ImpLedgerPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.refresh", NULL);
}

static void
close_details_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (widget);

  adw_flap_set_reveal_flap (self->flap, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
audit_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  ImpSession *session = imp_place_get_session (IMP_PLACE (widget));
  GtkWidget *dialog;

  if (imp_session_get_client (session) == NULL)
    {
      imp_place_toast (IMP_PLACE (widget), _("The agents do not answer yet."));
      return;
    }

  dialog = imp_audit_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), session);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
imp_ledger_page_set_up (ImpPlace *place)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (place);

  imp_ledger_columns_add (self->view, imp_session_get_authors (imp_place_get_session (place)));
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  update_layout (self);
}

static void
imp_ledger_page_refresh (ImpPlace *place)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (place);
  ImpAgentClient *client = imp_place_begin_loading (place, self->state_stack);

  if (client != NULL)
    imp_ledger_model_load (self->model, client);
}

static void
imp_ledger_page_search (ImpPlace   *place,
                        const char *text)
{
  imp_ledger_model_set_text (IMP_LEDGER_PAGE (place)->model, text);
}

static void
imp_ledger_page_show_item (ImpPlace   *place,
                           const char *id)
{
  show_transaction (IMP_LEDGER_PAGE (place), id);
}

static gboolean
imp_ledger_page_back (ImpPlace *place)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (place);

  if (!adw_flap_get_reveal_flap (self->flap) || !adw_flap_get_folded (self->flap))
    return FALSE;

  adw_flap_set_reveal_flap (self->flap, FALSE);
  return TRUE;
}

static void
imp_ledger_page_dispose (GObject *object)
{
  ImpLedgerPage *self = IMP_LEDGER_PAGE (object);

  if (self->model != NULL)
    imp_ledger_model_close (self->model);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_LEDGER_PAGE);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (imp_ledger_page_parent_class)->dispose (object);
}

static void
imp_ledger_page_class_init (ImpLedgerPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  ImpPlaceClass *place_class = IMP_PLACE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_ledger_page_dispose;
  place_class->set_up = imp_ledger_page_set_up;
  place_class->refresh = imp_ledger_page_refresh;
  place_class->search = imp_ledger_page_search;
  place_class->show_item = imp_ledger_page_show_item;
  place_class->back = imp_ledger_page_back;

  gtk_widget_class_install_action (widget_class, "ledger.audit", NULL, audit_action);
  gtk_widget_class_install_action (widget_class, "ledger.close-details", NULL,
                                   close_details_action);

  g_type_ensure (IMP_TYPE_STATE_STACK);
  g_type_ensure (IMP_TYPE_TRANSACTION_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-ledger-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerPage, flap);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerPage, state_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerPage, view);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerPage, transaction_view);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_layout);
}

static void
imp_ledger_page_init (ImpLedgerPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->model = imp_ledger_model_new ();
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->model)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);

  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "loaded", G_CALLBACK (loaded_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "failed", G_CALLBACK (failed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self, "notify::folded", G_CALLBACK (update_layout), self, 0);
}
