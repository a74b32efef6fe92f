/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-publish-page.h"

#include <glib/gi18n.h>

#include "imp-class-lookup.h"
#include "imp-firmware-group.h"
#include "imp-format.h"
#include "imp-manifest-view.h"
#include "imp-publish-defaults.h"
#include "imp-publish-form.h"
#include "imp-submission-sheet.h"
#include "imp-time.h"
#include "imp-toast.h"
#include "imp-version.h"

/* Wait for a pause in the typing before asking the ledger or the disk. */
#define PAUSE 400

/**
 * ImpPublishPage:
 *
 * A new update: the firmware, what it is for, what it follows, the manifest
 * that will be signed, and the button that does it.
 *
 * What is written here saves itself as a draft and is there again the next
 * time.
 */
struct _ImpPublishPage
{
  ImpPlace parent_instance;

  ImpClassLookup *lookup;     /* (owned) */
  ImpSubmission  *submitted;  /* (owned) (nullable): the last one of this form */
  guint           lookup_id;
  guint           draft_id;
  gboolean        loading;

  GtkWidget        *no_key_row;
  ImpFirmwareGroup *firmware;
  ImpPublishForm   *form;
  ImpManifestView  *review;
};

G_DEFINE_FINAL_TYPE (ImpPublishPage, imp_publish_page, IMP_TYPE_PLACE)

static char *
get_draft_path (ImpPublishPage *self)
{
  ImpSession *session = imp_place_get_session (IMP_PLACE (self));

  return g_build_filename (imp_session_get_data_dir (session), "draft.conf", NULL);
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (object), result, NULL, &error))
    g_warning ("could not save the draft: %s", error->message);
}

static GKeyFile *
make_draft (ImpPublishPage *self)
{
  GKeyFile *draft = g_key_file_new ();
  GFile *file = imp_firmware_group_get_file (self->firmware);

  imp_publish_form_save (self->form, draft);
  if (file != NULL)
    {
      g_autofree char *uri = g_file_get_uri (file);

      g_key_file_set_string (draft, "Firmware", "uri", uri);
    }

  return draft;
}

static gboolean
save_draft_cb (gpointer user_data)
{
  ImpPublishPage *self = user_data;
  g_autoptr(GKeyFile) draft = make_draft (self);
  g_autofree char *path = get_draft_path (self);
  g_autofree char *text = NULL;
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GBytes) bytes = NULL;
  gsize length;

  self->draft_id = 0;
  text = g_key_file_to_data (draft, &length, NULL);
  bytes = g_bytes_new_take (g_steal_pointer (&text), length);
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL,
                                       saved_cb, NULL);
  return G_SOURCE_REMOVE;
}

static void
save_draft_soon (ImpPublishPage *self)
{
  if (self->loading)
    return;

  g_clear_handle_id (&self->draft_id, g_source_remove);
  self->draft_id = g_timeout_add (PAUSE, save_draft_cb, self);
}

static void
load_draft (ImpPublishPage *self,
            GKeyFile       *draft)
{
  g_autofree char *uri = g_key_file_get_string (draft, "Firmware", "uri", NULL);

  self->loading = TRUE;
  imp_publish_form_load (self->form, draft);
  if (uri != NULL && imp_firmware_group_get_file (self->firmware) == NULL)
    {
      g_autoptr(GFile) file = g_file_new_for_uri (uri);

      imp_firmware_group_set_file (self->firmware, file);
    }
  self->loading = FALSE;
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
  g_autoptr(GKeyFile) draft = g_key_file_new ();
  g_autofree char *text = NULL;
  gsize length;

  propose_defaults (self);

  /* No draft, or none that can be read: the form begins empty. */
  if (g_file_load_contents_finish (G_FILE (object), result, &text, &length, NULL, NULL) &&
      g_key_file_load_from_data (draft, text, length, G_KEY_FILE_NONE, NULL))
    load_draft (self, draft);
}

static ImpManifestBuilder *
make_builder (ImpPublishPage *self)
{
  const ImpFileInfo *info = imp_firmware_group_get_info (self->firmware);
  ImpManifestBuilder *builder = imp_publish_form_make_builder (self->form);

  if (info != NULL)
    {
      imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_DIGEST, info->sha384);
      imp_manifest_builder_set_int (builder, IMP_MANIFEST_SIZE, info->size);
    }

  return builder;
}

