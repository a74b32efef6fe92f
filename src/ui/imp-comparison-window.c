/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-comparison-window.h"

#include <glib/gi18n.h>
#include <string.h>

#include "imp-comparison-list.h"
#include "imp-comparison-versions.h"
#include "imp-comparison.h"
#include "imp-fit.h"
#include "imp-save-dialog.h"
#include "imp-state-stack.h"
#include "imp-toast.h"

/**
 * ImpComparisonWindow:
 *
 * Two versions of a class side by side: what their manifests say, the sections
 * of their payloads, and the strings that came and went.
 */
struct _ImpComparisonWindow
{
  AdwWindow parent_instance;

  ImpSession    *session;      /* (owned) */
  char          *a;            /* (owned) what was asked for at first */
  char          *b;            /* (owned) (nullable) */
  ImpComparison *comparison;   /* (owned) (nullable) */
  GCancellable  *cancellable;  /* (owned) (nullable) of what runs */

  GtkWidget             *overlay;
  AdwViewSwitcherTitle  *switcher_title;
  ImpComparisonVersions *versions;
  GtkOrientable         *search_box;
  GtkEditable           *search_entry;
  GtkToggleButton       *changes_button;
  GtkWidget             *progress_box;
  GtkProgressBar        *progress_bar;
  GtkLabel              *notes_label;
  ImpStateStack         *state_stack;
  AdwViewStackPage      *fields_page;
  AdwViewStackPage      *sections_page;
  AdwViewStackPage      *strings_page;
  ImpComparisonList     *fields;
  ImpComparisonList     *sections;
  ImpComparisonList     *strings;
};

G_DEFINE_FINAL_TYPE (ImpComparisonWindow, imp_comparison_window, ADW_TYPE_WINDOW)

static void
set_busy (ImpComparisonWindow *self,
          gboolean             busy)
{
  gtk_widget_set_visible (self->progress_box, busy);
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
}

static void
set_exportable (ImpComparisonWindow *self,
                gboolean             exportable)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "comparison.copy", exportable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "comparison.save", exportable);
}

static void
show_list (ImpComparisonWindow *self,
           ImpComparisonList   *list,
           AdwViewStackPage    *page,
           GListModel          *differences)
{
  imp_comparison_list_set_differences (list, differences,
                                       imp_manifest_get_version (imp_comparison_get_a (self->comparison)->manifest),
                                       imp_manifest_get_version (imp_comparison_get_b (self->comparison)->manifest));
  adw_view_stack_page_set_badge_number (page, imp_comparison_list_count_changes (list));
}

static void
show_comparison (ImpComparisonWindow *self)
{
  g_autofree char *notes = g_strjoinv ("\n", (char **) imp_comparison_get_notes (self->comparison));
  g_autofree char *title = imp_comparison_dup_title (self->comparison);

  show_list (self, self->fields, self->fields_page, imp_comparison_get_fields (self->comparison));
  show_list (self, self->sections, self->sections_page,
             imp_comparison_get_sections (self->comparison));
  show_list (self, self->strings, self->strings_page, imp_comparison_get_strings (self->comparison));
  gtk_label_set_text (self->notes_label, notes);
  gtk_widget_set_visible (GTK_WIDGET (self->notes_label), *notes != '\0');
  adw_view_switcher_title_set_subtitle (self->switcher_title, title);
  gtk_window_set_title (GTK_WINDOW (self), title);
  set_exportable (self, TRUE);
  imp_state_stack_set_loaded (self->state_stack, FALSE);
}

static void
progress_cb (goffset  done,
             goffset  total,
             gpointer user_data)
{
  ImpComparisonWindow *self = user_data;

  if (total > 0 && self->progress_bar != NULL)
    gtk_progress_bar_set_fraction (self->progress_bar, (double) done / total);
}

/* What was cancelled in favour of another comparison is not news any more. */
static gboolean
is_over (ImpComparisonWindow *self,
         GCancellable        *cancellable)
{
  return self->state_stack == NULL || self->cancellable != cancellable;
}

