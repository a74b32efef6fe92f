/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-keys-page-private.h"

#include <glib/gi18n.h>

#include "imp-format.h"
#include "imp-key-remover.h"
#include "imp-key-row.h"
#include "imp-state-stack.h"
#include "imp-token-row.h"

/* Seconds between looks at which tokens are there, while somebody sees it. */
#define TOKEN_INTERVAL 3

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
  guint          look_id;
  gboolean       looking;

  ImpStateStack *state_stack;
  GtkListBox    *list;
  GtkWidget     *keyring_group;
  AdwActionRow  *keyring_row;
  GtkWidget     *token_group;
  GtkListBox    *token_list;
  GtkSpinner    *spinner;
};

G_DEFINE_FINAL_TYPE (ImpKeysPage, imp_keys_page, IMP_TYPE_PLACE)

/**
 * imp_keys_page_get_keyring:
 * @self: a page
 *
 * Returns: (transfer none): the keys of the session
 */
ImpKeyring *
imp_keys_page_get_keyring (ImpKeysPage *self)
{
  return imp_session_get_keyring (imp_place_get_session (IMP_PLACE (self)));
}

/**
 * imp_keys_page_get_window:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the window that dialogs are put before, or `NULL` once the page
 * is in none
 */
GtkWindow *
imp_keys_page_get_window (ImpKeysPage *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

/**
 * imp_keys_page_set_busy:
 * @self: a page
 * @change: +1 when work begins, -1 when it has ended
 *
 * Counts what is under way; the spinner turns as long as anything is. Work may end after the window has
 * gone.
 */
void
imp_keys_page_set_busy (ImpKeysPage *self,
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

/* The title says what is wrong, so the error says only what to do. */
static const char *
describe_keyring (const GError  *error,
                  GError       **shown)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    {
      *shown = g_error_new_literal (error->domain, error->code,
                                    _("Your keys are in it. Try again to be asked for its password."));
      return _("The keyring is locked");
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    {
      *shown = g_error_new_literal (error->domain, error->code,
                                    _("Private keys are kept by a keyring service, and none is running. Install and "
                                      "start GNOME Keyring or KWallet, then try again."));
      return _("No keyring service");
    }

  *shown = g_error_copy (error);
  return _("The keyring cannot be read");
}

static void
show_keyring_error (ImpKeysPage  *self,
                    const char   *title,
                    const GError *error)
{
  g_autofree char *sentence = error != NULL ? imp_format_error (error) : NULL;

  gtk_widget_set_visible (self->keyring_group, error != NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->keyring_row), title != NULL ? title : "");
  adw_action_row_set_subtitle (self->keyring_row, sentence != NULL ? sentence : "");
}

static void
update_state (ImpKeysPage *self)
{
  ImpSession *session = imp_place_get_session (IMP_PLACE (self));
  guint n_keys = g_list_model_get_n_items (imp_key_remover_get_model (self->remover));
  guint n_tokens = g_list_model_get_n_items (imp_keyring_get_tokens (imp_keys_page_get_keyring (self)));
  const GError *error = imp_session_get_keyring_error (session);
  g_autoptr(GError) shown = NULL;
  const char *title = error != NULL ? describe_keyring (error, &shown) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->list), n_keys > 0);
  gtk_widget_set_visible (self->token_group, n_tokens > 0);
  show_keyring_error (self, title, shown);

  if (!imp_session_get_keys_loaded (session) && n_keys == 0)
    imp_state_stack_set_loading (self->state_stack);
  else if (shown != NULL && n_keys + n_tokens == 0)
    imp_state_stack_set_failed (self->state_stack, title, shown);
  else
    imp_state_stack_set_loaded (self->state_stack, n_keys + n_tokens == 0);
}

static void
registered_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(ImpKeysPage) self = user_data;
  g_autoptr(GError) error = NULL;

  imp_keys_page_set_busy (self, -1);
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

  imp_keys_page_set_busy (self, 1);
  imp_author_register_async (author, imp_keys_page_get_keyring (self), client, NULL, registered_cb,
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
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpKeysPage *self = IMP_KEYS_PAGE (widget);
  g_autoptr(ImpAuthor) author = find_author (self, g_variant_get_string (parameter, NULL));

  if (author != NULL)
    imp_keys_page_export (self, imp_author_get_label (author),
                          imp_keyring_item_get_public_pem (imp_author_get_item (author)));
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
revealed_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(ImpKeysPage) self = user_data;
  g_autoptr(GError) error = NULL;

  imp_keys_page_set_busy (self, -1);
  if (!imp_keyring_reveal_finish (IMP_KEYRING (object), result, &error))
    say_error (self, error);
}

