/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-publish-form.h"

#include "imp-chips-row.h"
#include "imp-choices-button.h"
#include "imp-draft-rows.h"
#include "imp-field-row.h"
#include "imp-other-fields-row.h"
#include "imp-time.h"

/**
 * ImpPublishForm:
 *
 * The fields of a manifest that a person decides on, each with what helps to
 * fill it: what is known already, a calendar, a proposal.
 */
struct _ImpPublishForm
{
  AdwBin parent_instance;

  GListModel   *authors;  /* (owned) (nullable) */
  ImpDraftRows *rows;     /* (owned) */

  AdwComboRow      *key_row;
  ImpFieldRow      *vendor_row;
  ImpChoicesButton *vendor_choices;
  ImpFieldRow      *class_row;
  ImpChoicesButton *class_choices;
  ImpFieldRow      *storage_row;
  ImpFieldRow      *format_row;
  ImpFieldRow      *dependency_row;
  ImpChoicesButton *dependency_choices;
  ImpChipsRow      *dependencies;
  ImpFieldRow      *expiry_row;
  GtkCalendar      *calendar;
  ImpFieldRow      *processing_row;
  ImpFieldRow      *wrapper_row;
  ImpFieldRow      *instructions_row;
  AdwExpanderRow   *more_row;
  ImpOtherFieldsRow *others_row;
  AdwActionRow     *latest_row;
  ImpFieldRow      *version_row;
  ImpChoicesButton *version_choices;
  ImpFieldRow      *sequence_row;
};

G_DEFINE_FINAL_TYPE (ImpPublishForm, imp_publish_form, ADW_TYPE_BIN)

enum {
  SIGNAL_CHANGED,
  SIGNAL_SUBJECT_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
changed_cb (ImpPublishForm *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
rows_changed_cb (ImpPublishForm *self,
                 const char     *key)
{
  if (g_str_equal (key, IMP_MANIFEST_CLASS_ID))
    g_signal_emit (self, signals[SIGNAL_SUBJECT_CHANGED], 0);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
key_selected_cb (ImpPublishForm *self)
{
  g_signal_emit (self, signals[SIGNAL_SUBJECT_CHANGED], 0);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
dependency_changed_cb (ImpPublishForm *self)
{
  imp_draft_rows_check_row (self->dependency_row, IMP_MANIFEST_DEPENDENCIES, NULL);
}

/* What is typed becomes a chip once it is right. */
static gboolean
take_dependency (ImpPublishForm *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->dependency_row)));

  if (!imp_draft_rows_check_row (self->dependency_row, IMP_MANIFEST_DEPENDENCIES, NULL))
    return FALSE;

  if (*text != '\0')
    {
      gtk_editable_set_text (GTK_EDITABLE (self->dependency_row), "");
      imp_chips_row_add (self->dependencies, text);
    }
  return TRUE;
}

static void
add_dependency_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  take_dependency (IMP_PUBLISH_FORM (widget));
}

static void
day_selected_cb (ImpPublishForm *self)
{
  g_autoptr(GDateTime) date = gtk_calendar_get_date (self->calendar);
  g_autofree char *text = g_date_time_format (date, "%Y-%m-%d");

  gtk_editable_set_text (GTK_EDITABLE (self->expiry_row), text);
}

static void
new_uuid_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  g_autofree char *uuid = g_uuid_string_random ();

  imp_publish_form_set_text (IMP_PUBLISH_FORM (widget), g_variant_get_string (parameter, NULL),
                             uuid);
}

static char *
get_author_label (ImpAuthor *author,
                  gpointer   user_data)
{
  return author != NULL ? g_strdup (imp_author_get_label (author)) : NULL;
}

