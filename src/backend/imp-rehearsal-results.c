/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-rehearsal-results.h"

#include "imp-checkpoint.h"
#include "imp-data-path.h"
#include "imp-json.h"
#include "imp-state-file.h"

#define MAX_RESULTS 300
#define MAX_HEADS   8

/**
 * ImpRehearsalResults:
 *
 * What was rehearsed on the devices of this user, newest first.
 *
 * It is kept in one file, which is written in a thread a moment after the last change.
 */
struct _ImpRehearsalResults
{
  GObject parent_instance;

  char      *path;     /* (owned) */
  GPtrArray *items;    /* (owned) (element-type ImpAttackResult) newest first */
  GPtrArray *heads;    /* (owned) (element-type utf8) newest last */
  gboolean   writing;
  gboolean   changed;  /* since it was begun to be written */
};

static void imp_rehearsal_results_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpRehearsalResults, imp_rehearsal_results, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, imp_rehearsal_results_list_model_init))

static GType
imp_rehearsal_results_get_item_type (GListModel *model)
{
  return IMP_TYPE_ATTACK_RESULT;
}

static guint
imp_rehearsal_results_get_n_items (GListModel *model)
{
  return IMP_REHEARSAL_RESULTS (model)->items->len;
}

static gpointer
imp_rehearsal_results_get_item (GListModel *model,
                                guint       position)
{
  ImpRehearsalResults *self = IMP_REHEARSAL_RESULTS (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position)) : NULL;
}

static void
imp_rehearsal_results_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = imp_rehearsal_results_get_item_type;
  iface->get_n_items = imp_rehearsal_results_get_n_items;
  iface->get_item = imp_rehearsal_results_get_item;
}

static void
imp_rehearsal_results_finalize (GObject *object)
{
  ImpRehearsalResults *self = IMP_REHEARSAL_RESULTS (object);

  g_free (self->path);
  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->heads);

  G_OBJECT_CLASS (imp_rehearsal_results_parent_class)->finalize (object);
}

static void
imp_rehearsal_results_class_init (ImpRehearsalResultsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_rehearsal_results_finalize;
}

static void
imp_rehearsal_results_init (ImpRehearsalResults *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->heads = g_ptr_array_new_with_free_func (g_free);
}

/**
 * imp_rehearsal_results_new:
 * @directory: (nullable): a folder, or `NULL` for `$XDG_DATA_HOME/imprimatur`
 *
 * Returns: (transfer full): the results, empty until they are loaded
 */
ImpRehearsalResults *
imp_rehearsal_results_new (const char *directory)
{
  ImpRehearsalResults *self = g_object_new (IMP_TYPE_REHEARSAL_RESULTS, NULL);
  g_autofree char *data_dir = imp_dup_data_dir ();

  self->path = g_build_filename (directory != NULL ? directory : data_dir, "rehearsals.json", NULL);

  return self;
}

static JsonObject *
to_json (ImpRehearsalResults *self)
{
  JsonObject *object = json_object_new ();
  JsonArray *results = json_array_new ();
  JsonArray *heads = json_array_new ();

  for (guint i = 0; i < self->items->len; i++)
    json_array_add_object_element (results, imp_attack_result_to_json (g_ptr_array_index (self->items, i)));
  for (guint i = 0; i < self->heads->len; i++)
    json_array_add_string_element (heads, g_ptr_array_index (self->heads, i));
  json_object_set_array_member (object, "results", results);
  json_object_set_array_member (object, "heads", heads);

  return object;
}

static void
write_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  ImpRehearsalResults *self = source_object;
  g_autoptr(GError) error = NULL;

  if (!imp_state_file_write (self->path, task_data, &error))
    g_warning ("what was rehearsed could not be written down: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

static void save (ImpRehearsalResults *self);

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  ImpRehearsalResults *self = IMP_REHEARSAL_RESULTS (object);

  self->writing = FALSE;
  if (self->changed)
    save (self);
}

/* One writing at a time; what changes meanwhile is written by the next. */
static void
save (ImpRehearsalResults *self)
{
  g_autoptr(GTask) task = NULL;

  self->changed = self->writing;
  if (self->writing)
    return;

  self->writing = TRUE;
  task = g_task_new (self, NULL, written_cb, NULL);
  g_task_set_source_tag (task, save);
  g_task_set_task_data (task, to_json (self), (GDestroyNotify) json_object_unref);
  g_task_run_in_thread (task, write_thread);
}

static void
load_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  ImpRehearsalResults *self = source_object;
  g_autoptr(GError) error = NULL;
  JsonObject *object = imp_state_file_read (self->path, &error);

  if (object != NULL)
    g_task_return_pointer (task, object, (GDestroyNotify) json_object_unref);
  else if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * imp_rehearsal_results_load_async:
 * @self: the results
 * @callback: called once
 * @user_data: data for @callback
 *
 * Reads what was rehearsed before, in a thread. No file is no error.
 */
void
imp_rehearsal_results_load_async (ImpRehearsalResults *self,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_REHEARSAL_RESULTS (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, imp_rehearsal_results_load_async);
  g_task_run_in_thread (task, load_thread);
}

static void
take_results (ImpRehearsalResults *self,
              JsonArray           *array)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      ImpAttackResult *result = JSON_NODE_HOLDS_OBJECT (node)
                                  ? imp_attack_result_new_from_json (json_node_get_object (node), NULL) : NULL;

      if (result != NULL)
        g_ptr_array_add (self->items, result);
    }
}

