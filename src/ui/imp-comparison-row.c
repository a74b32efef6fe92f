/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-comparison-row.h"

#include <glib/gi18n.h>

#include "imp-format.h"
#include "imp-status-chip.h"
#include "imp-time.h"
#include "imp-toast.h"

/* Wider than any screen; a clamp adds to it, and G_MAXINT would overflow. */
#define UNLIMITED_WIDTH 100000

/**
 * ImpComparisonRow:
 *
 * One difference of two versions: a symbol and a word say what became of it;
 * both values stand side by side, or below each other in a narrow window.
 */
struct _ImpComparisonRow
{
  AdwBin parent_instance;

  ImpDifference *difference;  /* (owned) (nullable) */
  gboolean       narrow;

  GtkLabel       *symbol_label;
  GtkOrientable  *box;
  AdwClamp       *head_clamp;
  GtkBox         *head_box;
  GtkLabel       *name_label;
  GtkLabel       *detail_label;
  ImpStatusChip  *chip;
  GtkOrientable  *values_box;
  GtkLabel       *version_a_label;
  GtkLabel       *version_b_label;
  GtkLabel       *a_label;
  GtkLabel       *b_label;
  GtkButton      *copy_button;
};

G_DEFINE_FINAL_TYPE (ImpComparisonRow, imp_comparison_row, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_NARROW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const ImpChipKind kinds[] = {
  [IMP_CHANGE_SAME] = IMP_CHIP_NEUTRAL,
  [IMP_CHANGE_CHANGED] = IMP_CHIP_WARNING,
  [IMP_CHANGE_GROWN] = IMP_CHIP_WARNING,
  [IMP_CHANGE_SHRUNK] = IMP_CHIP_WARNING,
  [IMP_CHANGE_ADDED] = IMP_CHIP_GOOD,
  [IMP_CHANGE_GONE] = IMP_CHIP_BAD,
};

/* A string is its own value; of the others both values count. */
static gboolean
has_values (ImpComparisonRow *self)
{
  const char *name = imp_difference_get_name (self->difference);
  const char *a = imp_difference_get_a (self->difference);
  const char *b = imp_difference_get_b (self->difference);

  return g_strcmp0 (name, a != NULL ? a : b) != 0;
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  ImpComparisonRow *self = IMP_COMPARISON_ROW (widget);
  const char *a = imp_difference_get_a (self->difference);
  const char *b = imp_difference_get_b (self->difference);
  g_autofree char *text = NULL;

  if (has_values (self))
    text = g_strdup_printf ("%s: %s → %s", imp_difference_get_name (self->difference),
                            a != NULL ? a : "—", b != NULL ? b : "—");
  else
    text = g_strdup (imp_difference_get_name (self->difference));

  imp_toast_copy (widget, text, _("Copied"));
}

/* A string has the whole row, and so has a name above its values. */
static void
clamp_head (ImpComparisonRow *self)
{
  gboolean whole = self->narrow || self->difference == NULL || !has_values (self);
  int width = whole ? UNLIMITED_WIDTH : IMP_COMPARISON_NAME_WIDTH;

  adw_clamp_set_maximum_size (self->head_clamp, width);
  adw_clamp_set_tightening_threshold (self->head_clamp, width);
  gtk_widget_set_hexpand (GTK_WIDGET (self->head_clamp), whole && !self->narrow);
}

static void
set_narrow (ImpComparisonRow *self,
            gboolean          narrow)
{
  GtkOrientation orientation = narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL;

  self->narrow = narrow;
  gtk_orientable_set_orientation (self->box, orientation);
  gtk_orientable_set_orientation (self->values_box, orientation);
  gtk_box_set_spacing (GTK_BOX (self->box), narrow ? 6 : 12);
  gtk_box_set_spacing (GTK_BOX (self->values_box), narrow ? 3 : 12);
  gtk_box_set_homogeneous (GTK_BOX (self->values_box), !narrow);
  gtk_widget_set_size_request (GTK_WIDGET (self->head_clamp), narrow ? -1 : IMP_COMPARISON_NAME_WIDTH,
                               -1);
  gtk_widget_set_visible (GTK_WIDGET (self->version_a_label), narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->version_b_label), narrow);
  clamp_head (self);
}

