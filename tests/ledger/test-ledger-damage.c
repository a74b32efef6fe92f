/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "imp-error.h"
#include "ledger-fixture.h"

#define N_UPDATES 20

/* Every test damages a copy of this one: making one takes the disk longer than breaking it. */
static LedgerFixture whole;

static void
make_whole (void)
{
  ledger_set_up (&whole, NULL);
  ledger_publish (&whole, 1, N_UPDATES);
  ledger_close (&whole);
}

static void
copy_file (LedgerFixture *fixture,
           const char    *name)
{
  g_autofree char *from_path = ledger_path (&whole, name);
  g_autofree char *to_path = ledger_path (fixture, name);
  g_autoptr(GFile) from = g_file_new_for_path (from_path);
  g_autoptr(GFile) to = g_file_new_for_path (to_path);
  g_autoptr(GError) error = NULL;

  g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (LedgerFixture *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("imp-ledger-XXXXXX", &error);
  g_assert_no_error (error);
  copy_file (fixture, "ledger.db");
  copy_file (fixture, "log-key.pem");
  copy_file (fixture, "token-key.pem");

  fixture->payloads = test_payloads_new ();
  fixture->committed = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->author = g_object_ref (whole.author);
  fixture->token = g_strdup (whole.token);
  ledger_open (fixture);
}

static void
execute (LedgerFixture *fixture,
         const char    *sql)
{
  g_autofree char *path = ledger_path (fixture, "ledger.db");
  g_autofree char *message = NULL;
  sqlite3 *handle;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  sqlite3_busy_timeout (handle, 5000);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_changes (handle), >, 0);
  sqlite3_close (handle);
}

typedef struct
{
  const char *name;
  const char *sql;
  const char *words;      /* of the error: which leaf, and what is wrong with it */
} Damage;

