/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-submissions.h"

#include "imp-data-path.h"
#include "imp-lookup.h"
#include "imp-submission-private.h"

/**
 * ImpSubmissions:
 *
 * All submissions of this user, newest first, a file each.
 *
 * The property “in-flight” says how many run in this process, and “loaded” whether the records of
 * earlier ones have been read.
 */
struct _ImpSubmissions
{
  GObject parent_instance;

  char      *directory;  /* (owned) */
  GPtrArray *items;      /* (owned) (element-type ImpSubmission) oldest first */
  guint      in_flight;
  gboolean   loaded;
  GError    *error;      /* (owned) (nullable): why there are no records */

  ImpAgentClient *waiting;  /* (owned) (nullable): to be asked once there are records */
};

enum
{
  PROP_IN_FLIGHT = 1,
  PROP_LOADED,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

enum
{
  INTERRUPTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void imp_submissions_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpSubmissions, imp_submissions, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      imp_submissions_list_model_init))

typedef struct
{
  ImpSubmissions *list;        /* (owned) */
  ImpSubmission  *submission;  /* (owned) */
} Pair;

static Pair *
pair_new (ImpSubmissions *list,
          ImpSubmission  *submission)
{
  Pair *pair = g_new0 (Pair, 1);

  pair->list = g_object_ref (list);
  pair->submission = g_object_ref (submission);

  return pair;
}

static void
pair_free (Pair *pair)
{
  g_object_unref (pair->list);
  g_object_unref (pair->submission);
  g_free (pair);
}

static void
count_in_flight (ImpSubmissions *self,
                 int             change)
{
  self->in_flight += change;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IN_FLIGHT]);
}

static void
load_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *items = imp_submission_read_all (task_data, &error);

  if (items != NULL)
    g_task_return_pointer (task, items, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/* One that was started meanwhile may have been read, too. */
static gboolean
is_known (ImpSubmissions *self,
          ImpSubmission  *submission)
{
  g_autoptr(ImpSubmission) known = imp_submissions_find (self, imp_submission_get_id (submission));

  return known != NULL;
}

static void
insert (ImpSubmissions *self,
        GPtrArray      *records)
{
  guint n = 0;

  for (guint i = 0; i < records->len; i++)
    {
      ImpSubmission *submission = g_ptr_array_index (records, i);

      if (!is_known (self, submission))
        g_ptr_array_insert (self->items, n++, g_object_ref (submission));
    }

  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), self->items->len - n, 0, n);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  ImpSubmissions *self = IMP_SUBMISSIONS (object);
  g_autoptr(GPtrArray) records = NULL;
  g_autoptr(ImpAgentClient) client = g_steal_pointer (&self->waiting);

  g_clear_error (&self->error);
  records = g_task_propagate_pointer (G_TASK (result), &self->error);
  if (records != NULL)
    insert (self, records);

  self->loaded = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADED]);
  if (client != NULL)
    imp_submissions_reconcile (self, client);
}

static void
end_saved_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Pair *pair = user_data;

  imp_submission_save_finish (IMP_SUBMISSION (object), result);
  count_in_flight (pair->list, -1);
  pair_free (pair);
}

static void
run_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  Pair *pair = user_data;
  g_autoptr(GError) error = NULL;

  imp_publication_run_finish (IMP_PUBLICATION (object), result, &error);
  imp_submission_end (pair->submission, error);
  imp_submission_save_async (pair->submission, end_saved_cb, pair);
}

static void
start_saved_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  Pair *pair = user_data;

  imp_submission_save_finish (pair->submission, result);
  imp_publication_run_async (imp_submission_get_publication (pair->submission),
                             imp_submission_get_cancellable (pair->submission), run_cb, pair);
}

static void
settled_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  imp_submission_save_finish (IMP_SUBMISSION (object), result);
}

