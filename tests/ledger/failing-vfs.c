/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "failing-vfs.h"

#include <sqlite3.h>

/* SQLite's own functions for a file, some of them replaced. SQLite has one table for each kind of
 * file, and a file knows its table, so a replaced table begins with what SQLite expects.
 */
typedef struct
{
  sqlite3_io_methods        methods;
  const sqlite3_io_methods *original;
} Methods;

static Methods tables[4];
static guint n_tables;
static GMutex lock;

static sqlite3_vfs vfs;
static sqlite3_vfs *original_vfs;

static int n_syncs;
static int sync_fails;
static int write_fails;

static const sqlite3_io_methods *
get_original (sqlite3_file *file)
{
  return ((const Methods *) file->pMethods)->original;
}

static int
sync_cb (sqlite3_file *file,
         int           flags)
{
  g_atomic_int_inc (&n_syncs);
  if (g_atomic_int_get (&sync_fails))
    return SQLITE_IOERR_FSYNC;

  return get_original (file)->xSync (file, flags);
}

static int
write_cb (sqlite3_file  *file,
          const void    *data,
          int            size,
          sqlite3_int64  offset)
{
  if (g_atomic_int_get (&write_fails))
    return SQLITE_FULL;

  return get_original (file)->xWrite (file, data, size, offset);
}

static const Methods *
replace_methods (const sqlite3_io_methods *original)
{
  G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);

  for (guint i = 0; i < n_tables; i++)
    {
      if (tables[i].original == original)
        return &tables[i];
    }

  g_assert_cmpuint (n_tables, <, G_N_ELEMENTS (tables));
  tables[n_tables].methods = *original;
  tables[n_tables].methods.xSync = sync_cb;
  tables[n_tables].methods.xWrite = write_cb;
  tables[n_tables].original = original;

  return &tables[n_tables++];
}

static int
open_cb (sqlite3_vfs  *self,
         const char   *name,
         sqlite3_file *file,
         int           flags,
         int          *out_flags)
{
  int code = original_vfs->xOpen (original_vfs, name, file, flags, out_flags);

  if (code == SQLITE_OK)
    file->pMethods = &replace_methods (file->pMethods)->methods;

  return code;
}

void
failing_vfs_install (void)
{
  original_vfs = sqlite3_vfs_find (NULL);
  vfs = *original_vfs;
  vfs.zName = "failing";
  vfs.xOpen = open_cb;
  sqlite3_vfs_register (&vfs, 1);
}

guint
failing_vfs_get_n_syncs (void)
{
  return g_atomic_int_get (&n_syncs);
}

void
failing_vfs_fail_sync (gboolean fail)
{
  g_atomic_int_set (&sync_fails, fail);
}

void
failing_vfs_fail_write (gboolean fail)
{
  g_atomic_int_set (&write_fails, fail);
}
