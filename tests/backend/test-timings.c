/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "backend-fixture.h"
#include "imp-agent-statistics.h"
#include "imp-csv.h"
#include "imp-device-runs.h"
#include "imp-fetch-list.h"
#include "imp-json.h"
#include "imp-submissions.h"
#include "imp-timings.h"

/* Comma-separated values */

static void
test_csv (void)
{
  g_autoptr(ImpCsv) csv = imp_csv_new ();
  g_autofree char *text = NULL;
  g_autofree char *nothing = NULL;

  imp_csv_add (csv, "plain");
  imp_csv_add (csv, "with, comma");
  imp_csv_add (csv, "a \"quote\"");
  imp_csv_add (csv, "two\nlines");
  imp_csv_end_row (csv);
  imp_csv_add (csv, NULL);
  imp_csv_add_uint (csv, 36100000);
  imp_csv_add_double (csv, 1.5);
  imp_csv_add_double (csv, -1);
  imp_csv_end_row (csv);
  imp_csv_add (csv, "=HYPERLINK(\"x\")");
  imp_csv_end_row (csv);
  text = imp_csv_steal (csv);
  nothing = imp_csv_steal (csv);

  g_assert_cmpstr (text, ==, "plain,\"with, comma\",\"a \"\"quote\"\"\",\"two\nlines\"\r\n"
                             ",36100000,1.500,\r\n"
                             "\"'=HYPERLINK(\"\"x\"\")\"\r\n");
  g_assert_cmpstr (nothing, ==, "");
}

/* Fetches */

static ImpFetch *
make_fetch (guint64     id,
            const char *time,
            const char *outcome)
{
  g_autofree char *text = g_strdup_printf (
    "{\"id\":%" G_GUINT64_FORMAT ",\"device\":\"lamp\",\"class\":null,\"version\":\"V_1\",\"cid\":\"Qm\","
    "\"time\":\"%s\",\"bytes\":5000,\"ms\":12.5,\"outcome\":\"%s\"}", id, time, outcome);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = imp_json_parse (text, -1, 4096, &error);
  ImpFetch *fetch = imp_fetch_new_from_json (json_node_get_object (node), &error);

  g_assert_no_error (error);
  return fetch;
}

static const char *const bad_fetches[] = {
  "{}",
  "{\"id\":-1,\"device\":\"d\",\"time\":\"2026-11-22T12:00:00.000Z\",\"bytes\":1,\"ms\":1,\"outcome\":\"cut\"}",
  "{\"id\":1,\"device\":7,\"time\":\"2026-11-22T12:00:00.000Z\",\"bytes\":1,\"ms\":1,\"outcome\":\"cut\"}",
  "{\"id\":1,\"device\":\"d\",\"time\":\"noon\",\"bytes\":1,\"ms\":1,\"outcome\":\"cut\"}",
  "{\"id\":1,\"device\":\"d\",\"time\":\"2026-11-22T12:00:00.000Z\",\"bytes\":{},\"ms\":1,\"outcome\":\"cut\"}",
  "{\"id\":1,\"device\":\"d\",\"time\":\"2026-11-22T12:00:00.000Z\",\"bytes\":1,\"ms\":-1,\"outcome\":\"cut\"}",
  "{\"id\":1,\"device\":\"d\",\"time\":\"2026-11-22T12:00:00.000Z\",\"bytes\":1,\"ms\":1,\"outcome\":\"fine\"}",
};

static void
test_bad_fetches (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_fetches); i++)
    {
      g_autoptr(JsonNode) node = imp_json_parse (bad_fetches[i], -1, 4096, NULL);
      g_autoptr(GError) error = NULL;

      g_assert_null (imp_fetch_new_from_json (json_node_get_object (node), &error));
      g_assert_nonnull (error);
    }
}

static void
count_changes_cb (guint *n_changes)
{
  (*n_changes)++;
}

static guint64
get_id (ImpFetchList *list,
        guint         position)
{
  g_autoptr(ImpFetch) fetch = g_list_model_get_item (G_LIST_MODEL (list), position);

  return imp_fetch_get_id (fetch);
}

