/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-trust-path-window.h"

#include <glib/gi18n.h>
#include <string.h>

#include "imp-file-name.h"
#include "imp-fit.h"
#include "imp-format.h"
#include "imp-save-dialog.h"
#include "imp-state-stack.h"
#include "imp-toast.h"
#include "imp-trust-path-card.h"
#include "imp-trust-path-payload.h"

/**
 * ImpTrustPathWindow:
 *
 * The trust path of one update on one page: from its author’s key to a signed
 * head of the log, each step recomputed here from the bytes that are shown.
 *
 * It shows what an agent says of a transaction, or what a file says.
 */
struct _ImpTrustPathWindow
{
  AdwWindow parent_instance;

  ImpSession   *session;      /* (owned) */
  char         *transaction;  /* (owned) (nullable): where it comes from, or… */
  GFile        *file;         /* (owned) (nullable): …a file */
  ImpTrustPath *path;         /* (owned) (nullable) */
  GCancellable *cancellable;  /* (owned) */

  GtkWidget      *overlay;
  AdwWindowTitle *window_title;
  ImpStateStack  *state_stack;
  GtkLabel       *verdict_label;
  GtkLabel       *source_label;
  GtkBox         *cards_box;

  ImpTrustPathPayload *payload;
};

G_DEFINE_FINAL_TYPE (ImpTrustPathWindow, imp_trust_path_window, ADW_TYPE_WINDOW)

static void
show_verdict (ImpTrustPathWindow *self,
              GPtrArray          *steps)
{
  const ImpTrustStep *failed = imp_trust_steps_find_failed (steps);
  g_autofree char *sentence = NULL;

  if (failed == NULL)
    {
      gtk_label_set_text (self->verdict_label,
                          _("What could be checked was recomputed on this computer, and it all fits."));
      gtk_widget_remove_css_class (GTK_WIDGET (self->verdict_label), "error");
      return;
    }

  /* Translators: %s is a step, such as “Payload digest”. */
  sentence = g_strdup_printf (_("“%s” does not fit. Do not trust this update."), failed->title);
  gtk_label_set_text (self->verdict_label, sentence);
  gtk_widget_add_css_class (GTK_WIDGET (self->verdict_label), "error");
}

static void
show_source (ImpTrustPathWindow *self)
{
  g_autofree char *name = NULL;
  g_autofree char *sentence = NULL;

  if (self->file == NULL)
    {
      gtk_label_set_text (self->source_label, _("From the agents, as they show it now"));
      return;
    }

  name = imp_file_dup_name (self->file);
  /* Translators: %s is the name of a file. */
  sentence = g_strdup_printf (_("From the file “%s”; no agent was asked"), name);
  gtk_label_set_text (self->source_label, sentence);
}

static void
show_steps (ImpTrustPathWindow *self,
            GPtrArray          *steps)
{
  g_autofree char *title = imp_trust_path_dup_title (self->path);
  GtkWidget *card;

  while ((card = gtk_widget_get_first_child (GTK_WIDGET (self->cards_box))) != NULL)
    gtk_box_remove (self->cards_box, card);
  for (guint i = 0; i < steps->len; i++)
    gtk_box_append (self->cards_box, imp_trust_path_card_new (steps, i));

  adw_window_title_set_subtitle (self->window_title, title);
  show_verdict (self, steps);
  show_source (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "trust-path.save", TRUE);
  imp_state_stack_set_loaded (self->state_stack, FALSE);
}

static void
fail (ImpTrustPathWindow *self,
      const GError       *error)
{
  imp_state_stack_set_failed (self->state_stack, _("The trust path could not be checked"), error);
}

/* A payload that cannot be read leaves what was recomputed without it. */
static void
verified_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(ImpTrustPathWindow) self = user_data;
  g_autoptr(GPtrArray) steps = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  steps = imp_trust_verify_path_finish (IMP_TRUST (object), result, &error);
  if (self->state_stack == NULL)
    return;

  imp_trust_path_payload_end (self->payload);
  if (steps != NULL)
    {
      show_steps (self, steps);
      return;
    }

  imp_trust_path_payload_forget (self->payload);
  sentence = imp_format_error (error);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    imp_toast_say (self->overlay, sentence);
}

static void
verify (ImpTrustPathWindow *self)
{
  GFile *payload = imp_trust_path_payload_get_file (self->payload);
  GCancellable *cancellable = payload != NULL ? imp_trust_path_payload_begin (self->payload)
                                              : self->cancellable;

  imp_trust_verify_path_async (imp_session_get_trust (self->session), self->path, NULL, NULL, payload,
                               imp_trust_path_payload_progress_cb, self->payload, cancellable,
                               verified_cb, g_object_ref (self));
}

static void
take_path (ImpTrustPathWindow *self,
           ImpTrustPath       *path,
           GError             *error)
{
  if (self->state_stack == NULL)
    return;

  if (path == NULL)
    {
      fail (self, error);
      return;
    }

  g_set_object (&self->path, path);
  imp_trust_path_payload_set_path (self->payload, path,
                                   self->file == NULL ? imp_session_get_client (self->session) : NULL);
  verify (self);
}

static void
got_path_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(ImpTrustPathWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpTrustPath) path = imp_trust_get_path_finish (IMP_TRUST (object), result, &error);

  take_path (self, path, error);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ImpTrustPathWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpTrustPath) path = imp_trust_path_load_finish (result, &error);

  take_path (self, path, error);
}

static void
fetch (ImpTrustPathWindow *self)
{
  ImpAgentClient *client = imp_session_get_client (self->session);
  g_autoptr(GError) error = NULL;

  if (client != NULL)
    {
      imp_trust_get_path_async (imp_session_get_trust (self->session), client, self->transaction,
                                self->cancellable, got_path_cb, g_object_ref (self));
      return;
    }

  error = imp_session_get_error (self->session) != NULL
            ? g_error_copy (imp_session_get_error (self->session))
            : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, _("There is no connection"));
  fail (self, error);
}