static void
imp_publish_form_dispose (GObject *object)
{
  ImpPublishForm *self = IMP_PUBLISH_FORM (object);

  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_PUBLISH_FORM);
  g_clear_object (&self->authors);
  g_clear_object (&self->rows);

  G_OBJECT_CLASS (imp_publish_form_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, key_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, vendor_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, vendor_choices);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, class_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, class_choices);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, storage_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, format_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, dependency_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, dependency_choices);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, dependencies);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, expiry_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, calendar);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, processing_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, wrapper_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, instructions_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, more_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, others_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, latest_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, version_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, version_choices);
  gtk_widget_class_bind_template_child (widget_class, ImpPublishForm, sequence_row);
  gtk_widget_class_bind_template_callback (widget_class, key_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, gtk_editable_set_text);
  gtk_widget_class_bind_template_callback (widget_class, imp_chips_row_add);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, dependency_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, take_dependency);
  gtk_widget_class_bind_template_callback (widget_class, day_selected_cb);
}

static void
imp_publish_form_class_init (ImpPublishFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_publish_form_dispose;

  /**
   * ImpPublishForm::changed:
   *
   * Emitted when any field changed.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  /**
   * ImpPublishForm::subject-changed:
   *
   * Emitted when it is about another class or another author, so that the
   * ledger has to be asked what it has of them.
   */
  signals[SIGNAL_SUBJECT_CHANGED] =
    g_signal_new ("subject-changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "form.new-uuid", "s", new_uuid_action);
  gtk_widget_class_install_action (widget_class, "form.add-dependency", NULL,
                                   add_dependency_action);

  g_type_ensure (IMP_TYPE_CHIPS_ROW);
  g_type_ensure (IMP_TYPE_FIELD_ROW);
  g_type_ensure (IMP_TYPE_OTHER_FIELDS_ROW);
  g_type_ensure (IMP_TYPE_CHOICES_BUTTON);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-publish-form.ui");
  bind_template (widget_class);
}

static void
add_rows (ImpPublishForm *self)
{
  ImpDraftRows *rows = self->rows = imp_draft_rows_new ();

  imp_draft_rows_add (rows, IMP_MANIFEST_VENDOR_ID, self->vendor_row, FALSE);
  imp_draft_rows_add (rows, IMP_MANIFEST_CLASS_ID, self->class_row, TRUE);
  imp_draft_rows_add (rows, IMP_MANIFEST_STORAGE_LOCATION, self->storage_row, TRUE);
  imp_draft_rows_add (rows, IMP_MANIFEST_PAYLOAD_FORMAT, self->format_row, TRUE);
  imp_draft_rows_add (rows, IMP_MANIFEST_EXPIRATION_TIME, self->expiry_row, FALSE);
  imp_draft_rows_add (rows, IMP_MANIFEST_PAYLOAD_PROCESSING, self->processing_row, FALSE);
  imp_draft_rows_add (rows, IMP_MANIFEST_ENCRYPTION_WRAPPER, self->wrapper_row, FALSE);
  imp_draft_rows_add (rows, IMP_MANIFEST_ADDITIONAL_INSTRUCTIONS, self->instructions_row, FALSE);
  imp_draft_rows_add (rows, IMP_MANIFEST_VERSION_ID, self->version_row, TRUE);
  imp_draft_rows_add (rows, IMP_MANIFEST_SEQUENCE, self->sequence_row, TRUE);
  g_signal_connect_object (rows, "changed", G_CALLBACK (rows_changed_cb), self, G_CONNECT_SWAPPED);
}

static void
imp_publish_form_init (ImpPublishForm *self)
{
  g_autoptr(GtkExpression) expression = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  add_rows (self);

  expression = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL,
                                            G_CALLBACK (get_author_label), NULL, NULL);
  adw_combo_row_set_expression (self->key_row, expression);
  imp_publish_form_clear (self);
}

/**
 * imp_publish_form_get_author:
 * @self: a form
 *
 * Gets the key to sign with.
 *
 * Returns: (transfer none) (nullable): the author, %NULL where there is no key
 */
ImpAuthor *
imp_publish_form_get_author (ImpPublishForm *self)
{
  g_return_val_if_fail (IMP_IS_PUBLISH_FORM (self), NULL);

  return adw_combo_row_get_selected_item (self->key_row);
}