static const Damage damages[] = {
  { "leaf-changed",
    "UPDATE leaves SET leaf = replace (leaf, 'Vendor_1', 'Vendor_2') WHERE sequence = 3", "leaf 3:" },
  { "leaf-spelled-otherwise", "UPDATE leaves SET leaf = leaf || ' ' WHERE sequence = 0", "leaf 0:" },
  { "leaf-removed", "DELETE FROM leaves WHERE sequence = 3", "leaf 3 is missing" },
  { "leaf-last-removed", "DELETE FROM leaves WHERE sequence = 20", "leaf 20 is missing" },
  { "leaf-added",
    "INSERT INTO leaves SELECT 21, leaf FROM leaves WHERE sequence = 20", "leaf 21 was never signed for" },
  { "leaf-before-first",
    "INSERT INTO leaves SELECT -1, leaf FROM leaves WHERE sequence = 20", "22 leaves where 21 belong" },
  { "leaves-swapped",
    "UPDATE leaves SET leaf = (SELECT b.leaf FROM leaves b WHERE b.sequence = 9 - leaves.sequence)"
    " WHERE sequence IN (4, 5)", "leaf 4:" },
  { "node-of-leaf", "UPDATE nodes SET hash = zeroblob (32) WHERE level = 0 AND number = 3", "leaf 3:" },
  { "node-inner",
    "UPDATE nodes SET hash = zeroblob (32) WHERE level = 2 AND number = 1", "leaf 7: node 1 of level 2" },
  { "node-short", "UPDATE nodes SET hash = x'00' WHERE level = 0 AND number = 5", "leaf 5:" },
  { "node-removed", "DELETE FROM nodes WHERE level = 1 AND number = 0", "leaf 0: node 0 of level 1" },
  { "node-added", "INSERT INTO nodes VALUES (9, 9, zeroblob (32))", "nodes where" },
  { "state-value",
    "UPDATE state SET value = replace (value, 'V_3', 'V_4') WHERE key LIKE 'latest/%' AND place >> 8 = 3",
    "leaf 3: the value of state “latest/" },
  { "state-key",
    "UPDATE state SET key = 'latest/x' WHERE key LIKE 'latest/%' AND place >> 8 = 3",
    "leaf 3: state “latest/x”" },
  { "state-removed",
    "DELETE FROM state WHERE key LIKE 'latest/%' AND place >> 8 = 20",
    "leaf 20: state has a value too few" },
  { "state-added",
    "INSERT INTO state VALUES (20 << 8 | 5, 'latest/x', '{}')", "leaf 20: state has a value too many" },
  { "state-moved", "UPDATE state SET place = place + 7 WHERE place = 2 << 8 | 1", "leaf 2:" },
  { "state-of-no-leaf", "INSERT INTO state VALUES (21 << 8, 'latest/x', '{}')", "leaf 21, which there is not" },
  { "state-of-negative-leaf", "INSERT INTO state VALUES (-5, 'latest/x', '{}')", "place -5, which no leaf has" },
  { "row-id",
    "UPDATE transactions SET id = replace (id, substr (id, 1, 1), 'x') WHERE sequence = 6",
    "leaf 6: column “id”" },
  { "row-time", "UPDATE transactions SET time = time + 1 WHERE sequence = 6", "leaf 6: column “time”" },
  { "row-contract", "UPDATE transactions SET contract = 'x' WHERE sequence = 6", "leaf 6: column “contract”" },
  { "row-function", "UPDATE transactions SET function = 'x' WHERE sequence = 6", "leaf 6: column “function”" },
  { "row-creator", "UPDATE transactions SET creator = 'x' WHERE sequence = 6", "leaf 6: column “creator”" },
  { "row-author", "UPDATE transactions SET author = NULL WHERE sequence = 6", "leaf 6: column “author”" },
  { "row-class", "UPDATE transactions SET class = 'x' WHERE sequence = 6", "leaf 6: column “class”" },
  { "row-version", "UPDATE transactions SET version = 'x' WHERE sequence = 6", "leaf 6: column “version”" },
  { "row-cid", "UPDATE transactions SET cid = 'x' WHERE sequence = 6", "leaf 6: column “cid”" },
  { "hour-removed", "DELETE FROM hours", "leaf 0: “hours”" },
  { "hour-too-short", "UPDATE hours SET last = 5 WHERE hour = (SELECT max (hour) FROM hours)",
    "“hours” does not count it" },
  { "row-removed",
    "DELETE FROM transactions WHERE sequence = 6", "leaf 6: its row in “transactions” is missing" },
  { "row-added",
    "INSERT INTO transactions SELECT 99, 'x', time, contract, function, creator, author, class, version,"
    " cid FROM transactions WHERE sequence = 1", "rows in “transactions”" },
  { "count-changed", "UPDATE published SET updates = updates + 1", "“published” does not say" },
  { "count-added", "INSERT INTO published VALUES (7, 1)", "“published” does not say" },
  { "newest-changed", "UPDATE newest SET version = 'x'", "“newest” does not say" },
  { "newest-removed", "DELETE FROM newest", "“newest” does not say" },
  { "head-removed", "DELETE FROM checkpoints", "the signed head is missing" },
  { "head-rewritten",
    "UPDATE checkpoints SET note = replace (note, char (10, 50, 49, 10), char (10, 50, 48, 10))",
    "the signed head" },
  { "head-size", "UPDATE checkpoints SET size = 20", "the signed head" },
  { "head-garbage", "UPDATE checkpoints SET note = 'x'", "the signed head" },
};

/* Found while the ledger is open, and, since it stands in the newest leaves, when it is opened again. */
static void
test_names_damage (LedgerFixture *fixture,
                   gconstpointer  data)
{
  const Damage *damage = data;
  g_autoptr(GError) error = NULL;

  ledger_verify (fixture, &error);
  g_assert_no_error (error);

  execute (fixture, damage->sql);
  g_assert_false (ledger_verify (fixture, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, IMP_ERROR, IMP_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, damage->words));
}

