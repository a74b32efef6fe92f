/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-device-remover.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "imp-format.h"
#include "imp-toast.h"

/**
 * ImpDeviceRemover:
 *
 * Takes devices away, with second thoughts: they are out of sight at once, and their folders are removed
 * when nobody wanted them back.
 */
struct _ImpDeviceRemover
{
  GObject parent_instance;

  ImpFleet  *fleet;   /* (owned) */
  GPtrArray *toasts;  /* (owned) (element-type AdwToast): of those that can be taken back */
};

G_DEFINE_FINAL_TYPE (ImpDeviceRemover, imp_device_remover, G_TYPE_OBJECT)

static const char devices_key[] = "imp-devices";
static const char from_key[] = "imp-from";

static void
removed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GObject) from = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (imp_fleet_remove_finish (IMP_FLEET (object), result, &error))
    return;

  /* Those that are not removed are in the list again. */
  sentence = imp_format_error (error);
  imp_toast_say (GTK_WIDGET (from), sentence);
}

static void
remove_now (ImpDeviceRemover *self,
            AdwToast         *toast)
{
  GObject *from = g_object_get_data (G_OBJECT (toast), from_key);

  imp_fleet_remove_async (self->fleet, g_object_get_data (G_OBJECT (toast), devices_key), NULL,
                          removed_cb, g_object_ref (from));
}

static void
undo_cb (ImpDeviceRemover *self,
         AdwToast         *toast)
{
  imp_fleet_show (self->fleet, g_object_get_data (G_OBJECT (toast), devices_key));
  g_ptr_array_remove (self->toasts, toast);
}

static void
dismissed_cb (ImpDeviceRemover *self,
              AdwToast         *toast)
{
  guint position;

  if (!g_ptr_array_find (self->toasts, toast, &position))
    return;

  remove_now (self, toast);
  g_ptr_array_remove_index (self->toasts, position);
}

static char *
describe (GPtrArray *devices)
{
  if (devices->len == 1)
    return g_markup_printf_escaped (_("“%s” removed"),
                                    imp_device_get_id (g_ptr_array_index (devices, 0)));

  return g_strdup_printf (ngettext ("%'u device removed", "%'u devices removed", devices->len),
                          devices->len);
}

static void
imp_device_remover_finalize (GObject *object)
{
  ImpDeviceRemover *self = IMP_DEVICE_REMOVER (object);

  g_ptr_array_unref (self->toasts);
  g_object_unref (self->fleet);

  G_OBJECT_CLASS (imp_device_remover_parent_class)->finalize (object);
}

static void
imp_device_remover_class_init (ImpDeviceRemoverClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_device_remover_finalize;
}

static void
imp_device_remover_init (ImpDeviceRemover *self)
{
  self->toasts = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * imp_device_remover_new:
 * @fleet: whose devices
 *
 * Returns: (transfer full): a remover that has removed nothing yet
 */
ImpDeviceRemover *
imp_device_remover_new (ImpFleet *fleet)
{
  ImpDeviceRemover *self = g_object_new (IMP_TYPE_DEVICE_REMOVER, NULL);

  self->fleet = g_object_ref (fleet);

  return self;
}

/**
 * imp_device_remover_remove:
 * @self: a remover
 * @from: a widget of the window
 * @devices: (element-type ImpDevice): what to remove
 *
 * Takes devices out of sight, and says how to get them back.
 */
void
imp_device_remover_remove (ImpDeviceRemover *self,
                           GtkWidget        *from,
                           GPtrArray        *devices)
{
  g_autofree char *text = NULL;
  AdwToast *toast;

  g_return_if_fail (IMP_IS_DEVICE_REMOVER (self));

  text = describe (devices);
  toast = adw_toast_new (text);
  imp_toast_offer_undo (toast);
  g_object_set_data_full (G_OBJECT (toast), devices_key, g_ptr_array_ref (devices),
                          (GDestroyNotify) g_ptr_array_unref);
  g_object_set_data_full (G_OBJECT (toast), from_key, g_object_ref (from), g_object_unref);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (dismissed_cb), self, G_CONNECT_SWAPPED);

  g_ptr_array_add (self->toasts, g_object_ref (toast));
  imp_fleet_hide (self->fleet, devices);
  imp_toast_show (from, toast);
}

/**
 * imp_device_remover_commit:
 * @self: a remover
 *
 * Removes what is out of sight now: the window closes, and nobody can undo any more.
 */
void
imp_device_remover_commit (ImpDeviceRemover *self)
{
  g_return_if_fail (IMP_IS_DEVICE_REMOVER (self));

  for (guint i = 0; i < self->toasts->len; i++)
    remove_now (self, g_ptr_array_index (self->toasts, i));
  g_ptr_array_set_size (self->toasts, 0);
}
