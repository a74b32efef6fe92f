/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-field-row.h"

#include <string.h>

/**
 * ImpFieldRow:
 *
 * A row to write into, that says below the text what is wrong with it.
 *
 * It looks like an [class@Adw.EntryRow], but holds an entry of GTK: the text of
 * libadwaita 1.2’s is no object of its own to a screen reader, which then hears
 * neither its name nor what is typed. It is edited through [iface@Gtk.Editable];
 * what comes after the text is added as a “suffix”.
 */
struct _ImpFieldRow
{
  AdwPreferencesRow parent_instance;

  gboolean     password;
  char        *problem;  /* (owned) (nullable) */

  GtkWidget   *entry;
  GtkLabel    *title_label;
  GtkBox      *suffixes;
  GtkRevealer *revealer;
  GtkLabel    *problem_label;
};

static GtkBuildableIface *parent_buildable;

static void imp_field_row_editable_init  (GtkEditableInterface *iface);
static void imp_field_row_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpFieldRow, imp_field_row, ADW_TYPE_PREFERENCES_ROW,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_EDITABLE,
                                                      imp_field_row_editable_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                      imp_field_row_buildable_init))

enum {
  PROP_0,
  PROP_PROBLEM,
  PROP_PASSWORD,
  PROP_ACTIVATES_DEFAULT,
  PROP_INPUT_PURPOSE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum {
  SIGNAL_ENTRY_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GtkEditable *
imp_field_row_get_delegate (GtkEditable *editable)
{
  return GTK_EDITABLE (IMP_FIELD_ROW (editable)->entry);
}

static void
imp_field_row_editable_init (GtkEditableInterface *iface)
{
  iface->get_delegate = imp_field_row_get_delegate;
}

static void
imp_field_row_add_child (GtkBuildable *buildable,
                         GtkBuilder   *builder,
                         GObject      *child,
                         const char   *type)
{
  ImpFieldRow *self = IMP_FIELD_ROW (buildable);

  if (g_strcmp0 (type, "suffix") == 0)
    gtk_box_append (self->suffixes, GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
imp_field_row_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = imp_field_row_add_child;
}

static void
imp_field_row_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ImpFieldRow *self = IMP_FIELD_ROW (object);

  if (gtk_editable_delegate_get_property (object, prop_id, value, pspec))
    return;

  switch (prop_id)
    {
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;

    case PROP_PASSWORD:
      g_value_set_boolean (value, self->password);
      break;

    case PROP_ACTIVATES_DEFAULT:
    case PROP_INPUT_PURPOSE:
      g_object_get_property (G_OBJECT (self->entry), pspec->name, value);
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

  if (gtk_editable_delegate_set_property (object, prop_id, value, pspec))
    return;

  switch (prop_id)
    {
    case PROP_PROBLEM:
      imp_field_row_set_problem (self, g_value_get_string (value));
      break;

    case PROP_PASSWORD:
      self->password = g_value_get_boolean (value);
      break;

    case PROP_ACTIVATES_DEFAULT:
    case PROP_INPUT_PURPOSE:
      g_object_set_property (G_OBJECT (self->entry), pspec->name, value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static gboolean
imp_field_row_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (IMP_FIELD_ROW (widget)->entry);
}

static GtkWidget *
add_label (GtkBox     *box,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, css_class);
  if (box != NULL)
    gtk_box_append (box, label);
  return label;
}

/* The title, the text, and what is wrong, one above the other. */
static GtkWidget *
create_column (ImpFieldRow *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_set_hexpand (column, TRUE);
  gtk_widget_set_valign (column, GTK_ALIGN_CENTER);
  self->title_label = GTK_LABEL (add_label (GTK_BOX (column), "dim-label"));
  g_object_bind_property (self, "title", self->title_label, "label", G_BINDING_SYNC_CREATE);

  gtk_box_append (GTK_BOX (column), self->entry);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->entry),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY, self->title_label, NULL,
                                  -1);

  self->problem_label = GTK_LABEL (add_label (NULL, "problem"));
  self->revealer = GTK_REVEALER (gtk_revealer_new ());
  gtk_revealer_set_child (self->revealer, GTK_WIDGET (self->problem_label));
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->revealer));
  return column;
}

/* How much of a text stands before the end of its line, if it has one and nothing follows. */
static int
get_line_length (const char *text,
                 int         length)
{
  int n = length;

  while (n > 0 && g_ascii_isspace (text[n - 1]))
    n--;

  return memchr (text + n, '\n', length - n) != NULL ? n : length;
}

/* A line that was copied whole brings its end along, which nobody means. No copy is made here: it may
 * be a password.
 */
