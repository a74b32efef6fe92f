/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-key-remover.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "imp-field-row.h"
#include "imp-format.h"
#include "imp-toast.h"

/**
 * ImpKeyRemover:
 *
 * Takes keys away, with second thoughts: it asks for the key's name, hides the
 * key, and only when nobody wanted it back removes it from the keyring.
 */
struct _ImpKeyRemover
{
  GObject parent_instance;

  ImpSession         *session;  /* (owned) */
  GHashTable         *hidden;   /* (owned): a set of fingerprints */
  GtkFilterListModel *model;    /* (owned): the authors that are not hidden */
};

G_DEFINE_FINAL_TYPE (ImpKeyRemover, imp_key_remover, G_TYPE_OBJECT)

/* What is asked about, while its dialog is open. */
typedef struct
{
  ImpKeyRemover *remover;  /* (owned) */
  GtkWidget     *from;     /* (owned) */
  ImpAuthor     *author;   /* (owned) */
} Question;

static void
question_free (gpointer  data,
               GClosure *closure)
{
  Question *question = data;

  g_object_unref (question->remover);
  g_object_unref (question->from);
  g_object_unref (question->author);
  g_free (question);
}

static gboolean
is_shown (gpointer item,
          gpointer user_data)
{
  ImpKeyRemover *self = user_data;

  return !g_hash_table_contains (self->hidden, imp_author_get_fingerprint (item));
}

static void
refilter (ImpKeyRemover *self)
{
  gtk_filter_changed (gtk_filter_list_model_get_filter (self->model), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
removed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ImpKeyRemover) self = user_data;
  g_autoptr(GError) error = NULL;

  /* Nobody may be there to be told; the key is in the list again. */
  if (!imp_keyring_remove_finish (IMP_KEYRING (object), result, &error))
    g_warning ("could not remove a key: %s", error->message);
  if (self->model != NULL)
    refilter (self);
}

static void
remove_now (ImpKeyRemover *self,
            const char    *fingerprint)
{
  ImpKeyring *keyring = imp_session_get_keyring (self->session);
  g_autoptr(ImpKeyringItem) item = imp_keyring_find (keyring, fingerprint, NULL);

  g_hash_table_remove (self->hidden, fingerprint);
  if (item != NULL)
    imp_keyring_remove_async (keyring, item, NULL, removed_cb, g_object_ref (self));
}

static void
undo_cb (ImpKeyRemover *self,
         AdwToast      *toast)
{
  g_hash_table_remove (self->hidden, g_object_get_data (G_OBJECT (toast), "fingerprint"));
  refilter (self);
}

static void
dismissed_cb (ImpKeyRemover *self,
              AdwToast      *toast)
{
  g_autofree char *fingerprint = g_strdup (g_object_get_data (G_OBJECT (toast), "fingerprint"));

  if (g_hash_table_contains (self->hidden, fingerprint))
    remove_now (self, fingerprint);
}

static void
hide (ImpKeyRemover *self,
      GtkWidget     *from,
      ImpAuthor     *author)
{
  g_autofree char *text = g_markup_printf_escaped (_("“%s” removed"),
                                                   imp_author_get_label (author));
  const char *fingerprint = imp_author_get_fingerprint (author);
  AdwToast *toast = adw_toast_new (text);

  imp_toast_offer_undo (toast);
  g_object_set_data_full (G_OBJECT (toast), "fingerprint", g_strdup (fingerprint), g_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (dismissed_cb), self, G_CONNECT_SWAPPED);

  g_hash_table_add (self->hidden, g_strdup (fingerprint));
  refilter (self);
  imp_toast_show (from, toast);
}

static guint
count_devices (ImpKeyRemover *self,
               ImpAuthor     *author)
{
  GListModel *fleet = G_LIST_MODEL (imp_session_get_fleet (self->session));
  guint n = g_list_model_get_n_items (fleet);
  guint count = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpDevice) device = g_list_model_get_item (fleet, i);

      if (g_str_equal (imp_key_get_fingerprint (imp_device_get_author (device)),
                       imp_author_get_fingerprint (author)))
        count++;
    }

  return count;
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             Question         *question)
{
  if (g_str_equal (response, "remove"))
    hide (question->remover, question->from, question->author);
}

