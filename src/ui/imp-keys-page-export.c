/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-keys-page-private.h"

#include <glib/gi18n.h>

/* How the public half of a key becomes a file. */

static void
exported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(ImpKeysPage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (object), result, NULL, &error))
    imp_place_toast (IMP_PLACE (self), _("Public key saved"));
  else
    imp_keys_page_say_error (self, error);
}

static void
export_file_cb (ImpKeysPage          *self,
                int                   response,
                GtkFileChooserNative *chooser)
{
  const char *pem = g_object_get_data (G_OBJECT (chooser), "pem");
  g_autoptr(GFile) file = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      bytes = g_bytes_new (pem, strlen (pem));
      g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE,
                                           imp_place_get_cancellable (IMP_PLACE (self)),
                                           exported_cb, g_object_ref (self));
    }

  g_object_unref (chooser);
}

void
imp_keys_page_export (ImpKeysPage *self,
                      const char  *label,
                      const char  *pem)
{
  g_autofree char *name = g_strdelimit (g_strconcat (label, ".pub.pem", NULL), "/", '-');
  GtkFileChooserNative *chooser;

  chooser = gtk_file_chooser_native_new (_("Save the Public Key"), imp_keys_page_get_window (self),
                                         GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  g_object_set_data_full (G_OBJECT (chooser), "pem", g_strdup (pem), g_free);
  g_signal_connect_object (chooser, "response", G_CALLBACK (export_file_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
