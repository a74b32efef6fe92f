/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "backend-fixture.h"

#include <glib/gstdio.h>

#include "imp-remove-tree.h"
#include "imp-time.h"

void
test_keep_result (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  /* A call ends exactly once. */
  g_assert_null (*kept);
  *kept = g_object_ref (result);
}

GAsyncResult *
test_wait (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

void
test_assert_finalizes (gpointer object)
{
  gpointer weak = object;

  g_object_add_weak_pointer (object, &weak);
  g_object_unref (object);
  for (guint i = 0; weak != NULL && i < 2000; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_null (weak);
}

char *
test_make_home (void)
{
  g_autoptr(GError) error = NULL;
  char *home = g_dir_make_tmp ("imprimatur-backend-XXXXXX", &error);
  g_autofree char *data = NULL;
  g_autofree char *config = NULL;

  g_assert_no_error (error);
  data = g_build_filename (home, "data", NULL);
  config = g_build_filename (home, "config", NULL);
  g_setenv ("HOME", home, TRUE);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_setenv ("XDG_CONFIG_HOME", config, TRUE);
  g_reload_user_special_dirs_cache ();

  return home;
}

void
test_remove_home (char *home)
{
  g_autoptr(GError) error = NULL;

  imp_remove_tree (home, &error);
  g_assert_no_error (error);
  g_free (home);
}

char *
test_write_file (const char    *home,
                 const char    *name,
                 gconstpointer  data,
                 gsize          size)
{
  char *path = g_build_filename (home, name, NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, data, size, &error);
  g_assert_no_error (error);

  return path;
}

char *
test_write_pattern (const char *home,
                    const char *name,
                    gsize       size)
{
  g_autofree guint8 *data = g_malloc (size + 1);
  guint32 state = 2463534242u;

  for (gsize i = 0; i < size; i++)
    {
      state ^= state << 13;
      state ^= state >> 17;
      state ^= state << 5;
      data[i] = state;
    }

  return test_write_file (home, name, data, size);
}

gboolean
test_have_agents (void)
{
  const char *program = g_getenv ("IMPRIMATURD");

  if (program != NULL && g_file_test (program, G_FILE_TEST_IS_EXECUTABLE))
    return TRUE;

  g_test_skip ("$IMPRIMATURD names no program");
  return FALSE;
}

ImpConnection *
test_open_agents (const char *home)
{
  g_autofree char *data_dir = g_build_filename (home, "agents", NULL);
  ImpConnection *connection = imp_connection_new_embedded (data_dir);
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  imp_connection_open_async (connection, NULL, test_keep_result, &result);
  imp_connection_open_finish (connection, test_wait (&result), &error);
  g_assert_no_error (error);

  return connection;
}

/* The daemon takes its announcement away when it ends, after everything else. */
void
test_close_agents (ImpConnection *connection)
{
  g_autofree char *announced = g_build_filename (imp_connection_get_data_dir (connection),
                                                 "agents.json", NULL);

  imp_connection_close (connection);
  test_assert_finalizes (connection);

  for (guint i = 0; i < 1000 && g_file_test (announced, G_FILE_TEST_EXISTS); i++)
    g_usleep (10 * 1000);
  g_assert_false (g_file_test (announced, G_FILE_TEST_EXISTS));
}

ImpManifestBuilder *
test_new_manifest (const char *class_id,
                   const char *version)
{
  static gint64 last;
  ImpManifestBuilder *builder = imp_manifest_builder_new ();
  const char *const none[] = { NULL };

  last = MAX (last + 1, imp_time_now ());
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VERSION_ID, version);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SEQUENCE, last);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_CLASS_ID, class_id);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_FORMAT, "bin");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_STORAGE_LOCATION, "slot");
  imp_manifest_builder_set_strv (builder, IMP_MANIFEST_DEPENDENCIES, none);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_ENCRYPTION_WRAPPER, "");

  return builder;
}

ImpPublication *
test_publish (ImpAgentClient *client,
              ImpKey         *key,
              const char     *path,
              const char     *class_id,
              const char     *version,
              GError        **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  ImpPublication *publication =
    imp_publication_new (client, key, file, test_new_manifest (class_id, version), NULL);
  TEST_RESULT (result);

  imp_publication_run_async (publication, NULL, test_keep_result, &result);
  imp_publication_run_finish (publication, test_wait (&result), error);

  return publication;
}
