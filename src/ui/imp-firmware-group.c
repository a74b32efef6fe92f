/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-firmware-group.h"

#include <glib/gi18n.h>

#include "imp-digest-row.h"
#include "imp-file-name.h"
#include "imp-format.h"
#include "imp-text.h"

#define MAX_FOLDER 4096  /* characters */

/**
 * ImpFirmwareGroup:
 *
 * The firmware file of a new update: chosen or dropped, read once off the main
 * loop, with what was found in it.
 */
struct _ImpFirmwareGroup
{
  AdwPreferencesGroup parent_instance;

  GFile        *file;         /* (owned) (nullable) */
  ImpFileInfo  *info;         /* (owned) (nullable): once it is read */
  GCancellable *cancellable;  /* (owned) (nullable): while it is read */

  AdwActionRow   *file_row;
  GtkButton      *choose_button;
  GtkLabel       *problem_label;
  GtkWidget      *problem_row;
  GtkWidget      *progress_row;
  GtkProgressBar *progress_bar;
  AdwActionRow   *size_row;
  AdwActionRow   *format_row;
  ImpDigestRow   *digest_row;
};

G_DEFINE_FINAL_TYPE (ImpFirmwareGroup, imp_firmware_group, ADW_TYPE_PREFERENCES_GROUP)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_problem (ImpFirmwareGroup *self,
             const char       *problem)
{
  gtk_label_set_text (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (self->problem_row, problem != NULL);
}

static void
show_info (ImpFirmwareGroup *self)
{
  const ImpFileInfo *info = self->info;
  g_autofree char *size = info != NULL ? imp_format_size (info->size) : NULL;
  g_autofree char *format = NULL;

  gtk_widget_set_visible (self->progress_row, self->cancellable != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->size_row), info != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->format_row), info != NULL);
  imp_digest_row_set_digest (self->digest_row, info != NULL ? info->sha384 : NULL);
  if (info == NULL)
    return;

  if (info->version != NULL)
    format = g_strdup_printf (_("%s, with version “%s” inside"), info->format, info->version);
  adw_action_row_set_subtitle (self->size_row, size);
  adw_action_row_set_subtitle (self->format_row, format != NULL ? format : info->format);
}

static void
show_file (ImpFirmwareGroup *self)
{
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  g_autofree char *folder = NULL;
  g_autoptr(GFile) parent = NULL;

  if (self->file == NULL)
    {
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->file_row),
                                     _("No file chosen"));
      adw_action_row_set_subtitle (self->file_row, _("Choose one, or drop it anywhere here"));
      gtk_button_set_label (self->choose_button, _("Choose a File…"));
      return;
    }

  name = imp_file_dup_name (self->file);
  parent = g_file_get_parent (self->file);
  path = parent != NULL ? g_file_get_parse_name (parent) : g_strdup ("");
  folder = imp_text_make_printable (path, -1, MAX_FOLDER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->file_row), name);
  adw_action_row_set_subtitle (self->file_row, folder);
  gtk_button_set_label (self->choose_button, _("Change…"));
}

static void
stop_reading (ImpFirmwareGroup *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
progress_cb (goffset  done,
             goffset  total,
             gpointer user_data)
{
  ImpFirmwareGroup *self = user_data;

  if (total > 0 && self->progress_bar != NULL)
    gtk_progress_bar_set_fraction (self->progress_bar, (double) done / total);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(ImpFirmwareGroup) self = user_data;
  g_autoptr(ImpFileInfo) info = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *problem = NULL;

  info = imp_file_info_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  self->info = g_steal_pointer (&info);
  if (error != NULL)
    problem = imp_format_error (error);
  set_problem (self, problem);
  show_info (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
cancel_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  imp_firmware_group_set_file (IMP_FIRMWARE_GROUP (widget), NULL);
}

static gboolean
imp_firmware_group_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (IMP_FIRMWARE_GROUP (widget)->choose_button));
}

