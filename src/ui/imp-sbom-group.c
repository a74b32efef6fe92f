/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-sbom-group.h"

#include <glib/gi18n.h>

#include "imp-digest-row.h"
#include "imp-file-name.h"
#include "imp-format.h"
#include "imp-json.h"

/**
 * ImpSbomGroup:
 *
 * The software bill of materials of a new update: a file that is read off the main loop, or what an
 * opened manifest says of one that is elsewhere.
 */
struct _ImpSbomGroup
{
  AdwPreferencesGroup parent_instance;

  GFile        *file;         /* (owned) (nullable) */
  ImpSbom      *sbom;         /* (owned) (nullable): once it is read */
  JsonNode     *named;        /* (owned) (nullable): by a manifest, without a file */
  GCancellable *cancellable;  /* (owned) (nullable): while it is read */

  AdwActionRow  *file_row;
  GtkWidget     *remove_button;
  GtkWidget     *choose_button;
  GtkWidget     *problem_row;
  GtkLabel      *problem_label;
  ImpDigestRow  *digest_row;
  ImpDigestRow  *cid_row;
};

G_DEFINE_FINAL_TYPE (ImpSbomGroup, imp_sbom_group, ADW_TYPE_PREFERENCES_GROUP)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_problem (ImpSbomGroup *self,
             const char   *problem)
{
  gtk_label_set_text (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (self->problem_row, problem != NULL);
}

static char *
describe (ImpSbomGroup *self)
{
  g_autofree char *size = NULL;

  if (self->sbom != NULL)
    {
      size = imp_format_size (g_bytes_get_size (self->sbom->bytes));
      /* Translators: format and size, “SPDX-2.3, 12 kB”. */
      return g_strdup_printf (_("%s, %s"), self->sbom->format, size);
    }
  if (self->named != NULL)
    return g_strdup_printf (_("%s, named by the manifest and stored elsewhere"),
                            json_object_get_string_member (json_node_get_object (self->named),
                                                           "format"));
  if (self->cancellable != NULL)
    return g_strdup (_("Reading…"));

  return g_strdup (_("SPDX or CycloneDX"));
}

static void
show (ImpSbomGroup *self)
{
  g_autofree char *text = describe (self);
  g_autofree char *name = self->file != NULL ? imp_file_dup_name (self->file) : NULL;
  g_autoptr(JsonNode) node = imp_sbom_group_dup_json (self);
  JsonObject *object = node != NULL ? json_node_get_object (node) : NULL;
  const char *none = self->named != NULL ? _("No file") : _("No SBOM chosen");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->file_row), name != NULL ? name : none);
  adw_action_row_set_subtitle (self->file_row, text);
  gtk_widget_set_visible (self->remove_button, self->file != NULL || self->named != NULL);
  imp_digest_row_set_digest (self->digest_row, object != NULL
                                                 ? json_object_get_string_member (object, "digest")
                                                 : NULL);
  imp_digest_row_set_digest (self->cid_row, object != NULL
                                              ? json_object_get_string_member (object, "cid")
                                              : NULL);
}

static void
changed (ImpSbomGroup *self)
{
  show (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(ImpSbomGroup) self = user_data;
  g_autoptr(GError) error = NULL;
  ImpSbom *sbom = imp_sbom_read_finish (result, &error);
  g_autofree char *problem = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  self->sbom = sbom;
  if (error != NULL)
    problem = imp_format_error (error);
  set_problem (self, problem);
  changed (self);
}

static void
forget (ImpSbomGroup *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->file);
  g_clear_pointer (&self->sbom, imp_sbom_free);
  g_clear_pointer (&self->named, json_node_unref);
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  imp_sbom_group_set_file (IMP_SBOM_GROUP (widget), NULL);
}

static void
imp_sbom_group_dispose (GObject *object)
{
  ImpSbomGroup *self = IMP_SBOM_GROUP (object);

  forget (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_SBOM_GROUP);

  G_OBJECT_CLASS (imp_sbom_group_parent_class)->dispose (object);
}

