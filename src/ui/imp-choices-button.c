/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-choices-button.h"

/**
 * ImpChoicesButton:
 *
 * A button beside a field that offers what is known already. Choosing one emits
 * [signal@ChoicesButton::chosen]; typing something else stays possible.
 */
struct _ImpChoicesButton
{
  AdwBin parent_instance;

  GtkMenuButton *button;
  GtkPopover    *popover;
  GtkListBox    *list;
  GtkStringList *choices;
};

G_DEFINE_FINAL_TYPE (ImpChoicesButton, imp_choices_button, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_TITLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum {
  SIGNAL_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  const char *text = gtk_string_object_get_string (item);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_margin_top (label, 6);
  gtk_widget_set_margin_bottom (label, 6);
  return label;
}

static void
row_activated_cb (ImpChoicesButton *self,
                  GtkListBoxRow    *row)
{
  guint index = gtk_list_box_row_get_index (row);
  g_autofree char *text = g_strdup (gtk_string_list_get_string (self->choices, index));

  gtk_popover_popdown (self->popover);
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, text);
}

static void
imp_choices_button_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  ImpChoicesButton *self = IMP_CHOICES_BUTTON (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, gtk_widget_get_tooltip_text (GTK_WIDGET (self->button)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_choices_button_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  ImpChoicesButton *self = IMP_CHOICES_BUTTON (object);
  const char *title;

  switch (prop_id)
    {
    case PROP_TITLE:
      title = g_value_get_string (value);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), title);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->button),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, title != NULL ? title : "",
                                      -1);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_choices_button_dispose (GObject *object)
{
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), IMP_TYPE_CHOICES_BUTTON);

  G_OBJECT_CLASS (imp_choices_button_parent_class)->dispose (object);
}

static void
imp_choices_button_class_init (ImpChoicesButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = imp_choices_button_dispose;
  object_class->get_property = imp_choices_button_get_property;
  object_class->set_property = imp_choices_button_set_property;

  /* What the button offers: its tooltip and its name. */
  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL,
                         NULL,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * ImpChoicesButton::chosen:
   * @self: the button
   * @choice: the text
   *
   * Emitted when the person chose one.
   */
  signals[SIGNAL_CHOSEN] =
    g_signal_new ("chosen",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-choices-button.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpChoicesButton, button);
  gtk_widget_class_bind_template_child (widget_class, ImpChoicesButton, popover);
  gtk_widget_class_bind_template_child (widget_class, ImpChoicesButton, list);
  gtk_widget_class_bind_template_child (widget_class, ImpChoicesButton, choices);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
imp_choices_button_init (ImpChoicesButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->choices), create_row, NULL, NULL);
}

/**
 * imp_choices_button_set_choices:
 * @self: a choices button
 * @choices: (array zero-terminated=1): what is known
 *
 * Offers these. Without any, the button is not there.
 */
void
imp_choices_button_set_choices (ImpChoicesButton  *self,
                                const char *const *choices)
{
  g_return_if_fail (IMP_IS_CHOICES_BUTTON (self));

  gtk_string_list_splice (self->choices, 0,
                          g_list_model_get_n_items (G_LIST_MODEL (self->choices)), choices);
  gtk_widget_set_visible (GTK_WIDGET (self), choices[0] != NULL);
}
