/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-transaction-view.h"

#include <glib/gi18n.h>

#include "imp-digest-row.h"
#include "imp-format.h"
#include "imp-inclusion-group.h"
#include "imp-manifest-view.h"
#include "imp-state-stack.h"
#include "imp-timeline.h"
#include "imp-toast.h"
#include "imp-version-line.h"

/**
 * ImpTransactionView:
 *
 * One line of the ledger whole: what it says, the manifest it registered, and a
 * verdict on each thing that can be checked, checked here and now.
 */
struct _ImpTransactionView
{
  AdwBin parent_instance;

  ImpSession          *session;      /* (owned) (nullable) */
  char                *id;           /* (owned) (nullable) */
  ImpTransaction      *transaction;  /* (owned) (nullable) */
  ImpRegisteredUpdate *update;       /* (owned) (nullable): where it registered one */
  GCancellable        *cancellable;  /* (owned) (nullable) */

  ImpStateStack  *state_stack;
  GtkLabel       *title_label;
  GtkLabel       *subtitle_label;
  AdwActionRow   *sequence_row;
  AdwActionRow   *time_row;
  AdwActionRow   *contract_row;
  ImpDigestRow   *transaction_row;
  ImpDigestRow   *author_row;
  ImpDigestRow   *cid_row;
  GtkWidget      *verdicts_group;
  GtkSpinner     *verdicts_spinner;
  GtkLabel       *verdicts_label;
  ImpTimeline    *verdicts;
  GtkActionable  *trust_path_button;
  GtkActionable  *duplicate_button;
  GtkActionable  *compare_button;
  GtkWidget      *versions_group;
  ImpVersionLine *version_line;
  ImpInclusionGroup *inclusion_group;
  GtkWidget      *payload_group;
  GtkProgressBar *progress_bar;
  GtkLabel       *payload_label;
  GtkWidget      *manifest_group;
  ImpManifestView *manifest_view;
};

G_DEFINE_FINAL_TYPE (ImpTransactionView, imp_transaction_view, ADW_TYPE_BIN)

static void
show_verdicts (ImpTransactionView *self,
               GPtrArray          *verdicts)
{
  gboolean all = TRUE;

  imp_timeline_clear (self->verdicts);
  for (guint i = 0; i < verdicts->len; i++)
    {
      ImpVerdict *verdict = g_ptr_array_index (verdicts, i);
      guint step = imp_timeline_add (self->verdicts, verdict->title);
      g_autofree char *detail = imp_format_sentence (verdict->detail);

      imp_timeline_set (self->verdicts, step,
                        verdict->passed ? IMP_TIMELINE_DONE : IMP_TIMELINE_FAILED, -1,
                        detail);
      all = all && verdict->passed;
    }

  gtk_label_set_text (self->verdicts_label,
                      all ? _("What could be checked was recomputed on this computer, and it all fits.")
                          : _("Something does not fit. Do not trust this update."));
  if (all)
    gtk_widget_remove_css_class (GTK_WIDGET (self->verdicts_label), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->verdicts_label), "error");
}

static void
verified_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(ImpTransactionView) self = user_data;
  g_autoptr(GPtrArray) verdicts = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  verdicts = imp_trust_verify_update_finish (IMP_TRUST (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  gtk_spinner_set_spinning (self->verdicts_spinner, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->verdicts_spinner), FALSE);
  if (verdicts != NULL)
    {
      show_verdicts (self, verdicts);
      return;
    }

  sentence = imp_format_error (error);
  gtk_label_set_text (self->verdicts_label, sentence);
}

static void
verify (ImpTransactionView *self)
{
  gtk_widget_set_visible (self->verdicts_group, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->verdicts_spinner), TRUE);
  gtk_spinner_set_spinning (self->verdicts_spinner, TRUE);
  gtk_label_set_text (self->verdicts_label, _("Checking…"));
  gtk_widget_remove_css_class (GTK_WIDGET (self->verdicts_label), "error");
  imp_timeline_clear (self->verdicts);
  imp_trust_verify_update_async (imp_session_get_trust (self->session),
                                 imp_session_get_client (self->session), self->id, FALSE,
                                 self->cancellable, verified_cb, g_object_ref (self));
}

static void
got_update_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ImpTransactionView) self = user_data;
  g_autoptr(ImpRegisteredUpdate) update = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  update = imp_agent_client_get_update_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  gtk_widget_set_visible (self->manifest_group, TRUE);
  if (update == NULL)
    {
      sentence = imp_format_error (error);
      imp_manifest_view_set_message (self->manifest_view, sentence);
      return;
    }

  self->update = g_steal_pointer (&update);
  imp_manifest_view_set_manifest (self->manifest_view,
                                  imp_update_get_manifest (self->update->update));
  gtk_widget_set_visible (self->payload_group, TRUE);
  if (imp_session_get_client (self->session) != NULL)
    verify (self);
}