static void
update_review (ImpPublishPage *self)
{
  g_autoptr(ImpManifestBuilder) builder = NULL;
  g_autoptr(ImpManifest) manifest = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *message = NULL;

  if (imp_firmware_group_get_info (self->firmware) == NULL)
    {
      imp_manifest_view_set_message (self->review, _("The manifest appears here once a firmware "
                                                     "file has been read."));
      return;
    }

  builder = make_builder (self);
  manifest = imp_manifest_builder_end (builder, &error);
  if (manifest != NULL)
    {
      imp_manifest_view_set_manifest (self->review, manifest);
      return;
    }

  message = imp_format_error (error);
  imp_manifest_view_set_message (self->review, message);
}

static void
changed_cb (ImpPublishPage *self)
{
  update_review (self);
  save_draft_soon (self);
}

static void
firmware_changed_cb (ImpPublishPage *self)
{
  const ImpFileInfo *info = imp_firmware_group_get_info (self->firmware);

  if (info != NULL)
    {
      imp_publish_form_propose (self->form, IMP_MANIFEST_PAYLOAD_FORMAT, info->format_id);
      if (info->version != NULL && imp_class_lookup_get_latest (self->lookup) == NULL)
        imp_publish_form_propose (self->form, IMP_MANIFEST_VERSION_ID, info->version);
    }

  changed_cb (self);
}

static gboolean
look_up_cb (gpointer user_data)
{
  ImpPublishPage *self = user_data;
  const char *class_id = imp_publish_form_get_text (self->form, IMP_MANIFEST_CLASS_ID);
  ImpAuthor *author = imp_publish_form_get_author (self->form);
  ImpAgentClient *client = imp_place_get_client (IMP_PLACE (self));

  self->lookup_id = 0;
  if (client != NULL && author != NULL && *class_id != '\0')
    imp_class_lookup_find (self->lookup, client, imp_author_get_fingerprint (author), class_id);
  return G_SOURCE_REMOVE;
}

static void
look_up_soon (ImpPublishPage *self)
{
  g_clear_handle_id (&self->lookup_id, g_source_remove);
  self->lookup_id = g_timeout_add (PAUSE, look_up_cb, self);
}

static void
listed_cb (ImpPublishPage *self)
{
  imp_publish_form_set_classes (self->form, imp_class_lookup_get_classes (self->lookup));
  imp_publish_form_set_releases (self->form, imp_class_lookup_get_releases (self->lookup));
}

static void
propose_sequence (ImpPublishPage *self,
                  ImpManifest    *manifest)
{
  gint64 sequence = imp_time_now ();
  g_autofree char *text = NULL;

  if (manifest != NULL)
    sequence = MAX (sequence, imp_manifest_get_sequence (manifest) + 1);

  text = g_strdup_printf ("%" G_GINT64_FORMAT, sequence);
  imp_publish_form_propose (self->form, IMP_MANIFEST_SEQUENCE, text);
}

static void
propose_version (ImpPublishPage *self,
                 ImpTransaction *latest)
{
  const ImpFileInfo *info = imp_firmware_group_get_info (self->firmware);
  const char *found = info != NULL ? info->version : NULL;
  g_autofree char *next = NULL;
  const char *versions[3] = { NULL };
  guint n = 0;

  if (latest != NULL)
    versions[n++] = next = imp_version_next (imp_transaction_get_version (latest));
  if (found != NULL && g_strcmp0 (found, next) != 0)
    versions[n++] = found;

  imp_publish_form_set_versions (self->form, versions);
  if (versions[0] != NULL)
    imp_publish_form_propose (self->form, IMP_MANIFEST_VERSION_ID, versions[0]);
}

static void
found_cb (ImpPublishPage *self)
{
  ImpTransaction *latest = imp_class_lookup_get_latest (self->lookup);
  g_autofree char *age = NULL;
  g_autofree char *text = NULL;

  if (latest != NULL)
    {
      age = imp_format_time (imp_transaction_get_time (latest));
      text = g_strdup_printf (_("%s, registered %s"), imp_transaction_get_version (latest), age);
    }

  imp_publish_form_set_latest (self->form, text != NULL ? text : _("Nothing of this class yet"));
  propose_version (self, latest);
  propose_sequence (self, imp_class_lookup_get_manifest (self->lookup));
}

