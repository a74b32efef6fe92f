/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-imprimaturd.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

#include "imp-agent-address.h"
#include "imp-error.h"
#include "imp-http.h"
#include "imp-json.h"

/* imprimaturd as a child of this process: where the program is, how it is started, and what it leaves and says. */

#define MAX_COMPLAINT 400

/* The one that the environment names; beside this program when it runs from its build folder; where it was installed
 * otherwise.
 */
static char *
find_program (void)
{
  g_autofree char *self_path = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *self_dir = self_path != NULL ? g_path_get_dirname (self_path) : g_strdup (".");
  const char *chosen = g_getenv ("IMPRIMATURD");
  const char *const places[][2] = {
    { self_dir, "../agents" },
    { self_dir, "../../src/agents" },
    { self_dir, "." },
    { IMP_LIBEXECDIR, "." },
    { IMP_BINDIR, "." },
  };

  if (chosen != NULL)
    return g_strdup (chosen);

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (places[i][0], places[i][1], "imprimaturd", NULL);

      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&path);
    }

  return g_find_program_in_path ("imprimaturd");
}

/* The child’s log is begun anew with each start, so that it does not grow for ever. */
static int
open_log (const char  *data_dir,
          GError     **error)
{
  g_autofree char *path = g_build_filename (data_dir, "imprimaturd.log", NULL);
  int fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s”: %s", path,
                 g_strerror (errno));
  return fd;
}

/**
 * imp_imprimaturd_spawn:
 * @data_dir: the folder that it is to serve; it is made if it is not there
 * @error: return location for an error
 *
 * Starts `imprimaturd --embedded`. It ends when the pipe to its standard input closes, says on its standard output
 * where its agents are, and has a log in the folder.
 *
 * Returns: (transfer full) (nullable): the child, or `NULL` with @error set
 */
GSubprocess *
imp_imprimaturd_spawn (const char  *data_dir,
                       GError     **error)
{
  g_autofree char *program = find_program ();
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  int fd;

  if (program == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           "imprimaturd, the program that serves this computer, is not installed");
      return NULL;
    }

  if (g_mkdir_with_parents (data_dir, 0700) < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s”: %s", data_dir,
                   g_strerror (errno));
      return NULL;
    }

  if ((fd = open_log (data_dir, error)) < 0)
    return NULL;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                        G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_subprocess_launcher_take_stderr_fd (launcher, fd);
  return g_subprocess_launcher_spawn (launcher, error, program, "--embedded", "--data-dir",
                                      data_dir, NULL);
}

/**
 * imp_imprimaturd_read_complaint:
 * @data_dir: the folder that it was to serve
 *
 * Reads the end of what a child wrote before it gave up, for the error.
 *
 * Returns: (transfer full) (nullable): a line
 */
char *
imp_imprimaturd_read_complaint (const char *data_dir)
{
  g_autofree char *path = g_build_filename (data_dir, "imprimaturd.log", NULL);
  g_autofree char *text = NULL;
  g_autofree char *valid = NULL;
  const char *line;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return NULL;

  valid = g_utf8_make_valid (text, length);
  g_strchomp (valid);
  line = strrchr (valid, '\n');
  line = line != NULL ? line + 1 : valid;

  return *line != '\0' ? g_utf8_substring (line, 0, MIN (g_utf8_strlen (line, -1), MAX_COMPLAINT))
                       : NULL;
}

/**
 * imp_imprimaturd_holds:
 * @data_dir: a folder
 *
 * Looks whether some process holds the folder, rather than trying: a lock that is only tested would itself be in the
 * way of one who wants it.
 *
 * Returns: whether one does
 */
gboolean
imp_imprimaturd_holds (const char *data_dir)
{
  g_autofree char *path = g_build_filename (data_dir, "agents.lock", NULL);
  g_autofree char *locks = NULL;
  g_autofree char *needle = NULL;
  GStatBuf status;

  if (g_stat (path, &status) < 0 || !g_file_get_contents ("/proc/locks", &locks, NULL, NULL))
    return FALSE;

  needle = g_strdup_printf (":%" G_GUINT64_FORMAT " ", (guint64) status.st_ino);
  return strstr (locks, needle) != NULL;
}

static gboolean
check_url (const char  *role,
           const char  *url,
           GError     **error)
{
  g_autoptr(GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, error);

  if (uri == NULL)
    return FALSE;

  if (g_strcmp0 (g_uri_get_scheme (uri), "http") != 0 ||
      g_strcmp0 (g_uri_get_host (uri), "127.0.0.1") != 0)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
                   "the %s agent of this computer has a strange address: %s", role, url);
      return FALSE;
    }

  return TRUE;
}

/**
 * imp_imprimaturd_parse_urls:
 * @text: the line that it says, or what it leaves in its folder
 * @length: bytes of @text
 * @urls: (array fixed-size=4): replaced by what is read, in the order of %imp_roles
 * @error: return location for an error
 *
 * Reads where its agents are: on this machine, or it is refused.
 *
 * Returns: whether all of them are named
 */
gboolean
imp_imprimaturd_parse_urls (const char  *text,
                            gsize        length,
                            char       **urls,
                            GError     **error)
{
  g_autoptr(JsonNode) node = imp_json_parse (text, length, IMP_IMPRIMATURD_MAX_LINE, error);
  const char *found[IMP_N_ROLES];

  if (node == NULL)
    return FALSE;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "not a JSON object");
      return FALSE;
    }

  for (guint i = 0; i < IMP_N_ROLES; i++)
    {
      found[i] = imp_json_get_string (json_node_get_object (node), imp_roles[i], error);
      if (found[i] == NULL || !check_url (imp_roles[i], found[i], error))
        return FALSE;
    }

  for (guint i = 0; i < IMP_N_ROLES; i++)
    {
      g_free (urls[i]);
      urls[i] = g_strdup (found[i]);
    }
  return TRUE;
}
