/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "backend-fixture.h"
#include "imp-error.h"
#include "imp-fleet.h"

static char *home;
static ImpKey *author;
static guint n_tests;

static char *
make_directory (void)
{
  return g_strdup_printf ("%s/fleet-%u", home, n_tests++);
}

static gboolean
add (ImpFleet      *fleet,
     const char    *id,
     guint          count,
     GCancellable  *cancellable,
     GError       **error)
{
  const ImpDeviceConfig config = {
    .id = id, .class_id = "Class_1", .author = author, .sequence = -1,
  };
  TEST_RESULT (result);

  imp_fleet_add_async (fleet, &config, count, NULL, NULL, cancellable, test_keep_result, &result);
  return imp_fleet_add_finish (fleet, test_wait (&result), error);
}

static gboolean
load (ImpFleet      *fleet,
      GCancellable  *cancellable,
      GError       **error)
{
  TEST_RESULT (result);

  imp_fleet_load_async (fleet, cancellable, test_keep_result, &result);
  return imp_fleet_load_finish (fleet, test_wait (&result), error);
}

static gboolean
remove_device (ImpFleet   *fleet,
               ImpDevice  *device,
               GError    **error)
{
  g_autoptr(GPtrArray) devices = g_ptr_array_new ();
  TEST_RESULT (result);

  g_ptr_array_add (devices, device);
  imp_fleet_remove_async (fleet, devices, NULL, test_keep_result, &result);
  return imp_fleet_remove_finish (fleet, test_wait (&result), error);
}

static guint
count (ImpFleet *fleet)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fleet));
}

