/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-publish-page-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "imp-format.h"
#include "imp-manifest-file.h"
#include "imp-save-dialog.h"

/* Files that are chosen for the form, and the manifests that it exchanges with imprimaturctl. */

typedef void (*ChosenFunc) (ImpPublishPage *self,
                            GFile          *file);

typedef struct
{
  ImpPublishPage *self;  /* (owned) */
  ChosenFunc      func;
} Choice;

static void
response_cb (GtkNativeDialog *chooser,
             int              response,
             gpointer         user_data)
{
  Choice *choice = user_data;
  g_autoptr(GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      choice->func (choice->self, file);
    }

  g_object_unref (choice->self);
  g_free (choice);
  g_object_unref (chooser);
}

static void
choose (ImpPublishPage       *self,
        GtkFileChooserNative *chooser,
        ChosenFunc            func)
{
  Choice *choice = g_new0 (Choice, 1);

  choice->self = g_object_ref (self);
  choice->func = func;
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect (chooser, "response", G_CALLBACK (response_cb), choice);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
open_with (ImpPublishPage *self,
           const char     *title,
           ChosenFunc      func)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));

  choose (self, gtk_file_chooser_native_new (title, window, GTK_FILE_CHOOSER_ACTION_OPEN,
                                             _("_Open"), NULL), func);
}

static void
take_firmware (ImpPublishPage *self,
               GFile          *file)
{
  imp_firmware_group_set_file (self->firmware, file);
}

static void
take_sbom (ImpPublishPage *self,
           GFile          *file)
{
  imp_sbom_group_set_file (self->sbom, file);
}

/* What stands in the form is left alone. */
static void
tell_error (ImpPublishPage *self,
            const GError   *error)
{
  g_autofree char *sentence = imp_format_error (error);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                              _("This File Is Not a Manifest"), sentence);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(ImpPublishPage) self = user_data;
  g_autoptr(ImpManifest) manifest = NULL;
  g_autoptr(ImpDraft) draft = NULL;
  g_autoptr(GError) error = NULL;

  manifest = imp_manifest_file_read_finish (result, &error);
  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (manifest == NULL)
    {
      tell_error (self, error);
      return;
    }

  draft = imp_draft_new_from_manifest (manifest);
  imp_publish_page_replace (self, draft, _("Form filled in from a manifest"));
}

static void
take_manifest (ImpPublishPage *self,
               GFile          *file)
{
  imp_manifest_file_read_async (file, imp_place_get_cancellable (IMP_PLACE (self)), read_cb,
                                g_object_ref (self));
}

static void
choose_file_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  open_with (IMP_PUBLISH_PAGE (widget), _("Choose a Firmware File"), take_firmware);
}

static void
choose_sbom_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  open_with (IMP_PUBLISH_PAGE (widget), _("Choose an SBOM"), take_sbom);
}

static void
open_manifest_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  open_with (IMP_PUBLISH_PAGE (widget), _("Open a Manifest"), take_manifest);
}

static void
save_manifest_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  ImpPublishPage *self = IMP_PUBLISH_PAGE (widget);
  g_autoptr(ImpManifestBuilder) builder = NULL;
  g_autoptr(ImpManifest) manifest = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *name = NULL;
  char *text;

  if (imp_firmware_group_get_info (self->firmware) == NULL)
    {
      imp_firmware_group_complain (self->firmware);
      return;
    }

  builder = imp_publish_page_make_builder (self);
  manifest = imp_manifest_builder_end (builder, NULL);
  if (!imp_publish_form_validate (self->form) || manifest == NULL)
    {
      imp_place_toast (IMP_PLACE (self), _("Some fields are not right yet."));
      return;
    }

  node = imp_manifest_to_json (manifest);
  text = imp_manifest_file_print (node);
  bytes = g_bytes_new_take (text, strlen (text));
  name = g_strdup_printf ("%s-%s.json", imp_manifest_get_class_id (manifest),
                          imp_manifest_get_version (manifest));
  imp_save_dialog_show (widget, _("Save the Manifest"), name, bytes, _("Manifest saved"));
}

/**
 * imp_publish_page_install_files:
 * @widget_class: the class of the page
 *
 * Installs the actions that ask for a file: firmware, SBOM, and manifests to open or save.
 */
void
imp_publish_page_install_files (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "publish.choose-file", NULL, choose_file_action);
  gtk_widget_class_install_action (widget_class, "publish.choose-sbom", NULL, choose_sbom_action);
  gtk_widget_class_install_action (widget_class, "publish.open-manifest", NULL,
                                   open_manifest_action);
  gtk_widget_class_install_action (widget_class, "publish.save-manifest", NULL,
                                   save_manifest_action);
}