static void
file_chosen_cb (ImpPublishPage       *self,
                int                   response,
                GtkFileChooserNative *chooser)
{
  g_autoptr(GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      imp_firmware_group_set_file (self->firmware, file);
    }

  g_object_unref (chooser);
}

static void
choose_file_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  ImpPublishPage *self = IMP_PUBLISH_PAGE (widget);
  GtkFileChooserNative *chooser;

  chooser = gtk_file_chooser_native_new (_("Choose a Firmware File"),
                                         GTK_WINDOW (gtk_widget_get_root (widget)),
                                         GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (file_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
new_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  ImpPublishPage *self = IMP_PUBLISH_PAGE (widget);

  gtk_widget_child_focus (GTK_WIDGET (self->firmware), GTK_DIR_TAB_FORWARD);
}

static void
undo_clear_cb (ImpPublishPage *self,
               AdwToast       *toast)
{
  load_draft (self, g_object_get_data (G_OBJECT (toast), "draft"));
  changed_cb (self);
}

static void
fill_from (ImpPublishPage *self,
           ImpManifest    *manifest)
{
  static const char *const keys[] = {
    IMP_MANIFEST_VENDOR_ID, IMP_MANIFEST_CLASS_ID, IMP_MANIFEST_STORAGE_LOCATION,
    IMP_MANIFEST_PAYLOAD_FORMAT, IMP_MANIFEST_PAYLOAD_PROCESSING, IMP_MANIFEST_ENCRYPTION_WRAPPER,
    IMP_MANIFEST_ADDITIONAL_INSTRUCTIONS,
  };

  imp_publish_form_clear (self->form);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const char *text = imp_manifest_get_string (manifest, keys[i]);

      imp_publish_form_set_text (self->form, keys[i], text != NULL ? text : "");
    }
  look_up_soon (self);
}

static void
got_update_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ImpPublishPage) self = user_data;
  g_autoptr(ImpRegisteredUpdate) update = NULL;
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

  fill_from (self, imp_update_get_manifest (update->update));
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
clear_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  ImpPublishPage *self = IMP_PUBLISH_PAGE (widget);
  AdwToast *toast = adw_toast_new (_("Form cleared"));

  adw_toast_set_button_label (toast, _("_Undo"));
  g_object_set_data_full (G_OBJECT (toast), "draft", make_draft (self),
                          (GDestroyNotify) g_key_file_unref);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_clear_cb), self,
                           G_CONNECT_SWAPPED);
  imp_firmware_group_set_file (self->firmware, NULL);
  imp_publish_form_clear (self->form);
  propose_defaults (self);
  imp_publish_form_set_latest (self->form, _("Nothing yet"));
  imp_toast_show (widget, toast);
}

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
  g_autoptr(ImpPublication) publication = NULL;
  GtkWidget *sheet;

  publication = imp_publication_new (imp_session_get_client (session), key,
                                     imp_firmware_group_get_file (self->firmware),
                                     imp_publish_form_make_builder (self->form), info->sha384);
  g_clear_object (&self->submitted);
  self->submitted = g_object_ref (imp_submissions_start (imp_session_get_submissions (session),
                                                         publication, NULL));
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
submit_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpPublishPage *self = IMP_PUBLISH_PAGE (widget);
  ImpAuthor *author = imp_publish_form_get_author (self->form);

  if (imp_firmware_group_get_info (self->firmware) == NULL)
    imp_firmware_group_complain (self->firmware);
  else if (author == NULL)
    imp_place_toast (IMP_PLACE (self), _("A signing key is needed first."));
  else if (!imp_publish_form_validate (self->form))
    imp_place_toast (IMP_PLACE (self), _("Some fields are not right yet."));
  else if (imp_place_get_client (IMP_PLACE (self)) == NULL)
    imp_place_toast (IMP_PLACE (self), _("The agents do not answer yet."));
  else
    {
      gtk_widget_action_set_enabled (widget, "publish.submit", FALSE);
      imp_keyring_open_key_async (imp_session_get_keyring (imp_place_get_session (IMP_PLACE (self))),
                                  imp_author_get_item (author),
                                  imp_place_get_cancellable (IMP_PLACE (self)), opened_key_cb,
                                  g_object_ref (self));
    }
}

