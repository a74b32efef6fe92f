/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-command.h"

#include <glib/gi18n.h>
#include <string.h>

#include "imp-error.h"
#include "imp-file.h"
#include "imp-output.h"
#include "imp-password.h"
#include "imp-run-keys.h"

static struct
{
  char     *type;
  char     *label;
  char     *output;
  char     *token;
  int       password_fd;
  gboolean  force;
  gboolean  yes;
} options = { .password_fd = -1 };

static JsonNode *
item_to_json (ImpKeyringItem *item)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  imp_json_add_string (builder, "label", imp_keyring_item_get_label (item));
  imp_json_add_string (builder, "fingerprint", imp_keyring_item_get_fingerprint (item));
  imp_json_add_string (builder, "algorithm", imp_keyring_item_get_algorithm (item));
  imp_json_add_string (builder, "location", imp_keyring_item_get_location (item));
  if (imp_keyring_item_get_token (item) != NULL)
    {
      imp_json_add_string (builder, "token", imp_keyring_item_get_token (item));
      imp_json_add_string (builder, "url", imp_keyring_item_get_url (item));
    }
  else
    imp_json_add_time (builder, "created", imp_keyring_item_get_created (item));
  imp_json_add_string (builder, "publicKey", imp_keyring_item_get_public_pem (item));
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}

/* @message: what was done with it */
static void
print_item (ImpRun         *run,
            const char     *message,
            ImpKeyringItem *item)
{
  if (imp_run_is_json (run))
    {
      g_autoptr(JsonNode) node = item_to_json (item);

      imp_print_json (node);
    }
  else
    {
      g_autofree char *printable = imp_printable (message);

      imp_print ("%s\n%s\n", printable, imp_keyring_item_get_fingerprint (item));
    }
}

/* Keys are asked for by their labels, so one label is one key. */
static gboolean
check_label_free (ImpKeyring  *keyring,
                  const char  *label,
                  GError     **error)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (keyring));

  if (*label == '\0')
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _("A key needs a name"));
      return FALSE;
    }

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpKeyringItem) item = g_list_model_get_item (G_LIST_MODEL (keyring), i);

      if (g_strcmp0 (imp_keyring_item_get_label (item), label) == 0)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                       _("There is a key “%s” already"), label);
          return FALSE;
        }
    }

  return TRUE;
}

/* Tokens are called by their labels, or by their serial numbers where two have one label. */
static gboolean
is_token (ImpPkcs11Token *token,
          const char     *name)
{
  return g_str_equal (imp_pkcs11_token_get_label (token), name) ||
         g_str_equal (imp_pkcs11_token_get_serial (token), name);
}

static ImpPkcs11Token *
find_token (ImpKeyring  *keyring,
            const char  *name,
            GError     **error)
{
  GListModel *tokens = imp_keyring_get_tokens (keyring);
  g_autoptr(ImpPkcs11Token) found = NULL;
  guint n_found = 0;

  for (guint i = 0; i < g_list_model_get_n_items (tokens); i++)
    {
      g_autoptr(ImpPkcs11Token) token = g_list_model_get_item (tokens, i);

      if (is_token (token, name))
        {
          g_set_object (&found, token);
          n_found++;
        }
    }

  if (n_found == 1)
    return g_steal_pointer (&found);

  if (n_found == 0)
    g_set_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND, _("There is no PKCS#11 token “%s”"), name);
  else
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("%u tokens are named “%s”; give the serial number of one"), n_found, name);
  return NULL;
}

static gboolean
run_generate (ImpRun  *run,
              GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpKeyringItem) item = NULL;
  g_autoptr(ImpPkcs11Token) token = NULL;
  g_autofree char *message = NULL;
  const char *label = imp_run_get_argument (run, 0);
  ImpKeyType type = IMP_KEY_RSA_2048;
  ImpKeyring *keyring;

  if (options.type != NULL && !imp_key_type_from_string (options.type, &type))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("“%s” is no type of key; there are rsa-2048, rsa-3072, rsa-4096, ec-p256, "
                     "ec-p384 and ed25519"), options.type);
      return FALSE;
    }

  if (!(keyring = imp_run_load_keyring (run, error)) || !check_label_free (keyring, label, error) ||
      (options.token != NULL && !(token = find_token (keyring, options.token, error))))
    return FALSE;

  imp_keyring_generate_async (keyring, token, type, label, imp_run_get_cancellable (run),
                              imp_wait_cb, &wait);
  if (!(item = imp_keyring_generate_finish (keyring, imp_wait (&wait), error)))
    return FALSE;

  message = g_strdup_printf (_("Made “%s”"), imp_keyring_item_get_label (item));
  print_item (run, message, item);
  return TRUE;
}

