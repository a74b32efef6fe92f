/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-command.h"

#include <glib/gi18n.h>

#include "imp-error.h"
#include "imp-manifest-options.h"
#include "imp-output.h"
#include "imp-publication.h"
#include "imp-run-keys.h"
#include "imp-version.h"

#define FIRST_VERSION "1.0.0"

static struct
{
  ImpManifestOptions  fields;
  char               *key;
} options;

/* What is put together before anything is sent. */
typedef struct
{
  ImpAgentClient     *client;    /* not owned */
  ImpKey             *key;       /* (owned) */
  GFile              *file;      /* (owned) */
  ImpManifest        *base;      /* (owned) (nullable) */
  ImpManifestBuilder *builder;   /* (owned) */
  ImpFileInfo        *info;      /* (owned) (nullable) */
  ImpSbom            *sbom;      /* (owned) (nullable) */
} Plan;

static void
plan_clear (Plan *plan)
{
  g_clear_object (&plan->key);
  g_clear_object (&plan->file);
  g_clear_object (&plan->base);
  g_clear_pointer (&plan->builder, imp_manifest_builder_free);
  g_clear_pointer (&plan->info, imp_file_info_free);
  g_clear_pointer (&plan->sbom, imp_sbom_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Plan, plan_clear)

/* The newest update of an author, of one class or of any: NULL without @error when there is none. */
static ImpTransaction *
find_newest (ImpRun          *run,
             ImpAgentClient  *client,
             const char      *author,
             const char      *class_id,
             GError         **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpPage) page = NULL;
  const ImpPageQuery query = { .author = author, .class_id = class_id, .limit = 1 };

  imp_agent_client_list_updates_async (client, &query, imp_run_get_cancellable (run),
                                       imp_wait_cb, &wait);
  if (!(page = imp_agent_client_list_updates_finish (client, imp_wait (&wait), error)) ||
      page->items->len == 0)
    return NULL;

  return g_object_ref (g_ptr_array_index (page->items, 0));
}

static char *
propose_version (ImpTransaction *newest,
                 ImpFileInfo    *info)
{
  if (newest != NULL)
    return imp_version_next (imp_transaction_get_version (newest));

  return g_strdup (info != NULL && info->version != NULL ? info->version : FIRST_VERSION);
}

/* Class and version, where neither an option nor --manifest gives them, follow what this author
 * has published last.
 */
static gboolean
choose_target (ImpRun  *run,
               Plan    *plan,
               GError **error)
{
  const char *class_id = options.fields.class_id;
  const char *version = options.fields.version;
  const char *author = imp_key_get_fingerprint (plan->key);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(ImpTransaction) newest = NULL;
  g_autofree char *proposed = NULL;

  if (class_id == NULL && plan->base != NULL)
    class_id = imp_manifest_get_class_id (plan->base);
  if (version == NULL && plan->base != NULL)
    version = imp_manifest_get_version (plan->base);
  if (class_id != NULL && version != NULL)
    return TRUE;

  newest = find_newest (run, plan->client, author, class_id, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (class_id == NULL && newest == NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                           _("This author has published nothing yet; say for which devices it is "
                             "with --class CLASS"));
      return FALSE;
    }

  if (class_id == NULL)
    {
      class_id = imp_transaction_get_class_id (newest);
      imp_manifest_builder_set_string (plan->builder, IMP_MANIFEST_CLASS_ID, class_id);
    }
  if (version == NULL)
    {
      proposed = propose_version (newest, plan->info);
      imp_manifest_builder_set_string (plan->builder, IMP_MANIFEST_VERSION_ID, proposed);
      version = proposed;
    }
  imp_run_note (run, _("Class “%s”, version “%s”"), class_id, version);

  return TRUE;
}

/* The file is read beforehand only for what must be known of it; while it is sent it is read anyway. */
static gboolean
choose_format (ImpRun      *run,
               Plan        *plan,
               const char  *path,
               GError     **error)
{
  if (options.fields.format != NULL || plan->base != NULL)
    return TRUE;
  if (!(plan->info = imp_run_read_file_info (run, path, error)))
    return FALSE;

  imp_manifest_builder_set_string (plan->builder, IMP_MANIFEST_PAYLOAD_FORMAT,
                                   plan->info->format_id);
  return TRUE;
}

/* --manifest describes one payload; another one under its name would be a mistake. */
static const char *
get_expected_digest (Plan *plan)
{
  if (plan->base != NULL)
    return imp_manifest_get_payload_digest (plan->base);

  return plan->info != NULL ? plan->info->sha384 : NULL;
}

static gboolean
make_plan (ImpRun      *run,
           Plan        *plan,
           const char  *path,
           GError     **error)
{
  g_autoptr(ImpKeyringItem) item = NULL;

  plan->file = g_file_new_for_commandline_arg (path);

  return (plan->builder = imp_manifest_options_make_builder (&options.fields, path, &plan->base,
                                                             error)) != NULL &&
         imp_manifest_options_read_sbom (&options.fields, run, plan->builder, &plan->sbom,
                                         error) &&
         choose_format (run, plan, path, error) &&
         (item = imp_run_find_key (run, options.key, error)) != NULL &&
         (plan->client = imp_run_connect (run, error)) != NULL &&
         (plan->key = imp_run_open_key (run, item, error)) != NULL &&
         choose_target (run, plan, error);
}

/* Hashing goes on while the file is sent; the bar is that of both, and the steps at the agents’ end
 * have none.
 */