static void
take_heads (ImpRehearsalResults *self,
            JsonArray           *array)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (json_node_get_value_type (node) == G_TYPE_STRING)
        g_ptr_array_add (self->heads, g_strdup (json_node_get_string (node)));
    }
}

/**
 * imp_rehearsal_results_load_finish:
 * @self: the results
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Puts what was rehearsed before behind what is there. A result of an attack that is not known any more is
 * passed over.
 *
 * Returns: whether it could be read
 */
gboolean
imp_rehearsal_results_load_finish (ImpRehearsalResults  *self,
                                   GAsyncResult         *result,
                                   GError              **error)
{
  g_autoptr(JsonObject) object = NULL;
  g_autoptr(GError) local_error = NULL;
  guint n_before = self->items->len;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  object = g_task_propagate_pointer (G_TASK (result), &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (object != NULL)
    {
      take_results (self, imp_json_get_array (object, "results", NULL));
      take_heads (self, imp_json_get_array (object, "heads", NULL));
    }
  g_list_model_items_changed (G_LIST_MODEL (self), n_before, 0, self->items->len - n_before);

  return TRUE;
}

/**
 * imp_rehearsal_results_add:
 * @self: the results
 * @result: a new one
 *
 * Adds a result before all others, and remembers it.
 */
void
imp_rehearsal_results_add (ImpRehearsalResults *self,
                           ImpAttackResult     *result)
{
  g_return_if_fail (IMP_IS_REHEARSAL_RESULTS (self));

  g_ptr_array_insert (self->items, 0, g_object_ref (result));
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, 1);

  if (self->items->len > MAX_RESULTS)
    {
      g_ptr_array_set_size (self->items, MAX_RESULTS);
      g_list_model_items_changed (G_LIST_MODEL (self), MAX_RESULTS, 1, 0);
    }

  save (self);
}

/**
 * imp_rehearsal_results_clear:
 * @self: the results
 *
 * Forgets all results, in the file too. The heads that were seen stay.
 */
void
imp_rehearsal_results_clear (ImpRehearsalResults *self)
{
  guint n = self->items->len;

  g_return_if_fail (IMP_IS_REHEARSAL_RESULTS (self));

  g_ptr_array_set_size (self->items, 0);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
  save (self);
}

/**
 * imp_rehearsal_results_find:
 * @self: the results
 * @device: a device's name
 * @attack: an attack
 *
 * Returns: (transfer none) (nullable): how it ended the last time
 */
ImpAttackResult *
imp_rehearsal_results_find (ImpRehearsalResults *self,
                            const char          *device,
                            const ImpAttack     *attack)
{
  g_return_val_if_fail (IMP_IS_REHEARSAL_RESULTS (self), NULL);

  for (guint i = 0; i < self->items->len; i++)
    {
      ImpAttackResult *result = g_ptr_array_index (self->items, i);

      if (result->attack == attack && g_str_equal (result->device, device))
        return result;
    }

  return NULL;
}

static gpointer
copy_result (gconstpointer source,
             gpointer      user_data)
{
  return g_object_ref ((gpointer) source);
}

/**
 * imp_rehearsal_results_dup_all:
 * @self: the results
 *
 * Returns: (transfer full) (element-type ImpAttackResult): all there are, newest first
 */
GPtrArray *
imp_rehearsal_results_dup_all (ImpRehearsalResults *self)
{
  g_return_val_if_fail (IMP_IS_REHEARSAL_RESULTS (self), NULL);

  return g_ptr_array_copy (self->items, copy_result, NULL);
}

/**
 * imp_rehearsal_results_see_head:
 * @self: the results
 * @head: (nullable): a checkpoint that a device believed
 *
 * Remembers a head that the log has signed, for an attack that shows it again later. The oldest goes
 * where there are too many.
 */
void
imp_rehearsal_results_see_head (ImpRehearsalResults *self,
                                const char          *head)
{
  g_return_if_fail (IMP_IS_REHEARSAL_RESULTS (self));

  if (head == NULL || g_ptr_array_find_with_equal_func (self->heads, head, g_str_equal, NULL))
    return;

  g_ptr_array_add (self->heads, g_strdup (head));
  if (self->heads->len > MAX_HEADS)
    g_ptr_array_remove_index (self->heads, 0);
}

/**
 * imp_rehearsal_results_dup_older_head:
 * @self: the results
 * @head: the last head that a device has seen
 *
 * Returns: (transfer full) (nullable): one of the same log with fewer lines
 */
char *
imp_rehearsal_results_dup_older_head (ImpRehearsalResults *self,
                                      const char          *head)
{
  g_autoptr(ImpCheckpoint) last = head != NULL ? imp_checkpoint_new_from_text (head, -1, NULL) : NULL;

  g_return_val_if_fail (IMP_IS_REHEARSAL_RESULTS (self), NULL);

  for (guint i = 0; last != NULL && i < self->heads->len; i++)
    {
      const char *text = g_ptr_array_index (self->heads, i);
      g_autoptr(ImpCheckpoint) older = imp_checkpoint_new_from_text (text, -1, NULL);

      if (older != NULL && imp_checkpoint_get_size (older) < imp_checkpoint_get_size (last) &&
          g_str_equal (imp_checkpoint_get_origin (older), imp_checkpoint_get_origin (last)))
        return g_strdup (text);
    }

  return NULL;
}
