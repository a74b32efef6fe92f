/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-publish-page-private.h"

#include <glib/gi18n.h>

#include "imp-format.h"
#include "imp-time.h"
#include "imp-version.h"

/* Wait for a pause in the typing before asking the ledger. */
#define PAUSE 400

/**
 * ImpPublishPage:
 *
 * A new update: the firmware, what it is for, what it follows, the manifest
 * that will be signed and what it changes, and the button that does it.
 *
 * What is written here saves itself as a draft and is there again the next
 * time.
 */
G_DEFINE_FINAL_TYPE (ImpPublishPage, imp_publish_page, IMP_TYPE_PLACE)

/* A manifest of all that stands in the form, and of the file where it has been read. */
ImpManifestBuilder *
imp_publish_page_make_builder (ImpPublishPage *self)
{
  g_autoptr(ImpDraft) draft = imp_publish_page_dup_draft (self);
  const ImpFileInfo *info = imp_firmware_group_get_info (self->firmware);
  ImpManifestBuilder *builder = imp_draft_make_builder (draft);

  if (info != NULL)
    {
      imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_DIGEST, info->sha384);
      imp_manifest_builder_set_int (builder, IMP_MANIFEST_SIZE, info->size);
    }

  return builder;
}

static void
show_manifest (ImpPublishPage *self)
{
  g_autoptr(ImpManifestBuilder) builder = imp_publish_page_make_builder (self);
  g_autoptr(ImpManifest) manifest = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *message = NULL;

  manifest = imp_manifest_builder_end (builder, &error);
  imp_changes_view_set (self->changes, imp_class_lookup_get_manifest (self->lookup), manifest);
  if (manifest != NULL)
    {
      imp_manifest_view_set_manifest (self->review, manifest);
      return;
    }

  message = imp_format_error (error);
  imp_manifest_view_set_message (self->review, message);
}

static void
update_review (ImpPublishPage *self)
{
  if (imp_firmware_group_get_info (self->firmware) != NULL)
    {
      show_manifest (self);
      return;
    }

  imp_changes_view_set (self->changes, NULL, NULL);
  imp_manifest_view_set_message (self->review, _("The manifest appears here once a firmware "
                                                 "file has been read."));
}