static void
changed_cb (ImpPublication *publication,
            gpointer        user_data)
{
  ImpProgressBar *bar = user_data;
  guint64 sent = imp_publication_get_sent (publication);
  guint64 total = imp_publication_get_total (publication);

  if (sent < total)
    {
      imp_progress_bar_set_title (bar, imp_step_get_title (IMP_STEP_UPLOAD));
      imp_progress_bar_update (bar, sent, total);
      return;
    }

  for (ImpStep step = 0; step < IMP_N_STEPS; step++)
    {
      if (imp_publication_get_step_state (publication, step) == IMP_STEP_RUNNING)
        {
          imp_progress_bar_show_title (bar, imp_step_get_title (step));
          return;
        }
    }
}

static void
add_steps (JsonBuilder    *builder,
           ImpPublication *publication)
{
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (ImpStep step = 0; step < IMP_N_STEPS; step++)
    {
      double ms = imp_publication_get_step_ms (publication, step);

      json_builder_begin_object (builder);
      imp_json_add_string (builder, "name", imp_step_get_id (step));
      if (ms >= 0)
        imp_json_add_double (builder, "ms", ms);
      else
        imp_json_add_string (builder, "ms", NULL);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_published_json (ImpPublication *publication,
                      double          elapsed)
{
  ImpManifest *manifest = imp_update_get_manifest (imp_publication_get_update (publication));
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) node = NULL;

  json_builder_begin_object (builder);
  imp_json_add_string (builder, "transaction", imp_publication_get_transaction (publication));
  imp_json_add_int (builder, "sequence", imp_publication_get_sequence (publication));
  imp_json_add_string (builder, "cid", imp_publication_get_cid (publication));
  imp_json_add_string (builder, "author", imp_publication_get_author (publication));
  imp_json_add_string (builder, "class", imp_manifest_get_class_id (manifest));
  imp_json_add_string (builder, "version", imp_manifest_get_version (manifest));
  imp_json_add_int (builder, "size", imp_manifest_get_size (manifest));
  imp_json_add_string (builder, "payloadDigest", imp_manifest_get_payload_digest (manifest));
  add_steps (builder, publication);
  imp_json_add_double (builder, "ms", elapsed);
  json_builder_end_object (builder);

  node = json_builder_get_root (builder);
  imp_print_json (node);
}

static void
print_steps (ImpPublication *publication,
             double          elapsed)
{
  static const char *const columns[] = { "", "", NULL };
  g_autoptr(ImpTable) table = imp_table_new (columns);
  g_autofree char *total = imp_format_duration (elapsed);

  for (ImpStep step = 0; step < IMP_N_STEPS; step++)
    {
      g_autofree char *time = imp_format_duration (imp_publication_get_step_ms (publication, step));

      imp_table_add (table, imp_step_get_title (step), time, NULL);
    }
  imp_table_add (table, _("All"), total, NULL);
  imp_table_print (table);
}

static void
print_published (ImpRun         *run,
                 ImpPublication *publication,
                 double          elapsed)
{
  static const char *const columns[] = { "", "", NULL };
  g_autoptr(ImpTable) table = imp_table_new (columns);
  ImpManifest *manifest = imp_update_get_manifest (imp_publication_get_update (publication));
  g_autofree char *sequence = NULL;

  if (!imp_run_get_options (run)->quiet)
    {
      print_steps (publication, elapsed);
      imp_print ("\n");
    }

  sequence = g_strdup_printf ("%" G_GUINT64_FORMAT, imp_publication_get_sequence (publication));
  imp_table_add (table, _("Class"), imp_manifest_get_class_id (manifest), NULL);
  imp_table_add (table, _("Version"), imp_manifest_get_version (manifest), NULL);
  imp_table_add (table, _("Transaction"), imp_publication_get_transaction (publication), NULL);
  imp_table_add (table, _("Sequence"), sequence, NULL);
  imp_table_add (table, _("CID"), imp_publication_get_cid (publication), NULL);
  imp_table_print (table);
}

static gboolean
publish (ImpRun          *run,
         ImpPublication  *publication,
         GError         **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpProgressBar) bar = imp_run_start_progress (run, imp_step_get_title (IMP_STEP_UPLOAD),
                                                          IMP_PROGRESS_BYTES);
  gulong handler = g_signal_connect (publication, "changed", G_CALLBACK (changed_cb), bar);
  gboolean done;

  imp_publication_run_async (publication, imp_run_get_cancellable (run), imp_wait_cb, &wait);
  done = imp_publication_run_finish (publication, imp_wait (&wait), error);
  g_signal_handler_disconnect (publication, handler);

  return done;
}

static gboolean
run_publish (ImpRun  *run,
             GError **error)
{
  g_auto(Plan) plan = { NULL };
  g_autoptr(ImpPublication) publication = NULL;
  gint64 started;
  double elapsed;

  if (!make_plan (run, &plan, imp_run_get_argument (run, 0), error))
    return FALSE;

  publication = imp_publication_new (plan.client, plan.key, plan.file,
                                     g_steal_pointer (&plan.builder), get_expected_digest (&plan));
  if (plan.sbom != NULL)
    imp_publication_set_sbom (publication, plan.sbom->bytes);
  started = g_get_monotonic_time ();
  if (!publish (run, publication, error))
    return FALSE;
  elapsed = (g_get_monotonic_time () - started) / 1000.0;

  if (imp_run_is_json (run))
    print_published_json (publication, elapsed);
  else
    print_published (run, publication, elapsed);

  return TRUE;
}

static const GOptionEntry publish_options[] = {
  { "key", 'k', 0, G_OPTION_ARG_STRING, &options.key,
    N_("The key to sign with: its name or fingerprint (default: the only one)"), N_("KEY") },
  IMP_MANIFEST_OPTION_ENTRIES (options.fields),
  { NULL }
};

const ImpCommand imp_publish_commands[] = {
  { NULL, "publish", "FILE", 1, 1, N_("Sign an update and register it on the ledger"),
    publish_options, run_publish },
  { NULL }
};
