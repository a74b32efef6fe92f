/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-pin-dialog.h"

#include <glib/gi18n.h>

#include "imp-field-row.h"

/**
 * ImpPinDialog:
 *
 * Asks for the PIN of a token, and says what the token lets one know of the
 * tries that are left.
 *
 * The PIN is in GTK's own non-pageable buffer until the token has it.
 */
struct _ImpPinDialog
{
  AdwMessageDialog parent_instance;

  ImpPinRequest *request;  /* (owned) */

  ImpFieldRow *pin_row;
  GtkLabel    *problem_label;
};

G_DEFINE_FINAL_TYPE (ImpPinDialog, imp_pin_dialog, ADW_TYPE_MESSAGE_DIALOG)

static const char *
get_pin (ImpPinDialog *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->pin_row));
}

static void
pin_changed_cb (ImpPinDialog *self)
{
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "unlock", *get_pin (self) != '\0');
}

static void
entry_activated_cb (ImpPinDialog *self)
{
  if (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (self), "unlock"))
    {
      adw_message_dialog_response (ADW_MESSAGE_DIALOG (self), "unlock");
      gtk_window_close (GTK_WINDOW (self));
    }
}

static void
imp_pin_dialog_response (AdwMessageDialog *dialog,
                         const char       *response)
{
  ImpPinDialog *self = IMP_PIN_DIALOG (dialog);

  if (g_str_equal (response, "unlock"))
    imp_pin_request_answer (self->request, get_pin (self));
  else
    imp_pin_request_refuse (self->request, NULL);
}

/* Whatever closes the dialog, no thread waits for it any longer. */
static void
imp_pin_dialog_dispose (GObject *object)
{
  ImpPinDialog *self = IMP_PIN_DIALOG (object);

  if (self->request != NULL)
    imp_pin_request_refuse (self->request, NULL);
  g_clear_object (&self->request);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_PIN_DIALOG);

  G_OBJECT_CLASS (imp_pin_dialog_parent_class)->dispose (object);
}

static void
imp_pin_dialog_class_init (ImpPinDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_pin_dialog_dispose;
  ADW_MESSAGE_DIALOG_CLASS (klass)->response = imp_pin_dialog_response;

  g_type_ensure (IMP_TYPE_FIELD_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-pin-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpPinDialog, pin_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPinDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, pin_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
}

static void
imp_pin_dialog_init (ImpPinDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* A token tells no number of tries, only that few or one are left. */
static const char *
describe_tries (ImpPinFlags flags)
{
  gboolean wrong = (flags & IMP_PIN_WRONG) != 0;

  if (flags & IMP_PIN_LAST_TRY)
    return wrong ? _("That PIN was wrong. This is the last try: another wrong PIN locks the token.")
                 : _("This is the last try: a wrong PIN locks the token.");
  if (wrong)
    return _("That PIN was wrong. The token locks itself after a few wrong ones.");
  if (flags & IMP_PIN_FEW_TRIES)
    return _("The last PIN was wrong. The token locks itself after a few wrong ones.");

  return NULL;
}

static void
set_up (ImpPinDialog  *self,
        ImpPinRequest *request)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (self);
  ImpPinFlags flags = imp_pin_request_get_flags (request);
  const char *problem = describe_tries (flags);

  self->request = g_object_ref (request);
  adw_message_dialog_format_heading (dialog, _("PIN of “%s”"), imp_pin_request_get_token (request));
  adw_message_dialog_set_body (dialog, (flags & IMP_PIN_EACH_TIME) != 0
                                         ? _("The key asks for its PIN for each signature.")
                                         : _("The key signs on the token. Its PIN is handed to the token and "
                                             "not kept."));
  gtk_label_set_text (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
  g_signal_connect_object (request, "closed", G_CALLBACK (gtk_window_close), self, G_CONNECT_SWAPPED);
}

/**
 * imp_pin_dialog_ask_cb:
 * @keyring: whose token asks
 * @request: the question
 * @application: whose window the dialog belongs to
 *
 * Asks for a PIN, for [signal@Imp.Keyring::ask-pin].
 *
 * Returns: whether there is a window to ask in
 */
gboolean
imp_pin_dialog_ask_cb (ImpKeyring     *keyring,
                       ImpPinRequest  *request,
                       GtkApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (application);
  ImpPinDialog *self;

  if (window == NULL)
    return FALSE;

  self = g_object_new (IMP_TYPE_PIN_DIALOG, "transient-for", window, NULL);
  set_up (self, request);
  gtk_window_present (GTK_WINDOW (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->pin_row));
  return TRUE;
}