static void
show_transaction (ImpTransactionView *self)
{
  ImpTransaction *transaction = self->transaction;
  const char *version = imp_transaction_get_version (transaction);
  const char *class_id = imp_transaction_get_class_id (transaction);
  g_autofree char *sequence = g_strdup_printf ("%" G_GUINT64_FORMAT,
                                               imp_transaction_get_sequence (transaction));
  g_autofree char *time = imp_format_time (imp_transaction_get_time (transaction));
  g_autofree char *contract = g_strdup_printf ("%s · %s", imp_transaction_get_contract (transaction),
                                               imp_transaction_get_function (transaction));

  gtk_label_set_text (self->title_label,
                      version != NULL ? version : imp_transaction_get_function (transaction));
  gtk_label_set_text (self->subtitle_label, class_id != NULL ? class_id : "");
  gtk_widget_set_visible (GTK_WIDGET (self->subtitle_label), class_id != NULL);
  adw_action_row_set_subtitle (self->sequence_row, sequence);
  adw_action_row_set_subtitle (self->time_row, time);
  adw_action_row_set_subtitle (self->contract_row, contract);
  gtk_actionable_set_action_target (self->trust_path_button, "s",
                                    imp_transaction_get_id (transaction));
  gtk_actionable_set_action_target (self->duplicate_button, "s",
                                    imp_transaction_get_id (transaction));
  gtk_actionable_set_action_target (self->compare_button, "(ss)",
                                    imp_transaction_get_id (transaction), "");
  imp_digest_row_set_digest (self->transaction_row, imp_transaction_get_id (transaction));
  imp_digest_row_set_digest (self->author_row, imp_transaction_get_author (transaction));
  imp_digest_row_set_digest (self->cid_row, imp_transaction_get_cid (transaction));
}

static void
got_transaction_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(ImpTransactionView) self = user_data;
  g_autoptr(ImpTransaction) transaction = NULL;
  g_autoptr(GError) error = NULL;

  transaction = imp_agent_client_get_transaction_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (transaction == NULL)
    {
      imp_state_stack_set_failed (self->state_stack, _("The transaction could not be loaded"),
                                  error);
      return;
    }

  g_set_object (&self->transaction, transaction);
  show_transaction (self);
  imp_state_stack_set_loaded (self->state_stack, FALSE);
  if (imp_transaction_get_leaf (transaction) != NULL)
    imp_inclusion_group_load (self->inclusion_group, imp_session_get_trust (self->session),
                              IMP_AGENT_CLIENT (object), transaction);
  gtk_widget_set_visible (self->versions_group, imp_transaction_get_class_id (transaction) != NULL);
  if (imp_transaction_get_class_id (transaction) != NULL)
    imp_version_line_load (self->version_line, IMP_AGENT_CLIENT (object), transaction);
  if (imp_transaction_get_cid (transaction) != NULL)
    imp_agent_client_get_update_async (IMP_AGENT_CLIENT (object), self->id, self->cancellable,
                                       got_update_cb, g_object_ref (self));
}

static void
download_progress_cb (goffset  done,
                      goffset  total,
                      gpointer user_data)
{
  ImpTransactionView *self = user_data;

  if (total > 0 && self->progress_bar != NULL)
    gtk_progress_bar_set_fraction (self->progress_bar, (double) done / total);
}

static void
downloaded_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ImpTransactionView) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  imp_agent_client_download_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "transaction.download", TRUE);
  if (error == NULL)
    {
      gtk_label_set_text (self->payload_label, _("Downloaded; its blocks give exactly this CID."));
      imp_toast_say (GTK_WIDGET (self), _("Payload downloaded and verified"));
      return;
    }

  sentence = imp_format_error (error);
  gtk_label_set_text (self->payload_label, sentence);
}

static void
save_file_cb (ImpTransactionView   *self,
              int                   response,
              GtkFileChooserNative *chooser)
{
  g_autoptr(GFile) file = NULL;
  ImpAgentClient *client = imp_session_get_client (self->session);

  if (response == GTK_RESPONSE_ACCEPT && client != NULL && self->update != NULL)
    {
      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      gtk_progress_bar_set_fraction (self->progress_bar, 0);
      gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), TRUE);
      gtk_widget_action_set_enabled (GTK_WIDGET (self), "transaction.download", FALSE);
      imp_agent_client_download_async (client, self->update->cid, file, self->cancellable,
                                       download_progress_cb, self, downloaded_cb,
                                       g_object_ref (self));
    }

  g_object_unref (chooser);
}