/* However many fetches there are, whoever shows them is told twice a flush, and shows a thousand. */
static void
test_fetch_list (void)
{
  g_autoptr(ImpFetchList) list = imp_fetch_list_new ();
  const ImpFetchMinute *minute;
  guint n_changes = 0;

  g_signal_connect_swapped (list, "items-changed", G_CALLBACK (count_changes_cb), &n_changes);
  g_assert_false (imp_fetch_list_flush (list));
  for (guint i = 1; i <= 5500; i++)
    {
      g_autoptr(ImpFetch) fetch = make_fetch (i, "2026-11-22T12:00:30.000Z",
                                              i % 10 == 0 ? "cut" : "complete");

      imp_fetch_list_put (list, fetch);
      imp_fetch_list_put (list, fetch);
      if (i == 10 || i == 5500)
        g_assert_true (imp_fetch_list_flush (list));
    }

  g_assert_cmpuint (n_changes, ==, 3);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, IMP_FETCH_LIST_MAX);
  g_assert_cmpuint (get_id (list, 0), ==, 5500);
  g_assert_cmpuint (get_id (list, IMP_FETCH_LIST_MAX - 1), ==, 4501);

  minute = imp_fetch_list_get_minute (list, G_GINT64_CONSTANT (1795348800) / 60);
  g_assert_nonnull (minute);
  g_assert_cmpuint (minute->counts[IMP_FETCH_COMPLETE], ==, 4950);
  g_assert_cmpuint (minute->counts[IMP_FETCH_CUT], ==, 550);
  g_assert_null (imp_fetch_list_get_minute (list, minute->minute + 1));
  g_assert_null (imp_fetch_list_get_minute (list, minute->minute + IMP_FETCH_LIST_MINUTES));
}

static void
test_fetch_list_begins_anew (void)
{
  g_autoptr(ImpFetchList) list = imp_fetch_list_new ();
  g_autoptr(GPtrArray) page = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(ImpFetch) known = make_fetch (7, "2026-11-22T12:00:30.000Z", "complete");
  g_autoptr(ImpFetch) next = make_fetch (8, "2026-11-22T12:02:30.000Z", "failed");

  imp_fetch_list_put (list, known);
  imp_fetch_list_flush (list);
  g_ptr_array_add (page, make_fetch (7, "2026-11-22T12:00:30.000Z", "complete"));
  g_ptr_array_add (page, make_fetch (6, "2026-11-22T12:00:10.000Z", "complete"));
  imp_fetch_list_replace (list, page, FALSE);
  imp_fetch_list_put (list, known);
  imp_fetch_list_put (list, next);
  imp_fetch_list_flush (list);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 3);
  g_assert_cmpuint (get_id (list, 0), ==, 8);
  g_assert_cmpuint (get_id (list, 2), ==, 6);
  g_assert_cmpint (imp_fetch_list_get_since (list), ==, imp_fetch_get_time (g_ptr_array_index (page, 1)));
}

/* Statistics */

static const char *const bad_statistics[] = {
  "[]",
  "{}",
  "{\"updates\":[],\"fetches\":[],\"devices\":{}}",
  "{\"updates\":[7],\"fetches\":[],\"devices\":[]}",
  "{\"updates\":[{\"hour\":\"noon\",\"count\":1}],\"fetches\":[],\"devices\":[]}",
  "{\"updates\":[{\"hour\":\"2026-11-22T12:00:00.000Z\",\"count\":-1}],\"fetches\":[],\"devices\":[]}",
  "{\"updates\":[],\"fetches\":[{\"hour\":\"2026-11-22T12:00:00.000Z\",\"complete\":1}],\"devices\":[]}",
  "{\"updates\":[],\"fetches\":[],\"devices\":[{\"class\":\"c\",\"version\":\"1\",\"devices\":1}]}",
  "{\"updates\":[],\"fetches\":[],\"devices\":[{\"class\":1,\"version\":\"1\",\"devices\":1,\"newest\":true}]}",
};

static void
test_bad_statistics (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_statistics); i++)
    {
      g_autoptr(JsonNode) node = imp_json_parse (bad_statistics[i], -1, 4096, NULL);
      g_autoptr(GError) error = NULL;

      g_assert_null (imp_agent_statistics_new_from_json (node, &error));
      g_test_message ("%s", error->message);
    }
}

static void
test_statistics (void)
{
  static const char text[] =
    "{\"updates\":[{\"hour\":\"2026-11-22T12:00:00.000Z\",\"count\":3}],\"fetches\":[],"
    "\"devices\":[{\"class\":\"c\",\"version\":\"1\",\"devices\":40,\"newest\":true}]}";
  g_autoptr(JsonNode) node = imp_json_parse (text, -1, 4096, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpAgentStatistics) statistics = imp_agent_statistics_new_from_json (node, &error);
  const ImpRunningVersion *version;

  g_assert_no_error (error);
  version = &g_array_index (statistics->devices, ImpRunningVersion, 0);
  g_assert_cmpuint (g_array_index (statistics->updates, ImpUpdatesHour, 0).updates, ==, 3);
  g_assert_cmpuint (version->devices, ==, 40);
  g_assert_true (version->newest);
}