static void
compared_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(ImpComparisonWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpComparison) comparison = imp_comparison_new_finish (result, &error);

  if (is_over (self, g_task_get_cancellable (G_TASK (result))))
    return;

  set_busy (self, FALSE);
  if (comparison != NULL)
    {
      g_set_object (&self->comparison, comparison);
      show_comparison (self);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    imp_state_stack_set_loaded (self->state_stack, TRUE);
  else
    imp_state_stack_set_failed (self->state_stack, _("The versions could not be compared"), error);
}

/* What was found in other versions says nothing of these. */
static void
forget_counts (ImpComparisonWindow *self)
{
  adw_view_stack_page_set_badge_number (self->fields_page, 0);
  adw_view_stack_page_set_badge_number (self->sections_page, 0);
  adw_view_stack_page_set_badge_number (self->strings_page, 0);
  adw_view_switcher_title_set_subtitle (self->switcher_title, "");
  gtk_widget_set_visible (GTK_WIDGET (self->notes_label), FALSE);
}

static void
begin (ImpComparisonWindow *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  set_exportable (self, FALSE);
  forget_counts (self);
  set_busy (self, TRUE);
  imp_state_stack_set_replacing (self->state_stack);
}

/* The session says why there is none. */
static ImpAgentClient *
get_client (ImpComparisonWindow *self)
{
  ImpAgentClient *client = imp_session_get_client (self->session);
  g_autoptr(GError) error = NULL;

  if (client != NULL)
    return client;

  error = imp_session_get_error (self->session) != NULL
            ? g_error_copy (imp_session_get_error (self->session))
            : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, _("There is no connection"));
  set_busy (self, FALSE);
  imp_state_stack_set_failed (self->state_stack, _("The versions could not be compared"), error);
  return NULL;
}

static void
compare (ImpComparisonWindow *self)
{
  const char *a = imp_comparison_versions_get_a (self->versions);
  const char *b = imp_comparison_versions_get_b (self->versions);
  ImpAgentClient *client;

  if (a == NULL || b == NULL)
    return;

  begin (self);
  if ((client = get_client (self)) != NULL)
    imp_comparison_new_async (client, a, b, progress_cb, self, self->cancellable, compared_cb,
                              g_object_ref (self));
}

/* A version has nothing to be compared with but itself where it is the only one. */
static void
versions_loaded_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(ImpComparisonWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean loaded = imp_comparison_versions_load_finish (IMP_COMPARISON_VERSIONS (object), result,
                                                         &error);

  if (is_over (self, g_task_get_cancellable (G_TASK (result))))
    return;

  set_busy (self, FALSE);
  if (!loaded)
    imp_state_stack_set_failed (self->state_stack, _("The versions could not be compared"), error);
  else if (g_strcmp0 (imp_comparison_versions_get_a (self->versions),
                      imp_comparison_versions_get_b (self->versions)) == 0)
    imp_state_stack_set_loaded (self->state_stack, TRUE);
  else
    compare (self);
}

static void
load (ImpComparisonWindow *self)
{
  ImpAgentClient *client;

  if (imp_comparison_versions_get_a (self->versions) != NULL)
    {
      compare (self);
      return;
    }

  begin (self);
  if ((client = get_client (self)) != NULL)
    imp_comparison_versions_load_async (self->versions, client, self->a, self->b, self->cancellable,
                                        versions_loaded_cb, g_object_ref (self));
}

static void
search_cb (ImpComparisonWindow *self)
{
  ImpComparisonList *lists[] = { self->fields, self->sections, self->strings };
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->search_entry)));

  if (self->strings == NULL)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    imp_comparison_list_search (lists[i], text, gtk_toggle_button_get_active (self->changes_button));
}

static void
narrow_cb (ImpComparisonWindow *self)
{
  gboolean narrow = adw_view_switcher_title_get_title_visible (self->switcher_title);
  ImpComparisonList *lists[] = { self->fields, self->sections, self->strings };

  if (self->strings == NULL)  /* the template is not whole yet, or no more */
    return;

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    g_object_set (lists[i], "narrow", narrow, NULL);
  gtk_orientable_set_orientation (self->search_box,
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

static void
compare_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  load (IMP_COMPARISON_WINDOW (widget));
}

static void
cancel_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  g_cancellable_cancel (IMP_COMPARISON_WINDOW (widget)->cancellable);
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  gtk_widget_grab_focus (GTK_WIDGET (IMP_COMPARISON_WINDOW (widget)->search_entry));
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  ImpComparisonWindow *self = IMP_COMPARISON_WINDOW (widget);
  g_autofree char *text = imp_comparison_to_text (self->comparison);

  imp_toast_copy (self->overlay, text, _("Copied"));
}