/* FALSE: it could not be had; an unencrypted key has none. */
static gboolean
get_password (ImpRun      *run,
              GBytes      *pem,
              const char  *path,
              char       **password,
              GError     **error)
{
  g_autofree char *prompt = NULL;
  gsize size;
  const char *text = g_bytes_get_data (pem, &size);

  *password = NULL;
  if (!imp_key_pem_is_encrypted (text, size))
    return TRUE;

  if (options.password_fd >= 0)
    return (*password = imp_password_read (options.password_fd, error)) != NULL;

  if (!imp_password_can_ask ())
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   _("“%s” is encrypted, and there is no terminal to ask for its password on; "
                     "give it with --password-fd"), path);
      return FALSE;
    }

  prompt = g_strdup_printf (_("Password of “%s”: "), path);
  return (*password = imp_password_ask (prompt, imp_run_get_cancellable (run), error)) != NULL;
}

static char *
choose_label (const char *path)
{
  g_autofree char *name = NULL;
  char *dot;

  if (options.label != NULL)
    return g_strdup (options.label);

  name = g_path_get_basename (path);
  dot = strrchr (name, '.');
  if (dot != NULL && dot != name)
    *dot = '\0';

  return g_utf8_make_valid (name, -1);
}

static gboolean
check_import_usage (const char  *path,
                    GError     **error)
{
  if (g_strcmp0 (path, "-") != 0)
    return TRUE;

  if (options.label == NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                           _("A key from standard input needs a name: --label NAME"));
      return FALSE;
    }

  if (options.password_fd == 0)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                           _("Standard input cannot be both the key and its password"));
      return FALSE;
    }

  return TRUE;
}

static gboolean
run_import (ImpRun  *run,
            GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpKeyringItem) item = NULL;
  g_autoptr(GBytes) pem = NULL;
  g_autofree char *label = NULL;
  g_autofree char *message = NULL;
  const char *path = imp_run_get_argument (run, 0);
  char *password;
  ImpKeyring *keyring;

  /* What is wrong with it is found here; no contract has been asked. */
  imp_run_set_failure (run, IMP_EXIT_FAILED, NULL);

  if (!check_import_usage (path, error))
    return FALSE;
  if (!(pem = imp_file_read (path, IMP_KEY_MAX_PEM_SIZE, error)))
    {
      imp_run_set_failure (run, IMP_EXIT_DONE, NULL);
      return FALSE;
    }

  label = choose_label (path);
  if (!(keyring = imp_run_load_keyring (run, error)) ||
      !check_label_free (keyring, label, error) ||
      !get_password (run, pem, path, &password, error))
    return FALSE;

  imp_keyring_import_async (keyring, pem, password, label, imp_run_get_cancellable (run),
                            imp_wait_cb, &wait);
  item = imp_keyring_import_finish (keyring, imp_wait (&wait), error);
  imp_password_free (password);
  if (item == NULL)
    return FALSE;

  message = g_strdup_printf (_("Imported “%s”"), imp_keyring_item_get_label (item));
  print_item (run, message, item);
  return TRUE;
}

static void
print_list_json (GListModel *keyring)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) node = NULL;

  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (keyring); i++)
    {
      g_autoptr(ImpKeyringItem) item = g_list_model_get_item (keyring, i);

      json_builder_add_value (builder, item_to_json (item));
    }
  json_builder_end_array (builder);

  node = json_builder_get_root (builder);
  imp_print_json (node);
}

static void
print_list (GListModel *keyring)
{
  const char *const header[] = { _("NAME"), _("ALGORITHM"), _("FINGERPRINT"), _("WHERE"), NULL };
  g_autoptr(ImpTable) table = imp_table_new (header);

  for (guint i = 0; i < g_list_model_get_n_items (keyring); i++)
    {
      g_autoptr(ImpKeyringItem) item = g_list_model_get_item (keyring, i);

      imp_table_add (table, imp_keyring_item_get_label (item),
                     imp_keyring_item_get_algorithm (item),
                     imp_keyring_item_get_fingerprint (item),
                     imp_keyring_item_get_location (item), NULL);
    }

  imp_table_print (table);
}

/* What a token has and cannot be used is no error, but would be missed. */
static void
note_unusable (ImpRun     *run,
               GListModel *tokens)
{
  for (guint i = 0; i < g_list_model_get_n_items (tokens); i++)
    {
      g_autoptr(ImpPkcs11Token) token = g_list_model_get_item (tokens, i);
      const char *const *unusable = imp_pkcs11_token_get_unusable (token);

      for (guint j = 0; unusable[j] != NULL; j++)
        imp_run_note (run, _("Token “%s”: %s"), imp_pkcs11_token_get_label (token), unusable[j]);
      if (imp_pkcs11_token_get_pin_locked (token))
        imp_run_note (run, _("Token “%s”: its PIN is locked"), imp_pkcs11_token_get_label (token));
    }
}

