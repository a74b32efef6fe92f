/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-submission-private.h"

#include <unistd.h>

#include "imp-json.h"
#include "imp-run-lock.h"
#include "imp-state-file.h"
#include "imp-time.h"

#define RUNNING "running"
#define RECORDED "recorded"
#define FAILED "failed"
#define CANCELLED "cancelled"
#define INTERRUPTED "interrupted"

/**
 * ImpSubmission:
 *
 * What became of one publication, as it is remembered.
 *
 * Its state is “running”, “recorded”, “failed”, “cancelled”, or “interrupted”: the program ended
 * in the middle, and the ledger does not have the update. The properties “state” and “detail”
 * notify.
 *
 * While a publication runs, a lock beside its record says that some process is still at it; the
 * lock goes with the process, however that ends.
 */
struct _ImpSubmission
{
  GObject parent_instance;

  char           *path;          /* (owned) without an ending */
  char           *id;            /* (owned) */
  char           *author;        /* (owned) */
  char           *file_name;     /* (owned) */
  char           *class_id;      /* (owned) (nullable) */
  char           *version;       /* (owned) (nullable) */
  char           *connection;    /* (owned) */
  char           *identity;      /* (owned) of the connection */
  char           *state;         /* (owned) */
  char           *detail;        /* (owned) (nullable) */
  char           *transaction;   /* (owned) (nullable) */
  char           *cid;           /* (owned) (nullable) */
  char           *reply;         /* (owned) (nullable) */
  gint64          time;
  gint64          sequence;      /* the manifest’s */
  guint64         size;
  double          times[IMP_N_STEPS];

  ImpPublication *publication;   /* (owned) (nullable) while it runs */
  GCancellable   *cancellable;   /* (owned) */
  GCancellable   *caller;        /* (owned) (nullable) */
  gulong          caller_id;
  int             lock;          /* -1: not ours */
};

enum
{
  PROP_STATE = 1,
  PROP_DETAIL,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (ImpSubmission, imp_submission, G_TYPE_OBJECT)

static void
set_text (char       **field,
          const char  *value)
{
  char *copy = g_strdup (value);

  g_free (*field);
  *field = copy;
}

static void
set_state (ImpSubmission *self,
           const char    *state,
           const char    *detail)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (g_strcmp0 (self->state, state) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  if (g_strcmp0 (self->detail, detail) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DETAIL]);
  set_text (&self->state, state);
  set_text (&self->detail, detail);
  g_object_thaw_notify (G_OBJECT (self));
}

static char *
add_ending (ImpSubmission *self,
            const char    *ending)
{
  return g_strconcat (self->path, ending, NULL);
}

static void
imp_submission_finalize (GObject *object)
{
  ImpSubmission *self = IMP_SUBMISSION (object);

  if (self->lock >= 0)
    close (self->lock);
  g_cancellable_disconnect (self->caller, self->caller_id);
  g_clear_object (&self->caller);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->publication);
  g_free (self->path);
  g_free (self->id);
  g_free (self->author);
  g_free (self->file_name);
  g_free (self->class_id);
  g_free (self->version);
  g_free (self->connection);
  g_free (self->identity);
  g_free (self->state);
  g_free (self->detail);
  g_free (self->transaction);
  g_free (self->cid);
  g_free (self->reply);

  G_OBJECT_CLASS (imp_submission_parent_class)->finalize (object);
}

