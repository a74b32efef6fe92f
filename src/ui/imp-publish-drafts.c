/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-publish-page-private.h"

#include <glib/gi18n.h>

#include "imp-format.h"
#include "imp-publish-defaults.h"
#include "imp-toast.h"

/* What stands in the form as a whole: kept for the next time, replaced, and put back. */

static void
put_uri (ImpDraft   *draft,
         const char *key,
         GFile      *file)
{
  g_autofree char *uri = file != NULL ? g_file_get_uri (file) : NULL;

  imp_draft_set (draft, key, uri);
}

/* The draft of the page. */
ImpDraft *
imp_publish_page_dup_draft (ImpPublishPage *self)
{
  ImpDraft *draft = imp_publish_form_dup_draft (self->form);
  g_autoptr(JsonNode) sbom = imp_sbom_group_dup_json (self->sbom);

  put_uri (draft, IMP_DRAFT_FILE, imp_firmware_group_get_file (self->firmware));
  put_uri (draft, IMP_DRAFT_SBOM_FILE, imp_sbom_group_get_file (self->sbom));
  imp_draft_set_other (draft, IMP_MANIFEST_SBOM, sbom);
  return draft;
}

static GFile *
get_file (ImpDraft   *draft,
          const char *key)
{
  const char *uri = imp_draft_get (draft, key);

  return *uri != '\0' ? g_file_new_for_uri (uri) : NULL;
}

static gboolean
is_same_file (GFile *a,
              GFile *b)
{
  return a == b || (a != NULL && b != NULL && g_file_equal (a, b));
}

static void
fill (ImpPublishPage *self,
      ImpDraft       *draft)
{
  g_autoptr(GFile) firmware = get_file (draft, IMP_DRAFT_FILE);
  g_autoptr(GFile) sbom = get_file (draft, IMP_DRAFT_SBOM_FILE);

  self->filling = TRUE;
  imp_publish_form_set_draft (self->form, draft);
  if (!is_same_file (firmware, imp_firmware_group_get_file (self->firmware)))
    imp_firmware_group_set_file (self->firmware, firmware);
  if (sbom != NULL)
    imp_sbom_group_set_file (self->sbom, sbom);
  else
    imp_sbom_group_set_named (self->sbom, imp_draft_get_other (draft, IMP_MANIFEST_SBOM));
  self->filling = FALSE;

  imp_publish_page_look_up_soon (self);
  g_signal_emit_by_name (self->form, "changed");
}

static gboolean
says_nothing (ImpDraft *draft)
{
  static const char *const keys[] = {
    IMP_DRAFT_FILE, IMP_DRAFT_SBOM_FILE, IMP_MANIFEST_CLASS_ID, IMP_MANIFEST_VENDOR_ID,
    IMP_MANIFEST_VERSION_ID, IMP_MANIFEST_DEPENDENCIES,
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      if (*imp_draft_get (draft, keys[i]) != '\0')
        return FALSE;
    }

  return TRUE;
}

static void
undo_cb (ImpPublishPage *self,
         AdwToast       *toast)
{
  fill (self, g_object_get_data (G_OBJECT (toast), "draft"));
}

/* Of several replacements only the last can be undone: toasts wait for one another, and an older
 * one would bring back what two drafts ago was there.
 */
static void
offer_undo (ImpPublishPage *self,
            ImpDraft       *earlier,
            const char     *what)
{
  AdwToast *toast = imp_toast_new (what);

  if (self->undo != NULL)
    adw_toast_dismiss (self->undo);
  g_set_weak_pointer (&self->undo, toast);

  if (!says_nothing (earlier))
    {
      imp_toast_offer_undo (toast);
      g_object_set_data_full (G_OBJECT (toast), "draft", g_object_ref (earlier), g_object_unref);
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_cb), self,
                               G_CONNECT_SWAPPED);
    }
  imp_toast_show (GTK_WIDGET (self), toast);
}

/* There is one draft: whatever replaces it can be undone. */
void
imp_publish_page_replace (ImpPublishPage *self,
                          ImpDraft       *draft,
                          const char     *what)
{
  g_autoptr(ImpDraft) earlier = imp_publish_page_dup_draft (self);

  self->replaced = TRUE;
  fill (self, draft);
  offer_undo (self, earlier, what);
}

