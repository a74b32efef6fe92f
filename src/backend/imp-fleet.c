/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-fleet.h"

#include <sys/resource.h>

#include "imp-connection.h"
#include "imp-error.h"
#include "imp-remove-tree.h"
#include "imp-state-file.h"

/* Each device keeps its folder open. */
#define FILES_PER_DEVICE 4

/**
 * ImpFleet:
 *
 * The emulated devices of this user, by name, a folder each.
 *
 * Devices are opened and made in a thread, because thousands of them are thousands of files that are
 * synced, and a device that starts reads its whole running image.
 */
struct _ImpFleet
{
  GObject parent_instance;

  char      *directory;  /* (owned) */
  GPtrArray *items;      /* (owned) (element-type ImpDevice) */
};

static void imp_fleet_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpFleet, imp_fleet, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, imp_fleet_list_model_init))

/* Devices that a thread has made or opened. */
typedef struct
{
  ImpDeviceConfig  config;   /* (owned) each string of it */
  guint            count;
  GPtrArray       *devices;  /* (owned) (element-type ImpDevice) */
  GError          *left_out; /* (owned) (nullable): of a folder that could not be read */
} Work;

static void
work_free (Work *work)
{
  g_free ((char *) work->config.id);
  g_free ((char *) work->config.vendor_id);
  g_free ((char *) work->config.class_id);
  g_free ((char *) work->config.log_key);
  g_free ((char *) work->config.version);
  g_clear_object (&work->config.author);
  g_ptr_array_unref (work->devices);
  g_clear_error (&work->left_out);
  g_free (work);
}

static Work *
work_new (void)
{
  Work *work = g_new0 (Work, 1);

  work->devices = g_ptr_array_new_with_free_func (g_object_unref);

  return work;
}

/* A process may have 1,024 files open by default, and many more if it asks. */
static void
allow_files (guint n_devices)
{
  struct rlimit limit;
  rlim_t wanted = 1024 + (rlim_t) n_devices * FILES_PER_DEVICE;

  if (getrlimit (RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= wanted)
    return;

  limit.rlim_cur = MIN (wanted, limit.rlim_max);
  if (setrlimit (RLIMIT_NOFILE, &limit) < 0)
    g_debug ("the limit of open files stays as it is");
}

/* A name may be “..” or begin with a dot, a folder’s name may not. */
static char *
build_folder (ImpFleet   *self,
              const char *id)
{
  g_autofree char *escaped = g_uri_escape_string (id, " ", FALSE);
  g_autofree char *name = escaped[0] == '.' ? g_strconcat ("%2E", escaped + 1, NULL)
                                            : g_steal_pointer (&escaped);

  return g_build_filename (self->directory, name, NULL);
}

static int
compare_devices (gconstpointer a,
                 gconstpointer b)
{
  g_autofree char *first =
    g_utf8_collate_key_for_filename (imp_device_get_id (*(ImpDevice *const *) a), -1);
  g_autofree char *second =
    g_utf8_collate_key_for_filename (imp_device_get_id (*(ImpDevice *const *) b), -1);

  return strcmp (first, second);
}

static GPtrArray *
list_folders (const char  *directory,
              GError     **error)
{
  g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDir) dir = g_dir_open (directory, 0, error);
  const char *name;

  if (dir == NULL)
    return NULL;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (name[0] != '.' && g_file_test (path, G_FILE_TEST_IS_DIR))
        g_ptr_array_add (folders, g_steal_pointer (&path));
    }

  return g_steal_pointer (&folders);
}

static void
load_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  ImpFleet *self = source_object;
  Work *work = task_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) folders = list_folders (self->directory, &error);

  if (folders == NULL && !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  allow_files (folders != NULL ? folders->len : 0);
  for (guint i = 0; folders != NULL && i < folders->len; i++)
    {
      ImpDevice *device;

      if (g_cancellable_is_cancelled (cancellable))
        break;

      device = imp_device_open (g_ptr_array_index (folders, i),
                                work->left_out == NULL ? &work->left_out : NULL);
      if (device != NULL)
        g_ptr_array_add (work->devices, device);
    }

  g_ptr_array_sort (work->devices, compare_devices);
  g_task_return_boolean (task, TRUE);
}

