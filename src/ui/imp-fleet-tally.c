/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-fleet-tally.h"

#include <glib/gi18n.h>

/**
 * ImpFleetTally:
 *
 * How many devices there are, and how many stand how.
 */
struct _ImpFleetTally
{
  AdwBin parent_instance;

  GtkLabel *count_label;
  GtkLabel *figures_label;
};

G_DEFINE_FINAL_TYPE (ImpFleetTally, imp_fleet_tally, ADW_TYPE_BIN)

static GtkLabel *
add_label (GtkBox     *box,
           const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, style);
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (box, label);

  return GTK_LABEL (label);
}

static void
imp_fleet_tally_class_init (ImpFleetTallyClass *klass)
{
}

static void
imp_fleet_tally_init (ImpFleetTally *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->count_label = add_label (GTK_BOX (box), "heading");
  self->figures_label = add_label (GTK_BOX (box), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->figures_label), "dim-label");
  adw_bin_set_child (ADW_BIN (self), box);
}

/**
 * imp_fleet_tally_set_shown:
 * @self: a tally
 * @n_devices: how many devices there are
 * @n_shown: how many of them are shown
 *
 * Says how many there are.
 */
void
imp_fleet_tally_set_shown (ImpFleetTally *self,
                           guint          n_devices,
                           guint          n_shown)
{
  g_autofree char *text = NULL;

  g_return_if_fail (IMP_IS_FLEET_TALLY (self));

  if (n_shown < n_devices)
    text = g_strdup_printf (ngettext ("%'u of %'u device", "%'u of %'u devices", n_devices),
                            n_shown, n_devices);
  else
    text = g_strdup_printf (ngettext ("%'u device", "%'u devices", n_devices), n_devices);

  gtk_label_set_text (self->count_label, text);
}

/* Takes over @figure. */
static void
add_figure (GString *text,
            guint    n,
            char    *figure)
{
  g_autofree char *owned = figure;

  if (n == 0)
    return;

  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, owned);
}

static char *
describe (const guint *n,
          guint        polling)
{
  GString *text = g_string_new (NULL);
  guint good = n[IMP_DEVICE_STATUS_CURRENT] + n[IMP_DEVICE_STATUS_UPDATED];
  guint busy = n[IMP_DEVICE_STATUS_BUSY] + n[IMP_DEVICE_STATUS_WAITING];
  guint refused = n[IMP_DEVICE_STATUS_REFUSED];
  guint unreachable = n[IMP_DEVICE_STATUS_UNREACHABLE];
  guint failed = n[IMP_DEVICE_STATUS_FAILED];

  add_figure (text, good, g_strdup_printf (C_ ("devices", "%'u up to date"), good));
  add_figure (text, busy, g_strdup_printf (C_ ("devices", "%'u working"), busy));
  add_figure (text, refused, g_strdup_printf (C_ ("devices", "%'u refused"), refused));
  add_figure (text, unreachable, g_strdup_printf (C_ ("devices", "%'u unreachable"), unreachable));
  add_figure (text, failed, g_strdup_printf (C_ ("devices", "%'u failed"), failed));
  add_figure (text, polling, g_strdup_printf (C_ ("devices", "%'u polling"), polling));

  return g_string_free (text, FALSE);
}

/**
 * imp_fleet_tally_count:
 * @self: a tally
 * @fleet: a fleet
 *
 * Counts how many devices stand how.
 *
 * Returns: how many are at work
 */
guint
imp_fleet_tally_count (ImpFleetTally *self,
                       ImpFleet      *fleet)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (fleet));
  guint statuses[IMP_N_DEVICE_STATUSES] = { 0 };
  g_autofree char *text = NULL;
  guint polling = 0;

  g_return_val_if_fail (IMP_IS_FLEET_TALLY (self), 0);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpDevice) device = g_list_model_get_item (G_LIST_MODEL (fleet), i);

      statuses[imp_device_log_get_status (imp_device_log_get (device))]++;
      polling += imp_device_get_polling (device);
    }

  text = describe (statuses, polling);
  gtk_label_set_text (self->figures_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->figures_label), *text != '\0');

  return statuses[IMP_DEVICE_STATUS_BUSY] + statuses[IMP_DEVICE_STATUS_WAITING];
}
