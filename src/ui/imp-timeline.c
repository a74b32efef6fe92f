/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-timeline.h"

#include <glib/gi18n.h>

#include "imp-fit.h"
#include "imp-format.h"
#include "imp-stack.h"

/**
 * ImpTimeline:
 *
 * Steps one below the other, each with its state, its time and, where there is
 * one, a line that says more: of a submission, of a device's checks, of the
 * verdicts on an update.
 */
struct _ImpTimeline
{
  AdwBin parent_instance;

  GtkListBox *list;
  GPtrArray  *steps;  /* (owned) (element-type Step) */
};

typedef struct
{
  ImpTimelineState state;
  char            *title;  /* (owned) */

  GtkListBoxRow *row;
  GtkStack      *icon_stack;
  GtkImage      *icon;
  GtkSpinner    *spinner;
  GtkLabel      *title_label;
  GtkLabel      *time_label;
  GtkLabel      *detail_label;
} Step;

G_DEFINE_FINAL_TYPE (ImpTimeline, imp_timeline, ADW_TYPE_BIN)

static const struct
{
  const char *icon;
  const char *css_class;
  const char *name;
} looks[] = {
  [IMP_TIMELINE_WAITING] = { "imp-step-waiting-symbolic", "dim-label", N_("waiting") },
  [IMP_TIMELINE_RUNNING] = { NULL, NULL, N_("running") },
  [IMP_TIMELINE_DONE] = { "emblem-ok-symbolic", "success", N_("done") },
  [IMP_TIMELINE_FAILED] = { "imp-step-failed-symbolic", "error", N_("failed") },
  [IMP_TIMELINE_SKIPPED] = { "imp-step-waiting-symbolic", "dim-label", N_("not reached") },
};

static void
step_free (gpointer data)
{
  Step *step = data;

  g_free (step->title);
  g_free (step);
}

static GtkWidget *
make_label (float       xalign,
            const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
make_icon_stack (Step *step)
{
  GtkWidget *stack = gtk_stack_new ();

  step->icon = GTK_IMAGE (gtk_image_new ());
  step->spinner = GTK_SPINNER (gtk_spinner_new ());
  step->icon_stack = GTK_STACK (stack);
  gtk_stack_add_named (step->icon_stack, GTK_WIDGET (step->icon), "icon");
  gtk_stack_add_named (step->icon_stack, GTK_WIDGET (step->spinner), "spinner");
  imp_stack_hide_others (step->icon_stack);
  gtk_widget_set_valign (stack, GTK_ALIGN_START);
  gtk_widget_set_margin_top (stack, 2);
  return stack;
}

static void
make_row (Step *step)
{
  GtkWidget *grid = gtk_grid_new ();

  step->title_label = GTK_LABEL (make_label (0, NULL));
  step->time_label = GTK_LABEL (make_label (1, "numeric"));
  step->detail_label = GTK_LABEL (make_label (0, "caption"));
  gtk_widget_add_css_class (GTK_WIDGET (step->time_label), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (step->detail_label), "dim-label");
  gtk_label_set_wrap (step->title_label, TRUE);
  gtk_label_set_wrap (step->detail_label, TRUE);
  gtk_label_set_wrap_mode (step->detail_label, PANGO_WRAP_WORD_CHAR);
  imp_fit_identifiers (step->detail_label);
  gtk_label_set_selectable (step->detail_label, FALSE);
  gtk_widget_set_hexpand (GTK_WIDGET (step->title_label), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (step->detail_label), FALSE);

  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_attach (GTK_GRID (grid), make_icon_stack (step), 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), GTK_WIDGET (step->title_label), 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), GTK_WIDGET (step->time_label), 2, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), GTK_WIDGET (step->detail_label), 1, 1, 2, 1);
  gtk_widget_add_css_class (grid, "step");

  step->row = GTK_LIST_BOX_ROW (gtk_list_box_row_new ());
  gtk_list_box_row_set_activatable (step->row, FALSE);
  gtk_list_box_row_set_child (step->row, grid);
}

static Step *
get_step (ImpTimeline *self,
          guint        step)
{
  g_assert (step < self->steps->len);

  return g_ptr_array_index (self->steps, step);
}