static void
insert_text_cb (GtkEditable *delegate,
                const char  *text,
                int          length,
                int         *position,
                ImpFieldRow *self)
{
  int n = get_line_length (text, length);

  if (n == length)
    return;

  g_signal_handlers_block_by_func (delegate, insert_text_cb, self);
  gtk_editable_insert_text (delegate, text, n, position);
  g_signal_handlers_unblock_by_func (delegate, insert_text_cb, self);
  g_signal_stop_emission_by_name (delegate, "insert-text");
}

static GtkWidget *
create_entry (ImpFieldRow *self)
{
  GtkWidget *entry = self->password ? gtk_password_entry_new () : gtk_entry_new ();

  g_signal_connect_object (gtk_editable_get_delegate (GTK_EDITABLE (entry)), "insert-text",
                           G_CALLBACK (insert_text_cb), self, 0);
  if (self->password)
    gtk_password_entry_set_show_peek_icon (GTK_PASSWORD_ENTRY (entry), TRUE);
  return entry;
}

/* An empty field that is not written into shows its title where the text would be. */
static void
update_empty (ImpFieldRow *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (self->entry)) == '\0')
    gtk_widget_add_css_class (GTK_WIDGET (self), "empty");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "empty");
}

static void
activate_cb (ImpFieldRow *self)
{
  g_signal_emit (self, signals[SIGNAL_ENTRY_ACTIVATED], 0);
}

static void
clicked_cb (ImpFieldRow *self)
{
  if (!gtk_widget_has_focus (self->entry))
    gtk_widget_grab_focus (self->entry);
}

static void
imp_field_row_constructed (GObject *object)
{
  ImpFieldRow *self = IMP_FIELD_ROW (object);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkGesture *click = gtk_gesture_click_new ();

  G_OBJECT_CLASS (imp_field_row_parent_class)->constructed (object);

  self->entry = create_entry (self);
  gtk_editable_init_delegate (GTK_EDITABLE (self));
  g_signal_connect_object (self->entry, "activate", G_CALLBACK (activate_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "changed", G_CALLBACK (update_empty), self,
                           G_CONNECT_SWAPPED);
  update_empty (self);
  self->suffixes = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));

  gtk_widget_add_css_class (box, "field");
  gtk_box_append (GTK_BOX (box), create_column (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->suffixes));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);

  g_signal_connect_object (click, "released", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (box, GTK_EVENT_CONTROLLER (click));
}

static void
imp_field_row_dispose (GObject *object)
{
  ImpFieldRow *self = IMP_FIELD_ROW (object);

  if (self->entry != NULL)
    gtk_editable_finish_delegate (GTK_EDITABLE (self));
  self->entry = NULL;

  G_OBJECT_CLASS (imp_field_row_parent_class)->dispose (object);
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

  object_class->constructed = imp_field_row_constructed;
  object_class->dispose = imp_field_row_dispose;
  object_class->finalize = imp_field_row_finalize;
  object_class->get_property = imp_field_row_get_property;
  object_class->set_property = imp_field_row_set_property;
  GTK_WIDGET_CLASS (klass)->grab_focus = imp_field_row_grab_focus;

  properties[PROP_PROBLEM] =
    g_param_spec_string ("problem", NULL, NULL,
                         NULL,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_PASSWORD] =
    g_param_spec_boolean ("password", NULL, NULL,
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ACTIVATES_DEFAULT] =
    g_param_spec_boolean ("activates-default", NULL, NULL,
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_INPUT_PURPOSE] =
    g_param_spec_enum ("input-purpose", NULL, NULL,
                       GTK_TYPE_INPUT_PURPOSE, GTK_INPUT_PURPOSE_FREE_FORM,
                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_editable_install_properties (object_class, N_PROPS);

  /**
   * ImpFieldRow::entry-activated:
   *
   * Emitted when Enter is pressed in the text.
   */
  signals[SIGNAL_ENTRY_ACTIVATED] =
    g_signal_new ("entry-activated",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

/* The text is what one writes into, not the row. */
static void
imp_field_row_init (ImpFieldRow *self)
{
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "field");
}

/**
 * imp_field_row_new:
 * @title: what is to be written
 *
 * Makes a row.
 *
 * Returns: (transfer full): the row
 */
GtkWidget *
imp_field_row_new (const char *title)
{
  return g_object_new (IMP_TYPE_FIELD_ROW, "title", title, NULL);
}

/**
 * imp_field_row_get_problem:
 * @self: a row
 *
 * Returns: (nullable): what is wrong with the text, as it is shown below it, or `NULL` if nothing is
 */
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
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry),
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, problem,
                                      -1);
    }
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
      gtk_accessible_reset_property (GTK_ACCESSIBLE (self->entry),
                                     GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
    }

  gtk_accessible_update_state (GTK_ACCESSIBLE (self->entry),
                               GTK_ACCESSIBLE_STATE_INVALID,
                               problem != NULL ? GTK_ACCESSIBLE_INVALID_TRUE
                                               : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  gtk_revealer_set_reveal_child (self->revealer, problem != NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}