static const Damage opening_damages[] = {
  { "leaf", "UPDATE leaves SET leaf = replace (leaf, 'Vendor_1', 'Vendor_2') WHERE sequence = 3", "leaf 3:" },
  { "leaf-removed", "DELETE FROM leaves WHERE sequence = 20", "leaf 20 is missing" },
  { "node", "UPDATE nodes SET hash = zeroblob (32) WHERE level = 0 AND number = 20", "leaf 20:" },
  { "inner-node", "UPDATE nodes SET hash = zeroblob (32) WHERE level = 4 AND number = 0", "has not the root" },
  { "state", "UPDATE state SET value = '{}' WHERE place >> 8 = 19", "leaf 19:" },
  { "row", "UPDATE transactions SET class = 'x' WHERE sequence = 18", "leaf 18:" },
  { "head",
    "UPDATE checkpoints SET note = replace (note, char (10, 50, 49, 10), char (10, 50, 48, 10))",
    "the signed head" },
  { "origin", "UPDATE settings SET value = 'example.org' WHERE name = 'origin'", "log-key.pem" },
  { "log-key", "UPDATE settings SET value = 'x+00000000+AAAA' WHERE name = 'logKey'", "log-key.pem" },
  { "kind", "PRAGMA application_id = 7; UPDATE settings SET value = value", "is no ledger" },
};

static void
test_names_damage_when_opened (LedgerFixture *fixture,
                               gconstpointer  data)
{
  const Damage *damage = data;
  g_autoptr(GError) error = NULL;

  ledger_close (fixture);
  execute (fixture, damage->sql);
  g_assert_false (ledger_try_open (fixture, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, IMP_ERROR, IMP_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, damage->words));
}

static void
test_refuses_newer_schema (LedgerFixture *fixture,
                           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  ledger_close (fixture);
  execute (fixture, "PRAGMA user_version = 3; UPDATE settings SET value = value");
  g_assert_false (ledger_try_open (fixture, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "schema 3"));
}

static char *
read_db (LedgerFixture *fixture,
         gsize         *size)
{
  g_autofree char *path = ledger_path (fixture, "ledger.db");
  char *contents;

  g_assert_true (g_file_get_contents (path, &contents, size, NULL));
  return contents;
}

static void
write_db (LedgerFixture *fixture,
          const char    *contents,
          gsize          size)
{
  static const char *const others[] = { "ledger.db-wal", "ledger.db-shm" };
  g_autofree char *path = ledger_path (fixture, "ledger.db");
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *other = ledger_path (fixture, others[i]);

      g_unlink (other);
    }
  g_file_set_contents_full (path, contents, size, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error);
  g_assert_no_error (error);
}

/* Looking at a damaged file is no reason to write to it. */
static void
check_size (LedgerFixture *fixture,
            gsize          size)
{
  g_autofree char *path = ledger_path (fixture, "ledger.db");
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_size, ==, size);
}