static void
imp_comparison_row_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_NARROW:
      g_value_set_boolean (value, IMP_COMPARISON_ROW (object)->narrow);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_comparison_row_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_NARROW:
      set_narrow (IMP_COMPARISON_ROW (object), g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_comparison_row_dispose (GObject *object)
{
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), IMP_TYPE_COMPARISON_ROW);
  g_clear_object (&IMP_COMPARISON_ROW (object)->difference);

  G_OBJECT_CLASS (imp_comparison_row_parent_class)->dispose (object);
}

static void
imp_comparison_row_class_init (ImpComparisonRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = imp_comparison_row_dispose;
  object_class->get_property = imp_comparison_row_get_property;
  object_class->set_property = imp_comparison_row_set_property;

  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL,
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "comparison-row.copy", NULL, copy_action);

  g_type_ensure (IMP_TYPE_STATUS_CHIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-comparison-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonRow, symbol_label);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonRow, box);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonRow, head_clamp);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonRow, head_box);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonRow, detail_label);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonRow, chip);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonRow, values_box);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonRow, version_a_label);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonRow, version_b_label);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonRow, a_label);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonRow, b_label);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonRow, copy_button);
}

static void
imp_comparison_row_init (ImpComparisonRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  set_narrow (self, FALSE);
}

/**
 * imp_comparison_row_new:
 *
 * Makes a row that shows nothing until it is given a difference; lists use it for one after the other.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
imp_comparison_row_new (void)
{
  return g_object_new (IMP_TYPE_COMPARISON_ROW, NULL);
}

/* A time is written as a person's clock says it; the tooltip and what is copied say it as it was signed. */
static void
show_value (GtkLabel   *label,
            const char *value)
{
  g_autofree char *time = NULL;
  gint64 ms;

  if (value != NULL && imp_time_parse (value, &ms, NULL))
    time = imp_format_time (ms);

  gtk_label_set_text (label, time != NULL ? time : value != NULL ? value : "—");
  gtk_widget_set_tooltip_text (GTK_WIDGET (label), value);
}

/* Beside the name, or below one that large letters leave no room beside. */
static void
place_chip (ImpComparisonRow *self)
{
  g_autoptr(PangoLayout) layout = NULL;
  gboolean below;
  int name_width, chip_width;

  layout = gtk_widget_create_pango_layout (GTK_WIDGET (self->name_label),
                                           gtk_label_get_text (self->name_label));
  pango_layout_get_pixel_size (layout, &name_width, NULL);
  gtk_widget_measure (GTK_WIDGET (self->chip), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &chip_width,
                      NULL, NULL);
  below = has_values (self) &&
          name_width + gtk_box_get_spacing (self->head_box) + chip_width > IMP_COMPARISON_NAME_WIDTH;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->head_box),
                                  below ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

static void
show_head (ImpComparisonRow *self)
{
  ImpChange change = imp_difference_get_change (self->difference);
  const char *name = imp_difference_get_name (self->difference);
  const char *detail = imp_difference_get_detail (self->difference);
  /* Translators: %s is what is copied: “Copy Fingerprint”. */
  g_autofree char *label = g_strdup_printf (_("Copy %s"), name);

  gtk_label_set_text (self->symbol_label, imp_change_get_symbol (change));
  gtk_label_set_text (self->name_label, *name != '\0' ? name : _("(no name)"));
  gtk_label_set_text (self->detail_label, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), detail != NULL);
  imp_status_chip_set (self->chip, kinds[change], imp_change_get_title (change));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->copy_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  place_chip (self);
}

/**
 * imp_comparison_row_set:
 * @self: a row
 * @difference: what to show
 * @version_a: what the first version is called
 * @version_b: what the second version is called
 *
 * Shows a difference.
 */
void
imp_comparison_row_set (ImpComparisonRow *self,
                        ImpDifference    *difference,
                        const char       *version_a,
                        const char       *version_b)
{
  g_return_if_fail (IMP_IS_COMPARISON_ROW (self));

  g_set_object (&self->difference, difference);
  show_head (self);
  gtk_widget_set_visible (GTK_WIDGET (self->values_box), has_values (self));
  clamp_head (self);
  gtk_label_set_text (self->version_a_label, version_a);
  gtk_label_set_text (self->version_b_label, version_b);
  show_value (self->a_label, imp_difference_get_a (difference));
  show_value (self->b_label, imp_difference_get_b (difference));
}