static void
imp_firmware_group_dispose (GObject *object)
{
  ImpFirmwareGroup *self = IMP_FIRMWARE_GROUP (object);

  stop_reading (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_FIRMWARE_GROUP);
  g_clear_pointer (&self->info, imp_file_info_free);
  g_clear_object (&self->file);

  G_OBJECT_CLASS (imp_firmware_group_parent_class)->dispose (object);
}

static void
imp_firmware_group_class_init (ImpFirmwareGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_firmware_group_dispose;
  widget_class->grab_focus = imp_firmware_group_grab_focus;

  /**
   * ImpFirmwareGroup::changed:
   *
   * Emitted when there is another file, and when it has been read.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "firmware.cancel", NULL, cancel_action);

  g_type_ensure (IMP_TYPE_DIGEST_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-firmware-group.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpFirmwareGroup, file_row);
  gtk_widget_class_bind_template_child (widget_class, ImpFirmwareGroup, choose_button);
  gtk_widget_class_bind_template_child (widget_class, ImpFirmwareGroup, problem_label);
  gtk_widget_class_bind_template_child (widget_class, ImpFirmwareGroup, problem_row);
  gtk_widget_class_bind_template_child (widget_class, ImpFirmwareGroup, progress_row);
  gtk_widget_class_bind_template_child (widget_class, ImpFirmwareGroup, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, ImpFirmwareGroup, size_row);
  gtk_widget_class_bind_template_child (widget_class, ImpFirmwareGroup, format_row);
  gtk_widget_class_bind_template_child (widget_class, ImpFirmwareGroup, digest_row);
}

static void
imp_firmware_group_init (ImpFirmwareGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show_file (self);
  show_info (self);
}

/**
 * imp_firmware_group_get_file:
 * @self: a group
 *
 * Returns: (transfer none) (nullable): the file that was chosen, read to its end or not
 */
GFile *
imp_firmware_group_get_file (ImpFirmwareGroup *self)
{
  g_return_val_if_fail (IMP_IS_FIRMWARE_GROUP (self), NULL);

  return self->file;
}

/**
 * imp_firmware_group_get_info:
 * @self: a firmware group
 *
 * Gets what was found in the file.
 *
 * Returns: (nullable): the findings, %NULL while it has not been read whole
 */
const ImpFileInfo *
imp_firmware_group_get_info (ImpFirmwareGroup *self)
{
  g_return_val_if_fail (IMP_IS_FIRMWARE_GROUP (self), NULL);

  return self->info;
}

/**
 * imp_firmware_group_set_file:
 * @self: a firmware group
 * @file: (nullable): the file, %NULL for none
 *
 * Takes a file and reads it.
 */
void
imp_firmware_group_set_file (ImpFirmwareGroup *self,
                             GFile            *file)
{
  g_return_if_fail (IMP_IS_FIRMWARE_GROUP (self));

  stop_reading (self);
  g_clear_pointer (&self->info, imp_file_info_free);
  g_set_object (&self->file, file);
  set_problem (self, NULL);
  show_file (self);

  if (file != NULL)
    {
      self->cancellable = g_cancellable_new ();
      gtk_progress_bar_set_fraction (self->progress_bar, 0);
      imp_file_info_async (file, self->cancellable, progress_cb, self, read_cb,
                           g_object_ref (self));
    }

  show_info (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * imp_firmware_group_complain:
 * @self: a firmware group
 *
 * Says that a file is needed, and puts the focus where one is chosen.
 */
void
imp_firmware_group_complain (ImpFirmwareGroup *self)
{
  g_return_if_fail (IMP_IS_FIRMWARE_GROUP (self));

  if (self->file == NULL)
    set_problem (self, _("Choose the firmware file first."));
  else if (self->cancellable != NULL)
    set_problem (self, _("The file is still being read."));
  gtk_widget_grab_focus (GTK_WIDGET (self));
}
