/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-data-path.h"

/**
 * imp_dup_data_dir:
 *
 * Gives the folder of this user’s agents, devices and records.
 *
 * Returns: (transfer full): `$XDG_DATA_HOME/imprimatur`
 */
char *
imp_dup_data_dir (void)
{
  return g_build_filename (g_get_user_data_dir (), "imprimatur", NULL);
}

/**
 * imp_dup_data_path:
 * @directory: (nullable): a folder that was chosen instead
 * @name: of the folder in this user’s
 *
 * Returns: (transfer full): @directory, or @name in the folder of this user
 */
char *
imp_dup_data_path (const char *directory,
                   const char *name)
{
  g_autofree char *data_dir = imp_dup_data_dir ();

  return directory != NULL ? g_strdup (directory) : g_build_filename (data_dir, name, NULL);
}