static void
authors_changed_cb (ImpPublishPage *self)
{
  ImpSession *session = imp_place_get_session (IMP_PLACE (self));
  gboolean none = g_list_model_get_n_items (imp_session_get_authors (session)) == 0;

  gtk_widget_set_visible (self->no_key_row, imp_session_get_keys_loaded (session) && none);
}

/* The draft names its key, so it can only be put back when the keys are there. */
static void
keys_loaded_cb (ImpPublishPage *self)
{
  g_autofree char *path = get_draft_path (self);
  g_autoptr(GFile) file = g_file_new_for_path (path);

  authors_changed_cb (self);
  g_signal_handlers_disconnect_by_func (imp_place_get_session (IMP_PLACE (self)), keys_loaded_cb,
                                        self);
  g_file_load_contents_async (file, imp_place_get_cancellable (IMP_PLACE (self)), loaded_cb,
                              g_object_ref (self));
}

static void
imp_publish_page_set_up (ImpPlace *place)
{
  ImpPublishPage *self = IMP_PUBLISH_PAGE (place);
  ImpSession *session = imp_place_get_session (place);
  GListModel *authors = imp_session_get_authors (session);

  imp_publish_form_set_authors (self->form, authors);
  g_signal_connect_object (authors, "items-changed", G_CALLBACK (authors_changed_cb), self,
                           G_CONNECT_SWAPPED);
  if (imp_session_get_keys_loaded (session))
    keys_loaded_cb (self);
  else
    g_signal_connect_object (session, "notify::keys-loaded", G_CALLBACK (keys_loaded_cb), self,
                             G_CONNECT_SWAPPED);
}

static void
imp_publish_page_refresh (ImpPlace *place)
{
  ImpPublishPage *self = IMP_PUBLISH_PAGE (place);
  ImpAgentClient *client = imp_place_get_client (place);

  if (client == NULL)
    return;

  imp_class_lookup_list (self->lookup, client);
  look_up_soon (self);
}

static void
imp_publish_page_show_item (ImpPlace   *place,
                            const char *uri)
{
  g_autoptr(GFile) file = g_file_new_for_uri (uri);

  imp_firmware_group_set_file (IMP_PUBLISH_PAGE (place)->firmware, file);
}

static void
imp_publish_page_dispose (GObject *object)
{
  ImpPublishPage *self = IMP_PUBLISH_PAGE (object);

  if (self->draft_id != 0)
    {
      g_clear_handle_id (&self->draft_id, g_source_remove);
      save_draft_cb (self);
    }
  g_clear_handle_id (&self->lookup_id, g_source_remove);
  if (self->lookup != NULL)
    imp_class_lookup_close (self->lookup);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_PUBLISH_PAGE);
  g_clear_object (&self->lookup);
  g_clear_object (&self->submitted);

  G_OBJECT_CLASS (imp_publish_page_parent_class)->dispose (object);
}

static void
imp_publish_page_class_init (ImpPublishPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  ImpPlaceClass *place_class = IMP_PLACE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_publish_page_dispose;
  place_class->set_up = imp_publish_page_set_up;
  place_class->refresh = imp_publish_page_refresh;
  place_class->show_item = imp_publish_page_show_item;

  gtk_widget_class_install_action (widget_class, "publish.choose-file", NULL, choose_file_action);
  gtk_widget_class_install_action (widget_class, "publish.new", NULL, new_action);
  gtk_widget_class_install_action (widget_class, "publish.clear", NULL, clear_action);
  gtk_widget_class_install_action (widget_class, "publish.duplicate", "s", duplicate_action);
  gtk_widget_class_install_action (widget_class, "publish.submit", NULL, submit_action);

  g_type_ensure (IMP_TYPE_FIRMWARE_GROUP);
  g_type_ensure (IMP_TYPE_PUBLISH_FORM);
  g_type_ensure (IMP_TYPE_MANIFEST_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-publish-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpPublishPage, no_key_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishPage, firmware);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishPage, form);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishPage, review);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, firmware_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, look_up_soon);
}

static void
imp_publish_page_init (ImpPublishPage *self)
{
  self->lookup = imp_class_lookup_new ();
  g_signal_connect_object (self->lookup, "listed", G_CALLBACK (listed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->lookup, "found", G_CALLBACK (found_cb), self, G_CONNECT_SWAPPED);
  self->loading = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  update_review (self);
  self->loading = FALSE;
}