static void
load (ImpTrustPathWindow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  imp_trust_path_payload_cancel (self->payload);
  imp_trust_path_payload_forget (self->payload);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "trust-path.save", FALSE);
  imp_state_stack_set_replacing (self->state_stack);

  if (self->file != NULL)
    imp_trust_path_load_async (self->file, self->cancellable, loaded_cb, g_object_ref (self));
  else if (self->transaction != NULL)
    fetch (self);
}

static GtkFileFilter *
new_filter (void)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("Trust paths"));
  gtk_file_filter_add_suffix (filter, IMP_TRUST_PATH_SUFFIX + 1);
  return filter;
}

static void
open_response_cb (ImpTrustPathWindow   *self,
                  int                   response,
                  GtkFileChooserNative *chooser)
{
  g_autoptr(GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      imp_trust_path_window_show_file (self, file);
    }

  g_object_unref (chooser);
}

static void
open_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  ImpTrustPathWindow *self = IMP_TRUST_PATH_WINDOW (widget);
  g_autoptr(GtkFileFilter) filter = new_filter ();
  GtkFileChooserNative *chooser;

  chooser = gtk_file_chooser_native_new (_("Open a Trust Path"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN,
                                         _("_Open"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (open_response_cb), self, G_CONNECT_SWAPPED);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  ImpTrustPathWindow *self = IMP_TRUST_PATH_WINDOW (widget);
  const char *text = imp_trust_path_get_text (self->path);
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autofree char *title = imp_trust_path_dup_title (self->path);
  g_autofree char *name = g_strconcat (g_strdelimit (title, "/ ", '-'), IMP_TRUST_PATH_SUFFIX, NULL);

  imp_save_dialog_show (self->overlay, _("Save the Trust Path"), name, bytes, _("Trust path saved"));
}

static gboolean
drop_cb (ImpTrustPathWindow *self,
         const GValue       *value)
{
  GSList *files = g_value_get_boxed (value);

  if (files == NULL)
    return FALSE;

  imp_trust_path_window_show_file (self, files->data);
  return TRUE;
}

static void
add_drop_target (ImpTrustPathWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static gboolean
imp_trust_path_window_close_request (GtkWindow *window)
{
  ImpTrustPathWindow *self = IMP_TRUST_PATH_WINDOW (window);

  g_cancellable_cancel (self->cancellable);
  imp_trust_path_payload_cancel (self->payload);

  return GTK_WINDOW_CLASS (imp_trust_path_window_parent_class)->close_request (window);
}

static void
imp_trust_path_window_dispose (GObject *object)
{
  ImpTrustPathWindow *self = IMP_TRUST_PATH_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_TRUST_PATH_WINDOW);
  g_clear_object (&self->session);
  g_clear_pointer (&self->transaction, g_free);
  g_clear_object (&self->file);
  g_clear_object (&self->path);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (imp_trust_path_window_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "trust-path.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "trust-path.save", NULL, save_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK, "trust-path.open",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "trust-path.save",
                                       NULL);
}

static void
imp_trust_path_window_class_init (ImpTrustPathWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_trust_path_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = imp_trust_path_window_close_request;

  install_actions (widget_class);

  g_type_ensure (IMP_TYPE_STATE_STACK);
  g_type_ensure (IMP_TYPE_TRUST_PATH_PAYLOAD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-trust-path-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathWindow, overlay);
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathWindow, window_title);
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathWindow, state_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathWindow, verdict_label);
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathWindow, source_label);
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathWindow, payload);
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathWindow, cards_box);
  gtk_widget_class_bind_template_callback (widget_class, load);
  gtk_widget_class_bind_template_callback (widget_class, verify);
}

static void
imp_trust_path_window_init (ImpTrustPathWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "trust-path.save", FALSE);
  imp_state_stack_set_loaded (self->state_stack, TRUE);
  add_drop_target (self);
}

/**
 * imp_trust_path_window_new:
 * @parent: the window it belongs to
 * @session: whose agents, and what was seen of their ledger
 *
 * Makes a window that waits for a path.
 *
 * Returns: (transfer none): the window, which GTK owns
 */
GtkWidget *
imp_trust_path_window_new (GtkWindow  *parent,
                           ImpSession *session)
{
  ImpTrustPathWindow *self = g_object_new (IMP_TYPE_TRUST_PATH_WINDOW, "transient-for", parent, NULL);

  self->session = g_object_ref (session);
  imp_fit_to_parent (GTK_WINDOW (self));
  return GTK_WIDGET (self);
}

/**
 * imp_trust_path_window_show_transaction:
 * @self: a trust path window
 * @transaction: the identity of the transaction that registered an update
 *
 * Shows what the agents say of an update.
 */
void
imp_trust_path_window_show_transaction (ImpTrustPathWindow *self,
                                        const char         *transaction)
{
  g_return_if_fail (IMP_IS_TRUST_PATH_WINDOW (self));

  g_clear_object (&self->file);
  g_free (self->transaction);
  self->transaction = g_strdup (transaction);
  load (self);
}

/**
 * imp_trust_path_window_show_file:
 * @self: a trust path window
 * @file: a file
 *
 * Shows what a file says.
 */
void
imp_trust_path_window_show_file (ImpTrustPathWindow *self,
                                 GFile              *file)
{
  g_return_if_fail (IMP_IS_TRUST_PATH_WINDOW (self));
  g_return_if_fail (G_IS_FILE (file));

  g_set_object (&self->file, file);
  load (self);
}