static void
test_names_truncated_file (LedgerFixture *fixture,
                           gconstpointer  data)
{
  g_autofree char *contents = NULL;
  gsize size;

  ledger_close (fixture);
  contents = read_db (fixture, &size);

  for (guint i = 0; i < 6; i++)
    {
      const gsize sizes[] = { 0, 1, 100, 4096, size / 2, size - 1 };
      g_autoptr(GError) error = NULL;

      g_test_message ("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " bytes", sizes[i], size);
      write_db (fixture, contents, sizes[i]);
      g_assert_false (ledger_try_open (fixture, &error));
      g_test_message ("%" G_GSIZE_FORMAT " bytes: %s", sizes[i], error->message);
      g_assert_error (error, IMP_ERROR, IMP_ERROR_CORRUPT);
      g_assert_true (strstr (error->message, "“ledger.db”") != NULL || strstr (error->message, "leaf") != NULL);
      check_size (fixture, sizes[i]);
    }

  write_db (fixture, contents, size);
  ledger_open (fixture);
}

static void
test_names_garbage_file (LedgerFixture *fixture,
                         gconstpointer  data)
{
  g_autofree char *garbage = g_strnfill (50000, '\xa7');
  g_autoptr(GError) error = NULL;

  ledger_close (fixture);
  write_db (fixture, garbage, 50000);
  g_assert_false (ledger_try_open (fixture, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "“ledger.db”"));
}

/* Everything that the ledger answers for, as text. */
static char *
dump (LedgerFixture *fixture)
{
  static const char *const queries[] = {
    "SELECT sequence || leaf FROM leaves NOT INDEXED ORDER BY sequence",
    ("SELECT quote (sequence) || id || time || contract || function || creator || quote (author) || quote (class) ||"
     " quote (version) || quote (cid) FROM transactions NOT INDEXED ORDER BY sequence"),
    "SELECT place || key || value FROM state NOT INDEXED ORDER BY place",
    "SELECT level || ' ' || number || hex (hash) FROM nodes ORDER BY level, number",
    "SELECT size || note FROM checkpoints",
    "SELECT value FROM settings WHERE name <> 'indexed' ORDER BY name",
  };
  g_autofree char *path = ledger_path (fixture, "ledger.db");
  g_autoptr(GString) text = g_string_new (NULL);
  sqlite3 *handle;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      sqlite3_stmt *statement;

      if (sqlite3_prepare_v2 (handle, queries[i], -1, &statement, NULL) != SQLITE_OK)
        continue;
      while (sqlite3_step (statement) == SQLITE_ROW)
        g_string_append_printf (text, "%s\n", (const char *) sqlite3_column_text (statement, 0));
      sqlite3_finalize (statement);
    }
  sqlite3_close (handle);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Whatever byte of the file changes: the damage is found, or nothing that counts has changed. */
static void
test_finds_changed_byte (LedgerFixture *fixture,
                         gconstpointer  data)
{
  g_autofree char *contents = NULL;
  g_autofree char *before = NULL;
  guint n_found = 0;
  gsize size;

  ledger_close (fixture);
  before = dump (fixture);
  contents = read_db (fixture, &size);

  for (guint i = 0; i < 150; i++)
    {
      gsize offset = g_test_rand_int_range (0, size);
      guint8 flip = 1 << g_test_rand_int_range (0, 8);
      g_autoptr(GError) error = NULL;
      g_autofree char *after = NULL;

      contents[offset] ^= flip;
      write_db (fixture, contents, size);
      contents[offset] ^= flip;

      if (ledger_try_open (fixture, &error) && ledger_verify (fixture, &error))
        {
          ledger_close (fixture);
          after = dump (fixture);
          g_assert_cmpstr (before, ==, after);
          continue;
        }

      n_found++;
      g_assert_nonnull (error);
      g_assert_cmpint (error->domain, ==, IMP_ERROR);
      if (fixture->ledger != NULL)
        ledger_close (fixture);
    }

  g_test_message ("%u of 150 changed bytes mattered, and were found", n_found);
  g_assert_cmpuint (n_found, >, 20);
}

typedef struct
{
  const char *name;
  const char *file;
  const char *contents;  /* NULL: removed */
  guint       mode;
  ImpError    code;
  const char *words;
} Loss;

static const Loss losses[] = {
  { "log-key-missing", "log-key.pem", NULL, 0, IMP_ERROR_CORRUPT, "“log-key.pem”" },
  { "log-key-garbage", "log-key.pem", "garbage", 0600, IMP_ERROR_CORRUPT, "log-key.pem" },
  { "log-key-other", "log-key.pem",
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n", 0600, IMP_ERROR_CORRUPT, "is not the key that signs this ledger" },
  { "token-key-garbage", "token-key.pem", "garbage", 0600, IMP_ERROR_CORRUPT, "token-key.pem" },
  { "token-key-of-other-type", "token-key.pem",
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n", 0600, IMP_ERROR_CORRUPT, "rsa-2048" },
  { "token-key-for-all", "token-key.pem", "garbage", 0644, IMP_ERROR_REFUSED, "mode 644" },
  { "db-missing", "ledger.db", NULL, 0, IMP_ERROR_CORRUPT, "“ledger.db” is missing" },
};

static void
test_names_loss (LedgerFixture *fixture,
                 gconstpointer  data)
{
  const Loss *loss = data;
  g_autofree char *path = ledger_path (fixture, loss->file);
  g_autoptr(GError) error = NULL;

  ledger_close (fixture);
  if (loss->contents == NULL)
    g_assert_cmpint (g_unlink (path), ==, 0);
  else
    g_assert_true (g_file_set_contents_full (path, loss->contents, -1, G_FILE_SET_CONTENTS_CONSISTENT, loss->mode,
                                             NULL) &&
                   g_chmod (path, loss->mode) == 0);

  g_assert_false (ledger_try_open (fixture, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, IMP_ERROR, (int) loss->code);
  g_assert_nonnull (strstr (error->message, loss->words));
}

/* Tokens do not outlive their key, authors do. */
static void
test_makes_new_token_key (LedgerFixture *fixture,
                          gconstpointer  data)
{
  g_autofree char *path = ledger_path (fixture, "token-key.pem");
  g_autoptr(GError) error = NULL;
  GStatBuf info;

  ledger_close (fixture);
  g_assert_cmpint (g_unlink (path), ==, 0);
  ledger_open (fixture);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  g_assert_null (ledger_try_publish (fixture, "Class_1", "V_99", 99, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID);
  ledger_register (fixture, "again");
  ledger_publish (fixture, 99, 1);
}

static void
test_keeps_others_out (LedgerFixture *fixture,
                       gconstpointer  data)
{
  static const char *const names[] = { "ledger.db", "ledger.db-wal", "ledger.db-shm", "log-key.pem" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = ledger_path (fixture, names[i]);
      GStatBuf info;

      g_assert_cmpint (g_stat (path, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 0777, ==, 0600);
    }
}

static void
test_opens_once (LedgerFixture *fixture,
                 gconstpointer  data)
{
  g_autofree char *pid = g_strdup_printf ("process %d", (int) getpid ());
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_embedded_ledger_open (fixture->directory, NULL, "second", NULL, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_LEDGER_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, pid));
}

static void
test_refuses_other_origin (LedgerFixture *fixture,
                           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  ledger_close (fixture);
  g_assert_null (imp_embedded_ledger_open (fixture->directory, "example.org/other", "test", NULL, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "example.org/other"));
}

static void
test_takes_up_unfinished_birth (LedgerFixture *fixture,
                                gconstpointer  data)
{
  static const char *const leftovers[] = { "ledger.db.new", "log-key.pem.new", "token-key.pem.new" };
  g_autofree char *directory = ledger_path (fixture, "other");
  g_autoptr(ImpLedger) ledger = NULL;
  g_autoptr(GError) error = NULL;
  GStatBuf info;

  g_assert_cmpint (g_mkdir (directory, 0700), ==, 0);
  ledger_put_token_key (directory);
  for (guint i = 0; i < G_N_ELEMENTS (leftovers); i++)
    {
      g_autofree char *path = g_build_filename (directory, leftovers[i], NULL);

      g_assert_true (g_file_set_contents (path, "half", -1, NULL));
    }

  ledger = imp_embedded_ledger_open (directory, "example.org/log", "test", NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *path = g_build_filename (directory, leftovers[i], NULL);

      g_assert_cmpint (g_stat (path, &info), !=, 0);
    }

  g_clear_object (&ledger);
  {
    g_autofree char *command = g_strdup_printf ("rm -rf '%s'", directory);

    g_assert_cmpint (system (command), ==, 0);
  }
}

/* As somebody who may not write there; root may write anywhere, so another user tries. */
static void
test_names_read_only_folder (LedgerFixture *fixture,
                             gconstpointer  data)
{
  g_autofree char *directory = ledger_path (fixture, "new");
  g_autoptr(GError) error = NULL;
  gboolean root = geteuid () == 0;
  ImpLedger *ledger;

  g_assert_cmpint (g_chmod (fixture->directory, 0555), ==, 0);
  if (root)
    g_assert_cmpint (seteuid (65534), ==, 0);
  ledger = imp_embedded_ledger_open (directory, NULL, "test", NULL, &error);
  if (root)
    g_assert_cmpint (seteuid (0), ==, 0);
  g_chmod (fixture->directory, 0700);

  g_assert_null (ledger);
  g_assert_error (error, IMP_ERROR, IMP_ERROR_LEDGER_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, directory));
}

/* The file may grow no more, as on a full disk or over a quota. */
static void
test_survives_file_limit (LedgerFixture *fixture,
                          gconstpointer  data)
{
  struct rlimit limit, small;
  g_autofree char *version = NULL;
  g_autoptr(GError) error = NULL;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  small = limit;
  small.rlim_cur = 8 * 1024;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);

  g_assert_null (ledger_try_publish (fixture, "Class_1", "V_99", 99, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_LEDGER_UNAVAILABLE);
  g_clear_error (&error);
  version = ledger_query_version (fixture, "Class_1", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (version, ==, "V_20");

  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  ledger_publish (fixture, 99, 1);
  ledger_verify (fixture, &error);
  g_assert_no_error (error);
}

/* Nothing is answered for that would be gone with the process. */
static void
test_names_moved_file (LedgerFixture *fixture,
                       gconstpointer  data)
{
  static const char *const names[] = { "ledger.db", "ledger.db-wal" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = ledger_path (fixture, names[i]);
      g_autofree char *elsewhere = ledger_path (fixture, "elsewhere");
      g_autofree char *named = g_strdup_printf ("“%s” was moved or removed", names[i]);
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (g_rename (path, elsewhere), ==, 0);
      g_assert_null (ledger_try_publish (fixture, "Class_1", "V_99", 99, &error));
      g_assert_error (error, IMP_ERROR, IMP_ERROR_LEDGER_UNAVAILABLE);
      g_assert_nonnull (strstr (error->message, named));
      g_assert_cmpint (g_rename (elsewhere, path), ==, 0);
    }

  ledger_publish (fixture, 99, 1);
}

#define add(path, func) \
  g_test_add ("/ledger-damage/" path, LedgerFixture, NULL, set_up, func, ledger_tear_down)

static void
add_case (const char    *group,
          const char    *name,
          gconstpointer  data,
          void         (*func) (LedgerFixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/ledger-damage/%s/%s", group, name);

  g_test_add (path, LedgerFixture, data, set_up, func, ledger_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  make_whole ();

  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    add_case ("names", damages[i].name, &damages[i], test_names_damage);
  for (guint i = 0; i < G_N_ELEMENTS (opening_damages); i++)
    add_case ("names-when-opened", opening_damages[i].name, &opening_damages[i], test_names_damage_when_opened);
  for (guint i = 0; i < G_N_ELEMENTS (losses); i++)
    add_case ("names-loss", losses[i].name, &losses[i], test_names_loss);

  add ("refuses-newer-schema", test_refuses_newer_schema);
  add ("names-truncated-file", test_names_truncated_file);
  add ("names-garbage-file", test_names_garbage_file);
  add ("finds-changed-byte", test_finds_changed_byte);
  add ("makes-new-token-key", test_makes_new_token_key);
  add ("keeps-others-out", test_keeps_others_out);
  add ("opens-once", test_opens_once);
  add ("refuses-other-origin", test_refuses_other_origin);
  add ("takes-up-unfinished-birth", test_takes_up_unfinished_birth);
  add ("names-read-only-folder", test_names_read_only_folder);
  add ("survives-file-limit", test_survives_file_limit);
  add ("names-moved-file", test_names_moved_file);

  result = g_test_run ();
  ledger_tear_down (&whole, NULL);

  return result;
}
