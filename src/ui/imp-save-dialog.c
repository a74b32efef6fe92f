/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-save-dialog.h"

#include <glib/gi18n.h>

#include "imp-format.h"
#include "imp-toast.h"

/* What a person is asked, and what is then done. */
typedef struct
{
  GtkWidget *from;   /* (owned) */
  GBytes    *bytes;  /* (owned) */
  char      *saved;  /* (owned) */
} Saving;

static void
saving_free (Saving *saving)
{
  g_object_unref (saving->from);
  g_bytes_unref (saving->bytes);
  g_free (saving->saved);
  g_free (saving);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(Saving) saving = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *problem = NULL;

  if (!g_file_replace_contents_finish (G_FILE (object), result, NULL, &error))
    problem = imp_format_error (error);

  /* Where its window has been closed meanwhile, nobody is left to hear it. */
  if (gtk_widget_get_root (saving->from) != NULL)
    imp_toast_say (saving->from, problem != NULL ? problem : saving->saved);
}

static void
response_cb (GtkFileChooserNative *chooser,
             int                   response,
             gpointer              user_data)
{
  g_autoptr(Saving) saving = user_data;
  g_autoptr(GFile) file = NULL;
  GBytes *bytes = saving->bytes;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL, saved_cb,
                                           g_steal_pointer (&saving));
    }

  g_object_unref (chooser);
}

/**
 * imp_save_dialog_show:
 * @from: a widget of the window
 * @title: what is asked
 * @name: what the file may be called; slashes in it become hyphens
 * @bytes: what it will hold
 * @saved: what is said when it does
 *
 * Asks where to save something, saves it there, and says so in passing, or why it could not be.
 */
void
imp_save_dialog_show (GtkWidget  *from,
                      const char *title,
                      const char *name,
                      GBytes     *bytes,
                      const char *saved)
{
  g_autofree char *safe_name = g_strdelimit (g_strdup (name), "/", '-');
  GtkFileChooserNative *chooser;
  Saving *saving;

  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (bytes != NULL);

  saving = g_new0 (Saving, 1);
  saving->from = g_object_ref (from);
  saving->bytes = g_bytes_ref (bytes);
  saving->saved = g_strdup (saved);

  chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (from)), GTK_FILE_CHOOSER_ACTION_SAVE,
                                         _("_Save"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), safe_name);
  g_signal_connect (chooser, "response", G_CALLBACK (response_cb), saving);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