static GBytes *
print_comparison (ImpComparison *comparison,
                  const char    *kind)
{
  g_autoptr(JsonNode) node = NULL;
  char *text;

  if (g_str_equal (kind, "json"))
    {
      node = imp_comparison_to_json (comparison);
      text = json_to_string (node, TRUE);
    }
  else
    text = imp_comparison_to_text (comparison);

  return g_bytes_new_take (text, strlen (text));
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  ImpComparisonWindow *self = IMP_COMPARISON_WINDOW (widget);
  const char *kind = g_variant_get_string (parameter, NULL);
  g_autoptr(GBytes) bytes = print_comparison (self->comparison, kind);
  g_autofree char *title = imp_comparison_dup_title (self->comparison);
  g_autofree char *name = g_strdup_printf ("%s.%s", g_strdelimit (title, "/ ", '-'), kind);

  imp_save_dialog_show (self->overlay, _("Save the Comparison"), name, bytes, _("Comparison saved"));
}

static gboolean
imp_comparison_window_close_request (GtkWindow *window)
{
  g_cancellable_cancel (IMP_COMPARISON_WINDOW (window)->cancellable);

  return GTK_WINDOW_CLASS (imp_comparison_window_parent_class)->close_request (window);
}

static void
imp_comparison_window_dispose (GObject *object)
{
  ImpComparisonWindow *self = IMP_COMPARISON_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_COMPARISON_WINDOW);
  g_clear_object (&self->session);
  g_clear_pointer (&self->a, g_free);
  g_clear_pointer (&self->b, g_free);
  g_clear_object (&self->comparison);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (imp_comparison_window_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "comparison.compare", NULL, compare_action);
  gtk_widget_class_install_action (widget_class, "comparison.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "comparison.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "comparison.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "comparison.save", "s", save_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK,
                                       "comparison.search", NULL);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonWindow, overlay);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonWindow, switcher_title);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonWindow, versions);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonWindow, search_box);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonWindow, changes_button);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonWindow, progress_box);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonWindow, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonWindow, notes_label);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonWindow, state_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonWindow, fields_page);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonWindow, sections_page);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonWindow, strings_page);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonWindow, fields);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonWindow, sections);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonWindow, strings);
  gtk_widget_class_bind_template_callback (widget_class, gtk_window_close);
  gtk_widget_class_bind_template_callback (widget_class, compare);
  gtk_widget_class_bind_template_callback (widget_class, load);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
  gtk_widget_class_bind_template_callback (widget_class, narrow_cb);
}

static void
imp_comparison_window_class_init (ImpComparisonWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_comparison_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = imp_comparison_window_close_request;

  install_actions (widget_class);

  g_type_ensure (IMP_TYPE_STATE_STACK);
  g_type_ensure (IMP_TYPE_COMPARISON_LIST);
  g_type_ensure (IMP_TYPE_COMPARISON_VERSIONS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-comparison-window.ui");
  bind_template (widget_class);
}

static void
imp_comparison_window_init (ImpComparisonWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  narrow_cb (self);
}

/**
 * imp_comparison_window_new:
 * @parent: the window it belongs to
 * @session: whose agents
 * @a: the transaction that registered a version
 * @b: (nullable): that of another, or %NULL for the version before it
 *
 * Makes the window and begins to compare.
 *
 * Returns: (transfer none): the window, which GTK owns
 */
GtkWidget *
imp_comparison_window_new (GtkWindow  *parent,
                           ImpSession *session,
                           const char *a,
                           const char *b)
{
  ImpComparisonWindow *self = g_object_new (IMP_TYPE_COMPARISON_WINDOW, "transient-for", parent, NULL);

  self->session = g_object_ref (session);
  self->a = g_strdup (a);
  self->b = g_strdup (b);
  imp_fit_to_parent (GTK_WINDOW (self));
  load (self);
  return GTK_WIDGET (self);
}
