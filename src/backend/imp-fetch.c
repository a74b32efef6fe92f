/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-fetch.h"

#include "imp-error.h"
#include "imp-json.h"
#include "imp-time.h"

/**
 * ImpFetch:
 *
 * A payload that the retrieval agent sent, or began to send, to a device (docs/api.md).
 */
struct _ImpFetch
{
  GObject parent_instance;

  guint64          id;
  char            *device;    /* (owned) */
  char            *class_id;  /* (owned) (nullable) */
  char            *version;   /* (owned) (nullable) */
  gint64           time;      /* ms since 1970 */
  guint64          bytes;
  double           ms;
  ImpFetchOutcome  outcome;
};

G_DEFINE_FINAL_TYPE (ImpFetch, imp_fetch, G_TYPE_OBJECT)

static const char *const outcomes[] = {
  [IMP_FETCH_COMPLETE] = "complete", [IMP_FETCH_CUT] = "cut", [IMP_FETCH_FAILED] = "failed",
};

static void
imp_fetch_finalize (GObject *object)
{
  ImpFetch *self = IMP_FETCH (object);

  g_free (self->device);
  g_free (self->class_id);
  g_free (self->version);

  G_OBJECT_CLASS (imp_fetch_parent_class)->finalize (object);
}

static void
imp_fetch_class_init (ImpFetchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_fetch_finalize;
}

static void
imp_fetch_init (ImpFetch *self)
{
}

static gboolean
get_count (JsonObject  *object,
           const char  *name,
           guint64     *value,
           GError     **error)
{
  gint64 number;

  if (!imp_json_get_int (object, name, &number, error))
    return FALSE;

  *value = MAX (number, 0);
  if (number >= 0)
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "“%s” is negative", name);
  return FALSE;
}

static gboolean
get_ms (JsonObject  *object,
        double      *ms,
        GError     **error)
{
  JsonNode *node = json_object_get_member (object, "ms");
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type == G_TYPE_INT64)
    *ms = json_node_get_int (node);
  else if (type == G_TYPE_DOUBLE)
    *ms = json_node_get_double (node);
  else
    *ms = -1;

  if (*ms >= 0)
    return TRUE;

  g_set_error_literal (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "“ms” is no duration");
  return FALSE;
}

static gboolean
get_outcome (JsonObject       *object,
             ImpFetchOutcome  *outcome,
             GError          **error)
{
  const char *text = imp_json_get_string (object, "outcome", error);

  if (text == NULL)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      if (g_str_equal (text, outcomes[i]))
        {
          *outcome = i;
          return TRUE;
        }
    }

  g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "“%.64s” is no outcome of a fetch", text);
  return FALSE;
}

/* What is not known is null. */
static char *
dup_optional (JsonObject *object,
              const char *name)
{
  return g_strdup (imp_json_get_string (object, name, NULL));
}

/**
 * imp_fetch_new_from_json:
 * @object: an item of `GET /v1/fetches`, or the data of an event “fetch”
 * @error: return location for an error
 *
 * Reads a fetch.
 *
 * Returns: (transfer full) (nullable): the fetch, or `NULL` with @error set
 */
ImpFetch *
imp_fetch_new_from_json (JsonObject  *object,
                         GError     **error)
{
  g_autoptr(ImpFetch) self = g_object_new (IMP_TYPE_FETCH, NULL);
  const char *time = NULL;
  const char *device = NULL;

  if (!get_count (object, "id", &self->id, error) ||
      !get_count (object, "bytes", &self->bytes, error) ||
      !get_ms (object, &self->ms, error) ||
      !get_outcome (object, &self->outcome, error) ||
      !(device = imp_json_get_string (object, "device", error)) ||
      !(time = imp_json_get_string (object, "time", error)) ||
      !imp_time_parse (time, &self->time, error))
    return NULL;

  self->device = g_strdup (device);
  self->class_id = dup_optional (object, "class");
  self->version = dup_optional (object, "version");
  return g_steal_pointer (&self);
}

/**
 * imp_fetch_get_id:
 * @self: a fetch
 *
 * Returns: its number at the agent; a later one has a higher one
 */
guint64
imp_fetch_get_id (ImpFetch *self)
{
  return self->id;
}

/**
 * imp_fetch_get_device:
 * @self: a fetch
 *
 * Returns: what the device calls itself; nobody has checked that
 */
const char *
imp_fetch_get_device (ImpFetch *self)
{
  return self->device;
}

/**
 * imp_fetch_get_class_id:
 * @self: a fetch
 *
 * Returns: (nullable): the class of the update, where the agent knows it
 */
const char *
imp_fetch_get_class_id (ImpFetch *self)
{
  return self->class_id;
}

/**
 * imp_fetch_get_version:
 * @self: a fetch
 *
 * Returns: (nullable): the version of the update, where the agent knows it
 */
const char *
imp_fetch_get_version (ImpFetch *self)
{
  return self->version;
}

/**
 * imp_fetch_get_time:
 * @self: a fetch
 *
 * Returns: when it began, in milliseconds since 1970
 */
gint64
imp_fetch_get_time (ImpFetch *self)
{
  return self->time;
}

/**
 * imp_fetch_get_bytes:
 * @self: a fetch
 *
 * Returns: how many bytes of the payload were sent
 */
guint64
imp_fetch_get_bytes (ImpFetch *self)
{
  return self->bytes;
}

/**
 * imp_fetch_get_ms:
 * @self: a fetch
 *
 * Returns: how long it took, in milliseconds
 */
double
imp_fetch_get_ms (ImpFetch *self)
{
  return self->ms;
}

/**
 * imp_fetch_get_outcome:
 * @self: a fetch
 *
 * Returns: how it ended
 */
ImpFetchOutcome
imp_fetch_get_outcome (ImpFetch *self)
{
  return self->outcome;
}
