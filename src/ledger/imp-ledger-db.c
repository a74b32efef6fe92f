/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-db-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "imp-error.h"
#include "imp-ledger-file-private.h"
#include "imp-ledger-schema-private.h"

/* One statement is in use by one caller at a time; the same text asked for while it runs would
 * be a mistake of ours.
 */
struct _ImpLedgerDb
{
  sqlite3      *handle;      /* (owned) */
  char         *path;        /* (owned) */
  GHashTable   *statements;  /* (owned) SQL -> ImpLedgerStatement */
  GCancellable *cancellable; /* (nullable) (owned) of the caller that reads now */
  int           wal_pages;   /* as of the last commit */
};

static void
set_error (ImpLedgerDb  *self,
           int           code,
           GError      **error)
{
  g_autofree char *name = g_path_get_basename (self->path);
  const char *message = sqlite3_errmsg (self->handle);

  /* The index of the WAL is a file, too, which SQLite only lengthens. */
  if (sqlite3_extended_errcode (self->handle) == SQLITE_IOERR_SHMSIZE)
    code = SQLITE_FULL;

  switch (code & 0xff)
    {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CONSTRAINT:  /* a row that we have not written yet is there already */
    case SQLITE_MISMATCH:
      g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT, "“%s” is damaged: %s", name, message);
      break;

    case SQLITE_INTERRUPT:
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "reading the ledger was cancelled");
      break;

    case SQLITE_FULL:
      g_set_error (error, IMP_ERROR, IMP_ERROR_LEDGER_UNAVAILABLE,
                   "“%s” cannot grow: the disk is full", name);
      break;

    default:
      g_set_error (error, IMP_ERROR, IMP_ERROR_LEDGER_UNAVAILABLE,
                   "“%s” cannot be used: %s (%d)", name, message,
                   sqlite3_extended_errcode (self->handle));
      break;
    }
}

static int
wal_cb (void       *user_data,
        sqlite3    *handle,
        const char *name,
        int         pages)
{
  ImpLedgerDb *self = user_data;

  self->wal_pages = pages;
  return SQLITE_OK;
}

static int
progress_cb (void *user_data)
{
  ImpLedgerDb *self = user_data;

  return g_cancellable_is_cancelled (self->cancellable);
}

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

static ImpLedgerDb *
db_open (const char  *path,
         int          flags,
         const char  *pragmas,
         GError     **error)
{
  g_autoptr(ImpLedgerDb) self = g_new0 (ImpLedgerDb, 1);
  int code;

  self->path = g_strdup (path);
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                            finalize_statement);

  code = sqlite3_open_v2 (path, &self->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
  if (code != SQLITE_OK)
    {
      set_error (self, code, error);
      return NULL;
    }

  /* SQLite is content with reading where it may not write. */
  if (sqlite3_db_readonly (self->handle, "main") != 0)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_LEDGER_UNAVAILABLE,
                   "“%s” cannot be used: it may not be written", path);
      return NULL;
    }

  sqlite3_extended_result_codes (self->handle, 1);
  sqlite3_busy_timeout (self->handle, 5000);
  if (!imp_ledger_db_execute (self, pragmas, error))
    return NULL;

  return g_steal_pointer (&self);
}

/* A crash must not leave a file that opening cannot tell from a damaged one, so the file is made
 * beside its place and renamed when it is whole.
 */
static gboolean
fill_new_file (const char  *path,
               const char  *origin,
               GError     **error)
{
  g_autofree char *numbers = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d;",
                                              IMP_LEDGER_APPLICATION_ID, IMP_LEDGER_SCHEMA_VERSION);
  g_autoptr(ImpLedgerDb) self = NULL;

  self = db_open (path, SQLITE_OPEN_READWRITE,
                  "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = FULL;", error);

  return self != NULL &&
         imp_ledger_db_execute (self, "BEGIN", error) &&
         imp_ledger_db_execute (self, numbers, error) &&
         imp_ledger_db_execute (self, IMP_LEDGER_SCHEMA, error) &&
         imp_ledger_db_put_setting (self, "origin", origin, error) &&
         imp_ledger_db_put_setting (self, "indexed", "0", error) &&
         imp_ledger_db_execute (self, "COMMIT", error) &&
         imp_ledger_db_execute (self, "PRAGMA journal_mode = WAL", error);
}

/* Makes an empty ledger at @path, readable by its owner only. */
gboolean
imp_ledger_db_create (const char  *path,
                      const char  *origin,
                      GError     **error)
{
  g_autofree char *temporary = g_strconcat (path, ".new", NULL);

  g_unlink (temporary);
  return imp_ledger_file_write (temporary, "", 0, error) &&
         fill_new_file (temporary, origin, error) &&
         imp_ledger_file_rename (temporary, path, error);
}

