/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-file-name.h"

#include "imp-text.h"

#define MAX_SHOWN 255  /* characters, as most file systems have it */

/**
 * imp_file_dup_name:
 * @file: a file
 *
 * Gets what a file is called, to be shown: a name on disk need not be UTF-8, may have several lines,
 * and may turn around what is written behind it.
 *
 * Returns: (transfer full): the name, without its folder
 */
char *
imp_file_dup_name (GFile *file)
{
  g_autofree char *base = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  base = g_file_get_basename (file);
  name = base != NULL ? g_filename_display_name (base) : g_file_get_uri (file);

  return imp_text_make_printable (name, -1, MAX_SHOWN);
}
