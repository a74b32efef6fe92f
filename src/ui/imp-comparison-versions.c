/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-comparison-versions.h"

#include <glib/gi18n.h>

#define MAX_VERSIONS 1000

/**
 * ImpComparisonVersions:
 *
 * Which two versions of a class are compared: chosen from those that their
 * author registered, newest first.
 *
 * The signal “changed” says that a person chose another.
 */
struct _ImpComparisonVersions
{
  AdwBin parent_instance;

  GPtrArray *transactions;  /* (owned) of ImpTransaction, as in versions */
  gboolean   quiet;         /* what changes is not a person's doing */

  GtkDropDown   *a_drop_down;
  GtkDropDown   *b_drop_down;
  GtkStringList *versions;
};

G_DEFINE_FINAL_TYPE (ImpComparisonVersions, imp_comparison_versions, ADW_TYPE_BIN)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What is asked for: the second is the first's successor where it is not said. */
typedef struct
{
  char *a;  /* (owned) */
  char *b;  /* (owned) (nullable) */
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->a);
  g_free (request->b);
  g_free (request);
}

static void
selected_cb (ImpComparisonVersions *self)
{
  if (!self->quiet)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
select_both (ImpComparisonVersions *self,
             guint                  a,
             guint                  b)
{
  self->quiet = TRUE;
  gtk_drop_down_set_selected (self->a_drop_down, a);
  gtk_drop_down_set_selected (self->b_drop_down, b);
  self->quiet = FALSE;
}

static void
swap_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  ImpComparisonVersions *self = IMP_COMPARISON_VERSIONS (widget);

  select_both (self, gtk_drop_down_get_selected (self->b_drop_down),
               gtk_drop_down_get_selected (self->a_drop_down));
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
imp_comparison_versions_dispose (GObject *object)
{
  ImpComparisonVersions *self = IMP_COMPARISON_VERSIONS (object);

  self->quiet = TRUE;
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), IMP_TYPE_COMPARISON_VERSIONS);
  g_clear_pointer (&self->transactions, g_ptr_array_unref);

  G_OBJECT_CLASS (imp_comparison_versions_parent_class)->dispose (object);
}

static void
imp_comparison_versions_class_init (ImpComparisonVersionsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_comparison_versions_dispose;

  /**
   * ImpComparisonVersions::changed:
   *
   * Emitted when a person chose other versions.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "comparison-versions.swap", NULL, swap_action);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-comparison-versions.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonVersions, a_drop_down);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonVersions, b_drop_down);
  gtk_widget_class_bind_template_child (widget_class, ImpComparisonVersions, versions);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
imp_comparison_versions_init (ImpComparisonVersions *self)
{
  self->transactions = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}

static guint
find_transaction (ImpComparisonVersions *self,
                  const char            *id)
{
  for (guint i = 0; id != NULL && i < self->transactions->len; i++)
    {
      if (g_str_equal (imp_transaction_get_id (g_ptr_array_index (self->transactions, i)), id))
        return i;
    }

  return GTK_INVALID_LIST_POSITION;
}

static void
fill (ImpComparisonVersions *self,
      ImpPage               *page)
{
  self->quiet = TRUE;
  g_ptr_array_set_size (self->transactions, 0);
  gtk_string_list_splice (self->versions, 0, g_list_model_get_n_items (G_LIST_MODEL (self->versions)),
                          NULL);
  for (guint i = 0; i < page->items->len; i++)
    {
      ImpTransaction *transaction = g_ptr_array_index (page->items, i);

      g_ptr_array_add (self->transactions, g_object_ref (transaction));
      gtk_string_list_append (self->versions, imp_transaction_get_version (transaction));
    }
  self->quiet = FALSE;
}

/* One version alone is compared with the one before it, and the first with the one after. */
static void
choose (ImpComparisonVersions *self,
        const Request         *request)
{
  guint a = find_transaction (self, request->a);
  guint b = find_transaction (self, request->b);

  if (b == GTK_INVALID_LIST_POSITION && a != GTK_INVALID_LIST_POSITION)
    {
      b = a + 1 < self->transactions->len ? a : a > 0 ? a - 1 : a;
      a = a + 1 < self->transactions->len ? a + 1 : a;
    }

  select_both (self, a, b);
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpComparisonVersions *self = g_task_get_source_object (task);
  g_autoptr(ImpPage) page = NULL;
  GError *error = NULL;

  page = imp_agent_client_list_updates_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (page == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (self->versions != NULL)
    {
      fill (self, page);
      choose (self, g_task_get_task_data (task));
    }
  g_task_return_boolean (task, TRUE);
}

static void
got_transaction_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(ImpTransaction) transaction = NULL;
  ImpPageQuery query = { .limit = MAX_VERSIONS };
  GError *error = NULL;

  transaction = imp_agent_client_get_transaction_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (transaction == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  query.author = imp_transaction_get_author (transaction);
  query.class_id = imp_transaction_get_class_id (transaction);
  imp_agent_client_list_updates_async (IMP_AGENT_CLIENT (object), &query,
                                       g_task_get_cancellable (task), listed_cb,
                                       g_object_ref (task));
}

/**
 * imp_comparison_versions_load_async:
 * @self: the versions
 * @client: a client whose connection is open
 * @a: the transaction that registered a version
 * @b: (nullable): that of another, or %NULL for the version before the first
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Finds the versions of a class and chooses two of them.
 */
void
imp_comparison_versions_load_async (ImpComparisonVersions *self,
                                    ImpAgentClient        *client,
                                    const char            *a,
                                    const char            *b,
                                    GCancellable          *cancellable,
                                    GAsyncReadyCallback    callback,
                                    gpointer               user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  request->a = g_strdup (a);
  request->b = g_strdup (b);
  g_task_set_source_tag (task, imp_comparison_versions_load_async);
  g_task_set_task_data (task, request, request_free);
  imp_agent_client_get_transaction_async (client, a, cancellable, got_transaction_cb, task);
}

/**
 * imp_comparison_versions_load_finish:
 * @self: the versions
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether the versions could be found
 */
gboolean
imp_comparison_versions_load_finish (ImpComparisonVersions  *self,
                                     GAsyncResult           *result,
                                     GError                **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static const char *
get_selected (ImpComparisonVersions *self,
              GtkDropDown           *drop_down)
{
  guint selected = gtk_drop_down_get_selected (drop_down);

  return selected < self->transactions->len
           ? imp_transaction_get_id (g_ptr_array_index (self->transactions, selected)) : NULL;
}

/* The transaction that registered the first version; %NULL where none is chosen. */
const char *
imp_comparison_versions_get_a (ImpComparisonVersions *self)
{
  g_return_val_if_fail (IMP_IS_COMPARISON_VERSIONS (self), NULL);

  return get_selected (self, self->a_drop_down);
}

/**
 * imp_comparison_versions_get_b:
 * @self: the versions
 *
 * Returns: (nullable): the transaction that registered the second version, or `NULL` while none is
 * chosen
 */
const char *
imp_comparison_versions_get_b (ImpComparisonVersions *self)
{
  g_return_val_if_fail (IMP_IS_COMPARISON_VERSIONS (self), NULL);

  return get_selected (self, self->b_drop_down);
}