static void
propose_defaults (ImpPublishPage *self)
{
  imp_publish_defaults_propose (self->form,
                                imp_session_get_settings (imp_place_get_session (IMP_PLACE (self))));
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ImpPublishPage) self = user_data;
  g_autoptr(ImpDraft) draft = NULL;
  g_autoptr(GError) error = NULL;

  draft = imp_draft_keeper_load_finish (IMP_DRAFT_KEEPER (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  imp_state_stack_set_loaded (self->state_stack, FALSE);
  imp_place_focus_loaded (IMP_PLACE (self));
  if (!self->replaced)
    propose_defaults (self);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    imp_place_toast (IMP_PLACE (self), _("The draft of the last time cannot be read."));
  if (draft == NULL || says_nothing (draft))
    return;

  if (self->replaced)
    offer_undo (self, draft, _("The draft of the last time was replaced"));
  else
    fill (self, draft);
}

/* The draft names its key, so it can only be put back when the keys are there. */
void
imp_publish_page_restore (ImpPublishPage *self)
{
  imp_draft_keeper_load_async (self->keeper, imp_place_get_cancellable (IMP_PLACE (self)),
                               loaded_cb, g_object_ref (self));
}

static ImpDraft *
make_next (ImpRegisteredUpdate *update)
{
  ImpDraft *draft = imp_draft_new_from_manifest (imp_update_get_manifest (update->update));

  /* What belongs to the firmware of that version and not to the next one’s. */
  imp_draft_set (draft, IMP_MANIFEST_VERSION_ID, NULL);
  imp_draft_set (draft, IMP_MANIFEST_SEQUENCE, NULL);
  imp_draft_set (draft, IMP_MANIFEST_EXPIRATION_TIME, NULL);
  imp_draft_set_other (draft, IMP_MANIFEST_SBOM, NULL);
  imp_draft_set_other (draft, IMP_MANIFEST_PRECURSOR_DIGEST, NULL);
  imp_draft_set (draft, IMP_DRAFT_AUTHOR, imp_key_get_fingerprint (update->author));
  return draft;
}

static void
got_update_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ImpPublishPage) self = user_data;
  g_autoptr(ImpRegisteredUpdate) update = NULL;
  g_autoptr(ImpDraft) draft = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  update = imp_agent_client_get_update_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (update == NULL)
    {
      sentence = imp_format_error (error);
      imp_place_toast (IMP_PLACE (self), sentence);
      return;
    }

  draft = make_next (update);
  sentence = g_strdup_printf (_("The next version after %s"),
                              imp_transaction_get_version (update->transaction));
  imp_publish_page_replace (self, draft, sentence);
}

static void
duplicate_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  ImpPublishPage *self = IMP_PUBLISH_PAGE (widget);
  ImpAgentClient *client = imp_place_get_client (IMP_PLACE (self));

  if (client != NULL)
    imp_agent_client_get_update_async (client, g_variant_get_string (parameter, NULL),
                                       imp_place_get_cancellable (IMP_PLACE (self)),
                                       got_update_cb, g_object_ref (self));
  else
    imp_place_toast (IMP_PLACE (self), _("The agents do not answer yet."));
}

static void
edit_submission_action (GtkWidget  *widget,
                        const char *action_name,
                        GVariant   *parameter)
{
  ImpPublishPage *self = IMP_PUBLISH_PAGE (widget);
  ImpSubmissions *submissions = imp_session_get_submissions (imp_place_get_session (IMP_PLACE (self)));
  g_autoptr(ImpSubmission) submission =
    imp_submissions_find (submissions, g_variant_get_string (parameter, NULL));
  ImpDraft *draft = submission != NULL ? imp_submission_get_draft (submission) : NULL;

  if (draft != NULL)
    imp_publish_page_replace (self, draft, _("Form filled in as it was submitted"));
}

static void
clear_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  ImpPublishPage *self = IMP_PUBLISH_PAGE (widget);
  g_autoptr(ImpDraft) empty = imp_draft_new ();

  imp_publish_page_replace (self, empty, _("Form cleared"));
  imp_publish_form_clear (self->form);
  propose_defaults (self);
  imp_publish_form_set_latest (self->form, _("Nothing yet"));
}

/**
 * imp_publish_page_install_drafts:
 * @widget_class: the class of the page
 *
 * Installs the actions that fill the form from something, or empty it.
 */
void
imp_publish_page_install_drafts (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "publish.duplicate", "s", duplicate_action);
  gtk_widget_class_install_action (widget_class, "publish.edit-submission", "s",
                                   edit_submission_action);
  gtk_widget_class_install_action (widget_class, "publish.clear", NULL, clear_action);
}
