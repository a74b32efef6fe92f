/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "imp-application.h"
#include "imp-secret.h"

int
main (int   argc,
      char *argv[])
{
  g_autoptr(ImpApplication) application = NULL;

  imp_secret_forbid_dumps ();
  setlocale (LC_ALL, "");
  bindtextdomain (IMP_GETTEXT_PACKAGE, IMP_LOCALEDIR);
  bind_textdomain_codeset (IMP_GETTEXT_PACKAGE, "UTF-8");
  textdomain (IMP_GETTEXT_PACKAGE);

  application = imp_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