static void
reveal_token_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  ImpKeysPage *self = IMP_KEYS_PAGE (widget);
  GListModel *tokens = imp_keyring_get_tokens (imp_keys_page_get_keyring (self));
  const char *url = g_variant_get_string (parameter, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (tokens); i++)
    {
      g_autoptr(ImpPkcs11Token) token = g_list_model_get_item (tokens, i);

      if (g_str_equal (imp_pkcs11_token_get_url (token), url))
        {
          imp_keys_page_set_busy (self, 1);
          imp_keyring_reveal_async (imp_keys_page_get_keyring (self), token,
                                    imp_place_get_cancellable (IMP_PLACE (self)), revealed_cb,
                                    g_object_ref (self));
        }
    }
}

static void
retry_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  imp_session_load_keys (imp_place_get_session (IMP_PLACE (widget)));
}

static void
retry_cb (ImpKeysPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "keys.retry", NULL);
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ImpKeysPage) self = user_data;

  self->looking = FALSE;
  imp_keyring_load_tokens_finish (IMP_KEYRING (object), result, NULL);
}

/* Nothing tells that a token was put in or pulled out. */
static gboolean
look_cb (gpointer user_data)
{
  ImpKeysPage *self = user_data;

  if (!self->looking)
    {
      self->looking = TRUE;
      imp_keyring_load_tokens_async (imp_keys_page_get_keyring (self), FALSE, NULL, looked_cb,
                                     g_object_ref (self));
    }
  return G_SOURCE_CONTINUE;
}

static void
imp_keys_page_map (GtkWidget *widget)
{
  ImpKeysPage *self = IMP_KEYS_PAGE (widget);

  GTK_WIDGET_CLASS (imp_keys_page_parent_class)->map (widget);

  self->look_id = g_timeout_add_seconds (TOKEN_INTERVAL, look_cb, self);
  imp_place_refresh (IMP_PLACE (self));
}

static void
imp_keys_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&IMP_KEYS_PAGE (widget)->look_id, g_source_remove);

  GTK_WIDGET_CLASS (imp_keys_page_parent_class)->unmap (widget);
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  return imp_key_row_new (item, imp_place_get_session (user_data));
}

static GtkWidget *
create_token_row (gpointer item,
                  gpointer user_data)
{
  return imp_token_row_new (item);
}

static void
imp_keys_page_set_up (ImpPlace *place)
{
  ImpKeysPage *self = IMP_KEYS_PAGE (place);
  ImpSession *session = imp_place_get_session (place);
  GListModel *tokens = imp_keyring_get_tokens (imp_session_get_keyring (session));
  GListModel *model;

  self->remover = imp_key_remover_new (session);
  model = imp_key_remover_get_model (self->remover);
  gtk_list_box_bind_model (self->list, model, create_row, self, NULL);
  gtk_list_box_set_header_func (self->list, imp_key_row_update_header, NULL, NULL);
  gtk_list_box_bind_model (self->token_list, tokens, create_token_row, NULL, NULL);
  g_signal_connect_object (tokens, "items-changed", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
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

  /* The keyring is not read again: a prompt that was dismissed must not come back by itself. */
  imp_keyring_load_tokens_async (imp_keys_page_get_keyring (self), TRUE, NULL, looked_cb, g_object_ref (self));
  for (guint i = 0; client != NULL && i < n; i++)
    {
      g_autoptr(ImpAuthor) author = g_list_model_get_item (model, i);

      imp_author_refresh (author, client);
      if (imp_author_is_published_known (author))
        imp_author_refresh_published (author, client);
    }
}

/* A key is named by its fingerprint. */
static void
imp_keys_page_show_item (ImpPlace   *place,
                         const char *id)
{
  ImpKeysPage *self = IMP_KEYS_PAGE (place);
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      ImpAuthor *author = imp_key_row_get_author (IMP_KEY_ROW (row));

      if (g_str_equal (imp_author_get_fingerprint (author), id))
        {
          adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
          gtk_widget_grab_focus (GTK_WIDGET (row));
        }
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
  widget_class->map = imp_keys_page_map;
  widget_class->unmap = imp_keys_page_unmap;
  IMP_PLACE_CLASS (klass)->set_up = imp_keys_page_set_up;
  IMP_PLACE_CLASS (klass)->refresh = imp_keys_page_refresh;
  IMP_PLACE_CLASS (klass)->show_item = imp_keys_page_show_item;

  gtk_widget_class_install_action (widget_class, "keys.generate", NULL, imp_keys_page_generate_action);
  gtk_widget_class_install_action (widget_class, "keys.import", NULL, imp_keys_page_import_action);
  gtk_widget_class_install_action (widget_class, "keys.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "keys.reveal-token", "s", reveal_token_action);
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
  gtk_widget_class_bind_template_child (widget_class, ImpKeysPage, keyring_group);
  gtk_widget_class_bind_template_child (widget_class, ImpKeysPage, keyring_row);
  gtk_widget_class_bind_template_child (widget_class, ImpKeysPage, token_group);
  gtk_widget_class_bind_template_child (widget_class, ImpKeysPage, token_list);
  gtk_widget_class_bind_template_child (widget_class, ImpKeysPage, spinner);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
}

static void
imp_keys_page_init (ImpKeysPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
