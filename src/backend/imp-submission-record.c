/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-submission-private.h"

#include "imp-json.h"
#include "imp-state-file.h"

/* A submission in its file. */

#define ENDING ".json"

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

/* A record without one, or with one that cannot be read, can still be looked at. */
static ImpDraft *
read_draft (JsonObject *object)
{
  const char *text = imp_json_get_string (object, "draft", NULL);

  return text != NULL ? imp_draft_new_from_text (text, -1, NULL) : NULL;
}

static ImpSubmission *
read_record (const char  *directory,
             const char  *id,
             GError     **error)
{
  g_autoptr(ImpSubmission) self = g_object_new (IMP_TYPE_SUBMISSION, NULL);
  g_autoptr(JsonObject) object = NULL;
  g_autofree char *path = NULL;
  JsonObject *times;
  gint64 attempt = 1;

  self->id = g_strdup (id);
  self->path = g_build_filename (directory, id, NULL);
  path = imp_submission_make_path (self, ".json");
  object = imp_state_file_read (path, error);
  if (object == NULL || !read_required (self, object, error))
    return NULL;

  self->class_id = dup_optional (object, "class");
  self->version = dup_optional (object, "version");
  self->detail = dup_optional (object, "detail");
  self->transaction = dup_optional (object, "transaction");
  self->cid = dup_optional (object, "cid");
  self->reply = dup_optional (object, "reply");
  self->digest = dup_optional (object, "digest");
  self->draft = read_draft (object);
  imp_json_get_int (object, "attempt", &attempt, NULL);
  self->attempt = CLAMP (attempt, 1, G_MAXINT);
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

/* What is kept of a submission. */
JsonObject *
imp_submission_print (ImpSubmission *self)
{
  JsonObject *object = json_object_new ();
  JsonObject *times = json_object_new ();
  g_autofree char *draft = self->draft != NULL ? imp_draft_to_text (self->draft) : NULL;

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
  set_optional (object, "digest", self->digest);
  set_optional (object, "draft", draft);
  json_object_set_int_member (object, "attempt", self->attempt);
  json_object_set_object_member (object, "steps", times);

  return object;
}

static int
compare_by_time (gconstpointer a,
                 gconstpointer b)
{
  gint64 first = imp_submission_get_time (*(ImpSubmission *const *) a);
  gint64 second = imp_submission_get_time (*(ImpSubmission *const *) b);

  return (first > second) - (first < second);
}

static void
add_record (GPtrArray  *items,
            const char *directory,
            const char *name)
{
  g_autofree char *id = NULL;
  g_autoptr(GError) error = NULL;
  ImpSubmission *submission;

  if (!g_str_has_suffix (name, ENDING))
    return;

  id = g_strndup (name, strlen (name) - strlen (ENDING));
  submission = read_record (directory, id, &error);
  if (submission != NULL)
    g_ptr_array_add (items, submission);
  else
    g_warning ("a submission is passed over: %s", error->message);
}

/*< private >
 * imp_submission_read_all:
 * @directory: where records are
 * @error: return location for an error
 *
 * Reads all records of a folder. One that is damaged is passed over with a warning, and left alone.
 *
 * Returns: (transfer full) (element-type ImpSubmission) (nullable): the submissions, oldest first, or `NULL` with
 *   @error set; a folder that is not there has none
 */
GPtrArray *
imp_submission_read_all (const char  *directory,
                         GError     **error)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GDir) dir = NULL;
  g_autoptr(GError) local_error = NULL;
  const char *name;

  dir = g_dir_open (directory, 0, &local_error);
  if (dir == NULL && !g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    add_record (items, directory, name);
  g_ptr_array_sort (items, compare_by_time);

  return g_steal_pointer (&items);
}