/* What schema 1 did not have is made of what it has, in one go with the number that says so. */
static gboolean
add_hours (ImpLedgerDb  *self,
           GError      **error)
{
  g_autofree char *fill = g_strdup_printf ("INSERT INTO hours SELECT time / %d, min (sequence),"
                                           " max (sequence) FROM transactions GROUP BY 1;"
                                           "PRAGMA user_version = %d; COMMIT",
                                           IMP_LEDGER_HOUR, IMP_LEDGER_SCHEMA_VERSION);

  if (imp_ledger_db_execute (self, "BEGIN IMMEDIATE; " IMP_LEDGER_SCHEMA_HOURS, error) &&
      imp_ledger_db_execute (self, fill, error))
    return TRUE;

  imp_ledger_db_roll_back (self);
  return FALSE;
}

static gboolean
check_kind (ImpLedgerDb  *self,
            GError      **error)
{
  g_autofree char *name = g_path_get_basename (self->path);
  gint64 application_id;
  gint64 version;

  if (!imp_ledger_db_get_number (self, "PRAGMA application_id", &application_id, error) ||
      !imp_ledger_db_get_number (self, "PRAGMA user_version", &version, error))
    return FALSE;

  if (application_id != IMP_LEDGER_APPLICATION_ID)
    return imp_error_set (error, IMP_ERROR_CORRUPT, "“%s” is no ledger", name);

  if (version == 1)
    return add_hours (self, error);

  if (version != IMP_LEDGER_SCHEMA_VERSION)
    return imp_error_set (error, IMP_ERROR_REFUSED,
                          "“%s” has schema %" G_GINT64_FORMAT ", this program reads schema %d",
                          name, version, IMP_LEDGER_SCHEMA_VERSION);

  return TRUE;
}

/* Opens the connection that writes. What a crash left in the WAL is replayed by SQLite here. The
 * WAL is written back by the writer when nobody waits for it, never inside a commit.
 */
ImpLedgerDb *
imp_ledger_db_open (const char  *path,
                    GError     **error)
{
  g_autoptr(ImpLedgerDb) self = NULL;

  self = db_open (path, SQLITE_OPEN_READWRITE,
                  "PRAGMA synchronous = FULL; PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 0;"
                  "PRAGMA trusted_schema = 0; PRAGMA cell_size_check = 1;", error);
  if (self == NULL ||
      !check_kind (self, error) ||
      !imp_ledger_db_execute (self, "PRAGMA journal_mode = WAL", error))
    return NULL;

  sqlite3_wal_hook (self->handle, wal_cb, self);
  return g_steal_pointer (&self);
}

/* Opens a connection that reads, and never waits for the one that writes. */
ImpLedgerDb *
imp_ledger_db_open_reader (const char  *path,
                           GError     **error)
{
  g_autoptr(ImpLedgerDb) self = NULL;

  self = db_open (path, SQLITE_OPEN_READWRITE,
                  "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, search, row);"
                  "PRAGMA query_only = 1; PRAGMA trusted_schema = 0; PRAGMA cell_size_check = 1;", error);
  if (self == NULL)
    return NULL;

  sqlite3_progress_handler (self->handle, 10000, progress_cb, self);
  return g_steal_pointer (&self);
}

/* Closes the connection, its statements first. Nobody may use either any more. */
void
imp_ledger_db_close (ImpLedgerDb *self)
{
  g_clear_pointer (&self->statements, g_hash_table_unref);
  g_clear_pointer (&self->handle, sqlite3_close);
  g_clear_object (&self->cancellable);
  g_free (self->path);
  g_free (self);
}

/* Whoever reads next can be interrupted by @cancellable. */
void
imp_ledger_db_set_cancellable (ImpLedgerDb  *self,
                               GCancellable *cancellable)
{
  g_set_object (&self->cancellable, cancellable);
}

/* Runs @sql, one statement or several, that has no values to bind and whose rows nobody wants. */
gboolean
imp_ledger_db_execute (ImpLedgerDb  *self,
                       const char   *sql,
                       GError      **error)
{
  int code = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);

  if (code == SQLITE_OK)
    return TRUE;

  set_error (self, code, error);
  return FALSE;
}

/* SQLite has rolled back by itself after some errors, and then says so. */
void
imp_ledger_db_roll_back (ImpLedgerDb *self)
{
  if (!sqlite3_get_autocommit (self->handle))
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
}