/**
 * imp_publish_form_get_text:
 * @self: a form
 * @key: a key of the manifest
 *
 * Gets what stands in a field.
 *
 * Returns: the text
 */
const char *
imp_publish_form_get_text (ImpPublishForm *self,
                           const char     *key)
{
  g_return_val_if_fail (IMP_IS_PUBLISH_FORM (self), NULL);

  return imp_draft_rows_get_text (self->rows, key);
}

/**
 * imp_publish_form_set_authors:
 * @self: a form
 * @authors: (nullable): a list of [class@Imp.Author] to choose from
 *
 * Sets who may sign.
 */
void
imp_publish_form_set_authors (ImpPublishForm *self,
                              GListModel     *authors)
{
  g_return_if_fail (IMP_IS_PUBLISH_FORM (self));

  g_set_object (&self->authors, authors);
  adw_combo_row_set_model (self->key_row, authors);
}

/**
 * imp_publish_form_set_text:
 * @self: a form
 * @key: a key of the manifest
 * @text: what to write there
 *
 * Writes a field as the person would.
 */
void
imp_publish_form_set_text (ImpPublishForm *self,
                           const char     *key,
                           const char     *text)
{
  g_return_if_fail (IMP_IS_PUBLISH_FORM (self));

  imp_draft_rows_set_text (self->rows, key, text);
}

/**
 * imp_publish_form_propose:
 * @self: a form
 * @key: a key of the manifest
 * @text: what may stand there
 *
 * Writes a field, unless the person already did.
 */
void
imp_publish_form_propose (ImpPublishForm *self,
                          const char     *key,
                          const char     *text)
{
  g_return_if_fail (IMP_IS_PUBLISH_FORM (self));

  imp_draft_rows_propose (self->rows, key, text);
}

static ImpChoicesButton *
find_choices (ImpPublishForm *self,
              const char     *key)
{
  if (g_str_equal (key, IMP_MANIFEST_VENDOR_ID))
    return self->vendor_choices;
  if (g_str_equal (key, IMP_MANIFEST_CLASS_ID))
    return self->class_choices;
  if (g_str_equal (key, IMP_MANIFEST_DEPENDENCIES))
    return self->dependency_choices;

  g_assert (g_str_equal (key, IMP_MANIFEST_VERSION_ID));
  return self->version_choices;
}

/**
 * imp_publish_form_set_choices:
 * @self: a form
 * @key: %IMP_MANIFEST_VENDOR_ID, %IMP_MANIFEST_CLASS_ID, %IMP_MANIFEST_DEPENDENCIES or
 *   %IMP_MANIFEST_VERSION_ID
 * @choices: (array zero-terminated=1): what is known to fit there
 *
 * Offers texts for a field. Any other can be typed.
 */
void
imp_publish_form_set_choices (ImpPublishForm    *self,
                              const char        *key,
                              const char *const *choices)
{
  g_return_if_fail (IMP_IS_PUBLISH_FORM (self));

  imp_choices_button_set_choices (find_choices (self, key), choices);
}

/**
 * imp_publish_form_remember:
 * @self: a form
 * @settings: where it is kept
 *
 * Opens the fields that are folded away if they were open when it was last used.
 */
void
imp_publish_form_remember (ImpPublishForm *self,
                           GSettings      *settings)
{
  g_return_if_fail (IMP_IS_PUBLISH_FORM (self));

  g_settings_bind (settings, "more-fields", self->more_row, "expanded", G_SETTINGS_BIND_DEFAULT);
}

/**
 * imp_publish_form_set_latest:
 * @self: a form
 * @latest: what the ledger has now, in words
 *
 * Says what the new version follows.
 */
void
imp_publish_form_set_latest (ImpPublishForm *self,
                             const char     *latest)
{
  g_return_if_fail (IMP_IS_PUBLISH_FORM (self));

  adw_action_row_set_subtitle (self->latest_row, latest);
}