static void
changed_cb (ImpPublishPage *self)
{
  g_autoptr(ImpDraft) draft = NULL;

  if (self->filling)
    return;

  update_review (self);
  draft = imp_publish_page_dup_draft (self);
  if (self->keeper != NULL)
    imp_draft_keeper_keep (self->keeper, draft);
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

/**
 * imp_publish_page_look_up_soon:
 * @self: a page
 *
 * Asks what the update follows, once nothing has been typed for a moment.
 */
void
imp_publish_page_look_up_soon (ImpPublishPage *self)
{
  g_clear_handle_id (&self->lookup_id, g_source_remove);
  self->lookup_id = g_timeout_add (PAUSE, look_up_cb, self);
}

static void
add_once (GPtrArray  *texts,
          const char *text)
{
  if (*text != '\0' && !g_ptr_array_find_with_equal_func (texts, text, g_str_equal, NULL))
    g_ptr_array_add (texts, g_strdup (text));
}

/* What was written in a field of earlier submissions, after what the ledger has. */
static char **
list_known (ImpPublishPage    *self,
            const char        *key,
            const char *const *first)
{
  ImpSession *session = imp_place_get_session (IMP_PLACE (self));
  GListModel *submissions = G_LIST_MODEL (imp_session_get_submissions (session));
  GPtrArray *texts = g_ptr_array_new ();

  for (guint i = 0; first[i] != NULL; i++)
    add_once (texts, first[i]);
  for (guint i = 0; i < g_list_model_get_n_items (submissions); i++)
    {
      g_autoptr(ImpSubmission) submission = g_list_model_get_item (submissions, i);
      ImpDraft *draft = imp_submission_get_draft (submission);

      if (draft != NULL)
        add_once (texts, imp_draft_get (draft, key));
    }

  g_ptr_array_add (texts, NULL);
  return (char **) g_ptr_array_free (texts, FALSE);
}

static void
listed_cb (ImpPublishPage *self)
{
  static const char *const none[] = { NULL };
  g_auto(GStrv) vendors = list_known (self, IMP_MANIFEST_VENDOR_ID, none);
  g_auto(GStrv) classes = list_known (self, IMP_MANIFEST_CLASS_ID,
                                      imp_class_lookup_get_classes (self->lookup));

  imp_publish_form_set_choices (self->form, IMP_MANIFEST_VENDOR_ID,
                                (const char *const *) vendors);
  imp_publish_form_set_choices (self->form, IMP_MANIFEST_CLASS_ID,
                                (const char *const *) classes);
  imp_publish_form_set_choices (self->form, IMP_MANIFEST_DEPENDENCIES,
                                imp_class_lookup_get_releases (self->lookup));
}

static void
propose_sequence (ImpPublishPage *self,
                  ImpManifest    *manifest)
{
  gint64 sequence = imp_time_now ();
  g_autofree char *text = NULL;

  if (manifest != NULL && imp_manifest_get_sequence (manifest) < G_MAXINT64)
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

  imp_publish_form_set_choices (self->form, IMP_MANIFEST_VERSION_ID, versions);
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
  update_review (self);
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
authors_changed_cb (ImpPublishPage *self)
{
  ImpSession *session = imp_place_get_session (IMP_PLACE (self));
  const GError *error = imp_session_get_keyring_error (session);
  gboolean none = g_list_model_get_n_items (imp_session_get_authors (session)) == 0;
  gboolean loaded = imp_session_get_keys_loaded (session);
  g_autofree char *sentence = error != NULL ? imp_format_error (error) : g_strdup ("");

  adw_action_row_set_subtitle (self->no_keyring_row, sentence);
  gtk_widget_set_visible (self->no_keyring_group, loaded && error != NULL);
  gtk_widget_set_visible (self->no_key_group, loaded && none && error == NULL);
}

static void
keys_loaded_cb (ImpPublishPage *self)
{
  authors_changed_cb (self);
  g_signal_handlers_disconnect_by_func (imp_place_get_session (IMP_PLACE (self)), keys_loaded_cb,
                                        self);
  g_signal_connect_object (imp_place_get_session (IMP_PLACE (self)), "notify::keys-loaded",
                           G_CALLBACK (authors_changed_cb), self, G_CONNECT_SWAPPED);
  imp_publish_page_restore (self);
}

static void
imp_publish_page_set_up (ImpPlace *place)
{
  ImpPublishPage *self = IMP_PUBLISH_PAGE (place);
  ImpSession *session = imp_place_get_session (place);
  GSettings *settings = imp_session_get_settings (session);
  GListModel *authors = imp_session_get_authors (session);

  if (settings != NULL)
    imp_publish_form_remember (self->form, settings);
  imp_publish_form_set_authors (self->form, authors);
  self->keeper = imp_draft_keeper_new (imp_session_get_data_dir (session));
  g_signal_connect_object (authors, "items-changed", G_CALLBACK (authors_changed_cb), self,
                           G_CONNECT_SWAPPED);
  imp_state_stack_set_loading (self->state_stack);
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
  imp_publish_page_look_up_soon (self);
}

static void
imp_publish_page_show_item (ImpPlace   *place,
                            const char *uri)
{
  ImpPublishPage *self = IMP_PUBLISH_PAGE (place);
  g_autoptr(GFile) file = g_file_new_for_uri (uri);

  imp_firmware_group_set_file (self->firmware, file);
  /* The form may have been scrolled to its end. */
  gtk_widget_grab_focus (GTK_WIDGET (self->firmware));
}

static void
imp_publish_page_dispose (GObject *object)
{
  ImpPublishPage *self = IMP_PUBLISH_PAGE (object);

  if (self->keeper != NULL)
    imp_draft_keeper_flush (self->keeper);
  g_clear_object (&self->keeper);
  g_clear_handle_id (&self->lookup_id, g_source_remove);
  if (self->lookup != NULL)
    imp_class_lookup_close (self->lookup);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_PUBLISH_PAGE);
  g_clear_object (&self->lookup);
  g_clear_object (&self->submitted);
  g_clear_weak_pointer (&self->undo);

  G_OBJECT_CLASS (imp_publish_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ImpPublishPage, state_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishPage, no_key_group);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishPage, no_keyring_group);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishPage, no_keyring_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishPage, firmware);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishPage, form);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishPage, sbom);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishPage, review);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishPage, changes);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, firmware_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, imp_publish_page_look_up_soon);
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

  gtk_widget_class_install_action (widget_class, "publish.new", NULL, new_action);
  imp_publish_page_install_files (widget_class);
  imp_publish_page_install_drafts (widget_class);
  imp_publish_page_install_submit (widget_class);

  g_type_ensure (IMP_TYPE_STATE_STACK);
  g_type_ensure (IMP_TYPE_FIRMWARE_GROUP);
  g_type_ensure (IMP_TYPE_PUBLISH_FORM);
  g_type_ensure (IMP_TYPE_SBOM_GROUP);
  g_type_ensure (IMP_TYPE_MANIFEST_VIEW);
  g_type_ensure (IMP_TYPE_CHANGES_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-publish-page.ui");
  bind_template (widget_class);
}

static void
imp_publish_page_init (ImpPublishPage *self)
{
  self->lookup = imp_class_lookup_new ();
  g_signal_connect_object (self->lookup, "listed", G_CALLBACK (listed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->lookup, "found", G_CALLBACK (found_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_init_template (GTK_WIDGET (self));
  update_review (self);
}
