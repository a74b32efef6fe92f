/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-keys-page.h"

#include <glib/gi18n.h>

#include "imp-error.h"
#include "imp-format.h"
#include "imp-generate-key-dialog.h"
#include "imp-import-key-dialog.h"
#include "imp-key-remover.h"
#include "imp-key-row.h"
#include "imp-state-stack.h"
#include "imp-toast.h"

/**
 * ImpKeysPage:
 *
 * The signing keys: make one, import one, register it, hand out its public
 * half, take it away.
 */
struct _ImpKeysPage
{
  ImpPlace parent_instance;

  ImpKeyRemover *remover;  /* (owned): hides what is being removed */
  guint          busy;

  ImpStateStack *state_stack;
  GtkListBox    *list;
  GtkSpinner    *spinner;
};

G_DEFINE_FINAL_TYPE (ImpKeysPage, imp_keys_page, IMP_TYPE_PLACE)

static ImpKeyring *
get_keyring (ImpKeysPage *self)
{
  return imp_session_get_keyring (imp_place_get_session (IMP_PLACE (self)));
}

static GtkWindow *
get_window (ImpKeysPage *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static void
set_busy (ImpKeysPage *self,
          int          change)
{
  self->busy += change;
  if (self->spinner == NULL)
    return;  /* the window is gone */

  gtk_spinner_set_spinning (self->spinner, self->busy > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->busy > 0);
}

static void
say_error (ImpKeysPage *self,
           GError      *error)
{
  g_autofree char *sentence = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  sentence = imp_format_error (error);
  imp_place_toast (IMP_PLACE (self), sentence);
}

static ImpAuthor *
find_author (ImpKeysPage *self,
             const char  *fingerprint)
{
  GListModel *authors = imp_session_get_authors (imp_place_get_session (IMP_PLACE (self)));
  guint n = g_list_model_get_n_items (authors);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpAuthor) author = g_list_model_get_item (authors, i);

      if (g_strcmp0 (fingerprint, imp_author_get_fingerprint (author)) == 0)
        return g_steal_pointer (&author);
    }

  return NULL;
}

static void
update_state (ImpKeysPage *self)
{
  ImpSession *session = imp_place_get_session (IMP_PLACE (self));
  GListModel *model = imp_key_remover_get_model (self->remover);
  const GError *error = imp_session_get_keyring_error (session);

  if (!imp_session_get_keys_loaded (session))
    imp_state_stack_set_loading (self->state_stack);
  else if (error != NULL)
    imp_state_stack_set_failed (self->state_stack, _("The keyring cannot be read"), error);
  else
    imp_state_stack_set_loaded (self->state_stack, g_list_model_get_n_items (model) == 0);
}

static void
generated_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(ImpKeysPage) self = user_data;
  g_autoptr(ImpKeyringItem) item = NULL;
  g_autoptr(GError) error = NULL;

  set_busy (self, -1);
  item = imp_keyring_generate_finish (IMP_KEYRING (object), result, &error);
  if (item == NULL)
    say_error (self, error);
  else
    imp_place_toast (IMP_PLACE (self), _("Key generated"));
}

static void
generate_response_cb (ImpKeysPage          *self,
                      const char           *response,
                      ImpGenerateKeyDialog *dialog)
{
  if (!g_str_equal (response, "generate"))
    return;

  set_busy (self, 1);
  imp_keyring_generate_async (get_keyring (self), NULL, imp_generate_key_dialog_get_key_type (dialog),
                              imp_generate_key_dialog_get_label (dialog), NULL, generated_cb,
                              g_object_ref (self));
}

static void
generate_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  ImpKeysPage *self = IMP_KEYS_PAGE (widget);
  GtkWidget *dialog = imp_generate_key_dialog_new (get_window (self));

  g_signal_connect_object (dialog, "response", G_CALLBACK (generate_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void ask_for_import (ImpKeysPage *self,
                            const char  *label,
                            GBytes      *pem,
                            const char  *problem);

typedef struct
{
  ImpKeysPage *page;   /* (owned) */
  char        *label;  /* (owned) */
  GBytes      *pem;    /* (owned) (nullable) */
} Import;

static void
import_free (Import *import)
{
  g_object_unref (import->page);
  g_free (import->label);
  g_clear_pointer (&import->pem, g_bytes_unref);
  g_free (import);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Import, import_free)

static void
imported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Import) import = user_data;
  g_autoptr(ImpKeyringItem) item = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  set_busy (import->page, -1);
  item = imp_keyring_import_finish (IMP_KEYRING (object), result, &error);
  if (item != NULL)
    {
      imp_place_toast (IMP_PLACE (import->page), _("Key imported"));
      return;
    }
  if (!g_error_matches (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID))
    {
      say_error (import->page, error);
      return;
    }

  /* Most likely the password: it is asked for again, with the reason. */
  sentence = imp_format_error (error);
  ask_for_import (import->page, import->label, import->pem, sentence);
}