static void
download_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  ImpTransactionView *self = IMP_TRANSACTION_VIEW (widget);
  g_autofree char *name = NULL;
  GtkFileChooserNative *chooser;

  if (self->update == NULL)
    return;

  name = g_strdup_printf ("%s-%s.bin", imp_transaction_get_class_id (self->transaction),
                          imp_transaction_get_version (self->transaction));
  chooser = gtk_file_chooser_native_new (_("Save the Payload"),
                                         GTK_WINDOW (gtk_widget_get_root (widget)),
                                         GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), g_strdelimit (name, "/", '-'));
  g_signal_connect_object (chooser, "response", G_CALLBACK (save_file_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
verify_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpTransactionView *self = IMP_TRANSACTION_VIEW (widget);

  if (self->update != NULL && imp_session_get_client (self->session) != NULL)
    verify (self);
}

static void
forget (ImpTransactionView *self)
{
  if (self->version_line != NULL)
    imp_version_line_close (self->version_line);
  if (self->inclusion_group != NULL)
    imp_inclusion_group_close (self->inclusion_group);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->transaction);
  g_clear_pointer (&self->update, imp_registered_update_free);
}

static void
load (ImpTransactionView *self)
{
  ImpAgentClient *client = imp_session_get_client (self->session);

  forget (self);
  self->cancellable = g_cancellable_new ();
  gtk_widget_set_visible (self->verdicts_group, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->inclusion_group), FALSE);
  gtk_widget_set_visible (self->versions_group, FALSE);
  gtk_widget_set_visible (self->manifest_group, FALSE);
  gtk_widget_set_visible (self->payload_group, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), FALSE);
  gtk_label_set_text (self->payload_label, _("Every block is checked while it arrives."));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "transaction.download", TRUE);
  imp_state_stack_set_replacing (self->state_stack);
  if (client != NULL)
    imp_agent_client_get_transaction_async (client, self->id, self->cancellable,
                                            got_transaction_cb, g_object_ref (self));
}

static void
show_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  ImpTransactionView *self = IMP_TRANSACTION_VIEW (widget);

  if (self->session != NULL)
    imp_transaction_view_show (self, self->session, g_variant_get_string (parameter, NULL));
}

static void
retry_cb (ImpTransactionView *self)
{
  if (self->id != NULL)
    load (self);
}

static void
imp_transaction_view_dispose (GObject *object)
{
  ImpTransactionView *self = IMP_TRANSACTION_VIEW (object);

  forget (self);
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_TRANSACTION_VIEW);
  g_clear_object (&self->session);
  g_clear_pointer (&self->id, g_free);

  G_OBJECT_CLASS (imp_transaction_view_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, state_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, title_label);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, subtitle_label);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, sequence_row);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, time_row);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, contract_row);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, transaction_row);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, author_row);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, cid_row);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, verdicts_group);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, verdicts_spinner);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, verdicts_label);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, verdicts);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, trust_path_button);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, duplicate_button);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, compare_button);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, versions_group);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, version_line);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, inclusion_group);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, payload_group);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, payload_label);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, manifest_group);
  gtk_widget_class_bind_template_child (widget_class, ImpTransactionView, manifest_view);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
}

static void
imp_transaction_view_class_init (ImpTransactionViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_transaction_view_dispose;

  gtk_widget_class_install_action (widget_class, "transaction.download", NULL, download_action);
  gtk_widget_class_install_action (widget_class, "transaction.show", "s", show_action);
  gtk_widget_class_install_action (widget_class, "transaction.verify", NULL, verify_action);

  g_type_ensure (IMP_TYPE_STATE_STACK);
  g_type_ensure (IMP_TYPE_DIGEST_ROW);
  g_type_ensure (IMP_TYPE_TIMELINE);
  g_type_ensure (IMP_TYPE_INCLUSION_GROUP);
  g_type_ensure (IMP_TYPE_MANIFEST_VIEW);
  g_type_ensure (IMP_TYPE_VERSION_LINE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-transaction-view.ui");
  bind_template (widget_class);
}

static void
imp_transaction_view_init (ImpTransactionView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  imp_state_stack_set_loaded (self->state_stack, TRUE);
}

/**
 * imp_transaction_view_show:
 * @self: a transaction view
 * @session: whose ledger
 * @id: the transaction
 *
 * Loads a transaction, shows it and verifies it.
 */
void
imp_transaction_view_show (ImpTransactionView *self,
                           ImpSession         *session,
                           const char         *id)
{
  g_return_if_fail (IMP_IS_TRANSACTION_VIEW (self));
  g_return_if_fail (id != NULL);

  g_set_object (&self->session, session);
  if (self->transaction != NULL && g_strcmp0 (self->id, id) == 0)
    return;

  g_free (self->id);
  self->id = g_strdup (id);
  load (self);
}