static guint
count_folders (const char *directory)
{
  g_autoptr(GDir) dir = g_dir_open (directory, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
test_adds (void)
{
  g_autofree char *directory = make_directory ();
  g_autoptr(ImpFleet) fleet = imp_fleet_new (directory);
  g_autoptr(ImpFleet) again = imp_fleet_new (directory);
  g_autoptr(ImpDevice) device = NULL;
  g_autoptr(ImpDevice) tenth = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (load (fleet, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (add (fleet, "lamp", 12, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count (fleet), ==, 12);
  g_assert_true (add (fleet, "single", 1, NULL, &error));
  g_assert_no_error (error);

  g_assert_true (load (again, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count (again), ==, 13);
  tenth = g_list_model_get_item (G_LIST_MODEL (again), 9);
  g_assert_cmpstr (imp_device_get_id (tenth), ==, "lamp-10");

  device = imp_fleet_find (again, "lamp-3", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imp_device_get_class_id (device), ==, "Class_1");
  g_assert_null (imp_fleet_find (again, "lamp-13", &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND);
  g_clear_error (&error);

  /* Loading once more changes nothing. */
  g_assert_true (load (again, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count (again), ==, 13);
}

static void
test_odd_names (gconstpointer data)
{
  g_autofree char *directory = make_directory ();
  g_autoptr(ImpFleet) fleet = imp_fleet_new (directory);
  g_autoptr(ImpFleet) again = imp_fleet_new (directory);
  g_autoptr(ImpDevice) device = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (add (fleet, data, 1, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_folders (directory), ==, 1);
  g_assert_true (load (again, NULL, &error));
  g_assert_no_error (error);
  device = imp_fleet_find (again, data, &error);
  g_assert_no_error (error);
}

static void
test_refuses_name (gconstpointer data)
{
  g_autofree char *directory = make_directory ();
  g_autoptr(ImpFleet) fleet = imp_fleet_new (directory);
  g_autoptr(GError) error = NULL;

  g_assert_false (add (fleet, data, 1, NULL, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_assert_cmpuint (count (fleet), ==, 0);
  g_assert_cmpuint (count_folders (directory), ==, 0);
}

/* All or none: the ones that were made before the failure are taken away again, the one that was
 * there is not.
 */
static void
test_all_or_none (void)
{
  g_autofree char *directory = make_directory ();
  g_autoptr(ImpFleet) fleet = imp_fleet_new (directory);
  g_autoptr(GError) error = NULL;

  g_assert_true (add (fleet, "lamp-5", 1, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (add (fleet, "lamp", 10, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_nonnull (strstr (error->message, "lamp-5"));
  g_assert_cmpuint (count (fleet), ==, 1);
  g_assert_cmpuint (count_folders (directory), ==, 1);
}

static void
test_refuses_count (gconstpointer data)
{
  g_autofree char *directory = make_directory ();
  g_autoptr(ImpFleet) fleet = imp_fleet_new (directory);
  g_autoptr(GError) error = NULL;

  g_assert_false (add (fleet, "lamp", GPOINTER_TO_UINT (data), NULL, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
}

static void
test_cancels (void)
{
  g_autofree char *directory = make_directory ();
  g_autoptr(ImpFleet) fleet = imp_fleet_new (directory);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (add (fleet, "lamp", 3, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_folders (directory), ==, 0);
  g_clear_error (&error);

  g_assert_false (load (fleet, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_removes (void)
{
  g_autofree char *directory = make_directory ();
  g_autoptr(ImpFleet) fleet = imp_fleet_new (directory);
  g_autoptr(ImpDevice) device = NULL;
  g_autofree char *outside = test_write_file (home, "outside", "kept", 4);
  g_autofree char *link = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (add (fleet, "lamp", 2, NULL, &error));
  g_assert_no_error (error);
  device = imp_fleet_find (fleet, "lamp-1", &error);
  g_assert_no_error (error);

  /* What a link leads to is nobody’s to remove. */
  link = g_build_filename (imp_device_get_directory (device), "link", NULL);
  g_assert_cmpint (symlink (home, link), ==, 0);
  g_assert_true (remove_device (fleet, device, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count (fleet), ==, 1);
  g_assert_cmpuint (count_folders (directory), ==, 1);
  g_assert_true (g_file_test (outside, G_FILE_TEST_EXISTS));

  /* One whose folder is gone already is removed, too. */
  g_assert_true (remove_device (fleet, device, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count (fleet), ==, 1);
}

static GPtrArray *
take_devices (ImpFleet *fleet,
              guint     n)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (devices, g_list_model_get_item (G_LIST_MODEL (fleet), 2 * i));

  return devices;
}

/* Every second device of many, so that there are more runs than are told one by one. */
static void
test_hides_and_shows (void)
{
  g_autofree char *directory = make_directory ();
  g_autoptr(ImpFleet) fleet = imp_fleet_new (directory);
  g_autoptr(GPtrArray) devices = NULL;
  g_autoptr(ImpDevice) last = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (add (fleet, "lamp", 300, NULL, &error));
  g_assert_no_error (error);
  devices = take_devices (fleet, 150);
  imp_fleet_hide (fleet, devices);
  g_assert_cmpuint (count (fleet), ==, 150);

  /* What is hidden does not come back with a load, and its folder stays. */
  g_assert_true (load (fleet, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count (fleet), ==, 150);
  g_assert_cmpuint (count_folders (directory), ==, 300);

  imp_fleet_show (fleet, devices);
  g_assert_cmpuint (count (fleet), ==, 300);
  last = g_list_model_get_item (G_LIST_MODEL (fleet), 299);
  g_assert_cmpstr (imp_device_get_id (last), ==, "lamp-300");
}

static void
assert_polling (const char *directory,
                guint       n_polling)
{
  g_autoptr(ImpFleet) fleet = imp_fleet_new (directory);
  g_autoptr(GError) error = NULL;
  guint n = 0;

  g_assert_true (load (fleet, NULL, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < count (fleet); i++)
    {
      g_autoptr(ImpDevice) device = g_list_model_get_item (G_LIST_MODEL (fleet), i);

      n += imp_device_get_polling (device);
    }
  g_assert_cmpuint (n, ==, n_polling);
}

/* Who polls is on the disk when the fleet is gone, the last word of several being what stays. */
static void
test_remembers_polling (void)
{
  g_autofree char *directory = make_directory ();
  ImpFleet *fleet = imp_fleet_new (directory);
  g_autoptr(GPtrArray) devices = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (add (fleet, "lamp", 40, NULL, &error));
  g_assert_no_error (error);
  devices = take_devices (fleet, 20);
  imp_fleet_set_polling (fleet, devices, TRUE);
  imp_fleet_set_polling (fleet, devices, FALSE);
  imp_fleet_set_polling (fleet, devices, TRUE);

  /* The writer lets go of it in the main loop. */
  g_object_add_weak_pointer (G_OBJECT (fleet), (gpointer *) &fleet);
  g_object_unref (fleet);
  while (fleet != NULL)
    g_main_context_iteration (NULL, FALSE);
  assert_polling (directory, 20);
}

/* What a process that was killed has left behind is no device, and is swept. */
static void
test_sweeps (void)
{
  g_autofree char *directory = make_directory ();
  g_autofree char *left = g_build_filename (directory, ".new-ABCDEF", "0", NULL);
  g_autofree char *half = g_build_filename (directory, ".removed-lamp", NULL);
  g_autoptr(ImpFleet) fleet = imp_fleet_new (directory);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (left, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (half, 0700), ==, 0);
  g_assert_true (load (fleet, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count (fleet), ==, 0);
  g_assert_cmpuint (count_folders (directory), ==, 0);
}

/* A folder that is damaged is named, and the others are there. */
static void
test_damaged (void)
{
  g_autofree char *directory = make_directory ();
  g_autoptr(ImpFleet) fleet = imp_fleet_new (directory);
  g_autoptr(ImpFleet) again = imp_fleet_new (directory);
  g_autofree char *folder = g_build_filename (directory, "lamp-2", NULL);
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (add (fleet, "lamp", 3, NULL, &error));
  g_assert_no_error (error);
  path = test_write_file (folder, "device.json", "{", 1);

  g_assert_false (load (again, NULL, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "lamp-2"));
  g_assert_cmpuint (count (again), ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  static const char *const odd[] = { ".hidden", "...", "a b", "ä %2F", "%41" };
  static const char *const wrong[] = { "", ".", "..", "a/b", "a\nb" };
  g_autoptr(GError) error = NULL;
  int status;

  home = test_make_home ();
  author = imp_key_generate (IMP_KEY_ED25519, &error);
  g_assert_no_error (error);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/fleet/adds", test_adds);
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autofree char *path = g_strdup_printf ("/fleet/odd-name/%u", i);

      g_test_add_data_func (path, odd[i], test_odd_names);
    }
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *path = g_strdup_printf ("/fleet/wrong-name/%u", i);

      g_test_add_data_func (path, wrong[i], test_refuses_name);
    }
  g_test_add_func ("/fleet/all-or-none", test_all_or_none);
  g_test_add_data_func ("/fleet/count/none", GUINT_TO_POINTER (0), test_refuses_count);
  g_test_add_data_func ("/fleet/count/many", GUINT_TO_POINTER (10001), test_refuses_count);
  g_test_add_func ("/fleet/cancels", test_cancels);
  g_test_add_func ("/fleet/removes", test_removes);
  g_test_add_func ("/fleet/damaged", test_damaged);
  g_test_add_func ("/fleet/hides-and-shows", test_hides_and_shows);
  g_test_add_func ("/fleet/remembers-polling", test_remembers_polling);
  g_test_add_func ("/fleet/sweeps", test_sweeps);

  status = g_test_run ();
  g_clear_object (&author);
  test_remove_home (home);
  return status;
}
