/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "imp-command.h"
#include "imp-secret.h"

int
main (int   argc,
      char *argv[])
{
  imp_secret_hide_memory ();
  setlocale (LC_ALL, "");
  bindtextdomain (IMP_GETTEXT_PACKAGE, IMP_LOCALEDIR);
  bind_textdomain_codeset (IMP_GETTEXT_PACKAGE, "UTF-8");
  textdomain (IMP_GETTEXT_PACKAGE);
  g_set_prgname ("imprimaturctl");

  return imp_command_main (argv);
}