static void
imp_submission_get_property (GObject    *object,
                             guint       property_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ImpSubmission *self = IMP_SUBMISSION (object);

  switch (property_id)
    {
    case PROP_STATE:
      g_value_set_string (value, self->state);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
imp_submission_class_init (ImpSubmissionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = imp_submission_finalize;
  object_class->get_property = imp_submission_get_property;

  props[PROP_STATE] = g_param_spec_string ("state", NULL, NULL, NULL, flags);
  props[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
imp_submission_init (ImpSubmission *self)
{
  self->lock = -1;
  self->cancellable = g_cancellable_new ();
  for (guint i = 0; i < IMP_N_STEPS; i++)
    self->times[i] = -1;
}

static void
caller_cancelled_cb (GCancellable *caller,
                     gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static char *
dup_file_name (GFile *file)
{
  g_autofree char *base = g_file_get_basename (file);

  return base != NULL ? g_filename_display_name (base) : g_file_get_uri (file);
}

static guint64
query_size (GFile *file)
{
  g_autoptr(GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE,
                                                 G_FILE_QUERY_INFO_NONE, NULL, NULL);

  return info != NULL ? g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_STANDARD_SIZE) : 0;
}

/**
 * imp_submission_new:
 * @publication: a publication that is about to run
 * @directory: where records are kept
 * @cancellable: (nullable): the caller’s, which cancels it too
 *
 * Begins a record.
 *
 * Returns: (transfer full): a submission that is running, and not saved yet
 */
ImpSubmission *
imp_submission_new (ImpPublication *publication,
                    const char     *directory,
                    GCancellable   *cancellable)
{
  ImpSubmission *self = g_object_new (IMP_TYPE_SUBMISSION, NULL);
  ImpConnection *connection =
    imp_agent_client_get_connection (imp_publication_get_client (publication));
  GFile *file = imp_publication_get_file (publication);

  self->publication = g_object_ref (publication);
  self->id = g_strdup (imp_publication_get_id (publication));
  self->path = g_build_filename (directory, self->id, NULL);
  self->author = g_strdup (imp_publication_get_author (publication));
  self->file_name = dup_file_name (file);
  self->size = query_size (file);
  self->class_id = g_strdup (imp_publication_get_class_id (publication));
  self->version = g_strdup (imp_publication_get_version (publication));
  self->sequence = imp_publication_get_manifest_sequence (publication);
  self->connection = g_strdup (imp_connection_get_name (connection));
  self->identity = g_strdup (imp_connection_get_identity (connection));
  self->time = imp_time_now ();
  self->state = g_strdup (RUNNING);

  if (g_set_object (&self->caller, cancellable))
    self->caller_id = g_cancellable_connect (cancellable, G_CALLBACK (caller_cancelled_cb),
                                             g_object_ref (self->cancellable), g_object_unref);

  return self;
}

static void
read_times (ImpSubmission *self,
            JsonObject    *object)
{
  for (guint i = 0; i < IMP_N_STEPS; i++)
    {
      JsonNode *node = json_object_get_member (object, imp_step_get_id (i));
      GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

      if (type == G_TYPE_INT64)
        self->times[i] = json_node_get_int (node);
      else if (type == G_TYPE_DOUBLE)
        self->times[i] = json_node_get_double (node);
    }
}

static char *
dup_optional (JsonObject *object,
              const char *name)
{
  return g_strdup (imp_json_get_string (object, name, NULL));
}

static gboolean
read_required (ImpSubmission  *self,
               JsonObject     *object,
               GError        **error)
{
  struct
  {
    const char  *name;
    char       **field;
  } members[] = {
    { "author", &self->author }, { "file", &self->file_name },
    { "connection", &self->connection }, { "identity", &self->identity },
    { "state", &self->state },
  };
  gint64 size;

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *value = imp_json_get_string (object, members[i].name, error);

      if (value == NULL)
        return FALSE;
      *members[i].field = g_strdup (value);
    }

  if (!imp_json_get_int (object, "time", &self->time, error) ||
      !imp_json_get_int (object, "size", &size, error) ||
      !imp_json_get_int (object, "sequence", &self->sequence, error))
    return FALSE;

  self->size = MAX (size, 0);
  return TRUE;
}

ImpSubmission *
imp_submission_new_from_file (const char  *directory,
                              const char  *id,
                              GError     **error)
{
  g_autoptr(ImpSubmission) self = g_object_new (IMP_TYPE_SUBMISSION, NULL);
  g_autoptr(JsonObject) object = NULL;
  g_autofree char *path = NULL;
  JsonObject *times;

  self->id = g_strdup (id);
  self->path = g_build_filename (directory, id, NULL);
  path = add_ending (self, ".json");
  object = imp_state_file_read (path, error);
  if (object == NULL || !read_required (self, object, error))
    return NULL;

  self->class_id = dup_optional (object, "class");
  self->version = dup_optional (object, "version");
  self->detail = dup_optional (object, "detail");
  self->transaction = dup_optional (object, "transaction");
  self->cid = dup_optional (object, "cid");
  self->reply = dup_optional (object, "reply");
  times = imp_json_get_object (object, "steps", NULL);
  if (times != NULL)
    read_times (self, times);

  return g_steal_pointer (&self);
}

static void
set_optional (JsonObject *object,
              const char *name,
              const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
}

static JsonObject *
print_record (ImpSubmission *self)
{
  JsonObject *object = json_object_new ();
  JsonObject *times = json_object_new ();

  for (guint i = 0; i < IMP_N_STEPS; i++)
    {
      if (self->times[i] >= 0)
        json_object_set_double_member (times, imp_step_get_id (i), self->times[i]);
    }

  json_object_set_string_member (object, "author", self->author);
  json_object_set_string_member (object, "file", self->file_name);
  set_optional (object, "class", self->class_id);
  set_optional (object, "version", self->version);
  json_object_set_int_member (object, "sequence", self->sequence);
  json_object_set_int_member (object, "size", self->size);
  json_object_set_int_member (object, "time", self->time);
  json_object_set_string_member (object, "connection", self->connection);
  json_object_set_string_member (object, "identity", self->identity);
  json_object_set_string_member (object, "state", self->state);
  set_optional (object, "detail", self->detail);
  set_optional (object, "transaction", self->transaction);
  set_optional (object, "cid", self->cid);
  set_optional (object, "reply", self->reply);
  json_object_set_object_member (object, "steps", times);

  return object;
}

/**
 * imp_submission_save:
 * @self: a submission
 * @error: return location for an error
 *
 * Writes the record; one that is running holds its lock from then on.
 *
 * Returns: whether it was written
 */
gboolean
imp_submission_save (ImpSubmission  *self,
                     GError        **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *path = add_ending (self, ".json");
  g_autofree char *lock = add_ending (self, ".lock");
  g_autoptr(JsonObject) record = print_record (self);

  if (!imp_state_make_dir (folder, error))
    return FALSE;

  /* Before the record, so that no other process finds one that runs and is not locked. */
  if (self->publication != NULL && self->lock < 0)
    self->lock = imp_run_lock_take (lock);

  return imp_state_file_write (path, record, error);
}

static void
save_or_warn (ImpSubmission *self)
{
  g_autoptr(GError) error = NULL;

  if (!imp_submission_save (self, &error))
    g_warning ("submission %s is not remembered: %s", self->id, error->message);
}

/**
 * imp_submission_end:
 * @self: a submission that is running
 * @error: (nullable): why it failed
 *
 * Takes over what the publication came to.
 */
void
imp_submission_end (ImpSubmission *self,
                    const GError  *error)
{
  g_autoptr(ImpPublication) publication = g_steal_pointer (&self->publication);
  g_autofree char *lock = add_ending (self, ".lock");

  for (guint i = 0; i < IMP_N_STEPS; i++)
    self->times[i] = imp_publication_get_step_ms (publication, i);
  set_text (&self->transaction, imp_publication_get_transaction (publication));
  set_text (&self->cid, imp_publication_get_cid (publication));
  set_text (&self->reply, imp_publication_get_reply (publication));
  if (imp_publication_get_total (publication) > 0)
    self->size = imp_publication_get_total (publication);

  if (error == NULL)
    set_state (self, RECORDED, NULL);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_state (self, CANCELLED, error->message);
  else
    set_state (self, FAILED, error->message);

  save_or_warn (self);
  imp_run_lock_drop (lock, self->lock);
  self->lock = -1;
}

/**
 * imp_submission_settle:
 * @self: a submission whose program ended in the middle
 * @update: (nullable): what the ledger has of it
 *
 * Takes over what the ledger says.
 */
void
imp_submission_settle (ImpSubmission       *self,
                       ImpRegisteredUpdate *update)
{
  if (update != NULL)
    {
      set_text (&self->transaction, imp_transaction_get_id (update->transaction));
      set_text (&self->cid, update->cid);
      set_state (self, RECORDED, NULL);
    }
  else
    set_state (self, INTERRUPTED, "the program ended before the update was on the ledger");

  save_or_warn (self);
}

/**
 * imp_submission_is_forsaken:
 * @self: a submission
 * @connection: a connection that is open
 *
 * Says whether a submission is recorded as running though no process is at it any more, and whether
 * @connection leads to the ledger that would have it.
 *
 * Returns: whether the ledger should be asked
 */
gboolean
imp_submission_is_forsaken (ImpSubmission *self,
                            ImpConnection *connection)
{
  g_autofree char *lock = add_ending (self, ".lock");

  return self->publication == NULL && g_str_equal (self->state, RUNNING) &&
         g_str_equal (self->identity, imp_connection_get_identity (connection)) &&
         !imp_run_lock_is_held (lock);
}

GCancellable *
imp_submission_get_cancellable (ImpSubmission *self)
{
  return self->cancellable;
}

gint64
imp_submission_get_manifest_sequence (ImpSubmission *self)
{
  return self->sequence;
}

/**
 * imp_submission_cancel:
 * @self: a submission
 *
 * Cancels a publication that runs here; what has ended stays as it is.
 */
void
imp_submission_cancel (ImpSubmission *self)
{
  g_return_if_fail (IMP_IS_SUBMISSION (self));

  g_cancellable_cancel (self->cancellable);
}

/**
 * imp_submission_get_id:
 * @self: a submission
 *
 * Returns: the publication’s identity, a UUID
 */
const char *
imp_submission_get_id (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->id;
}

const char *
imp_submission_get_author (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->author;
}

const char *
imp_submission_get_file_name (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->file_name;
}

/**
 * imp_submission_get_class_id:
 * @self: a submission
 *
 * Returns: (nullable): the class, `NULL` if the manifest was wrong
 */
const char *
imp_submission_get_class_id (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->class_id;
}

/**
 * imp_submission_get_version:
 * @self: a submission
 *
 * Returns: (nullable): the version, `NULL` if the manifest was wrong
 */
const char *
imp_submission_get_version (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->version;
}

/**
 * imp_submission_get_time:
 * @self: a submission
 *
 * Returns: when it began, in milliseconds since 1970
 */
gint64
imp_submission_get_time (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), 0);

  return self->time;
}

guint64
imp_submission_get_size (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), 0);

  return self->size;
}

