/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-keys-page-private.h"

#include <glib/gi18n.h>

#include "imp-save-dialog.h"

/* How the public half of a key becomes a file. */

/**
 * imp_keys_page_export:
 * @self: a page
 * @label: what the key is called, for the file's name
 * @pem: the public key
 *
 * Asks where to, and saves the public key there.
 */
void
imp_keys_page_export (ImpKeysPage *self,
                      const char  *label,
                      const char  *pem)
{
  g_autoptr(GBytes) bytes = g_bytes_new (pem, strlen (pem));
  g_autofree char *name = g_strconcat (label, ".pub.pem", NULL);

  imp_save_dialog_show (GTK_WIDGET (self), _("Save the Public Key"), name, bytes, _("Public key saved"));
}
