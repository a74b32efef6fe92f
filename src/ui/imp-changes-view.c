/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-changes-view.h"

#include <glib/gi18n.h>

#include "imp-format.h"
#include "imp-status-chip.h"

/**
 * ImpChangesView:
 *
 * In which fields a manifest differs from another: a row each, which says in words whether the field
 * was added, removed or changed, what was there and what is there now.
 */
struct _ImpChangesView
{
  AdwBin parent_instance;

  AdwPreferencesGroup *group;  /* not owned */
  GPtrArray           *rows;   /* (owned) of rows of the group */
};

G_DEFINE_FINAL_TYPE (ImpChangesView, imp_changes_view, ADW_TYPE_BIN)

static const struct
{
  const char *key;
  const char *title;
} titles[] = {
  { IMP_MANIFEST_VERSION_ID, N_("Version") },
  { IMP_MANIFEST_SEQUENCE, N_("Sequence number") },
  { IMP_MANIFEST_VENDOR_ID, N_("Vendor ID") },
  { IMP_MANIFEST_CLASS_ID, N_("Class ID") },
  { IMP_MANIFEST_PAYLOAD_FORMAT, N_("Payload format") },
  { IMP_MANIFEST_PAYLOAD_PROCESSING, N_("Payload processing") },
  { IMP_MANIFEST_STORAGE_LOCATION, N_("Storage location") },
  { IMP_MANIFEST_PAYLOAD_INDICATOR, N_("Payload indicator") },
  { IMP_MANIFEST_PAYLOAD_DIGEST, N_("Payload digest") },
  { IMP_MANIFEST_SIZE, N_("Size") },
  { IMP_MANIFEST_ADDITIONAL_INSTRUCTIONS, N_("Additional instructions") },
  { IMP_MANIFEST_DEPENDENCIES, N_("Dependencies") },
  { IMP_MANIFEST_ENCRYPTION_WRAPPER, N_("Encryption wrapper") },
  { IMP_MANIFEST_PAYLOAD, N_("Payload") },
  { IMP_MANIFEST_EXPIRATION_TIME, N_("Expiry") },
  { IMP_MANIFEST_COMPONENT_IDENTIFIER, N_("Component identifier") },
  { IMP_MANIFEST_REQUIRED_VERSIONS, N_("Required image versions") },
  { IMP_MANIFEST_PRECURSOR_DIGEST, N_("Precursor image digest") },
  { IMP_MANIFEST_TEXT, N_("Texts") },
  { IMP_MANIFEST_SBOM, N_("SBOM") },
};

static const struct
{
  ImpChipKind kind;
  const char *text;
} looks[] = {
  [IMP_CHANGE_ADDED] = { IMP_CHIP_GOOD, N_("Added") },
  [IMP_CHANGE_REMOVED] = { IMP_CHIP_BAD, N_("Removed") },
  [IMP_CHANGE_CHANGED] = { IMP_CHIP_NEUTRAL, N_("Changed") },
};

static const char *
show_nothing (const char *text)
{
  return *text != '\0' ? text : C_ ("value", "empty");
}

static char *
describe (ImpManifestChange *change)
{
  switch (change->kind)
    {
    case IMP_CHANGE_ADDED:
      return g_strdup_printf (_("Now: %s"), show_nothing (change->after));
    case IMP_CHANGE_REMOVED:
      return g_strdup_printf (_("Before: %s"), show_nothing (change->before));
    case IMP_CHANGE_CHANGED:
      return g_strdup_printf (_("Before: %s\nNow: %s"), show_nothing (change->before),
                              show_nothing (change->after));
    default:
      g_assert_not_reached ();
    }
}

static GtkWidget *
create_row (ImpManifestChange *change)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *chip = imp_status_chip_new ();
  g_autofree char *text = describe (change);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 imp_changes_view_title_of_key (change->key));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 8);
  imp_status_chip_set (IMP_STATUS_CHIP (chip), looks[change->kind].kind,
                       _(looks[change->kind].text));
  gtk_widget_set_valign (chip, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), chip);
  return row;
}

static void
add_row (ImpChangesView *self,
         GtkWidget      *row)
{
  adw_preferences_group_add (self->group, row);
  g_ptr_array_add (self->rows, row);
}

static void
clear (ImpChangesView *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->group, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
}

static void
imp_changes_view_finalize (GObject *object)
{
  g_ptr_array_unref (IMP_CHANGES_VIEW (object)->rows);

  G_OBJECT_CLASS (imp_changes_view_parent_class)->finalize (object);
}

static void
imp_changes_view_class_init (ImpChangesViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_changes_view_finalize;
}

static void
imp_changes_view_init (ImpChangesView *self)
{
  self->rows = g_ptr_array_new ();
  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->group));
}

static void
show_changes (ImpChangesView *self,
              ImpManifest    *before,
              ImpManifest    *after)
{
  g_autoptr(GPtrArray) changes = imp_manifest_diff (before, after);
  g_autofree char *title = g_strdup_printf (_("Changes Since %s"),
                                            imp_manifest_get_version (before));
  g_autofree char *count = NULL;

  adw_preferences_group_set_title (self->group, title);
  count = g_strdup_printf (ngettext ("%u field differs.", "%u fields differ.", changes->len),
                           changes->len);
  adw_preferences_group_set_description (self->group, changes->len > 0 ? count
                                                                       : _("Nothing differs."));
  for (guint i = 0; i < changes->len; i++)
    add_row (self, create_row (g_ptr_array_index (changes, i)));
}

/**
 * imp_changes_view_set:
 * @self: a view
 * @before: (nullable): the earlier manifest
 * @after: (nullable): the later one
 *
 * Shows what changed; nothing is seen unless there are both.
 */
void
imp_changes_view_set (ImpChangesView *self,
                      ImpManifest    *before,
                      ImpManifest    *after)
{
  g_return_if_fail (IMP_IS_CHANGES_VIEW (self));

  clear (self);
  gtk_widget_set_visible (GTK_WIDGET (self), before != NULL && after != NULL);
  if (before != NULL && after != NULL)
    show_changes (self, before, after);
}

/**
 * imp_changes_view_title_of_key:
 * @key: a key of a manifest
 *
 * Returns: how people call the field
 */
const char *
imp_changes_view_title_of_key (const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      if (g_str_equal (titles[i].key, key))
        return _(titles[i].title);
    }

  return key;
}

/**
 * imp_changes_view_describe:
 * @key: a key of a manifest
 * @error: what the check of this field found
 *
 * Says what is wrong with a field. The check names the key of the manifest; the person sees its title.
 *
 * Returns: (transfer full): a sentence
 */
char *
imp_changes_view_describe (const char   *key,
                           const GError *error)
{
  g_autofree char *quoted = g_strdup_printf ("“%s”", key);
  g_autofree char *sentence = imp_format_error (error);
  GString *text = g_string_new (sentence);

  g_string_replace (text, quoted, imp_changes_view_title_of_key (key), 1);
  return g_string_free (text, FALSE);
}