/* What is committed to a file that is not in its place any more ends with this process. */
gboolean
imp_ledger_db_check_place (ImpLedgerDb  *self,
                           GError      **error)
{
  g_autofree char *name = g_path_get_basename (self->path);
  g_autofree char *wal = g_strconcat (self->path, "-wal", NULL);
  int moved = 0;

  sqlite3_file_control (self->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  if (!moved && g_file_test (wal, G_FILE_TEST_IS_REGULAR))
    return TRUE;

  return imp_error_set (error, IMP_ERROR_LEDGER_UNAVAILABLE,
                        "“%s%s” was moved or removed while it was in use", name, moved ? "" : "-wal");
}

/* Writes the WAL back once it has @min_pages; what cannot be written back now stays in the WAL. */
gboolean
imp_ledger_db_checkpoint (ImpLedgerDb *self,
                          int          min_pages)
{
  if (self->wal_pages < MAX (min_pages, 1))
    return FALSE;

  sqlite3_wal_checkpoint_v2 (self->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  self->wal_pages = 0;
  return TRUE;
}

/**
 * imp_ledger_db_prepare:
 * @self: a database
 * @sql: a statement, the same text each time
 * @error: return location for an error
 *
 * Gets a statement, which is kept for the next time; no one else may be using it.
 *
 * Returns: (transfer none) (nullable): the statement, to be reset after use, or `NULL` with @error set
 */
ImpLedgerStatement *
imp_ledger_db_prepare (ImpLedgerDb  *self,
                       const char   *sql,
                       GError      **error)
{
  ImpLedgerStatement *statement = g_hash_table_lookup (self->statements, sql);
  int code;

  if (statement != NULL)
    {
      g_assert (!sqlite3_stmt_busy (statement));
      return statement;
    }

  code = sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (code != SQLITE_OK)
    {
      set_error (self, code, error);
      return NULL;
    }

  g_hash_table_insert (self->statements, g_strdup (sql), statement);
  return statement;
}

/* Steps @statement once. @found says whether there was a row. */
gboolean
imp_ledger_db_next (ImpLedgerDb         *self,
                    ImpLedgerStatement  *statement,
                    gboolean            *found,
                    GError             **error)
{
  int code = sqlite3_step (statement);

  *found = code == SQLITE_ROW;
  if (code == SQLITE_ROW || code == SQLITE_DONE)
    return TRUE;

  set_error (self, code, error);
  return FALSE;
}

/* Runs a statement that gives no rows. */
gboolean
imp_ledger_db_run (ImpLedgerDb         *self,
                   ImpLedgerStatement  *statement,
                   GError             **error)
{
  gboolean found;

  return imp_ledger_db_next (self, statement, &found, error);
}

/* Reads the one number that @sql gives; 0 if it gives none. */
gboolean
imp_ledger_db_get_number (ImpLedgerDb  *self,
                          const char   *sql,
                          gint64       *value,
                          GError      **error)
{
  g_autoptr(ImpLedgerStatement) statement = imp_ledger_db_prepare (self, sql, error);
  gboolean found;

  if (statement == NULL || !imp_ledger_db_next (self, statement, &found, error))
    return FALSE;

  *value = found ? sqlite3_column_int64 (statement, 0) : 0;
  return TRUE;
}

/* Reads one of the settings in the ledger's own file. @value is the caller's, and `NULL` where there is
 * no such setting.
 */
gboolean
imp_ledger_db_get_setting (ImpLedgerDb  *self,
                           const char   *name,
                           char        **value,
                           GError      **error)
{
  g_autoptr(ImpLedgerStatement) statement = NULL;
  gboolean found;

  statement = imp_ledger_db_prepare (self, "SELECT value FROM settings WHERE name = ?", error);
  if (statement == NULL)
    return FALSE;

  imp_ledger_statement_bind_text (statement, 1, name);
  if (!imp_ledger_db_next (self, statement, &found, error))
    return FALSE;

  *value = found ? g_strdup ((const char *) sqlite3_column_text (statement, 0)) : NULL;
  return TRUE;
}

/* Writes one of the settings, over what there was, within the transaction that is open. */
gboolean
imp_ledger_db_put_setting (ImpLedgerDb  *self,
                           const char   *name,
                           const char   *value,
                           GError      **error)
{
  g_autoptr(ImpLedgerStatement) statement = NULL;

  statement = imp_ledger_db_prepare (self, "INSERT OR REPLACE INTO settings VALUES (?, ?)", error);
  if (statement == NULL)
    return FALSE;

  imp_ledger_statement_bind_text (statement, 1, name);
  imp_ledger_statement_bind_text (statement, 2, value);
  return imp_ledger_db_run (self, statement, error);
}

/* @text is lent until the statement is reset; NULL binds NULL. */
void
imp_ledger_statement_bind_text (ImpLedgerStatement *statement,
                                int                 index,
                                const char         *text)
{
  sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
}

/* Makes a statement ready for its next use: it holds no lock on the file and no value of this one any
 * more.
 */
void
imp_ledger_statement_reset (ImpLedgerStatement *statement)
{
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
}