/* Devices that are in the list stay the objects that they are: somebody may be updating them. */
static void
append_devices (ImpFleet  *self,
                GPtrArray *devices)
{
  g_autoptr(GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_before = self->items->len;

  for (guint i = 0; i < n_before; i++)
    g_hash_table_add (known,
                      (char *) imp_device_get_directory (g_ptr_array_index (self->items, i)));

  for (guint i = 0; i < devices->len; i++)
    {
      ImpDevice *device = g_ptr_array_index (devices, i);

      if (!g_hash_table_contains (known, imp_device_get_directory (device)))
        g_ptr_array_add (self->items, g_object_ref (device));
    }

  g_list_model_items_changed (G_LIST_MODEL (self), n_before, 0, self->items->len - n_before);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  ImpFleet *self = IMP_FLEET (object);
  g_autoptr(GTask) task = user_data;
  Work *work = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  append_devices (self, work->devices);
  if (work->left_out != NULL)
    g_task_return_error (task, g_steal_pointer (&work->left_out));
  else
    g_task_return_boolean (task, TRUE);
}

static ImpDevice *
make_device (ImpFleet     *self,
             const Work   *work,
             guint         index,
             GError      **error)
{
  ImpDeviceConfig config = work->config;
  g_autofree char *id = NULL;
  g_autofree char *folder = NULL;
  ImpDevice *device;

  id = work->count > 1 ? g_strdup_printf ("%s-%u", config.id, index + 1) : g_strdup (config.id);
  folder = build_folder (self, id);
  config.id = id;

  /* Not one that was there before: a failure takes away what it finds in the list. */
  if (g_file_test (folder, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "there is a device “%s” already", id);
      return NULL;
    }

  device = imp_device_create (folder, &config, error);
  if (device == NULL)
    imp_remove_tree (folder, NULL);
  return device;
}

static void
add_thread (GTask        *task,
            gpointer      source_object,
            gpointer      task_data,
            GCancellable *cancellable)
{
  Work *work = task_data;
  GError *error = NULL;

  allow_files (work->count);
  for (guint i = 0; error == NULL && i < work->count; i++)
    {
      ImpDevice *device;

      if (g_cancellable_set_error_if_cancelled (cancellable, &error))
        break;

      device = make_device (source_object, work, i, &error);
      if (device != NULL)
        g_ptr_array_add (work->devices, device);
    }

  if (error == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  for (guint i = 0; i < work->devices->len; i++)
    imp_remove_tree (imp_device_get_directory (g_ptr_array_index (work->devices, i)), NULL);
  g_task_return_error (task, error);
}

static void
added_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Work *work = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    {
      append_devices (IMP_FLEET (object), work->devices);
      g_task_return_boolean (task, TRUE);
    }
}

static void
work_in_thread (GTask               *task,
                Work                *work,
                GTaskThreadFunc      func,
                GAsyncReadyCallback  callback)
{
  g_autoptr(GTask) thread_task = g_task_new (g_task_get_source_object (task),
                                             g_task_get_cancellable (task), callback, task);

  g_task_set_source_tag (thread_task, work_in_thread);
  g_task_set_task_data (thread_task, work, (GDestroyNotify) work_free);

  /* What was made is either in the list or taken away again, so the thread’s word counts. */
  g_task_set_check_cancellable (thread_task, FALSE);
  g_task_run_in_thread (thread_task, func);
}

static GType
imp_fleet_get_item_type (GListModel *model)
{
  return IMP_TYPE_DEVICE;
}

static guint
imp_fleet_get_n_items (GListModel *model)
{
  return IMP_FLEET (model)->items->len;
}

static gpointer
imp_fleet_get_item (GListModel *model,
                    guint       position)
{
  ImpFleet *self = IMP_FLEET (model);

  if (position >= self->items->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->items, position));
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

  g_ptr_array_unref (self->items);
  g_free (self->directory);

  G_OBJECT_CLASS (imp_fleet_parent_class)->finalize (object);
}

