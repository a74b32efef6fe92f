/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-command.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "imp-error.h"
#include "imp-file-info.h"
#include "imp-file.h"
#include "imp-manifest-options.h"
#include "imp-output.h"
#include "imp-transactions.h"

static struct
{
  ImpPageOptions  page;
  char           *output;
  gboolean        force;
} options;

static gboolean
run_list (ImpRun  *run,
          GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpPage) page = NULL;
  g_autofree char *author = NULL;
  ImpAgentClient *client;
  ImpPageQuery query;

  if (!imp_page_options_make_query (&options.page, run, &query, &author, error) ||
      !(client = imp_run_connect (run, error)))
    return FALSE;

  imp_agent_client_list_updates_async (client, &query, imp_run_get_cancellable (run),
                                       imp_wait_cb, &wait);
  if (!(page = imp_agent_client_list_updates_finish (client, imp_wait (&wait), error)))
    return FALSE;

  imp_transactions_print (page, "updates", FALSE, run);
  return TRUE;
}

/* An update by its transaction, or the newest one that the options fit. */
static ImpRegisteredUpdate *
get_update (ImpRun  *run,
            GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autofree char *transaction = NULL;
  ImpAgentClient *client;

  if (!(transaction = imp_page_options_dup_transaction (&options.page, run, error)) ||
      !(client = imp_run_connect (run, error)))
    return NULL;

  imp_agent_client_get_update_async (client, transaction, imp_run_get_cancellable (run),
                                     imp_wait_cb, &wait);
  return imp_agent_client_get_update_finish (client, imp_wait (&wait), error);
}

static void
print_update_json (ImpRegisteredUpdate *registered)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) node = NULL;

  json_builder_begin_object (builder);
  imp_json_add_node (builder, "transaction", imp_transaction_to_json (registered->transaction, TRUE));
  imp_json_add_node (builder, "update", imp_update_to_json (registered->update));
  imp_json_add_string (builder, "publicKey", imp_key_get_public_pem (registered->author));
  imp_json_add_string (builder, "cid", registered->cid);
  imp_json_add_int (builder, "leaf", registered->leaf);
  imp_json_add_int (builder, "treeSize", registered->size);
  imp_json_add_string (builder, "checkpoint", registered->checkpoint);
  json_builder_end_object (builder);

  node = json_builder_get_root (builder);
  imp_print_json (node);
}

static void
add_optional (ImpTable    *table,
              const char  *title,
              ImpManifest *manifest,
              const char  *key)
{
  const char *value = imp_manifest_get_string (manifest, key);

  if (value != NULL && *value != '\0')
    imp_table_add (table, title, value, NULL);
}

static void
add_manifest (ImpTable    *table,
              ImpManifest *manifest)
{
  g_autofree char *sequence = g_strdup_printf ("%" G_GINT64_FORMAT,
                                               imp_manifest_get_sequence (manifest));
  g_autofree char *size = g_strdup_printf ("%" G_GUINT64_FORMAT, imp_manifest_get_size (manifest));
  g_autofree char *depends = g_strjoinv (", ", (char **) imp_manifest_get_dependencies (manifest));

  imp_table_add (table, _("Class"), imp_manifest_get_class_id (manifest), NULL);
  imp_table_add (table, _("Version"), imp_manifest_get_version (manifest), NULL);
  imp_table_add (table, _("Sequence number"), sequence, NULL);
  add_optional (table, _("Vendor"), manifest, IMP_MANIFEST_VENDOR_ID);
  imp_table_add (table, _("Size"), size, NULL);
  imp_table_add (table, _("Format"), imp_manifest_get_payload_format (manifest), NULL);
  add_optional (table, _("Processing"), manifest, IMP_MANIFEST_PAYLOAD_PROCESSING);
  imp_table_add (table, _("Storage location"), imp_manifest_get_storage_location (manifest), NULL);
  add_optional (table, _("Other source"), manifest, IMP_MANIFEST_PAYLOAD_INDICATOR);
  add_optional (table, _("Instructions"), manifest, IMP_MANIFEST_ADDITIONAL_INSTRUCTIONS);
  add_optional (table, _("Encryption wrapper"), manifest, IMP_MANIFEST_ENCRYPTION_WRAPPER);
  add_optional (table, _("Expires"), manifest, IMP_MANIFEST_EXPIRATION_TIME);
  if (*depends != '\0')
    imp_table_add (table, _("Depends on"), depends, NULL);
  imp_table_add (table, _("Payload digest"), imp_manifest_get_payload_digest (manifest), NULL);
  imp_table_add (table, _("Manifest digest"), imp_manifest_get_manifest_digest (manifest), NULL);
}

static void
print_update (ImpRegisteredUpdate *registered)
{
  static const char *const columns[] = { "", "", NULL };
  g_autoptr(ImpTable) table = imp_table_new (columns);
  ImpTransaction *transaction = registered->transaction;
  g_autofree char *time = imp_format_local_time (imp_transaction_get_time (transaction));

  imp_table_add (table, _("Transaction"), imp_transaction_get_id (transaction), NULL);
  imp_table_add (table, _("Registered"), time, NULL);
  imp_table_add (table, _("Author"), imp_key_get_fingerprint (registered->author), NULL);
  imp_table_add (table, _("CID"), registered->cid, NULL);
  add_manifest (table, imp_update_get_manifest (registered->update));
  imp_table_print (table);
}

