/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-keys-page-private.h"

#include <glib/gi18n.h>

#include "imp-format.h"
#include "imp-generate-key-dialog.h"

/* How a key is made. What did not work is asked for again, with the reason and all that was typed. */

typedef struct
{
  ImpKeysPage    *page;   /* (owned) */
  char           *label;  /* (owned) */
  ImpKeyType      type;
  ImpPkcs11Token *token;  /* (owned) (nullable) */
} Wish;

static void
wish_free (Wish *wish)
{
  g_object_unref (wish->page);
  g_free (wish->label);
  g_clear_object (&wish->token);
  g_free (wish);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wish, wish_free)

static void ask (ImpKeysPage *self,
                 Wish        *wish,
                 const char  *problem);

static void
generated_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(Wish) wish = user_data;
  g_autoptr(ImpKeyringItem) item = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  imp_keys_page_set_busy (wish->page, -1);
  item = imp_keyring_generate_finish (IMP_KEYRING (object), result, &error);
  if (item != NULL)
    {
      imp_place_toast (IMP_PLACE (wish->page), _("Key generated"));
      return;
    }

  sentence = imp_format_error (error);
  ask (wish->page, wish, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? NULL : sentence);
}

static void
response_cb (ImpKeysPage          *self,
             const char           *response,
             ImpGenerateKeyDialog *dialog)
{
  Wish *wish;

  if (!g_str_equal (response, "generate"))
    return;

  wish = g_new0 (Wish, 1);
  wish->page = g_object_ref (self);
  wish->label = imp_generate_key_dialog_dup_label (dialog);
  wish->type = imp_generate_key_dialog_get_key_type (dialog);
  wish->token = imp_generate_key_dialog_dup_token (dialog);

  imp_keys_page_set_busy (self, 1);
  imp_keyring_generate_async (imp_keys_page_get_keyring (self), wish->token, wish->type, wish->label,
                              imp_place_get_cancellable (IMP_PLACE (self)), generated_cb, wish);
}

static void
ask (ImpKeysPage *self,
     Wish        *wish,
     const char  *problem)
{
  GtkWidget *dialog;

  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;

  dialog = imp_generate_key_dialog_new (imp_keys_page_get_window (self), imp_keys_page_get_keyring (self));
  if (wish != NULL)
    imp_generate_key_dialog_restore (IMP_GENERATE_KEY_DIALOG (dialog), wish->label, wish->type, wish->token,
                                     problem);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * imp_keys_page_generate_action:
 * @widget: a page
 * @action_name: `keys.generate`
 * @parameter: (nullable): nothing
 *
 * Asks what the new key should be, and makes it if that is answered.
 */
void
imp_keys_page_generate_action (GtkWidget  *widget,
                               const char *action_name,
                               GVariant   *parameter)
{
  ask (IMP_KEYS_PAGE (widget), NULL, NULL);
}