static void
settle (ImpSubmissions      *self,
        ImpSubmission       *submission,
        ImpRegisteredUpdate *update)
{
  imp_submission_settle (submission, update);
  imp_submission_save_async (submission, settled_cb, NULL);
  if (update == NULL)
    g_signal_emit (self, signals[INTERRUPTED], 0, submission);
}

static void
looked_up_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Pair *pair = user_data;
  g_autoptr(ImpRegisteredUpdate) update = NULL;
  g_autoptr(GError) error = NULL;

  /* A ledger that cannot be asked now is asked at the next opportunity. */
  if (imp_lookup_finish (IMP_AGENT_CLIENT (object), result, &update, &error))
    settle (pair->list, pair->submission, update);
  else
    g_debug ("submission %s stays open: %s", imp_submission_get_id (pair->submission),
             error->message);
  pair_free (pair);
}

static GType
imp_submissions_get_item_type (GListModel *model)
{
  return IMP_TYPE_SUBMISSION;
}

static guint
imp_submissions_get_n_items (GListModel *model)
{
  return IMP_SUBMISSIONS (model)->items->len;
}

static gpointer
imp_submissions_get_item (GListModel *model,
                          guint       position)
{
  GPtrArray *items = IMP_SUBMISSIONS (model)->items;

  if (position >= items->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (items, items->len - 1 - position));
}

static void
imp_submissions_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = imp_submissions_get_item_type;
  iface->get_n_items = imp_submissions_get_n_items;
  iface->get_item = imp_submissions_get_item;
}

static void
imp_submissions_finalize (GObject *object)
{
  ImpSubmissions *self = IMP_SUBMISSIONS (object);

  g_ptr_array_unref (self->items);
  g_free (self->directory);
  g_clear_error (&self->error);
  g_clear_object (&self->waiting);

  G_OBJECT_CLASS (imp_submissions_parent_class)->finalize (object);
}

static void
imp_submissions_get_property (GObject    *object,
                              guint       property_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  ImpSubmissions *self = IMP_SUBMISSIONS (object);

  switch (property_id)
    {
    case PROP_IN_FLIGHT:
      g_value_set_uint (value, self->in_flight);
      break;
    case PROP_LOADED:
      g_value_set_boolean (value, self->loaded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
imp_submissions_class_init (ImpSubmissionsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = imp_submissions_finalize;
  object_class->get_property = imp_submissions_get_property;

  props[PROP_IN_FLIGHT] = g_param_spec_uint ("in-flight", NULL, NULL, 0, G_MAXUINT, 0,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS |
                                               G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS |
                                               G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  /**
   * ImpSubmissions::interrupted:
   * @self: the submissions
   * @submission: one of them
   *
   * Emitted when the ledger has said that it does not have an update whose program ended while it was
   * being submitted.
   */
  signals[INTERRUPTED] = g_signal_new ("interrupted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 1, IMP_TYPE_SUBMISSION);
}

static void
imp_submissions_init (ImpSubmissions *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * imp_submissions_new:
 * @directory: (nullable): a folder, or `NULL` for `$XDG_DATA_HOME/imprimatur/submissions`
 *
 * Begins to read the records, in a thread. One that is damaged is passed over with a warning, and left
 * alone.
 *
 * Returns: (transfer full): the submissions
 */
ImpSubmissions *
imp_submissions_new (const char *directory)
{
  ImpSubmissions *self = g_object_new (IMP_TYPE_SUBMISSIONS, NULL);

  self->directory = imp_dup_data_path (directory, "submissions");
  imp_submissions_load (self);

  return self;
}

/**
 * imp_submissions_load:
 * @self: the submissions
 *
 * Reads the records again, as after an error. The property “loaded” notifies when they are there.
 */
void
imp_submissions_load (ImpSubmissions *self)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_SUBMISSIONS (self));

  self->loaded = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADED]);
  task = g_task_new (self, NULL, loaded_cb, NULL);
  g_task_set_source_tag (task, imp_submissions_load);
  g_task_set_task_data (task, g_strdup (self->directory), g_free);
  g_task_run_in_thread (task, load_thread);
}

/**
 * imp_submissions_get_loaded:
 * @self: the submissions
 *
 * Returns: whether the records of earlier runs have been read
 */
gboolean
imp_submissions_get_loaded (ImpSubmissions *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSIONS (self), FALSE);

  return self->loaded;
}

/**
 * imp_submissions_get_error:
 * @self: the submissions
 *
 * Returns: (nullable): why the records could not be read
 */
const GError *
imp_submissions_get_error (ImpSubmissions *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSIONS (self), NULL);

  return self->error;
}

