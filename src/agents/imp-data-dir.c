/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-data-dir.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#define LOCK_NAME   "agents.lock"
#define AGENTS_NAME "agents.json"

/**
 * ImpDataDir:
 *
 * The folder in which a daemon keeps everything, locked as long as the object lives.
 *
 * The kernel drops the lock when the process ends, however it ends, so it is never stale.
 */
struct _ImpDataDir
{
  GObject parent_instance;

  char *path;  /* (owned) */
  int lock_fd;
  gboolean announced;
};

G_DEFINE_FINAL_TYPE (ImpDataDir, imp_data_dir, G_TYPE_OBJECT)

static gboolean
make_folder (const char  *path,
             GError     **error)
{
  int code;

  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;

  code = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "“%s” cannot be made: %s", path,
               g_strerror (code));
  return FALSE;
}

static gboolean
lock (ImpDataDir  *self,
      GError     **error)
{
  g_autofree char *path = imp_data_dir_build (self, LOCK_NAME);
  int code;

  self->lock_fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock_fd >= 0 && flock (self->lock_fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;

  code = errno;
  if (code == EWOULDBLOCK)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "“%s” is in use by another imprimaturd",
                 self->path);
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "“%s” cannot be locked: %s", path,
                 g_strerror (code));
  return FALSE;
}

static void
imp_data_dir_finalize (GObject *object)
{
  ImpDataDir *self = IMP_DATA_DIR (object);

  if (self->announced)
    {
      g_autofree char *path = imp_data_dir_build (self, AGENTS_NAME);

      g_unlink (path);
    }

  if (self->lock_fd >= 0)
    close (self->lock_fd);
  g_free (self->path);

  G_OBJECT_CLASS (imp_data_dir_parent_class)->finalize (object);
}

static void
imp_data_dir_class_init (ImpDataDirClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_data_dir_finalize;
}

static void
imp_data_dir_init (ImpDataDir *self)
{
  self->lock_fd = -1;
}

/**
 * imp_data_dir_open:
 * @path: a folder, made if it is not there
 * @error: return location for an error
 *
 * Takes a folder for this process. %G_IO_ERROR_BUSY if another one has it.
 *
 * Returns: (transfer full): the folder
 */
ImpDataDir *
imp_data_dir_open (const char  *path,
                   GError     **error)
{
  g_autoptr(ImpDataDir) self = g_object_new (IMP_TYPE_DATA_DIR, NULL);

  self->path = g_strdup (path);
  if (!make_folder (path, error) || !lock (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * imp_data_dir_build:
 * @self: a data directory
 * @name: what is in it
 *
 * Makes no file: it only says where one belongs.
 *
 * Returns: (transfer full): the path
 */
char *
imp_data_dir_build (ImpDataDir *self,
                    const char *name)
{
  g_return_val_if_fail (IMP_IS_DATA_DIR (self), NULL);

  return g_build_filename (self->path, name, NULL);
}

/**
 * imp_data_dir_announce:
 * @self: a data directory
 * @agents: where the agents are, one line of JSON
 * @error: return location for an error
 *
 * Keeps @agents where others look for them, until the process ends.
 *
 * Returns: whether it is written
 */
gboolean
imp_data_dir_announce (ImpDataDir  *self,
                       const char  *agents,
                       GError     **error)
{
  g_autofree char *path = NULL;
  g_autofree char *line = NULL;

  g_return_val_if_fail (IMP_IS_DATA_DIR (self), FALSE);

  path = imp_data_dir_build (self, AGENTS_NAME);
  line = g_strconcat (agents, "\n", NULL);
  self->announced = g_file_set_contents_full (path, line, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                              error);
  return self->announced;
}
