/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-keys-page-private.h"

#include <glib/gi18n.h>

#include "imp-error.h"
#include "imp-file-name.h"
#include "imp-firmware-file.h"
#include "imp-format.h"
#include "imp-import-key-dialog.h"
#include "imp-secret.h"

/* How a key that exists already comes into the keyring: a file is chosen and looked at, then its name
 * and its password are asked for. Whatever is wrong is said beside what was typed.
 */
typedef struct
{
  ImpKeysPage *page;       /* (owned) */
  char        *file_name;  /* (owned) (nullable) */
  char        *label;      /* (owned) (nullable) */
  GBytes      *pem;        /* (owned) (nullable): wiped with its last reference */
} Import;

static void
import_free (Import *import)
{
  g_object_unref (import->page);
  g_free (import->file_name);
  g_free (import->label);
  g_clear_pointer (&import->pem, g_bytes_unref);
  g_free (import);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Import, import_free)

static void ask         (Import       *import,
                         const GError *problem);
static void choose_file (ImpKeysPage  *self,
                         const char   *label);

static void
imported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Import) import = user_data;
  g_autoptr(ImpKeyringItem) item = NULL;
  g_autoptr(GError) error = NULL;

  imp_keys_page_set_busy (import->page, -1);
  item = imp_keyring_import_finish (IMP_KEYRING (object), result, &error);
  if (item != NULL)
    imp_place_toast (IMP_PLACE (import->page), _("Key imported"));
  else
    ask (import, error);
}

static void
start (ImpKeysPage        *self,
       ImpImportKeyDialog *dialog)
{
  Import *import = g_new0 (Import, 1);

  import->page = g_object_ref (self);
  import->file_name = g_strdup (imp_import_key_dialog_get_file_name (dialog));
  import->label = imp_import_key_dialog_dup_label (dialog);
  import->pem = g_bytes_ref (imp_import_key_dialog_get_pem (dialog));

  imp_keys_page_set_busy (self, 1);
  imp_keyring_import_async (imp_keys_page_get_keyring (self), import->pem,
                            imp_import_key_dialog_get_password (dialog), import->label, NULL,
                            imported_cb, import);
}

static void
response_cb (ImpKeysPage        *self,
             const char         *response,
             ImpImportKeyDialog *dialog)
{
  g_autofree char *label = imp_import_key_dialog_dup_label (dialog);

  if (g_str_equal (response, "import"))
    start (self, dialog);
  else if (g_str_equal (response, "choose"))
    choose_file (self, label);
}

static void
ask (Import       *import,
     const GError *problem)
{
  ImpKeysPage *self = import->page;
  g_autofree char *sentence = problem != NULL ? imp_format_error (problem) : NULL;
  GtkWidget *dialog;

  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL ||
      g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  dialog = imp_import_key_dialog_new (imp_keys_page_get_window (self), imp_keys_page_get_keyring (self),
                                      import->label, import->file_name, import->pem);
  if (sentence != NULL)
    imp_import_key_dialog_set_problem (IMP_IMPORT_KEY_DIALOG (dialog), sentence);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* A key without a password can be tried at once. */
static gboolean
check_pem (GBytes  *pem,
           GError **error)
{
  g_autoptr(ImpKey) key = NULL;
  gsize size;
  const char *text = g_bytes_get_data (pem, &size);

  if (size > IMP_KEY_MAX_PEM_SIZE)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "this file is too large to be a key");
  if (size > 0 && imp_key_pem_is_encrypted (text, size))
    return TRUE;

  key = imp_key_new_from_pem (size > 0 ? text : "", size, NULL, error);
  if (key == NULL || imp_key_has_private (key))
    return key != NULL;

  return imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                        "this is only a public key; signing needs the private one");
}

static GBytes *
read_file (GFile         *file,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(GFileInputStream) stream = NULL;
  gsize size = 0;
  GBytes *bytes = NULL;
  guint8 *buffer;

  if (!imp_firmware_file_check_regular (file, cancellable, error) ||
      !(stream = g_file_read (file, cancellable, error)))
    return NULL;

  buffer = g_malloc (IMP_KEY_MAX_PEM_SIZE + 1);
  if (g_input_stream_read_all (G_INPUT_STREAM (stream), buffer, IMP_KEY_MAX_PEM_SIZE + 1, &size, cancellable,
                               error))
    bytes = imp_secret_new (buffer, size);
  imp_secret_wipe (buffer, size);
  g_free (buffer);

  return bytes;
}

static void
read_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  GError *error = NULL;
  g_autoptr(GBytes) pem = read_file (task_data, cancellable, &error);

  if (pem != NULL && check_pem (pem, &error))
    g_task_return_pointer (task, g_steal_pointer (&pem), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Import) import = user_data;
  g_autoptr(GError) error = NULL;

  import->pem = g_task_propagate_pointer (G_TASK (result), &error);
  ask (import, error);
}

static char *
make_label (const char *file_name)
{
  char *label = g_strdup (file_name);
  char *dot = strrchr (label, '.');

  if (dot != NULL && dot != label)
    *dot = '\0';

  return label;
}

static void
chosen_cb (ImpKeysPage          *self,
           int                   response,
           GtkFileChooserNative *chooser)
{
  const char *label = g_object_get_data (G_OBJECT (chooser), "label");
  g_autoptr(GFile) file = NULL;
  g_autoptr(GTask) task = NULL;
  Import *import;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      import = g_new0 (Import, 1);
      import->page = g_object_ref (self);
      import->file_name = imp_file_dup_name (file);
      import->label = label != NULL ? g_strdup (label) : make_label (import->file_name);

      task = g_task_new (self, imp_place_get_cancellable (IMP_PLACE (self)), read_cb, import);
      g_task_set_source_tag (task, chosen_cb);
      g_task_set_task_data (task, g_steal_pointer (&file), g_object_unref);
      g_task_run_in_thread (task, read_thread);
    }

  g_object_unref (chooser);
}

/* @label: (nullable): what was typed before another file was wanted */
static void
choose_file (ImpKeysPage *self,
             const char  *label)
{
  GtkFileChooserNative *chooser;

  chooser = gtk_file_chooser_native_new (_("Import a Key"), imp_keys_page_get_window (self),
                                         GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_object_set_data_full (G_OBJECT (chooser), "label", g_strdup (label), g_free);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/**
 * imp_keys_page_import_action:
 * @widget: a page
 * @action_name: `keys.import`
 * @parameter: (nullable): nothing
 *
 * Asks for a file, then for what is missing of the key in it, and stores it.
 */
void
imp_keys_page_import_action (GtkWidget  *widget,
                             const char *action_name,
                             GVariant   *parameter)
{
  choose_file (IMP_KEYS_PAGE (widget), NULL);
}