/**
 * imp_submissions_find:
 * @self: the submissions
 * @id: the identity of a publication
 *
 * Returns: (transfer full) (nullable): the submission
 */
ImpSubmission *
imp_submissions_find (ImpSubmissions *self,
                      const char     *id)
{
  g_return_val_if_fail (IMP_IS_SUBMISSIONS (self), NULL);

  for (guint i = 0; i < self->items->len; i++)
    {
      ImpSubmission *submission = g_ptr_array_index (self->items, i);

      if (g_str_equal (imp_submission_get_id (submission), id))
        return g_object_ref (submission);
    }

  return NULL;
}

/**
 * imp_submissions_start:
 * @self: the submissions
 * @publication: a publication that has not run
 * @draft: (nullable): what it was made of, for whoever wants to try it again
 * @earlier: (nullable): the submission that it tries again
 * @cancellable: (nullable): cancels it, as does [method@Imp.Submission.cancel]
 *
 * Runs a publication, once its record is on the disk, and remembers what becomes of it. It goes on
 * whoever forgets it.
 *
 * Returns: (transfer full): the new submission
 */
ImpSubmission *
imp_submissions_start (ImpSubmissions *self,
                       ImpPublication *publication,
                       ImpDraft       *draft,
                       ImpSubmission  *earlier,
                       GCancellable   *cancellable)
{
  ImpSubmission *submission;

  g_return_val_if_fail (IMP_IS_SUBMISSIONS (self), NULL);
  g_return_val_if_fail (IMP_IS_PUBLICATION (publication), NULL);

  submission = imp_submission_new (publication, draft, self->directory, cancellable);
  if (earlier != NULL)
    imp_submission_set_attempt (submission, imp_submission_get_attempt (earlier) + 1);

  g_ptr_array_add (self->items, g_object_ref (submission));
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, 1);
  count_in_flight (self, 1);
  imp_submission_save_async (submission, start_saved_cb, pair_new (self, submission));

  return submission;
}

/**
 * imp_submissions_reconcile:
 * @self: the submissions
 * @client: a client whose connection is open
 *
 * Asks the ledger of @client what became of the submissions to it that were running when their
 * program ended: they are recorded, or interrupted.
 */
void
imp_submissions_reconcile (ImpSubmissions *self,
                           ImpAgentClient *client)
{
  ImpConnection *connection;

  g_return_if_fail (IMP_IS_SUBMISSIONS (self));
  g_return_if_fail (IMP_IS_AGENT_CLIENT (client));

  if (!self->loaded)
    {
      g_set_object (&self->waiting, client);
      return;
    }

  connection = imp_agent_client_get_connection (client);
  for (guint i = 0; i < self->items->len; i++)
    {
      ImpSubmission *submission = g_ptr_array_index (self->items, i);

      if (!imp_submission_is_forsaken (submission, connection))
        continue;

      if (imp_submission_get_class_id (submission) == NULL)
        settle (self, submission, NULL);
      else
        imp_lookup_async (client, imp_submission_get_author (submission),
                          imp_submission_get_class_id (submission),
                          imp_submission_get_version (submission),
                          imp_submission_get_manifest_sequence (submission), NULL, looked_up_cb,
                          pair_new (self, submission));
    }
}

/**
 * imp_submissions_get_in_flight:
 * @self: the submissions
 *
 * Returns: how many run in this process now
 */
guint
imp_submissions_get_in_flight (ImpSubmissions *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSIONS (self), 0);

  return self->in_flight;
}