/**
 * imp_submission_get_connection:
 * @self: a submission
 *
 * Returns: the name of the connection that it went to
 */
const char *
imp_submission_get_connection (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->connection;
}

const char *
imp_submission_get_state (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->state;
}

/**
 * imp_submission_get_detail:
 * @self: a submission
 *
 * Returns: (nullable): why it failed
 */
const char *
imp_submission_get_detail (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->detail;
}

const char *
imp_submission_get_transaction (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->transaction;
}

const char *
imp_submission_get_cid (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->cid;
}

/**
 * imp_submission_get_reply:
 * @self: a submission
 *
 * Returns: (nullable): what the agent answered, as it came
 */
const char *
imp_submission_get_reply (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->reply;
}

/**
 * imp_submission_get_step_ms:
 * @self: a submission
 * @step: a step
 *
 * Returns: how long the step took, in milliseconds, or -1
 */
double
imp_submission_get_step_ms (ImpSubmission *self,
                            ImpStep        step)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), -1);
  g_return_val_if_fail (step < IMP_N_STEPS, -1);

  return self->publication != NULL ? imp_publication_get_step_ms (self->publication, step)
                                   : self->times[step];
}

/**
 * imp_submission_get_publication:
 * @self: a submission
 *
 * Returns: (transfer none) (nullable): the publication, while it runs here
 */
ImpPublication *
imp_submission_get_publication (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->publication;
}
