/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* strcasestr */
#define _GNU_SOURCE

#include "config.h"

#include "imp-comparison-list.h"

#include <glib/gi18n.h>
#include <string.h>

#include "imp-comparison-row.h"
#include "imp-stack.h"

/**
 * ImpComparisonList:
 *
 * Differences of one kind: fields, sections or strings. There may be many
 * thousands, of which only those in sight have a row.
 */
struct _ImpComparisonList
{
  AdwBin parent_instance;

  char               *title;         /* (owned) of the kind */
  char               *empty;         /* (owned) what it means that there are none */
  gboolean            values;        /* both versions have one */
  gboolean            narrow;
  char               *version_a;     /* (owned) */
  char               *version_b;     /* (owned) */
  char               *text;          /* (owned) to be searched for */
  gboolean            only_changes;
  GListModel         *differences;   /* (owned) (nullable) */
  GtkFilterListModel *filtered;      /* (owned) */
  GtkFilter          *filter;        /* of filtered */

  GtkWidget     *header_box;
  GtkWidget     *name_header;
  GtkLabel      *a_header;
  GtkLabel      *b_header;
  GtkStack      *stack;
  AdwStatusPage *empty_page;
  GtkListView   *list_view;
};

G_DEFINE_FINAL_TYPE (ImpComparisonList, imp_comparison_list, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_TITLE,
  PROP_EMPTY,
  PROP_VALUES,
  PROP_NARROW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
contains (const char *text,
          const char *part)
{
  return text != NULL && strcasestr (text, part) != NULL;
}

static gboolean
filter_cb (gpointer item,
           gpointer user_data)
{
  ImpComparisonList *self = user_data;

  if (self->only_changes && imp_difference_get_change (item) == IMP_CHANGE_SAME)
    return FALSE;

  return self->text == NULL || *self->text == '\0' ||
         contains (imp_difference_get_name (item), self->text) ||
         contains (imp_difference_get_a (item), self->text) ||
         contains (imp_difference_get_b (item), self->text);
}

static void
show_emptiness (ImpComparisonList *self)
{
  gboolean none = self->differences == NULL || g_list_model_get_n_items (self->differences) == 0;
  /* What has not been looked through yet may well have some. */
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->filtered)) == 0 &&
                   gtk_filter_list_model_get_pending (self->filtered) == 0;
  gboolean searched = self->text != NULL && *self->text != '\0';

  adw_status_page_set_icon_name (self->empty_page,
                                 none || !searched ? "emblem-ok-symbolic" : "edit-find-symbolic");
  adw_status_page_set_title (self->empty_page, none ? self->empty
                                               : searched ? _("Nothing found") : _("No changes"));
  gtk_stack_set_visible_child_name (self->stack, empty ? "empty" : "list");
  gtk_widget_set_visible (self->header_box, !empty && self->values && !self->narrow);
}

static void
setup_cb (ImpComparisonList *self,
          GtkListItem       *item)
{
  GtkWidget *row = imp_comparison_row_new ();

  g_object_bind_property (self, "narrow", row, "narrow", G_BINDING_SYNC_CREATE);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, row);
}

static void
bind_cb (ImpComparisonList *self,
         GtkListItem       *item)
{
  imp_comparison_row_set (IMP_COMPARISON_ROW (gtk_list_item_get_child (item)),
                          gtk_list_item_get_item (item), self->version_a, self->version_b);
}

static void
imp_comparison_list_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  ImpComparisonList *self = IMP_COMPARISON_LIST (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    case PROP_EMPTY:
      g_value_set_string (value, self->empty);
      break;

    case PROP_VALUES:
      g_value_set_boolean (value, self->values);
      break;

    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_comparison_list_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  ImpComparisonList *self = IMP_COMPARISON_LIST (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_free (self->title);
      self->title = g_value_dup_string (value);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->list_view),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, self->title,
                                      -1);
      break;

    case PROP_EMPTY:
      g_free (self->empty);
      self->empty = g_value_dup_string (value);
      break;

    case PROP_VALUES:
      self->values = g_value_get_boolean (value);
      break;

    case PROP_NARROW:
      self->narrow = g_value_get_boolean (value);
      show_emptiness (self);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_comparison_list_dispose (GObject *object)
{
  ImpComparisonList *self = IMP_COMPARISON_LIST (object);

  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), IMP_TYPE_COMPARISON_LIST);
  g_clear_object (&self->filtered);
  g_clear_object (&self->differences);

  G_OBJECT_CLASS (imp_comparison_list_parent_class)->dispose (object);
}