/* Timings */

static void
write_submission (const char *home,
                  const char *state,
                  const char *rest)
{
  static guint number;
  g_autofree char *name = g_strdup_printf ("s%u.json", number++);
  g_autofree char *text = g_strdup_printf (
    "{\"author\":\"a\",\"file\":\"f\",\"connection\":\"c\",\"identity\":\"i\",\"state\":\"%s\","
    "\"time\":%u,\"size\":552000,\"sequence\":1,\"class\":\"lamp, red\",\"version\":\"1\"%s}",
    state, 2000 + number, rest);
  g_autofree char *path = g_build_filename (home, "submissions", name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static GPtrArray *
collect (const char *home)
{
  g_autofree char *submissions_dir = g_build_filename (home, "submissions", NULL);
  g_autofree char *devices = g_build_filename (home, "devices", NULL);
  g_autoptr(ImpSubmissions) submissions = imp_submissions_new (submissions_dir);
  g_autoptr(GError) error = NULL;
  GPtrArray *runs;
  TEST_RESULT (result);

  imp_timings_collect_async (submissions, devices, NULL, NULL, test_keep_result,
                             &result);
  runs = imp_timings_collect_finish (test_wait (&result), &error);
  g_assert_no_error (error);
  return runs;
}

/* Only what came to its end is timed; a run has the steps that it has. */
static void
test_timings (void)
{
  static const char steps[] =
    ",\"transaction\":\"t\",\"steps\":{\"hash\":1.5,\"upload\":20,\"verify\":0.5,\"record\":8}";
  static const ImpDeviceRun device_run = { 1000, (char *) "lamp", (char *) "2", 9500000, { 5, 2, 90, 3 } };
  g_autofree char *home = test_make_home ();
  g_autofree char *device = g_build_filename (home, "devices", "lamp-1", NULL);
  g_autofree char *submissions = g_build_filename (home, "submissions", NULL);
  g_autoptr(GPtrArray) none = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  g_autofree char *csv = NULL;
  g_auto(GStrv) lines = NULL;

  none = collect (home);
  g_assert_cmpuint (none->len, ==, 0);

  g_mkdir_with_parents (device, 0700);
  g_mkdir_with_parents (submissions, 0700);
  imp_device_run_append (&device_run, device);
  write_submission (home, "recorded", steps);
  write_submission (home, "failed", ",\"steps\":{\"hash\":1.5}");
  write_submission (home, "recorded", ",\"transaction\":\"t\",\"steps\":{}");

  runs = collect (home);
  g_assert_cmpuint (runs->len, ==, 2);
  csv = imp_timings_to_csv (runs);
  lines = g_strsplit (csv, "\r\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_cmpstr (lines[0], ==, "kind,time,class,version,size (B),total (ms),hash (ms),sign-manifest (ms),"
                                 "sign-payload (ms),upload (ms),verify (ms),store (ms),record (ms),ask (ms),"
                                 "fetch (ms),install (ms)");
  g_assert_cmpstr (lines[1], ==, "retrieval,1970-01-01T00:00:01.000Z,lamp,2,9500000,100.000,,,,,2.000,,,"
                                 "5.000,90.000,3.000");
  g_assert_true (g_str_has_prefix (lines[2], "registration,1970-01-01T00:00:02."));
  g_assert_true (g_str_has_suffix (lines[2], "Z,\"lamp, red\",1,552000,30.000,1.500,,,20.000,0.500,,8.000,,,"));

  test_remove_home (g_steal_pointer (&home));
}

static void
test_timings_cancelled (void)
{
  g_autofree char *home = test_make_home ();
  g_autoptr(ImpSubmissions) submissions = imp_submissions_new (home);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  imp_timings_collect_async (submissions, home, NULL, cancellable, test_keep_result,
                             &result);
  g_cancellable_cancel (cancellable);
  g_assert_null (imp_timings_collect_finish (test_wait (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  test_remove_home (g_steal_pointer (&home));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/timings/csv", test_csv);
  g_test_add_func ("/timings/fetch/bad", test_bad_fetches);
  g_test_add_func ("/timings/fetch-list", test_fetch_list);
  g_test_add_func ("/timings/fetch-list/begins-anew", test_fetch_list_begins_anew);
  g_test_add_func ("/timings/statistics", test_statistics);
  g_test_add_func ("/timings/statistics/bad", test_bad_statistics);
  g_test_add_func ("/timings/collect", test_timings);
  g_test_add_func ("/timings/collect/cancelled", test_timings_cancelled);

  return g_test_run ();
}
