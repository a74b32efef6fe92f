/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-publish-form.h"

#include <glib/gi18n.h>

#include "imp-changes-view.h"
#include "imp-chips-row.h"
#include "imp-choices-button.h"
#include "imp-field-row.h"
#include "imp-format.h"
#include "imp-time.h"

/**
 * ImpPublishForm:
 *
 * The fields of a manifest that a person decides on. Each is checked as it is
 * typed, with the words of the whole check; an empty one is only complained of
 * when the form is to be sent.
 *
 * What is proposed (the next version, a sequence number, the detected format)
 * replaces an earlier proposal but never what a person wrote.
 */
struct _ImpPublishForm
{
  AdwBin parent_instance;

  GListModel *authors;    /* (owned) (nullable) */
  GHashTable *proposals;  /* (owned): key -> text */
  ImpDraft   *others;     /* (owned): of which only what has no row here counts */
  gboolean    complain;   /* about empty fields, too */

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
  AdwActionRow     *others_row;
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

typedef struct
{
  const char *key;
  glong       offset;  /* of the row */
  gboolean    required;
} Field;

static const Field fields[] = {
  { IMP_MANIFEST_VENDOR_ID, G_STRUCT_OFFSET (ImpPublishForm, vendor_row), FALSE },
  { IMP_MANIFEST_CLASS_ID, G_STRUCT_OFFSET (ImpPublishForm, class_row), TRUE },
  { IMP_MANIFEST_STORAGE_LOCATION, G_STRUCT_OFFSET (ImpPublishForm, storage_row), TRUE },
  { IMP_MANIFEST_PAYLOAD_FORMAT, G_STRUCT_OFFSET (ImpPublishForm, format_row), TRUE },
  { IMP_MANIFEST_EXPIRATION_TIME, G_STRUCT_OFFSET (ImpPublishForm, expiry_row), FALSE },
  { IMP_MANIFEST_PAYLOAD_PROCESSING, G_STRUCT_OFFSET (ImpPublishForm, processing_row), FALSE },
  { IMP_MANIFEST_ENCRYPTION_WRAPPER, G_STRUCT_OFFSET (ImpPublishForm, wrapper_row), FALSE },
  { IMP_MANIFEST_ADDITIONAL_INSTRUCTIONS, G_STRUCT_OFFSET (ImpPublishForm, instructions_row),
    FALSE },
  { IMP_MANIFEST_VERSION_ID, G_STRUCT_OFFSET (ImpPublishForm, version_row), TRUE },
  { IMP_MANIFEST_SEQUENCE, G_STRUCT_OFFSET (ImpPublishForm, sequence_row), TRUE },
};

static ImpFieldRow *
get_row (ImpPublishForm *self,
         const Field    *field)
{
  return G_STRUCT_MEMBER (ImpFieldRow *, self, field->offset);
}

static const Field *
find_field (const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      if (g_str_equal (fields[i].key, key))
        return &fields[i];
    }

  g_assert_not_reached ();
}

static const char *
get_text (ImpPublishForm *self,
          const Field    *field)
{
  return gtk_editable_get_text (GTK_EDITABLE (get_row (self, field)));
}

/* The check names the key of the manifest; the person sees the row's title. */
static char *
describe_problem (const char   *key,
                  const GError *error)
{
  g_autofree char *quoted = g_strdup_printf ("“%s”", key);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *sentence = imp_format_error (error);

  g_string_assign (text, sentence);
  g_string_replace (text, quoted, imp_changes_view_title_of_key (key), 1);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
check_row (ImpFieldRow *row,
           const char  *key,
           const char  *empty)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));
  g_autoptr(GError) error = NULL;
  g_autofree char *problem = NULL;

  if (*text == '\0')
    problem = g_strdup (empty);
  else if (!imp_draft_check_field (key, text, &error))
    problem = describe_problem (key, error);

  imp_field_row_set_problem (row, problem);
  return problem == NULL;
}

static gboolean
check_field (ImpPublishForm *self,
             const Field    *field)
{
  gboolean missing = field->required && *get_text (self, field) == '\0';

  return check_row (get_row (self, field), field->key,
                    missing && self->complain ? _("This cannot be empty.") : NULL) &&
         !missing;
}