/* The icon is only a picture: the row's name says title, state and time. */
static void
name_row (Step       *step,
          const char *time,
          const char *detail)
{
  g_autoptr(GString) name = g_string_new (step->title);

  g_string_append_printf (name, ", %s", _(looks[step->state].name));
  if (*time != '\0')
    g_string_append_printf (name, ", %s", time);
  if (detail != NULL)
    g_string_append_printf (name, ", %s", detail);

  gtk_accessible_update_property (GTK_ACCESSIBLE (step->row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name->str,
                                  -1);
}

static void
dress_step (Step *step)
{
  gboolean running = step->state == IMP_TIMELINE_RUNNING;
  const char *css[] = { looks[step->state].css_class, NULL };

  gtk_stack_set_visible_child_name (step->icon_stack, running ? "spinner" : "icon");
  gtk_spinner_set_spinning (step->spinner, running);
  gtk_image_set_from_icon_name (step->icon, looks[step->state].icon);
  gtk_widget_set_css_classes (GTK_WIDGET (step->icon), css);
  if (step->state == IMP_TIMELINE_WAITING || step->state == IMP_TIMELINE_SKIPPED)
    gtk_widget_add_css_class (GTK_WIDGET (step->title_label), "dim-label");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (step->title_label), "dim-label");
}

static void
imp_timeline_finalize (GObject *object)
{
  ImpTimeline *self = IMP_TIMELINE (object);

  g_ptr_array_unref (self->steps);

  G_OBJECT_CLASS (imp_timeline_parent_class)->finalize (object);
}

static void
imp_timeline_class_init (ImpTimelineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_timeline_finalize;

  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "timeline");
}

static void
imp_timeline_init (ImpTimeline *self)
{
  self->steps = g_ptr_array_new_with_free_func (step_free);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
}

/**
 * imp_timeline_new:
 *
 * Makes a timeline without steps.
 *
 * Returns: (transfer full): the timeline
 */
GtkWidget *
imp_timeline_new (void)
{
  return g_object_new (IMP_TYPE_TIMELINE, NULL);
}

/**
 * imp_timeline_get_n_steps:
 * @self: a timeline
 *
 * Returns: how many steps it has
 */
guint
imp_timeline_get_n_steps (ImpTimeline *self)
{
  g_return_val_if_fail (IMP_IS_TIMELINE (self), 0);

  return self->steps->len;
}

/**
 * imp_timeline_get_state:
 * @self: a timeline
 * @step: below [method@Imp.Timeline.get_n_steps]
 *
 * Returns: how far the step is
 */
ImpTimelineState
imp_timeline_get_state (ImpTimeline *self,
                        guint        step)
{
  g_return_val_if_fail (IMP_IS_TIMELINE (self), IMP_TIMELINE_WAITING);

  return get_step (self, step)->state;
}

/**
 * imp_timeline_add:
 * @self: a timeline
 * @title: what the step does
 *
 * Adds a step that waits.
 *
 * Returns: its number
 */
guint
imp_timeline_add (ImpTimeline *self,
                  const char  *title)
{
  Step *step = g_new0 (Step, 1);

  g_return_val_if_fail (IMP_IS_TIMELINE (self), 0);

  step->title = g_strdup (title);
  make_row (step);
  gtk_label_set_text (step->title_label, title);
  gtk_list_box_append (self->list, GTK_WIDGET (step->row));
  g_ptr_array_add (self->steps, step);
  dress_step (step);
  name_row (step, "", NULL);
  return self->steps->len - 1;
}

/**
 * imp_timeline_set:
 * @self: a timeline
 * @step_number: which step
 * @state: how it stands
 * @ms: how long it took, negative when that is not known
 * @detail: (nullable): a line that says more
 *
 * Moves a step on.
 */
void
imp_timeline_set (ImpTimeline      *self,
                  guint             step_number,
                  ImpTimelineState  state,
                  double            ms,
                  const char       *detail)
{
  g_autofree char *time = imp_format_duration (ms);
  Step *step;

  g_return_if_fail (IMP_IS_TIMELINE (self));

  step = get_step (self, step_number);
  step->state = state;
  gtk_label_set_text (step->time_label, time);
  gtk_label_set_text (step->detail_label, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (step->detail_label), detail != NULL);
  dress_step (step);
  name_row (step, time, detail);
}

/**
 * imp_timeline_clear:
 * @self: a timeline
 *
 * Takes all steps away.
 */
void
imp_timeline_clear (ImpTimeline *self)
{
  g_return_if_fail (IMP_IS_TIMELINE (self));

  for (guint i = 0; i < self->steps->len; i++)
    gtk_list_box_remove (self->list, GTK_WIDGET (get_step (self, i)->row));
  g_ptr_array_set_size (self->steps, 0);
}