static void
imp_fleet_class_init (ImpFleetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_fleet_finalize;
}

static void
imp_fleet_init (ImpFleet *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
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
  g_autofree char *data_dir = imp_dup_data_dir ();

  self->directory = directory != NULL ? g_strdup (directory)
                                      : g_build_filename (data_dir, "devices", NULL);

  return self;
}

/**
 * imp_fleet_load_async:
 * @self: a fleet
 * @cancellable: (nullable): cancels the loading
 * @callback: called once
 * @user_data: data for @callback
 *
 * Reads the folders. One that cannot be read is left out and is the error at the end, with the
 * others in the list all the same.
 */
void
imp_fleet_load_async (ImpFleet            *self,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (IMP_IS_FLEET (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_fleet_load_async);
  work_in_thread (task, work_new (), load_thread, loaded_cb);
}

gboolean
imp_fleet_load_finish (ImpFleet      *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * imp_fleet_add_async:
 * @self: a fleet
 * @config: what the devices are
 * @count: how many
 * @cancellable: (nullable): cancels it, leaving none
 * @callback: called once
 * @user_data: data for @callback
 *
 * Makes devices, all or none. If there are several, each has “-1”, “-2”… behind its name.
 */
void
imp_fleet_add_async (ImpFleet              *self,
                     const ImpDeviceConfig *config,
                     guint                  count,
                     GCancellable          *cancellable,
                     GAsyncReadyCallback    callback,
                     gpointer               user_data)
{
  g_autoptr(GTask) task = NULL;
  Work *work;

  g_return_if_fail (IMP_IS_FLEET (self));
  g_return_if_fail (config != NULL && config->class_id != NULL && IMP_IS_KEY (config->author));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_fleet_add_async);
  if (count == 0 || count > IMP_FLEET_MAX_DEVICES)
    {
      g_task_return_new_error (task, IMP_ERROR, IMP_ERROR_MALFORMED,
                               "a fleet grows by 1 to %d devices at once", IMP_FLEET_MAX_DEVICES);
      return;
    }

  work = work_new ();
  work->count = count;
  work->config = *config;
  work->config.id = config->id != NULL ? g_strdup (config->id)
                                       : g_strdup_printf ("device-%06x", g_random_int () & 0xffffff);
  work->config.vendor_id = g_strdup (config->vendor_id);
  work->config.class_id = g_strdup (config->class_id);
  work->config.log_key = g_strdup (config->log_key);
  work->config.version = g_strdup (config->version);
  g_object_ref (work->config.author);
  work_in_thread (g_steal_pointer (&task), work, add_thread, added_cb);
}

gboolean
imp_fleet_add_finish (ImpFleet      *self,
                      GAsyncResult  *result,
                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * imp_fleet_remove:
 * @self: a fleet
 * @device: one of its devices, which is idle
 * @error: return location for an error
 *
 * Takes a device out of the list and removes its folder.
 *
 * Returns: whether it is gone
 */
gboolean
imp_fleet_remove (ImpFleet   *self,
                  ImpDevice  *device,
                  GError    **error)
{
  guint position;

  g_return_val_if_fail (IMP_IS_FLEET (self), FALSE);
  g_return_val_if_fail (IMP_IS_DEVICE (device), FALSE);

  if (!g_ptr_array_find (self->items, device, &position))
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND, "the fleet has no device “%s”",
                   imp_device_get_id (device));
      return FALSE;
    }

  if (!g_str_equal (imp_device_get_state (device), "idle"))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "the device “%s” is being updated",
                   imp_device_get_id (device));
      return FALSE;
    }

  if (!imp_remove_tree (imp_device_get_directory (device), error))
    return FALSE;

  g_ptr_array_remove_index (self->items, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  return TRUE;
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

  for (guint i = 0; i < self->items->len; i++)
    {
      ImpDevice *device = g_ptr_array_index (self->items, i);

      if (g_str_equal (imp_device_get_id (device), id))
        return g_object_ref (device);
    }

  g_set_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND, "there is no device “%s”", id);
  return NULL;
}