static void
imp_sbom_group_class_init (ImpSbomGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_sbom_group_dispose;

  /**
   * ImpSbomGroup::changed:
   *
   * Emitted when there is another SBOM, and when it has been read.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "sbom.remove", NULL, remove_action);

  g_type_ensure (IMP_TYPE_DIGEST_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-sbom-group.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpSbomGroup, file_row);
  gtk_widget_class_bind_template_child (widget_class, ImpSbomGroup, remove_button);
  gtk_widget_class_bind_template_child (widget_class, ImpSbomGroup, choose_button);
  gtk_widget_class_bind_template_child (widget_class, ImpSbomGroup, problem_row);
  gtk_widget_class_bind_template_child (widget_class, ImpSbomGroup, problem_label);
  gtk_widget_class_bind_template_child (widget_class, ImpSbomGroup, digest_row);
  gtk_widget_class_bind_template_child (widget_class, ImpSbomGroup, cid_row);
}

static void
imp_sbom_group_init (ImpSbomGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show (self);
}

/**
 * imp_sbom_group_get_file:
 * @self: a group
 *
 * Returns: (transfer none) (nullable): the file that was chosen, or `NULL` if there is none or a
 * manifest only names an SBOM
 */
GFile *
imp_sbom_group_get_file (ImpSbomGroup *self)
{
  g_return_val_if_fail (IMP_IS_SBOM_GROUP (self), NULL);

  return self->file;
}

/**
 * imp_sbom_group_get_bytes:
 * @self: a group
 *
 * Returns: (nullable): what is sent with the update, if it is here
 */
GBytes *
imp_sbom_group_get_bytes (ImpSbomGroup *self)
{
  g_return_val_if_fail (IMP_IS_SBOM_GROUP (self), NULL);

  return self->sbom != NULL ? self->sbom->bytes : NULL;
}

/**
 * imp_sbom_group_dup_json:
 * @self: a group
 *
 * Returns: (transfer full) (nullable): what the manifest says of it
 */
JsonNode *
imp_sbom_group_dup_json (ImpSbomGroup *self)
{
  g_return_val_if_fail (IMP_IS_SBOM_GROUP (self), NULL);

  if (self->sbom != NULL)
    return imp_sbom_to_json (self->sbom);

  return self->named != NULL ? json_node_ref (self->named) : NULL;
}

/**
 * imp_sbom_group_is_ready:
 * @self: a group
 *
 * Returns: whether there is none, or one that could be read
 */
gboolean
imp_sbom_group_is_ready (ImpSbomGroup *self)
{
  g_return_val_if_fail (IMP_IS_SBOM_GROUP (self), FALSE);

  return self->file == NULL || self->sbom != NULL;
}

/**
 * imp_sbom_group_set_file:
 * @self: a group
 * @file: (nullable): an SBOM, or %NULL for none
 *
 * Takes a file and reads it.
 */
void
imp_sbom_group_set_file (ImpSbomGroup *self,
                         GFile        *file)
{
  g_return_if_fail (IMP_IS_SBOM_GROUP (self));

  if (file != NULL)
    g_object_ref (file);
  forget (self);
  self->file = file;
  set_problem (self, NULL);
  if (file != NULL)
    {
      self->cancellable = g_cancellable_new ();
      imp_sbom_read_async (file, self->cancellable, read_cb, g_object_ref (self));
    }
  changed (self);
}

/**
 * imp_sbom_group_set_named:
 * @self: a group
 * @named: (nullable): “sbom” of a manifest
 *
 * Takes an SBOM whose file is not here.
 */
void
imp_sbom_group_set_named (ImpSbomGroup *self,
                          JsonNode     *named)
{
  g_return_if_fail (IMP_IS_SBOM_GROUP (self));

  forget (self);
  self->named = named != NULL ? json_node_copy (named) : NULL;
  set_problem (self, NULL);
  changed (self);
}

/**
 * imp_sbom_group_complain:
 * @self: a group that is not ready
 *
 * Puts the focus where another one is chosen.
 */
void
imp_sbom_group_complain (ImpSbomGroup *self)
{
  g_return_if_fail (IMP_IS_SBOM_GROUP (self));

  if (self->cancellable != NULL)
    set_problem (self, _("The SBOM is still being read."));
  gtk_widget_grab_focus (self->choose_button);
}
