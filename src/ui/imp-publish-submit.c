/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-publish-page-private.h"

#include <glib/gi18n.h>

#include "imp-format.h"
#include "imp-submission-sheet.h"

/* The form stays for the next version of the same class; only what was used up
 * goes.
 */
static void
submission_state_cb (ImpPublishPage *self,
                     GParamSpec     *pspec,
                     ImpSubmission  *submission)
{
  if (submission != self->submitted ||
      g_strcmp0 (imp_submission_get_state (submission), "recorded") != 0)
    return;

  g_clear_object (&self->submitted);
  imp_firmware_group_set_file (self->firmware, NULL);
  imp_sbom_group_set_file (self->sbom, NULL);
  imp_publish_form_set_text (self->form, IMP_MANIFEST_VERSION_ID, "");
  imp_publish_form_set_text (self->form, IMP_MANIFEST_SEQUENCE, "");
  imp_place_refresh (IMP_PLACE (self));
}

static void
start (ImpPublishPage *self,
       ImpKey         *key)
{
  ImpSession *session = imp_place_get_session (IMP_PLACE (self));
  const ImpFileInfo *info = imp_firmware_group_get_info (self->firmware);
  g_autoptr(ImpDraft) draft = imp_publish_page_dup_draft (self);
  g_autoptr(ImpPublication) publication = NULL;
  GtkWidget *sheet;

  publication = imp_publication_new (imp_session_get_client (session), key,
                                     imp_firmware_group_get_file (self->firmware),
                                     imp_draft_make_builder (draft), info->sha384);
  if (imp_sbom_group_get_bytes (self->sbom) != NULL)
    imp_publication_set_sbom (publication, imp_sbom_group_get_bytes (self->sbom));

  g_clear_object (&self->submitted);
  self->submitted = imp_submissions_start (imp_session_get_submissions (session), publication,
                                           draft, NULL, NULL);
  g_signal_connect_object (self->submitted, "notify::state", G_CALLBACK (submission_state_cb),
                           self, G_CONNECT_SWAPPED);

  sheet = imp_submission_sheet_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                    self->submitted);
  gtk_window_present (GTK_WINDOW (sheet));
}

static void
opened_key_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ImpPublishPage) self = user_data;
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "publish.submit", TRUE);
  key = imp_keyring_open_key_finish (IMP_KEYRING (object), result, &error);
  if (key == NULL)
    {
      sentence = imp_format_error (error);
      imp_place_toast (IMP_PLACE (self), sentence);
      return;
    }

  /* Meanwhile the window may be gone, the file another, the agents away. */
  if (gtk_widget_get_root (GTK_WIDGET (self)) != NULL &&
      imp_firmware_group_get_info (self->firmware) != NULL &&
      imp_place_get_client (IMP_PLACE (self)) != NULL)
    start (self, key);
}

static void
open_key (ImpPublishPage *self,
          ImpAuthor      *author)
{
  ImpSession *session = imp_place_get_session (IMP_PLACE (self));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "publish.submit", FALSE);
  imp_keyring_open_key_async (imp_session_get_keyring (session), imp_author_get_item (author),
                              imp_place_get_cancellable (IMP_PLACE (self)), opened_key_cb,
                              g_object_ref (self));
}

static void
submit_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpPublishPage *self = IMP_PUBLISH_PAGE (widget);
  ImpAuthor *author = imp_publish_form_get_author (self->form);

  if (imp_firmware_group_get_info (self->firmware) == NULL)
    imp_firmware_group_complain (self->firmware);
  else if (!imp_sbom_group_is_ready (self->sbom))
    imp_sbom_group_complain (self->sbom);
  else if (author == NULL)
    imp_place_toast (IMP_PLACE (self), _("A signing key is needed first."));
  else if (!imp_publish_form_validate (self->form))
    imp_place_toast (IMP_PLACE (self), _("Some fields are not right yet."));
  else if (imp_place_get_client (IMP_PLACE (self)) == NULL)
    imp_place_toast (IMP_PLACE (self), _("The agents do not answer yet."));
  else
    open_key (self, author);
}

/**
 * imp_publish_page_install_submit:
 * @widget_class: the class of the page
 *
 * Installs the action that signs and submits.
 */
void
imp_publish_page_install_submit (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "publish.submit", NULL, submit_action);
}
