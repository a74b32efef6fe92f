/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-device-card.h"

#include <glib/gi18n.h>

#include "imp-device-status.h"
#include "imp-format.h"

/**
 * ImpDeviceCard:
 *
 * A device of the fleet at a glance: what it runs, from which slot, how it does, and when it was answered
 * last. There are as many cards as are in sight, however many devices there are.
 *
 * It follows nothing by itself: whoever shows a fleet refreshes all cards at once, so that a fleet that
 * polls lays out its list a few times a second and not with every answer.
 */
struct _ImpDeviceCard
{
  AdwBin parent_instance;

  ImpDevice *device;  /* (owned) (nullable) */

  GtkCheckButton *check;
  GtkLabel       *id_label;
  GtkLabel       *class_label;
  GtkLabel       *version_label;
  GtkLabel       *time_label;
  GtkImage       *polling_image;
  ImpStatusChip  *chip;
  GtkProgressBar *progress_bar;
};

G_DEFINE_FINAL_TYPE (ImpDeviceCard, imp_device_card, ADW_TYPE_BIN)

static char *
format_clock (gint64 ms)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (ms / 1000);
  g_autoptr(GDateTime) local = g_date_time_to_local (utc);

  return g_date_time_format (local, "%T");
}

static void
update_time (ImpDeviceCard *self,
             ImpDeviceLog  *log)
{
  gint64 since = imp_device_log_get_unreachable_since (log);
  gint64 answered = imp_device_log_get_answered (log);
  g_autofree char *clock = format_clock (since != 0 ? since : answered);
  g_autofree char *text = NULL;

  if (since != 0)
    text = g_strdup_printf (C_ ("unreachable", "since %s"), clock);
  else
    text = answered != 0 ? g_steal_pointer (&clock) : g_strdup ("");

  gtk_label_set_text (self->time_label, text);
}

static void
update_status (ImpDeviceCard *self)
{
  ImpDeviceLog *log = imp_device_log_get (self->device);
  gboolean busy = imp_device_log_get_status (log) == IMP_DEVICE_STATUS_BUSY;

  imp_device_status_show (self->device, self->chip);
  update_time (self, log);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), busy);
}

static void
update_version (ImpDeviceCard *self)
{
  const char *version = imp_device_get_version (self->device);
  g_autofree char *text = NULL;

  text = g_strdup_printf (_("%s in slot %c"), version != NULL ? version : _("Nothing"),
                          g_ascii_toupper (imp_device_get_running_slot (self->device)));
  gtk_label_set_text (self->version_label, text);
}

static void
update_polling (ImpDeviceCard *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->polling_image),
                          imp_device_get_polling (self->device));
}

static void
imp_device_card_dispose (GObject *object)
{
  ImpDeviceCard *self = IMP_DEVICE_CARD (object);

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
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceCard, check);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceCard, id_label);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceCard, class_label);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceCard, version_label);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceCard, time_label);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceCard, polling_image);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceCard, chip);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceCard, progress_bar);
}

static void
imp_device_card_init (ImpDeviceCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * imp_device_card_new:
 *
 * Makes a card that shows nothing until it is given a device; lists use it for one after the other.
 *
 * Returns: (transfer floating): the card
 */
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
 * Shows a device as it stands now.
 */
void
imp_device_card_set_device (ImpDeviceCard *self,
                            ImpDevice     *device)
{
  g_return_if_fail (IMP_IS_DEVICE_CARD (self));

  g_set_object (&self->device, device);
  if (device == NULL)
    return;

  gtk_label_set_text (self->id_label, imp_device_get_id (device));
  gtk_label_set_text (self->class_label, imp_device_get_class_id (device));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->check),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, imp_device_get_id (device),
                                  -1);
  imp_device_card_refresh (self);
}

/**
 * imp_device_card_refresh:
 * @self: a card
 *
 * Shows how its device, if it has one, stands now.
 */
void
imp_device_card_refresh (ImpDeviceCard *self)
{
  g_return_if_fail (IMP_IS_DEVICE_CARD (self));

  if (self->device == NULL)
    return;

  gtk_progress_bar_set_fraction (self->progress_bar, imp_device_get_progress (self->device));
  update_version (self);
  update_polling (self);
  update_status (self);
}

/**
 * imp_device_card_set_checkable:
 * @self: a card
 * @checkable: whether a check button says that the device is selected
 *
 * Shows that several devices can be selected.
 */
void
imp_device_card_set_checkable (ImpDeviceCard *self,
                               gboolean       checkable)
{
  g_return_if_fail (IMP_IS_DEVICE_CARD (self));

  gtk_widget_set_visible (GTK_WIDGET (self->check), checkable);
}

/**
 * imp_device_card_set_checked:
 * @self: a card
 * @checked: whether its device is selected
 *
 * Shows whether the device is selected; the list decides that, not the card.
 */
void
imp_device_card_set_checked (ImpDeviceCard *self,
                             gboolean       checked)
{
  g_return_if_fail (IMP_IS_DEVICE_CARD (self));

  gtk_check_button_set_active (self->check, checked);
}