static void
changed_cb (ImpPublishForm *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
row_changed_cb (ImpPublishForm *self,
                ImpFieldRow    *row)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      if (get_row (self, &fields[i]) == row)
        check_field (self, &fields[i]);
    }

  if (row == self->class_row)
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
vendor_chosen_cb (ImpPublishForm *self,
                  const char     *vendor_id)
{
  gtk_editable_set_text (GTK_EDITABLE (self->vendor_row), vendor_id);
}

static void
class_chosen_cb (ImpPublishForm *self,
                 const char     *class_id)
{
  gtk_editable_set_text (GTK_EDITABLE (self->class_row), class_id);
}

static void
version_chosen_cb (ImpPublishForm *self,
                   const char     *version)
{
  gtk_editable_set_text (GTK_EDITABLE (self->version_row), version);
}

static void
dependency_chosen_cb (ImpPublishForm *self,
                      const char     *release)
{
  imp_chips_row_add (self->dependencies, release);
}

static void
dependency_changed_cb (ImpPublishForm *self)
{
  check_row (self->dependency_row, IMP_MANIFEST_DEPENDENCIES, NULL);
}

/* What is typed becomes a chip once it is right. */
static gboolean
take_dependency (ImpPublishForm *self)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->dependency_row)));

  if (!check_row (self->dependency_row, IMP_MANIFEST_DEPENDENCIES, NULL))
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
show_others (ImpPublishForm *self)
{
  g_auto(GStrv) keys = imp_draft_list_others (self->others);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; keys[i] != NULL; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            imp_changes_view_title_of_key (keys[i]));

  adw_action_row_set_subtitle (self->others_row, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->others_row), keys[0] != NULL);
}

static void
set_others (ImpPublishForm *self,
            ImpDraft       *draft)
{
  g_set_object (&self->others, draft);
  show_others (self);
}

static void
remove_others_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  ImpPublishForm *self = IMP_PUBLISH_FORM (widget);
  g_autoptr(ImpDraft) nothing = imp_draft_new ();

  set_others (self, nothing);
  changed_cb (self);
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

  G_OBJECT_CLASS (imp_publish_form_parent_class)->dispose (object);
}

static void
imp_publish_form_finalize (GObject *object)
{
  ImpPublishForm *self = IMP_PUBLISH_FORM (object);

  g_hash_table_unref (self->proposals);
  g_clear_object (&self->others);

  G_OBJECT_CLASS (imp_publish_form_parent_class)->finalize (object);
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
  gtk_widget_class_bind_template_callback (widget_class, row_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, vendor_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, class_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, version_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, dependency_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, dependency_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, take_dependency);
  gtk_widget_class_bind_template_callback (widget_class, day_selected_cb);
}

static void
imp_publish_form_class_init (ImpPublishFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_publish_form_dispose;
  G_OBJECT_CLASS (klass)->finalize = imp_publish_form_finalize;

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
  gtk_widget_class_install_action (widget_class, "form.remove-others", NULL, remove_others_action);

  g_type_ensure (IMP_TYPE_CHIPS_ROW);
  g_type_ensure (IMP_TYPE_FIELD_ROW);
  g_type_ensure (IMP_TYPE_CHOICES_BUTTON);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-publish-form.ui");
  bind_template (widget_class);
}

static void
imp_publish_form_init (ImpPublishForm *self)
{
  g_autoptr(GtkExpression) expression = NULL;

  self->proposals = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->others = imp_draft_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

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

  return get_text (self, find_field (key));
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

  gtk_editable_set_text (GTK_EDITABLE (get_row (self, find_field (key))), text);
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
  const Field *field = find_field (key);
  const char *current;
  const char *earlier;

  g_return_if_fail (IMP_IS_PUBLISH_FORM (self));

  current = get_text (self, field);
  earlier = g_hash_table_lookup (self->proposals, field->key);
  if (*current != '\0' && g_strcmp0 (current, earlier) != 0)
    return;

  g_hash_table_insert (self->proposals, (gpointer) field->key, g_strdup (text));
  imp_publish_form_set_text (self, key, text);
}

