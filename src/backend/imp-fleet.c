/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-fleet-private.h"

#include "imp-data-path.h"
#include "imp-error.h"

/**
 * ImpFleet:
 *
 * The emulated devices of this user, a folder each, by name.
 *
 * Whatever touches their files does so in a thread; what they do over the network is up to a scheduler, so
 * that ten thousand of them are no more at once than the agent and this computer can bear.
 */
static void imp_fleet_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpFleet, imp_fleet, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, imp_fleet_list_model_init))

enum {
  SIGNAL_STIRRED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* A job of the writer. */
typedef struct
{
  GTask           *task;  /* (owned) */
  GTaskThreadFunc  func;
} Job;

/* A name may be “..” or begin with a dot, a folder’s name may not. */
char *
imp_fleet_build_folder (ImpFleet   *self,
                        const char *id)
{
  g_autofree char *escaped = g_uri_escape_string (id, " ", FALSE);
  g_autofree char *name = escaped[0] == '.' ? g_strconcat ("%2E", escaped + 1, NULL)
                                            : g_steal_pointer (&escaped);

  return g_build_filename (self->directory, name, NULL);
}

/* The last reference to the fleet must not be the writer’s, who would wait for itself. */
static void
writer_func (gpointer data,
             gpointer user_data)
{
  g_autofree Job *job = data;
  gpointer source = g_task_get_source_object (job->task);

  job->func (job->task, source, g_task_get_task_data (job->task),
             g_task_get_cancellable (job->task));
  if (source != NULL)
    g_idle_add_once ((GSourceOnceFunc) g_object_unref, job->task);
  else
    g_object_unref (job->task);
}

/**
 * imp_fleet_write:
 * @self: a fleet
 * @task: (transfer full): what is returned in the end
 * @func: what changes files
 *
 * Lets @func run after those that were given before.
 */
void
imp_fleet_write (ImpFleet        *self,
                 GTask           *task,
                 GTaskThreadFunc  func)
{
  g_autofree Job *job = g_new (Job, 1);

  /* What was done was done, so the thread’s word counts. */
  g_task_set_check_cancellable (task, FALSE);
  job->task = task;
  job->func = func;
  g_thread_pool_push (self->writer, g_steal_pointer (&job), NULL);
}

static GType
imp_fleet_get_item_type (GListModel *model)
{
  return IMP_TYPE_DEVICE;
}

static guint
imp_fleet_get_n_items (GListModel *model)
{
  return IMP_FLEET (model)->devices->len;
}

static gpointer
imp_fleet_get_item (GListModel *model,
                    guint       position)
{
  ImpFleet *self = IMP_FLEET (model);

  if (position >= self->devices->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->devices, position));
}

static void
imp_fleet_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = imp_fleet_get_item_type;
  iface->get_n_items = imp_fleet_get_n_items;
  iface->get_item = imp_fleet_get_item;
}

static void
imp_fleet_finalize (GObject *object)
{
  ImpFleet *self = IMP_FLEET (object);

  /* Who polls is remembered before the process ends. */
  g_thread_pool_free (self->writer, FALSE, TRUE);
  g_object_run_dispose (G_OBJECT (self->scheduler));
  g_object_unref (self->scheduler);
  g_hash_table_unref (self->known);
  g_ptr_array_unref (self->devices);
  g_free (self->directory);

  G_OBJECT_CLASS (imp_fleet_parent_class)->finalize (object);
}

