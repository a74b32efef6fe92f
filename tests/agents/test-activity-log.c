/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-activity-log.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

static char *folder;

static void
result_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

static guint64
add (ImpActivityLog *log,
     const char     *device)
{
  g_autoptr(JsonObject) record = json_object_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  guint64 id;

  json_object_set_string_member (record, "device", device);
  json_object_set_string_member (record, "class", "Class_1");
  json_object_set_string_member (record, "outcome", "installed");
  json_object_set_string_member (record, "time", "2023-02-01T14:04:19.353Z");
  imp_activity_log_add_async (log, IMP_ACTIVITY_REPORTS, record, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  id = imp_activity_log_add_finish (log, result, &error);
  g_assert_no_error (error);
  return id;
}

static JsonObject *
list (ImpActivityLog *log,
      guint64         before,
      guint           limit,
      const char     *device)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;

  imp_activity_log_list_async (log, IMP_ACTIVITY_REPORTS, before, limit, device, NULL, result_cb,
                               &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  node = imp_activity_log_list_finish (log, result, &error);
  g_assert_no_error (error);
  return json_node_dup_object (node);
}

static ImpActivityLog *
open_log (guint keep)
{
  g_autofree char *path = g_build_filename (folder, "agents.db", NULL);
  g_autoptr(GError) error = NULL;
  ImpActivityLog *log = imp_activity_log_open (path, keep, &error);

  g_assert_no_error (error);
  return log;
}

/* The thread that did the last job may let go of it a moment after we do. */
static void
close_log (ImpActivityLog **log)
{
  GWeakRef ref;
  GObject *object;

  g_weak_ref_init (&ref, *log);
  g_clear_object (log);
  while ((object = g_weak_ref_get (&ref)) != NULL)
    {
      g_object_unref (object);
      g_usleep (1000);
    }

  g_weak_ref_clear (&ref);
}

static void
remove_log (void)
{
  static const char *const names[] = { "agents.db", "agents.db-wal", "agents.db-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
}

static void
test_pages (void)
{
  g_autoptr(ImpActivityLog) log = open_log (1000);
  g_autoptr(JsonObject) first = NULL;
  g_autoptr(JsonObject) second = NULL;
  g_autoptr(JsonObject) of_b = NULL;
  JsonArray *reports;

  for (guint i = 0; i < 5; i++)
    add (log, i == 2 ? "b" : "a'; DROP TABLE reports; --");

  first = list (log, 0, 3, NULL);
  reports = json_object_get_array_member (first, "reports");
  g_assert_cmpuint (json_array_get_length (reports), ==, 3);
  g_assert_cmpint (json_object_get_int_member (json_array_get_object_element (reports, 0), "id"), ==, 5);
  g_assert_true (json_object_get_null_member (json_array_get_object_element (reports, 0), "check"));
  g_assert_cmpint (json_object_get_int_member (first, "next"), ==, 3);

  second = list (log, 3, 3, NULL);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (second, "reports")), ==, 2);
  g_assert_true (json_object_get_null_member (second, "next"));

  of_b = list (log, 0, 3, "b");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (of_b, "reports")), ==, 1);
  close_log (&log);
  remove_log ();
}

/* The oldest go, ids do not come again, also not after a restart. */
static void
test_trims (void)
{
  g_autoptr(ImpActivityLog) log = open_log (100);
  g_autoptr(JsonObject) all = NULL;

  for (guint i = 0; i < 512; i++)
    add (log, "a");

  all = list (log, 0, 1000, NULL);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (all, "reports")), ==, 100);
  close_log (&log);

  log = open_log (100);
  g_assert_cmpuint (add (log, "a"), ==, 513);
  close_log (&log);
  remove_log ();
}

static gint64
count_devices (ImpActivityLog *log)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;
  JsonArray *devices;
  gint64 n = 0;

  imp_activity_log_count_async (log, "2023-02-01T14:04:19.353Z", NULL, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  node = imp_activity_log_count_finish (log, result, &error);
  g_assert_no_error (error);

  devices = json_object_get_array_member (json_node_get_object (node), "devices");
  for (guint i = 0; i < json_array_get_length (devices); i++)
    n += json_object_get_int_member (json_array_get_object_element (devices, i), "devices");
  return n;
}

/* A device that has been silent for long is not counted any more. */
static void
test_forgets_devices (void)
{
  g_autoptr(ImpActivityLog) log = open_log (100);

  add (log, "silent");
  add (log, "busy");
  g_assert_cmpint (count_devices (log), ==, 2);
  for (guint i = 0; i < 512; i++)
    add (log, "busy");
  g_assert_cmpint (count_devices (log), ==, 1);

  close_log (&log);
  remove_log ();
}

/* Makes of a log one that was written before anything was counted. */
static void
remove_counts (void)
{
  g_autofree char *path = g_build_filename (folder, "agents.db", NULL);
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  /* The thread of the log may still be closing it. */
  sqlite3_busy_timeout (db, 5000);
  g_assert_cmpint (sqlite3_exec (db, "DROP TRIGGER fetch_counted; DROP TRIGGER report_counted;"
                                     "DROP TABLE fetch_hours; DROP TABLE devices; DROP TABLE running",
                                 NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
test_counts_older_log (void)
{
  g_autoptr(ImpActivityLog) log = open_log (100);

  add (log, "a");
  add (log, "b");
  add (log, "a");
  close_log (&log);
  remove_counts ();

  log = open_log (100);
  g_assert_cmpint (count_devices (log), ==, 2);
  add (log, "c");
  g_assert_cmpint (count_devices (log), ==, 3);

  close_log (&log);
  remove_log ();
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("imprimatur-activity-XXXXXX", NULL);

  g_test_add_func ("/activity-log/pages", test_pages);
  g_test_add_func ("/activity-log/trims", test_trims);
  g_test_add_func ("/activity-log/forgets-devices", test_forgets_devices);
  g_test_add_func ("/activity-log/counts-older-log", test_counts_older_log);

  status = g_test_run ();
  g_rmdir (folder);
  g_free (folder);
  return status;
}