/**
 * imp_publish_form_set_vendors:
 * @self: a form
 * @vendors: (array zero-terminated=1): vendors that were used before
 *
 * Proposes vendors. Any other can be typed.
 */
void
imp_publish_form_set_vendors (ImpPublishForm    *self,
                              const char *const *vendors)
{
  g_return_if_fail (IMP_IS_PUBLISH_FORM (self));

  imp_choices_button_set_choices (self->vendor_choices, vendors);
}

/**
 * imp_publish_form_set_classes:
 * @self: a form
 * @classes: (array zero-terminated=1): classes that the ledger knows
 *
 * Proposes classes. Any other can be typed.
 */
void
imp_publish_form_set_classes (ImpPublishForm    *self,
                              const char *const *classes)
{
  g_return_if_fail (IMP_IS_PUBLISH_FORM (self));

  imp_choices_button_set_choices (self->class_choices, classes);
}

/**
 * imp_publish_form_set_releases:
 * @self: a form
 * @releases: (array zero-terminated=1): updates that the ledger knows, as `class:version`
 *
 * Proposes what the update can depend on. Any other can be typed.
 */
void
imp_publish_form_set_releases (ImpPublishForm    *self,
                               const char *const *releases)
{
  g_return_if_fail (IMP_IS_PUBLISH_FORM (self));

  imp_choices_button_set_choices (self->dependency_choices, releases);
}

/**
 * imp_publish_form_set_versions:
 * @self: a form
 * @versions: (array zero-terminated=1): names that could come next
 *
 * Proposes versions. Any other can be typed.
 */
void
imp_publish_form_set_versions (ImpPublishForm    *self,
                               const char *const *versions)
{
  g_return_if_fail (IMP_IS_PUBLISH_FORM (self));

  imp_choices_button_set_choices (self->version_choices, versions);
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
  GtkWidget *first = NULL;

  g_return_val_if_fail (IMP_IS_PUBLISH_FORM (self), FALSE);

  self->complain = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      if (!check_field (self, &fields[i]) && first == NULL)
        first = GTK_WIDGET (get_row (self, &fields[i]));
    }
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
  g_auto(GStrv) others = NULL;
  g_autofree char *dependencies = NULL;
  ImpAuthor *author;
  ImpDraft *draft;

  g_return_val_if_fail (IMP_IS_PUBLISH_FORM (self), NULL);

  draft = imp_draft_new ();
  author = imp_publish_form_get_author (self);
  if (author != NULL)
    imp_draft_set (draft, IMP_DRAFT_AUTHOR, imp_author_get_fingerprint (author));
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    imp_draft_set (draft, fields[i].key, get_text (self, &fields[i]));
  dependencies = imp_chips_row_dup_text (self->dependencies);
  imp_draft_set (draft, IMP_MANIFEST_DEPENDENCIES, dependencies);

  others = imp_draft_list_others (self->others);
  for (guint i = 0; others[i] != NULL; i++)
    imp_draft_set_other (draft, others[i], imp_draft_get_other (self->others, others[i]));
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

/* The SBOM has a group of its own. */
static void
take_others (ImpPublishForm *self,
             ImpDraft       *draft)
{
  g_autoptr(ImpDraft) others = imp_draft_new ();
  g_auto(GStrv) keys = imp_draft_list_others (draft);

  for (guint i = 0; keys[i] != NULL; i++)
    {
      if (!g_str_equal (keys[i], IMP_MANIFEST_SBOM))
        imp_draft_set_other (others, keys[i], imp_draft_get_other (draft, keys[i]));
    }

  set_others (self, others);
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

  self->complain = FALSE;
  g_hash_table_remove_all (self->proposals);
  imp_publish_form_select_author (self, imp_draft_get (draft, IMP_DRAFT_AUTHOR));
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    imp_publish_form_set_text (self, fields[i].key, imp_draft_get (draft, fields[i].key));
  gtk_editable_set_text (GTK_EDITABLE (self->dependency_row), "");
  imp_chips_row_set_text (self->dependencies, imp_draft_get (draft, IMP_MANIFEST_DEPENDENCIES));
  take_others (self, draft);
}