static void
imp_fleet_class_init (ImpFleetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_fleet_finalize;

  /**
   * ImpFleet::stirred:
   *
   * Some device stands otherwise than before. With a fleet that polls it comes hundreds of times a second.
   */
  signals[SIGNAL_STIRRED] =
    g_signal_new ("stirred", IMP_TYPE_FLEET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
stirred_cb (ImpFleet *self)
{
  g_signal_emit (self, signals[SIGNAL_STIRRED], 0);
}

static void
imp_fleet_init (ImpFleet *self)
{
  self->devices = g_ptr_array_new_with_free_func (g_object_unref);
  self->known = g_hash_table_new (g_str_hash, g_str_equal);
  self->scheduler = imp_fleet_scheduler_new ();
  g_signal_connect_object (self->scheduler, "stirred", G_CALLBACK (stirred_cb), self,
                           G_CONNECT_SWAPPED);
  self->writer = g_thread_pool_new (writer_func, NULL, 1, FALSE, NULL);
}

/**
 * imp_fleet_new:
 * @directory: (nullable): a folder, or `NULL` for `$XDG_DATA_HOME/imprimatur/devices`
 *
 * Returns: (transfer full): a fleet, empty until it is loaded
 */
ImpFleet *
imp_fleet_new (const char *directory)
{
  ImpFleet *self = g_object_new (IMP_TYPE_FLEET, NULL);

  self->directory = imp_dup_data_path (directory, "devices");

  return self;
}

/**
 * imp_fleet_find:
 * @self: a loaded fleet
 * @id: a device’s name
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the device, or `NULL` with %IMP_ERROR_NOT_FOUND
 */
ImpDevice *
imp_fleet_find (ImpFleet    *self,
                const char  *id,
                GError     **error)
{
  g_return_val_if_fail (IMP_IS_FLEET (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < self->devices->len; i++)
    {
      ImpDevice *device = g_ptr_array_index (self->devices, i);

      if (g_str_equal (imp_device_get_id (device), id))
        return g_object_ref (device);
    }

  g_set_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND, "there is no device “%s”", id);
  return NULL;
}

/**
 * imp_fleet_get_retrieval:
 * @self: a fleet
 *
 * Returns: (nullable): URL of the agent that the devices ask
 */
const char *
imp_fleet_get_retrieval (ImpFleet *self)
{
  g_return_val_if_fail (IMP_IS_FLEET (self), NULL);

  return imp_fleet_scheduler_get_retrieval (self->scheduler);
}

/**
 * imp_fleet_set_retrieval:
 * @self: a fleet
 * @retrieval: (nullable): URL of the agent to ask; until there is one, nobody polls
 *
 * Sets whom the devices ask from now on.
 */
void
imp_fleet_set_retrieval (ImpFleet   *self,
                         const char *retrieval)
{
  g_return_if_fail (IMP_IS_FLEET (self));

  imp_fleet_scheduler_set_retrieval (self->scheduler, retrieval);
}

/**
 * imp_fleet_update:
 * @self: a fleet
 * @device: one of its devices
 *
 * Lets the device look for an update as soon as there is room; its [class@DeviceLog] tells the rest.
 */
void
imp_fleet_update (ImpFleet  *self,
                  ImpDevice *device)
{
  g_return_if_fail (IMP_IS_FLEET (self));
  g_return_if_fail (IMP_IS_DEVICE (device));

  imp_fleet_scheduler_update (self->scheduler, device);
}

/**
 * imp_fleet_poll:
 * @self: a fleet
 * @devices: (element-type ImpDevice): some of its devices
 * @polling: whether they look for updates by themselves from now on
 *
 * Starts or stops polling, until this process ends. One device begins at once; several begin each at some
 * moment of its interval, so that they do not all ask at the same time.
 */
void
imp_fleet_poll (ImpFleet  *self,
                GPtrArray *devices,
                gboolean   polling)
{
  g_return_if_fail (IMP_IS_FLEET (self));

  for (guint i = 0; i < devices->len; i++)
    {
      ImpDevice *device = g_ptr_array_index (devices, i);

      imp_device_set_polling (device, polling);
      imp_fleet_scheduler_poll (self->scheduler, device, devices->len == 1);
    }
}

/* What is remembered of who polls. */
typedef struct
{
  GStrv    directories;  /* (owned) */
  gboolean polling;
} Memory;

static void
memory_free (Memory *memory)
{
  g_strfreev (memory->directories);
  g_free (memory);
}

static void
keep_polling_thread (GTask        *task,
                     gpointer      source_object,
                     gpointer      task_data,
                     GCancellable *cancellable)
{
  Memory *memory = task_data;

  for (char **directory = memory->directories; *directory != NULL; directory++)
    {
      g_autoptr(GError) error = NULL;

      if (!imp_device_keep_polling (*directory, memory->polling, &error))
        g_warning ("whether a device polls is not remembered: %s", error->message);
    }

  g_task_return_boolean (task, TRUE);
}

/**
 * imp_fleet_set_polling:
 * @self: a fleet
 * @devices: (element-type ImpDevice): some of its devices
 * @polling: whether they look for updates by themselves from now on
 *
 * Does what imp_fleet_poll() does, and remembers it.
 */
void
imp_fleet_set_polling (ImpFleet  *self,
                       GPtrArray *devices,
                       gboolean   polling)
{
  g_autoptr(GStrvBuilder) directories = g_strv_builder_new ();
  Memory *memory = g_new (Memory, 1);
  GTask *task;

  g_return_if_fail (IMP_IS_FLEET (self));

  for (guint i = 0; i < devices->len; i++)
    {
      ImpDevice *device = g_ptr_array_index (devices, i);

      g_strv_builder_add (directories, imp_device_get_directory (device));
    }
  imp_fleet_poll (self, devices, polling);

  memory->directories = g_strv_builder_end (directories);
  memory->polling = polling;
  task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_source_tag (task, imp_fleet_set_polling);
  g_task_set_task_data (task, memory, (GDestroyNotify) memory_free);
  imp_fleet_write (self, task, keep_polling_thread);
}
