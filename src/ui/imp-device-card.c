/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-device-card.h"

#include <glib/gi18n.h>

/**
 * ImpDeviceCard:
 *
 * A device of the fleet at a glance: what it runs, from which slot, how it does,
 * and the button that lets it look for an update.
 */
struct _ImpDeviceCard
{
  AdwBin parent_instance;

  ImpDevice    *device;       /* (owned) (nullable) */
  GSignalGroup *signals;      /* (owned): of the device */
  GSignalGroup *log_signals;  /* (owned): of its log */

  GtkLabel       *id_label;
  GtkLabel       *class_label;
  GtkLabel       *version_label;
  ImpStatusChip  *chip;
  GtkProgressBar *progress_bar;
  GtkButton      *update_button;
};

G_DEFINE_FINAL_TYPE (ImpDeviceCard, imp_device_card, ADW_TYPE_BIN)

static const struct
{
  const char *state;
  const char *text;
} busy_states[] = {
  { "asking", N_("Asking") },
  { "downloading", N_("Downloading") },
  { "installing", N_("Installing") },
};

static const struct
{
  ImpChipKind kind;
  const char *text;
} outcomes[] = {
  [IMP_DEVICE_INSTALLED] = { IMP_CHIP_GOOD, N_("Updated") },
  [IMP_DEVICE_CURRENT] = { IMP_CHIP_GOOD, N_("Up to date") },
  [IMP_DEVICE_REFUSED] = { IMP_CHIP_BAD, N_("Refused") },
};

/**
 * imp_device_show_state:
 * @device: a device
 * @chip: where to show it
 *
 * Shows what a device does, or how its last update ended.
 */
void
imp_device_show_state (ImpDevice     *device,
                       ImpStatusChip *chip)
{
  ImpDeviceLog *log = imp_device_log_get (device);
  const char *state = imp_device_get_state (device);
  ImpDeviceOutcome outcome;

  for (guint i = 0; i < G_N_ELEMENTS (busy_states); i++)
    {
      if (g_strcmp0 (busy_states[i].state, state) == 0)
        {
          imp_status_chip_set (chip, IMP_CHIP_BUSY, _(busy_states[i].text));
          return;
        }
    }

  if (imp_device_log_get_running (log))
    imp_status_chip_set (chip, IMP_CHIP_BUSY, _("Working"));
  else if (imp_device_log_get_outcome (log, &outcome))
    imp_status_chip_set (chip, outcomes[outcome].kind, _(outcomes[outcome].text));
  else if (imp_device_log_get_summary (log) != NULL)
    imp_status_chip_set (chip, IMP_CHIP_WARNING, _("Not reached"));
  else
    imp_status_chip_set (chip, IMP_CHIP_NEUTRAL, _("Idle"));
}

static void
update (ImpDeviceCard *self)
{
  const char *version;
  gboolean running;
  g_autofree char *text = NULL;

  if (self->device == NULL)
    return;

  version = imp_device_get_version (self->device);
  running = imp_device_log_get_running (imp_device_log_get (self->device));
  text = g_strdup_printf (_("%s in slot %c"), version != NULL ? version : _("Nothing"),
                          g_ascii_toupper (imp_device_get_running_slot (self->device)));
  gtk_label_set_text (self->version_label, text);
  imp_device_show_state (self->device, self->chip);
  gtk_widget_set_sensitive (GTK_WIDGET (self->update_button), !running);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), running);
  gtk_progress_bar_set_fraction (self->progress_bar, imp_device_get_progress (self->device));
}

static void
imp_device_card_dispose (GObject *object)
{
  ImpDeviceCard *self = IMP_DEVICE_CARD (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->log_signals);
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_DEVICE_CARD);
  g_clear_object (&self->device);

  G_OBJECT_CLASS (imp_device_card_parent_class)->dispose (object);
}

static void
imp_device_card_class_init (ImpDeviceCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_device_card_dispose;

  g_type_ensure (IMP_TYPE_STATUS_CHIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-device-card.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceCard, id_label);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceCard, class_label);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceCard, version_label);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceCard, chip);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceCard, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceCard, update_button);
}

static void
imp_device_card_init (ImpDeviceCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (IMP_TYPE_DEVICE);
  g_signal_group_connect_swapped (self->signals, "notify", G_CALLBACK (update), self);
  self->log_signals = g_signal_group_new (IMP_TYPE_DEVICE_LOG);
  g_signal_group_connect_swapped (self->log_signals, "changed", G_CALLBACK (update), self);
}

GtkWidget *
imp_device_card_new (void)
{
  return g_object_new (IMP_TYPE_DEVICE_CARD, NULL);
}

/**
 * imp_device_card_set_device:
 * @self: a card
 * @device: (nullable): what to show
 *
 * Shows a device and follows it.
 */
void
imp_device_card_set_device (ImpDeviceCard *self,
                            ImpDevice     *device)
{
  g_autofree char *label = NULL;

  g_return_if_fail (IMP_IS_DEVICE_CARD (self));

  g_set_object (&self->device, device);
  g_signal_group_set_target (self->signals, device);
  g_signal_group_set_target (self->log_signals,
                             device != NULL ? imp_device_log_get (device) : NULL);
  if (device == NULL)
    return;

  gtk_label_set_text (self->id_label, imp_device_get_id (device));
  gtk_label_set_text (self->class_label, imp_device_get_class_id (device));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->update_button), "s",
                                    imp_device_get_id (device));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->update_button), "devices.update");
  label = g_strdup_printf (_("Update %s"), imp_device_get_id (device));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->update_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  update (self);
}
