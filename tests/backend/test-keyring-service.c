/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gio.h>

#include "backend-fixture.h"
#include "imp-keyring.h"

/* Against a real keyring service on a bus of the test’s own. The program starts itself again inside
 * dbus-run-session, because libsecret looks for the service once in a process.
 */
#define ENV_PART "IMP_TEST_KEYRING_PART"

static ImpKeyringItem *
generate (ImpKeyring  *keyring,
          const char  *label,
          GError     **error)
{
  TEST_RESULT (result);

  imp_keyring_generate_async (keyring, NULL, IMP_KEY_EC_P256, label, NULL, test_keep_result, &result);
  return imp_keyring_generate_finish (keyring, test_wait (&result), error);
}

static gboolean
load (ImpKeyring  *keyring,
      GError     **error)
{
  TEST_RESULT (result);

  imp_keyring_load_async (keyring, NULL, test_keep_result, &result);
  return imp_keyring_load_finish (keyring, test_wait (&result), error);
}

static void
part_unlocked (void)
{
  g_autoptr(ImpKeyring) keyring = imp_keyring_new ();
  g_autoptr(ImpKeyring) other = imp_keyring_new ();
  g_autoptr(ImpKeyringItem) item = NULL;
  g_autoptr(ImpKeyringItem) again = NULL;
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(GError) error = NULL;
  TEST_RESULT (opened);
  TEST_RESULT (removed);

  item = generate (keyring, "Real “key”", &error);
  g_assert_no_error (error);
  load (other, &error);
  g_assert_no_error (error);
  again = imp_keyring_find (other, "Real “key”", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imp_keyring_item_get_location (again), ==, "Login keyring");
  g_assert_cmpstr (imp_keyring_item_get_public_pem (again), ==,
                   imp_keyring_item_get_public_pem (item));

  imp_keyring_open_key_async (other, again, NULL, test_keep_result, &opened);
  key = imp_keyring_open_key_finish (other, test_wait (&opened), &error);
  g_assert_no_error (error);
  g_assert_true (imp_key_has_private (key));

  imp_keyring_remove_async (other, again, NULL, test_keep_result, &removed);
  imp_keyring_remove_finish (other, test_wait (&removed), &error);
  g_assert_no_error (error);
  load (keyring, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (keyring)), ==, 0);
}

/* Nobody is there to unlock it, so the prompt cannot be shown or is given up. */
static void
part_locked (void)
{
  g_autoptr(ImpKeyring) keyring = imp_keyring_new ();
  g_autoptr(ImpKeyringItem) item = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *output = NULL;

  item = generate (keyring, "Locked away", &error);
  g_assert_no_error (error);

  g_spawn_command_line_sync ("gdbus call --session --dest org.freedesktop.secrets"
                             " --object-path /org/freedesktop/secrets"
                             " --method org.freedesktop.Secret.Service.Lock"
                             " \"['/org/freedesktop/secrets/collection/login']\"",
                             &output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%s", output);

  g_assert_false (load (keyring, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);

  g_assert_null (generate (keyring, "Another", &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}

static void
part_absent (void)
{
  g_autoptr(ImpKeyring) keyring = imp_keyring_new ();
  g_autoptr(GError) error = NULL;

  g_assert_false (load (keyring, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "keyring service"));
}

static const struct
{
  const char *name;
  void       (*func) (void);
  const char *script;
} parts[] = {
  { "unlocked", part_unlocked,
    "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec \"$0\"" },
  { "locked", part_locked,
    "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec \"$0\"" },
  { "absent", part_absent, "exec \"$0\"" },
};

static gboolean
have_programs (void)
{
  static const char *const programs[] = { "dbus-run-session", "gnome-keyring-daemon", "gdbus" };

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *path = g_find_program_in_path (programs[i]);

      if (path == NULL)
        {
          g_autofree char *reason = g_strdup_printf ("%s is not installed", programs[i]);

          g_test_skip (reason);
          return FALSE;
        }
    }

  return TRUE;
}

/* A bus that starts no service by itself: what is installed must not answer in the place of what the
 * test starts.
 */
static char *
write_bus_config (const char *home)
{
  static const char config[] =
    "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" "
    "\"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">"
    "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>"
    "<policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>"
    "<allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>";

  return test_write_file (home, "bus.conf", config, strlen (config));
}

static void
test_part (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *program = NULL;
  g_autofree char *option = NULL;
  g_autofree char *config = NULL;
  g_autofree char *output = NULL;
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GSubprocess) session = NULL;
  g_autoptr(GError) error = NULL;
  char *home;

  if (!have_programs ())
    return;

  home = test_make_home ();
  config = write_bus_config (home);
  option = g_strconcat ("--config-file=", config, NULL);
  program = g_file_read_link ("/proc/self/exe", &error);
  g_assert_no_error (error);

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                        G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_subprocess_launcher_setenv (launcher, ENV_PART, parts[i].name, TRUE);
  g_subprocess_launcher_unsetenv (launcher, "SECRET_BACKEND");
  g_subprocess_launcher_unsetenv (launcher, "DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
  session = g_subprocess_launcher_spawn (launcher, &error, "dbus-run-session", option, "--", "sh",
                                         "-c", parts[i].script, program, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (session, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%s", output);
  g_assert_true (g_subprocess_get_successful (session));

  test_remove_home (home);
}

int
main (int   argc,
      char *argv[])
{
  const char *part = g_getenv (ENV_PART);

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *path = g_strconcat ("/keyring-service/", parts[i].name, NULL);

      if (g_strcmp0 (part, parts[i].name) == 0)
        {
          parts[i].func ();
          return 0;
        }
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_part);
    }

  return g_test_run ();
}
