/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-runs.h"

#include <glib/gstdio.h>
#include <stdio.h>

#include "imp-json.h"

#define FILE_NAME "runs.jsonl"
/* A device that is updated all day begins a new file then; a line is some 200 bytes. */
#define MAX_SIZE (64 * 1024)
#define MAX_LINE (16 * 1024)

/* How long installed updates took, a line of JSON each, in the device's folder. It is written when
 * all is done, proves nothing, and may be lost.
 */

static const char *const step_ids[IMP_N_DEVICE_STEPS] = { "ask", "verify", "fetch", "install" };

static char *
print_run (const ImpDeviceRun *self)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_node_take_object (node, object);
  json_object_set_int_member (object, "time", self->time);
  json_object_set_string_member (object, "class", self->class_id);
  json_object_set_string_member (object, "version", self->version);
  json_object_set_int_member (object, "size", self->size);
  for (guint i = 0; i < IMP_N_DEVICE_STEPS; i++)
    json_object_set_double_member (object, step_ids[i], self->steps[i]);

  return json_to_string (node, FALSE);
}

/**
 * imp_device_run_append:
 * @self: a run
 * @directory: the device's folder
 *
 * Writes a run down; blocking. That it could not be is no reason for an update to fail.
 */
void
imp_device_run_append (const ImpDeviceRun *self,
                       const char         *directory)
{
  g_autofree char *path = g_build_filename (directory, FILE_NAME, NULL);
  g_autofree char *line = print_run (self);
  FILE *file = g_fopen (path, "ae");

  if (file != NULL && fseek (file, 0, SEEK_END) == 0 && ftell (file) > MAX_SIZE)
    file = g_freopen (path, "we", file);
  if (file == NULL)
    {
      g_debug ("“%s” cannot be written", path);
      return;
    }

  fprintf (file, "%s\n", line);
  fclose (file);
}

static gboolean
get_ms (JsonObject *object,
        const char *name,
        double     *ms)
{
  JsonNode *node = json_object_get_member (object, name);
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type == G_TYPE_INT64)
    *ms = json_node_get_int (node);
  else if (type == G_TYPE_DOUBLE)
    *ms = json_node_get_double (node);
  else
    return FALSE;

  return *ms >= 0;
}

static gboolean
read_run (const char   *line,
          ImpDeviceRun *run)
{
  g_autoptr(JsonNode) node = imp_json_parse (line, -1, MAX_LINE, NULL);
  JsonObject *object;
  const char *class_id;
  const char *version;
  gint64 size;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;

  object = json_node_get_object (node);
  for (guint i = 0; i < IMP_N_DEVICE_STEPS; i++)
    {
      if (!get_ms (object, step_ids[i], &run->steps[i]))
        return FALSE;
    }

  if (!imp_json_get_int (object, "time", &run->time, NULL) ||
      !imp_json_get_int (object, "size", &size, NULL) || size < 0 ||
      !(class_id = imp_json_get_string (object, "class", NULL)) ||
      !(version = imp_json_get_string (object, "version", NULL)))
    return FALSE;

  run->size = size;
  run->class_id = g_strdup (class_id);
  run->version = g_strdup (version);
  return TRUE;
}

static void
clear_run (gpointer data)
{
  ImpDeviceRun *run = data;

  g_free (run->class_id);
  g_free (run->version);
}

/* A file that something else wrote is not read to its end. */
static char *
read_file (const char *path)
{
  g_autofree char *text = NULL;
  FILE *file = g_fopen (path, "re");
  gsize size;

  if (file == NULL)
    return NULL;

  text = g_malloc (2 * MAX_SIZE + 1);
  size = fread (text, 1, 2 * MAX_SIZE, file);
  text[size] = '\0';
  fclose (file);
  return g_steal_pointer (&text);
}

/**
 * imp_device_runs_read:
 * @directory: a device's folder
 *
 * Reads the runs of a device; blocking. Lines that were cut or are none of ours are passed over.
 *
 * Returns: (transfer full) (element-type ImpDeviceRun): the runs, oldest first
 */
GArray *
imp_device_runs_read (const char *directory)
{
  g_autofree char *path = g_build_filename (directory, FILE_NAME, NULL);
  g_autofree char *text = read_file (path);
  g_auto(GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (ImpDeviceRun));

  g_array_set_clear_func (runs, clear_run);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      ImpDeviceRun run;

      if (read_run (lines[i], &run))
        g_array_append_val (runs, run);
    }

  return runs;
}