static void
name_changed_cb (ImpFieldRow      *row,
                 AdwMessageDialog *dialog)
{
  const char *label = g_object_get_data (G_OBJECT (dialog), "label");

  adw_message_dialog_set_response_enabled (dialog, "remove",
                                           g_str_equal (gtk_editable_get_text (GTK_EDITABLE (row)),
                                                        label));
}

static void
imp_key_remover_dispose (GObject *object)
{
  ImpKeyRemover *self = IMP_KEY_REMOVER (object);

  g_clear_object (&self->model);
  g_clear_pointer (&self->hidden, g_hash_table_unref);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (imp_key_remover_parent_class)->dispose (object);
}

static void
imp_key_remover_class_init (ImpKeyRemoverClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = imp_key_remover_dispose;
}

static void
imp_key_remover_init (ImpKeyRemover *self)
{
  self->hidden = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * imp_key_remover_new:
 * @session: whose keys
 *
 * Makes a remover that hides nothing yet.
 *
 * Returns: (transfer full): the remover
 */
ImpKeyRemover *
imp_key_remover_new (ImpSession *session)
{
  ImpKeyRemover *self = g_object_new (IMP_TYPE_KEY_REMOVER, NULL);
  GtkCustomFilter *filter = gtk_custom_filter_new (is_shown, self, NULL);

  self->session = g_object_ref (session);
  self->model = gtk_filter_list_model_new (g_object_ref (imp_session_get_authors (session)),
                                           GTK_FILTER (filter));
  return self;
}

/**
 * imp_key_remover_get_model:
 * @self: a remover
 *
 * Gets the keys but for those that are being removed.
 *
 * Returns: (transfer none): a list of [class@Author]
 */
GListModel *
imp_key_remover_get_model (ImpKeyRemover *self)
{
  g_return_val_if_fail (IMP_IS_KEY_REMOVER (self), NULL);

  return G_LIST_MODEL (self->model);
}

/**
 * imp_key_remover_ask:
 * @self: a remover
 * @from: a widget of the window
 * @author: the key to remove
 *
 * Names what depends on the key and asks for its name; then it is gone, but for
 * an undo.
 */
void
imp_key_remover_ask (ImpKeyRemover *self,
                     GtkWidget     *from,
                     ImpAuthor     *author)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (from));
  Question *question = g_new0 (Question, 1);
  guint devices = count_devices (self, author);
  guint published = g_list_model_get_n_items (imp_author_get_published (author));
  g_autoptr(GString) body = g_string_new (NULL);
  GtkWidget *dialog;
  GtkWidget *group;
  GtkWidget *row;

  g_string_append (body, _("Without this private key no further update of its devices can be "
                           "signed. What it has signed stays on the ledger."));
  if (devices > 0)
    {
      g_string_append_c (body, ' ');
      g_string_append_printf (body, ngettext ("%u emulated device trusts only this key.",
                                              "%u emulated devices trust only this key.", devices),
                              devices);
    }

  if (published > 0)
    {
      g_autoptr(ImpTransaction) newest = g_list_model_get_item (imp_author_get_published (author), 0);

      g_string_append_c (body, ' ');
      g_string_append_printf (body, _("Its newest update is %s of “%s”."), imp_transaction_get_version (newest),
                              imp_transaction_get_class_id (newest));
    }

  dialog = adw_message_dialog_new (window, NULL, body->str);
  adw_message_dialog_format_heading (ADW_MESSAGE_DIALOG (dialog), _("Remove “%s”?"),
                                     imp_author_get_label (author));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "remove",
                                    _("_Remove"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "remove",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "remove", FALSE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "label", g_strdup (imp_author_get_label (author)),
                          g_free);

  group = adw_preferences_group_new ();
  row = imp_field_row_new (_("Type the key’s name"));
  g_signal_connect (row, "changed", G_CALLBACK (name_changed_cb), dialog);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), group);

  question->remover = g_object_ref (self);
  question->from = g_object_ref (from);
  question->author = g_object_ref (author);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * imp_key_remover_commit:
 * @self: a remover
 *
 * Removes what is hidden now: the window closes, and nobody can undo any more.
 */
void
imp_key_remover_commit (ImpKeyRemover *self)
{
  g_autoptr(GList) fingerprints = NULL;

  g_return_if_fail (IMP_IS_KEY_REMOVER (self));

  fingerprints = g_hash_table_get_keys (self->hidden);
  for (GList *link = fingerprints; link != NULL; link = link->next)
    {
      g_autofree char *fingerprint = g_strdup (link->data);

      remove_now (self, fingerprint);
    }
}