static void
imp_comparison_list_finalize (GObject *object)
{
  ImpComparisonList *self = IMP_COMPARISON_LIST (object);

  g_free (self->title);
  g_free (self->empty);
  g_free (self->version_a);
  g_free (self->version_b);
  g_free (self->text);

  G_OBJECT_CLASS (imp_comparison_list_parent_class)->finalize (object);
}

static void
imp_comparison_list_class_init (ImpComparisonListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = imp_comparison_list_dispose;
  object_class->finalize = imp_comparison_list_finalize;
  object_class->get_property = imp_comparison_list_get_property;
  object_class->set_property = imp_comparison_list_set_property;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_EMPTY] = g_param_spec_string ("empty", NULL, NULL, NULL, flags);
  properties[PROP_VALUES] = g_param_spec_boolean ("values", NULL, NULL, FALSE, flags);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-comparison-list.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonList, header_box);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonList, name_header);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonList, a_header);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonList, b_header);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonList, stack);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonList, empty_page);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonList, list_view);
}

static void
imp_comparison_list_init (ImpComparisonList *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkSelectionModel *selection;

  self->filter = GTK_FILTER (gtk_custom_filter_new (filter_cb, self, NULL));
  self->filtered = gtk_filter_list_model_new (NULL, self->filter);
  gtk_filter_list_model_set_incremental (self->filtered, TRUE);

  gtk_widget_init_template (GTK_WIDGET (self));
  imp_stack_hide_others (self->stack);
  gtk_widget_set_size_request (self->name_header, IMP_COMPARISON_NAME_WIDTH, -1);
  g_signal_connect_swapped (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect_swapped (factory, "bind", G_CALLBACK (bind_cb), self);
  gtk_list_view_set_factory (self->list_view, factory);
  selection = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->filtered))));
  gtk_list_view_set_model (self->list_view, selection);
  g_object_unref (selection);
  g_signal_connect_object (self->filtered, "items-changed", G_CALLBACK (show_emptiness), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->filtered, "notify::pending", G_CALLBACK (show_emptiness), self,
                           G_CONNECT_SWAPPED);
}

/**
 * imp_comparison_list_set_differences:
 * @self: a list
 * @differences: (nullable): of [class@Imp.Difference]
 * @version_a: what the first version is called
 * @version_b: what the second version is called
 *
 * Shows other differences.
 */
void
imp_comparison_list_set_differences (ImpComparisonList *self,
                                     GListModel        *differences,
                                     const char        *version_a,
                                     const char        *version_b)
{
  g_return_if_fail (IMP_IS_COMPARISON_LIST (self));

  g_free (self->version_a);
  g_free (self->version_b);
  self->version_a = g_strdup (version_a);
  self->version_b = g_strdup (version_b);
  g_set_object (&self->differences, differences);
  gtk_label_set_text (self->a_header, version_a);
  gtk_label_set_text (self->b_header, version_b);
  gtk_filter_list_model_set_model (self->filtered, differences);
  show_emptiness (self);
}

/**
 * imp_comparison_list_search:
 * @self: a list
 * @text: what to look for, in names and values
 * @only_changes: whether to leave out what is the same
 *
 * Shows only what fits.
 */
void
imp_comparison_list_search (ImpComparisonList *self,
                            const char        *text,
                            gboolean           only_changes)
{
  g_return_if_fail (IMP_IS_COMPARISON_LIST (self));

  g_free (self->text);
  self->text = g_strdup (text);
  self->only_changes = only_changes;
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  show_emptiness (self);
}

/**
 * imp_comparison_list_count_changes:
 * @self: a list
 *
 * Counts all differences, whatever is searched for.
 *
 * Returns: how many of them are not the same in both versions
 */
guint
imp_comparison_list_count_changes (ImpComparisonList *self)
{
  guint n_changes = 0;
  guint n;

  g_return_val_if_fail (IMP_IS_COMPARISON_LIST (self), 0);

  n = self->differences != NULL ? g_list_model_get_n_items (self->differences) : 0;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpDifference) difference = g_list_model_get_item (self->differences, i);

      n_changes += imp_difference_get_change (difference) != IMP_CHANGE_SAME;
    }

  return n_changes;
}