static gboolean
run_list (ImpRun  *run,
          GError **error)
{
  ImpKeyring *keyring = imp_run_load_keyring (run, error);

  if (keyring == NULL)
    return FALSE;

  if (imp_run_is_json (run))
    print_list_json (G_LIST_MODEL (keyring));
  else if (g_list_model_get_n_items (G_LIST_MODEL (keyring)) == 0)
    imp_run_note (run, _("There is no key yet; make one with “imprimaturctl key generate NAME”"));
  else
    print_list (G_LIST_MODEL (keyring));

  note_unusable (run, imp_keyring_get_tokens (keyring));
  return TRUE;
}

static gboolean
run_export (ImpRun  *run,
            GError **error)
{
  g_autoptr(ImpKeyringItem) item = imp_run_find_key (run, imp_run_get_argument (run, 0), error);

  if (item == NULL)
    return FALSE;
  if (options.output != NULL && !imp_file_write (options.output,
                                                 imp_keyring_item_get_public_pem (item),
                                                 options.force, error))
    return FALSE;

  if (imp_run_is_json (run))
    {
      g_autoptr(JsonNode) node = item_to_json (item);

      imp_print_json (node);
    }
  else if (options.output == NULL)
    imp_print ("%s", imp_keyring_item_get_public_pem (item));
  else
    imp_run_note (run, _("Wrote “%s”"), options.output);

  return TRUE;
}

/* A key cannot be had back, so its whole name is asked for. */
static gboolean
confirm_removal (ImpRun          *run,
                 ImpKeyringItem  *item,
                 GError         **error)
{
  const char *label = imp_keyring_item_get_label (item);
  g_autofree char *prompt = NULL;
  char *answer;
  gboolean same;

  if (options.yes)
    return TRUE;

  if (!imp_password_can_ask () || imp_run_is_json (run))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   _("Removing “%s” cannot be undone; say --yes if that is meant"), label);
      return FALSE;
    }

  prompt = g_strdup_printf (_("“%s” cannot be had back, and nothing more can be signed with it. "
                              "Type its name to remove it: "), label);
  answer = imp_terminal_ask (prompt, imp_run_get_cancellable (run), error);
  if (answer == NULL)
    return FALSE;

  same = g_strcmp0 (answer, label) == 0;
  g_free (answer);
  if (!same)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("“%s” is kept"), label);

  return same;
}

static gboolean
run_remove (ImpRun  *run,
            GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpKeyringItem) item = imp_run_find_key (run, imp_run_get_argument (run, 0), error);
  g_autofree char *message = NULL;
  ImpKeyring *keyring;

  if (item == NULL || !confirm_removal (run, item, error))
    return FALSE;

  keyring = imp_run_load_keyring (run, error);
  imp_keyring_remove_async (keyring, item, imp_run_get_cancellable (run), imp_wait_cb, &wait);
  if (!imp_keyring_remove_finish (keyring, imp_wait (&wait), error))
    return FALSE;

  message = g_strdup_printf (_("Removed “%s”"), imp_keyring_item_get_label (item));
  print_item (run, message, item);
  return TRUE;
}

static const GOptionEntry generate_options[] = {
  { "type", 't', 0, G_OPTION_ARG_STRING, &options.type,
    N_("rsa-2048 (default), rsa-3072, rsa-4096, ec-p256, ec-p384 or ed25519"), N_("TYPE") },
  { "token", 0, 0, G_OPTION_ARG_STRING, &options.token,
    N_("Have this PKCS#11 token make and keep it: its label or serial number"), N_("TOKEN") },
  { NULL }
};

static const GOptionEntry import_options[] = {
  { "label", 'l', 0, G_OPTION_ARG_STRING, &options.label,
    N_("What to call it (default: after the file)"), N_("NAME") },
  { "password-fd", 0, 0, G_OPTION_ARG_INT, &options.password_fd,
    N_("Read the password of an encrypted key from this file descriptor"), N_("N") },
  { NULL }
};

static const GOptionEntry export_options[] = {
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
    N_("Write to this file"), N_("FILE") },
  { "force", 'f', 0, G_OPTION_ARG_NONE, &options.force,
    N_("Replace a file that is there"), NULL },
  { NULL }
};

static const GOptionEntry remove_options[] = {
  { "yes", 'y', 0, G_OPTION_ARG_NONE, &options.yes,
    N_("Do not ask"), NULL },
  { NULL }
};

const ImpCommand imp_key_commands[] = {
  { "key", "generate", "NAME", 1, 1, N_("Make a signing key and keep it in the keyring or on a token"),
    generate_options, run_generate },
  { "key", "import", "FILE", 1, 1, N_("Take a PEM private key into the keyring"),
    import_options, run_import },
  { "key", "list", NULL, 0, 0, N_("List the keys in the keyring and on PKCS#11 tokens"),
    NULL, run_list },
  { "key", "export", "[NAME]", 0, 1, N_("Print a key’s public half"),
    export_options, run_export },
  { "key", "remove", "NAME", 1, 1, N_("Remove a key from the keyring"),
    remove_options, run_remove },
  { NULL }
};