static gboolean
run_show (ImpRun  *run,
          GError **error)
{
  g_autoptr(ImpRegisteredUpdate) registered = get_update (run, error);

  if (registered == NULL)
    return FALSE;

  if (imp_run_is_json (run))
    print_update_json (registered);
  else
    print_update (registered);

  return TRUE;
}

static char *
propose_file_name (ImpManifest *manifest)
{
  char *name = g_strdup_printf ("%s-%s.%s", imp_manifest_get_class_id (manifest),
                                imp_manifest_get_version (manifest),
                                imp_manifest_get_payload_format (manifest));

  return imp_file_name_canonicalize (name);
}

/* The CID says that these are the ledger's bytes; the signed digest that they are the author's. */
static gboolean
check_download (ImpRun               *run,
                ImpRegisteredUpdate  *registered,
                const char           *path,
                GError              **error)
{
  ImpManifest *manifest = imp_update_get_manifest (registered->update);
  g_autoptr(ImpFileInfo) info = NULL;

  imp_run_set_failure (run, IMP_EXIT_NOT_VERIFIED, NULL);
  if (!imp_update_verify_manifest (registered->update, registered->author, error) ||
      !imp_update_verify_payload_sign (registered->update, registered->author, error))
    return FALSE;

  imp_run_set_failure (run, IMP_EXIT_DONE, NULL);
  if (!(info = imp_run_read_file_info (run, path, error)))
    return FALSE;

  if (info->size == imp_manifest_get_size (manifest) &&
      g_strcmp0 (info->sha384, imp_manifest_get_payload_digest (manifest)) == 0)
    return TRUE;

  imp_run_set_failure (run, IMP_EXIT_NOT_VERIFIED, NULL);
  g_set_error_literal (error, IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                       _("The payload is not the one that the author signed"));
  return FALSE;
}

static gboolean
download (ImpRun               *run,
          ImpRegisteredUpdate  *registered,
          const char           *path,
          GError              **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpProgressBar) bar = imp_run_start_progress (run, _("Downloading"), IMP_PROGRESS_BYTES);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  ImpAgentClient *client = imp_run_connect (run, error);

  imp_agent_client_download_async (client, registered->cid, file, imp_run_get_cancellable (run),
                                   imp_progress_bar_cb, bar, imp_wait_cb, &wait);
  return imp_agent_client_download_finish (client, imp_wait (&wait), error);
}

/* Only what was checked gets the name that was asked for. */
static gboolean
download_checked (ImpRun               *run,
                  ImpRegisteredUpdate  *registered,
                  const char           *path,
                  GError              **error)
{
  g_autofree char *partial = g_strconcat (path, ".part", NULL);

  if (!imp_file_check_absent (path, options.force, error))
    return FALSE;

  if (download (run, registered, partial, error) &&
      check_download (run, registered, partial, error))
    {
      if (g_rename (partial, path) == 0)
        return TRUE;
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("“%s” could not be written"), path);
    }

  g_unlink (partial);
  return FALSE;
}

static void
print_download_json (ImpRegisteredUpdate *registered,
                     const char          *path)
{
  ImpManifest *manifest = imp_update_get_manifest (registered->update);
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) node = NULL;

  json_builder_begin_object (builder);
  imp_json_add_string (builder, "file", path);
  imp_json_add_string (builder, "transaction", imp_transaction_get_id (registered->transaction));
  imp_json_add_string (builder, "cid", registered->cid);
  imp_json_add_int (builder, "size", imp_manifest_get_size (manifest));
  imp_json_add_string (builder, "payloadDigest", imp_manifest_get_payload_digest (manifest));
  json_builder_end_object (builder);

  node = json_builder_get_root (builder);
  imp_print_json (node);
}

static gboolean
run_download (ImpRun  *run,
              GError **error)
{
  g_autoptr(ImpRegisteredUpdate) registered = get_update (run, error);
  g_autofree char *path = NULL;

  if (registered == NULL)
    return FALSE;

  path = options.output != NULL ? g_strdup (options.output)
                                : propose_file_name (imp_update_get_manifest (registered->update));
  if (!download_checked (run, registered, path, error))
    return FALSE;

  if (imp_run_is_json (run))
    print_download_json (registered, path);
  else
    imp_print (_("%s: CID, size, digest and signatures are right\n"), path);

  return TRUE;
}

static const GOptionEntry list_options[] = {
  IMP_PAGE_OPTION_ENTRIES (options.page),
  IMP_TARGET_OPTION_ENTRIES (options.page),
  { NULL }
};

static const GOptionEntry show_options[] = {
  IMP_TARGET_OPTION_ENTRIES (options.page),
  { NULL }
};

static const GOptionEntry download_options[] = {
  IMP_TARGET_OPTION_ENTRIES (options.page),
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
    N_("Write to this file (default: after class and version)"), N_("FILE") },
  { "force", 'f', 0, G_OPTION_ARG_NONE, &options.force,
    N_("Replace a file that is there"), NULL },
  { NULL }
};

const ImpCommand imp_update_commands[] = {
  { "update", "list", NULL, 0, 0, N_("List registered updates, newest first"),
    list_options, run_list },
  { "update", "show", "[TRANSACTION]", 0, 1, N_("Show one update (default: the newest that fits)"),
    show_options, run_show },
  { "update", "download", "[TRANSACTION]", 0, 1, N_("Fetch an update’s payload and check it"),
    download_options, run_download },
  { NULL }
};
