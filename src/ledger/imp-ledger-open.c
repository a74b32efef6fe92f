/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-open-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-ledger-check-private.h"
#include "imp-ledger-counts-private.h"
#include "imp-ledger-file-private.h"
#include "imp-ledger-recorder-private.h"
#include "imp-time.h"

#define DB_NAME        "ledger.db"
#define WAL_NAME       "ledger.db-wal"
#define LOG_KEY_NAME   "log-key.pem"
#define TOKEN_KEY_NAME "token-key.pem"

/* Closes what an open ledger consists of. The lock goes last, so that the next who opens it finds
 * nobody in the file.
 */
void
imp_ledger_files_clear (ImpLedgerFiles *self)
{
  g_clear_pointer (&self->db, imp_ledger_db_close);
  g_clear_pointer (&self->head, imp_ledger_head_free);
  g_clear_object (&self->token_key);
  g_clear_pointer (&self->path, g_free);
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
}

static gboolean
exists (const char *directory,
        const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static char *
make_origin (void)
{
  g_autofree char *name = NULL;
  guint8 bytes[8];

  if (getrandom (bytes, sizeof bytes, 0) != sizeof bytes)
    return NULL;

  name = imp_hex_encode (bytes, sizeof bytes);
  return g_strconcat ("imprimatur.local/", name, NULL);
}

/* A key or a WAL without its ledger says that the ledger is lost: beginning a new one under the same
 * key would be a rollback that this program made itself.
 */
static gboolean
create (const char  *directory,
        const char  *path,
        const char  *origin,
        GError     **error)
{
  g_autofree char *random = NULL;

  for (guint i = 0; i < 2; i++)
    {
      const char *name = i == 0 ? LOG_KEY_NAME : WAL_NAME;

      if (exists (directory, name))
        return imp_error_set (error, IMP_ERROR_CORRUPT,
                              "“%s” is missing in “%s”, where “%s” is left of it", DB_NAME, directory, name);
    }

  random = make_origin ();
  if (origin == NULL)
    origin = random;

  if (origin == NULL)
    return imp_error_set (error, IMP_ERROR_LEDGER_UNAVAILABLE,
                          "the system gives no random numbers");

  return imp_ledger_db_create (path, origin, error);
}

static gboolean
open_db (ImpLedgerFiles  *self,
         const char      *directory,
         const char      *origin,
         GError         **error)
{
  self->path = g_build_filename (directory, DB_NAME, NULL);
  if (!exists (directory, DB_NAME) && !create (directory, self->path, origin, error))
    return FALSE;

  self->db = imp_ledger_db_open (self->path, error);
  return self->db != NULL && imp_ledger_counts_prepare (self->db, error);
}

static gboolean
check_origin (const char  *kept,
              const char  *wanted,
              GError     **error)
{
  if (kept == NULL)
    return imp_error_set (error, IMP_ERROR_CORRUPT, "“%s” has no origin", DB_NAME);

  if (wanted != NULL && !g_str_equal (kept, wanted))
    return imp_error_set (error, IMP_ERROR_REFUSED,
                          "the ledger has the origin “%s”, not “%s”", kept, wanted);

  return TRUE;
}

static ImpKey *
load_or_make_key (const char  *directory,
                  const char  *name,
                  ImpKeyType   type,
                  GError     **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return imp_ledger_key_load (path, type, error);

  return imp_ledger_key_make (path, type, error);
}

/* A ledger is born with its signed head of size 0. Until then it has recorded nothing, so a crash
 * on the way there leaves what can be taken up again.
 */
static gboolean
sign_first_head (ImpLedgerFiles  *self,
                 GError         **error)
{
  gint64 now = imp_time_now ();
  g_autoptr(ImpCheckpoint) checkpoint = NULL;
  ImpHash root;

  imp_merkle_hash_empty (&root);
  return (checkpoint = imp_ledger_head_sign (self->head, 0, &root, now, error)) != NULL &&
         imp_ledger_db_execute (self->db, "BEGIN IMMEDIATE", error) &&
         imp_ledger_db_put_setting (self->db, "logKey", imp_ledger_head_get_log_key (self->head), error) &&
         imp_ledger_recorder_seal (self->db, checkpoint, now, error) &&
         imp_ledger_db_execute (self->db, "COMMIT", error);
}

static gboolean
check_log_key (ImpLedgerFiles  *self,
               const char      *directory,
               const char      *kept,
               GError         **error)
{
  if (g_str_equal (kept, imp_ledger_head_get_log_key (self->head)))
    return TRUE;

  return imp_error_set (error, IMP_ERROR_CORRUPT,
                        "“%s” in “%s” is not the key that signs this ledger", LOG_KEY_NAME, directory);
}

static gboolean
open_head (ImpLedgerFiles  *self,
           const char      *directory,
           const char      *origin,
           GError         **error)
{
  g_autofree char *kept_origin = NULL;
  g_autofree char *kept_key = NULL;
  g_autoptr(ImpKey) log_key = NULL;

  if (!imp_ledger_db_get_setting (self->db, "origin", &kept_origin, error) ||
      !imp_ledger_db_get_setting (self->db, "logKey", &kept_key, error) ||
      !check_origin (kept_origin, origin, error))
    return FALSE;

  if (kept_key != NULL && !exists (directory, LOG_KEY_NAME))
    return imp_error_set (error, IMP_ERROR_CORRUPT,
                          "“%s”, the key that signs this ledger, is missing in “%s”", LOG_KEY_NAME, directory);

  log_key = load_or_make_key (directory, LOG_KEY_NAME, IMP_KEY_ED25519, error);
  if (log_key == NULL)
    return FALSE;

  self->head = imp_ledger_head_new (kept_origin, log_key);
  if (kept_key == NULL)
    return sign_first_head (self, error);

  return check_log_key (self, directory, kept_key, error);
}

/* The head is given out under a fresh signature only, so the stored one counts as old. */
static gboolean
check (ImpLedgerFiles  *self,
       GError         **error)
{
  g_autoptr(ImpCheckpoint) checkpoint = NULL;
  gint64 last_time = -1;

  checkpoint = imp_ledger_check_head (self->db, imp_ledger_head_get_log_key (self->head), &self->tree,
                                      error);
  if (checkpoint == NULL)
    return FALSE;

  if (self->tree.size > 0 &&
      !imp_ledger_db_get_number (self->db, "SELECT time FROM transactions ORDER BY sequence DESC LIMIT 1",
                                 &last_time, error))
    return FALSE;

  imp_ledger_head_set (self->head, checkpoint, 0, last_time);
  return TRUE;
}

/**
 * imp_ledger_files_open:
 * @self: room for the files
 * @directory: where they are; it is made if it is not there
 * @origin: (nullable): what a new ledger is called
 * @error: return location for an error
 *
 * Opens a ledger’s files, and keeps other processes from opening them.
 *
 * Returns: whether it could; what is open of them when it fails is the caller’s to close
 */
gboolean
imp_ledger_files_open (ImpLedgerFiles  *self,
                       const char      *directory,
                       const char      *origin,
                       GError         **error)
{
  if (g_mkdir_with_parents (directory, 0700) != 0)
    return imp_error_set (error, IMP_ERROR_LEDGER_UNAVAILABLE,
                          "cannot make “%s”: %s", directory, g_strerror (errno));

  self->lock = imp_ledger_file_lock (directory, error);
  if (self->lock < 0 ||
      !open_db (self, directory, origin, error) ||
      !open_head (self, directory, origin, error))
    return FALSE;

  self->token_key = load_or_make_key (directory, TOKEN_KEY_NAME, IMP_KEY_RSA_2048, error);
  return self->token_key != NULL && check (self, error);
}
