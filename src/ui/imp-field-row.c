/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-field-row.h"

/**
 * ImpFieldRow:
 *
 * An entry row that says below the text what is wrong with it.
 */
struct _ImpFieldRow
{
  AdwEntryRow parent_instance;

  char        *problem;  /* (owned) (nullable) */
  GtkRevealer *revealer;
  GtkLabel    *problem_label;
};

G_DEFINE_FINAL_TYPE (ImpFieldRow, imp_field_row, ADW_TYPE_ENTRY_ROW)

enum {
  PROP_0,
  PROP_PROBLEM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
imp_field_row_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ImpFieldRow *self = IMP_FIELD_ROW (object);

  switch (prop_id)
    {
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_field_row_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  ImpFieldRow *self = IMP_FIELD_ROW (object);

  switch (prop_id)
    {
    case PROP_PROBLEM:
      imp_field_row_set_problem (self, g_value_get_string (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_field_row_finalize (GObject *object)
{
  ImpFieldRow *self = IMP_FIELD_ROW (object);

  g_free (self->problem);

  G_OBJECT_CLASS (imp_field_row_parent_class)->finalize (object);
}

static void
imp_field_row_class_init (ImpFieldRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = imp_field_row_finalize;
  object_class->get_property = imp_field_row_get_property;
  object_class->set_property = imp_field_row_set_property;

  properties[PROP_PROBLEM] =
    g_param_spec_string ("problem", NULL, NULL,
                         NULL,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

/* AdwEntryRow has no place for a second line: its own header moves into a box
 * above ours.
 */
static void
imp_field_row_init (ImpFieldRow *self)
{
  GtkListBoxRow *row = GTK_LIST_BOX_ROW (self);
  g_autoptr(GtkWidget) header = g_object_ref (gtk_list_box_row_get_child (row));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->problem_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->problem_label, 0);
  gtk_label_set_wrap (self->problem_label, TRUE);
  gtk_label_set_wrap_mode (self->problem_label, PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (GTK_WIDGET (self->problem_label), "problem");
  gtk_widget_add_css_class (GTK_WIDGET (self->problem_label), "caption");

  self->revealer = GTK_REVEALER (gtk_revealer_new ());
  gtk_revealer_set_child (self->revealer, GTK_WIDGET (self->problem_label));

  gtk_widget_add_css_class (box, "field");
  gtk_list_box_row_set_child (row, box);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->revealer));
}

const char *
imp_field_row_get_problem (ImpFieldRow *self)
{
  g_return_val_if_fail (IMP_IS_FIELD_ROW (self), NULL);

  return self->problem;
}

/**
 * imp_field_row_set_problem:
 * @self: a field row
 * @problem: (nullable): what is wrong with the text, %NULL when nothing is
 *
 * Says what is wrong, below the text and to a screen reader.
 */
void
imp_field_row_set_problem (ImpFieldRow *self,
                           const char  *problem)
{
  g_return_if_fail (IMP_IS_FIELD_ROW (self));

  if (g_strcmp0 (self->problem, problem) == 0)
    return;

  g_free (self->problem);
  self->problem = g_strdup (problem);
  if (problem != NULL)
    {
      gtk_label_set_text (self->problem_label, problem);
      gtk_widget_add_css_class (GTK_WIDGET (self), "error");
      gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, problem,
                                      -1);
    }
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
      gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
    }

  gtk_accessible_update_state (GTK_ACCESSIBLE (self),
                               GTK_ACCESSIBLE_STATE_INVALID,
                               problem != NULL ? GTK_ACCESSIBLE_INVALID_TRUE
                                               : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  gtk_revealer_set_reveal_child (self->revealer, problem != NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}