static void
import_response_cb (ImpKeysPage        *self,
                    const char         *response,
                    ImpImportKeyDialog *dialog)
{
  Import *import;

  if (!g_str_equal (response, "import"))
    return;

  import = g_new0 (Import, 1);
  import->page = g_object_ref (self);
  import->label = g_strdup (imp_import_key_dialog_get_label (dialog));
  import->pem = g_bytes_ref (imp_import_key_dialog_get_pem (dialog));
  set_busy (self, 1);
  imp_keyring_import_async (get_keyring (self), import->pem,
                            imp_import_key_dialog_get_password (dialog), import->label, NULL,
                            imported_cb, import);
}

static void
ask_for_import (ImpKeysPage *self,
                const char  *label,
                GBytes      *pem,
                const char  *problem)
{
  GtkWidget *dialog;

  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;

  dialog = imp_import_key_dialog_new (get_window (self), label, pem);
  if (problem != NULL)
    imp_import_key_dialog_set_problem (IMP_IMPORT_KEY_DIALOG (dialog), problem);
  g_signal_connect_object (dialog, "response", G_CALLBACK (import_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
read_pem_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Import) import = user_data;
  g_autoptr(GBytes) pem = NULL;
  g_autoptr(GError) error = NULL;

  pem = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, &error);
  if (pem == NULL)
    say_error (import->page, error);
  else if (g_bytes_get_size (pem) > IMP_KEY_MAX_PEM_SIZE)
    imp_place_toast (IMP_PLACE (import->page), _("This file is too large to be a key."));
  else
    ask_for_import (import->page, import->label, pem, NULL);
}

static void
opened_file_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(Import) import = user_data;
  g_autoptr(GFileInputStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  GCancellable *cancellable = imp_place_get_cancellable (IMP_PLACE (import->page));

  stream = g_file_read_finish (G_FILE (object), result, &error);
  if (stream == NULL)
    say_error (import->page, error);
  else
    g_input_stream_read_bytes_async (G_INPUT_STREAM (stream), IMP_KEY_MAX_PEM_SIZE + 1,
                                     G_PRIORITY_DEFAULT, cancellable, read_pem_cb,
                                     g_steal_pointer (&import));
}

static void
import_file_cb (ImpKeysPage          *self,
                int                   response,
                GtkFileChooserNative *chooser)
{
  g_autoptr(GFile) file = NULL;
  Import *import;
  char *dot;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      import = g_new0 (Import, 1);
      import->page = g_object_ref (self);
      import->label = g_file_get_basename (file);
      if ((dot = strrchr (import->label, '.')) != NULL && dot != import->label)
        *dot = '\0';
      g_file_read_async (file, G_PRIORITY_DEFAULT, imp_place_get_cancellable (IMP_PLACE (self)),
                         opened_file_cb, import);
    }

  g_object_unref (chooser);
}

static void
import_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpKeysPage *self = IMP_KEYS_PAGE (widget);
  GtkFileChooserNative *chooser;

  chooser = gtk_file_chooser_native_new (_("Import a Key"), get_window (self),
                                         GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (import_file_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
registered_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ImpKeysPage) self = user_data;
  g_autoptr(GError) error = NULL;

  set_busy (self, -1);
  if (imp_author_register_finish (IMP_AUTHOR (object), result, &error))
    imp_place_toast (IMP_PLACE (self), _("Author registered"));
  else
    say_error (self, error);
}

static void
register_author (ImpKeysPage *self,
                 ImpAuthor   *author)
{
  ImpAgentClient *client = imp_place_get_client (IMP_PLACE (self));

  if (client == NULL)
    {
      imp_place_toast (IMP_PLACE (self), _("The agents do not answer yet."));
      return;
    }

  set_busy (self, 1);
  imp_author_register_async (author, get_keyring (self), client, NULL, registered_cb,
                             g_object_ref (self));
}