/**
 * imp_publish_form_clear:
 * @self: a form
 *
 * Begins anew.
 */
void
imp_publish_form_clear (ImpPublishForm *self)
{
  g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, imp_time_now ());
  g_autoptr(ImpDraft) empty = imp_draft_new ();

  g_return_if_fail (IMP_IS_PUBLISH_FORM (self));

  imp_publish_form_set_draft (self, empty);
  imp_publish_form_propose (self, IMP_MANIFEST_STORAGE_LOCATION, "./updates");
  imp_publish_form_propose (self, IMP_MANIFEST_SEQUENCE, now);
}

/**
 * imp_publish_form_validate:
 * @self: a form
 *
 * Checks all fields, complains beside each that is wrong, and puts the focus
 * into the first of them.
 *
 * Returns: whether all are right
 */
gboolean
imp_publish_form_validate (ImpPublishForm *self)
{
  GtkWidget *first;

  g_return_val_if_fail (IMP_IS_PUBLISH_FORM (self), FALSE);

  first = imp_draft_rows_validate (self->rows);
  if (!take_dependency (self) && first == NULL)
    first = GTK_WIDGET (self->dependency_row);

  if (first != NULL)
    gtk_widget_grab_focus (first);
  return first == NULL;
}

/**
 * imp_publish_form_dup_draft:
 * @self: a form
 *
 * Writes down everything that stands in the form.
 *
 * Returns: (transfer full): a draft
 */
ImpDraft *
imp_publish_form_dup_draft (ImpPublishForm *self)
{
  g_autofree char *dependencies = NULL;
  ImpAuthor *author;
  ImpDraft *draft;

  g_return_val_if_fail (IMP_IS_PUBLISH_FORM (self), NULL);

  draft = imp_draft_new ();
  author = imp_publish_form_get_author (self);
  if (author != NULL)
    imp_draft_set (draft, IMP_DRAFT_AUTHOR, imp_author_get_fingerprint (author));
  imp_draft_rows_save (self->rows, draft);
  dependencies = imp_chips_row_dup_text (self->dependencies);
  imp_draft_set (draft, IMP_MANIFEST_DEPENDENCIES, dependencies);
  imp_other_fields_row_save (self->others_row, draft);
  return draft;
}

/**
 * imp_publish_form_select_author:
 * @self: a form
 * @fingerprint: (nullable): fingerprint of a key
 *
 * Chooses the key to sign with, if there is one of that fingerprint.
 */
void
imp_publish_form_select_author (ImpPublishForm *self,
                                const char     *fingerprint)
{
  guint n;

  g_return_if_fail (IMP_IS_PUBLISH_FORM (self));

  n = self->authors != NULL ? g_list_model_get_n_items (self->authors) : 0;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpAuthor) author = g_list_model_get_item (self->authors, i);

      if (g_strcmp0 (fingerprint, imp_author_get_fingerprint (author)) == 0)
        adw_combo_row_set_selected (self->key_row, i);
    }
}

/**
 * imp_publish_form_set_draft:
 * @self: a form
 * @draft: what is to stand in the form
 *
 * Replaces everything; only the key stays where the draft has none.
 */
void
imp_publish_form_set_draft (ImpPublishForm *self,
                            ImpDraft       *draft)
{
  g_return_if_fail (IMP_IS_PUBLISH_FORM (self));
  g_return_if_fail (IMP_IS_DRAFT (draft));

  imp_publish_form_select_author (self, imp_draft_get (draft, IMP_DRAFT_AUTHOR));
  imp_draft_rows_load (self->rows, draft);
  gtk_editable_set_text (GTK_EDITABLE (self->dependency_row), "");
  imp_chips_row_set_text (self->dependencies, imp_draft_get (draft, IMP_MANIFEST_DEPENDENCIES));
  imp_other_fields_row_load (self->others_row, draft);
}