static void
register_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  ImpKeysPage *self = IMP_KEYS_PAGE (widget);
  g_autoptr(ImpAuthor) author = find_author (self, g_variant_get_string (parameter, NULL));

  if (author != NULL)
    register_author (self, author);
}

static void
register_first_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  ImpKeysPage *self = IMP_KEYS_PAGE (widget);
  g_autoptr(ImpAuthor) author = g_list_model_get_item (imp_key_remover_get_model (self->remover),
                                                       0);

  if (author != NULL)
    register_author (self, author);
}

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
    say_error (self, error);
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

static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpKeysPage *self = IMP_KEYS_PAGE (widget);
  g_autoptr(ImpAuthor) author = find_author (self, g_variant_get_string (parameter, NULL));
  g_autofree char *name = NULL;
  GtkFileChooserNative *chooser;

  if (author == NULL)
    return;

  name = g_strdelimit (g_strconcat (imp_author_get_label (author), ".pub.pem", NULL), "/", '-');
  chooser = gtk_file_chooser_native_new (_("Save the Public Key"), get_window (self),
                                         GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  g_object_set_data_full (G_OBJECT (chooser), "pem",
                          g_strdup (imp_keyring_item_get_public_pem (imp_author_get_item (author))),
                          g_free);
  g_signal_connect_object (chooser, "response", G_CALLBACK (export_file_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpKeysPage *self = IMP_KEYS_PAGE (widget);
  g_autoptr(ImpAuthor) author = find_author (self, g_variant_get_string (parameter, NULL));

  if (author != NULL)
    imp_key_remover_ask (self->remover, widget, author);
}

static void
retry_cb (ImpKeysPage *self)
{
  imp_session_load_keys (imp_place_get_session (IMP_PLACE (self)));
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  return imp_key_row_new (item);
}

static void
imp_keys_page_set_up (ImpPlace *place)
{
  ImpKeysPage *self = IMP_KEYS_PAGE (place);
  ImpSession *session = imp_place_get_session (place);
  GListModel *model;

  self->remover = imp_key_remover_new (session);
  model = imp_key_remover_get_model (self->remover);
  gtk_list_box_bind_model (self->list, model, create_row, NULL, NULL);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::keys-loaded", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  update_state (self);
}

static void
imp_keys_page_refresh (ImpPlace *place)
{
  ImpKeysPage *self = IMP_KEYS_PAGE (place);
  GListModel *model = imp_key_remover_get_model (self->remover);
  ImpAgentClient *client = imp_place_get_client (place);
  guint n = g_list_model_get_n_items (model);

  for (guint i = 0; client != NULL && i < n; i++)
    {
      g_autoptr(ImpAuthor) author = g_list_model_get_item (model, i);

      imp_author_refresh (author, client);
    }
}

static void
imp_keys_page_dispose (GObject *object)
{
  ImpKeysPage *self = IMP_KEYS_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_KEYS_PAGE);
  if (self->remover != NULL)
    imp_key_remover_commit (self->remover);
  g_clear_object (&self->remover);

  G_OBJECT_CLASS (imp_keys_page_parent_class)->dispose (object);
}

static void
imp_keys_page_class_init (ImpKeysPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_keys_page_dispose;
  IMP_PLACE_CLASS (klass)->set_up = imp_keys_page_set_up;
  IMP_PLACE_CLASS (klass)->refresh = imp_keys_page_refresh;

  gtk_widget_class_install_action (widget_class, "keys.generate", NULL, generate_action);
  gtk_widget_class_install_action (widget_class, "keys.import", NULL, import_action);
  gtk_widget_class_install_action (widget_class, "keys.register", "s", register_action);
  gtk_widget_class_install_action (widget_class, "keys.register-first", NULL,
                                   register_first_action);
  gtk_widget_class_install_action (widget_class, "keys.export", "s", export_action);
  gtk_widget_class_install_action (widget_class, "keys.remove", "s", remove_action);

  g_type_ensure (IMP_TYPE_STATE_STACK);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-keys-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpKeysPage, state_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpKeysPage, list);
  gtk_widget_class_bind_template_child (widget_class, ImpKeysPage, spinner);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
}

static void
imp_keys_page_init (ImpKeysPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
