/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-command.h"

#include <glib/gi18n.h>

#include "imp-error.h"
#include "imp-file.h"
#include "imp-note.h"
#include "imp-output.h"
#include "imp-run-keys.h"
#include "imp-transactions.h"
#include "imp-trust-path.h"

static struct
{
  ImpPageOptions  page;
  char           *output;
  gboolean        force;
  char           *payload;
  char           *log_key;
} options;

static gboolean
check_log_key (GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr(ImpKey) key = NULL;

  if (options.log_key == NULL || imp_note_parse_verifier_key (options.log_key, &name, &key, NULL))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("“%s” is no key of a log, which is a name, a hash and a key with “+” between them"),
               options.log_key);
  return FALSE;
}

static ImpTrustPath *
read_path (const char  *name,
           GError     **error)
{
  g_autoptr(GBytes) bytes = imp_file_read (name, IMP_TRUST_PATH_MAX_SIZE, error);
  ImpTrustPath *path;
  const char *text;
  gsize size;

  if (bytes == NULL)
    return NULL;

  text = g_bytes_get_data (bytes, &size);
  path = imp_trust_path_new_from_text (text, size, error);
  if (path == NULL)
    g_prefix_error (error, _("“%s”: "), name);

  return path;
}

static GPtrArray *
verify (ImpRun        *run,
        ImpTrustPath  *path,
        GError       **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpProgressBar) bar = NULL;
  g_autofree char *author = NULL;
  ImpTrust *trust = imp_run_get_trust (run);
  g_autoptr(GFile) payload = options.payload != NULL ? g_file_new_for_path (options.payload) : NULL;

  if (options.page.key != NULL &&
      !(author = imp_run_dup_fingerprint (run, options.page.key, error)))
    return NULL;

  bar = imp_run_start_progress (run, _("Reading the payload"), IMP_PROGRESS_BYTES);
  imp_trust_verify_path_async (trust, path, options.log_key, author, payload, imp_progress_bar_cb,
                               bar, imp_run_get_cancellable (run), imp_wait_cb, &wait);
  return imp_trust_verify_path_finish (trust, imp_wait (&wait), error);
}

static void
add_step (JsonBuilder        *builder,
          const ImpTrustStep *step)
{
  json_builder_begin_object (builder);
  imp_json_add_string (builder, "id", step->id);
  imp_json_add_string (builder, "title", step->title);
  imp_json_add_boolean (builder, "passed", step->passed);
  imp_json_add_string (builder, "detail", step->detail);

  json_builder_set_member_name (builder, "computed");
  json_builder_begin_object (builder);
  for (guint i = 0; i < step->computed->len; i++)
    {
      const ImpTrustFact *fact = g_ptr_array_index (step->computed, i);

      imp_json_add_string (builder, fact->id, fact->value);
    }
  json_builder_end_object (builder);

  json_builder_set_member_name (builder, "notProven");
  json_builder_begin_array (builder);
  for (guint i = 0; i < step->unproven->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (step->unproven, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
print_json (GPtrArray *steps)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) node = NULL;

  json_builder_begin_object (builder);
  imp_json_add_boolean (builder, "verified", imp_trust_steps_find_failed (steps) == NULL);
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint i = 0; i < steps->len; i++)
    add_step (builder, g_ptr_array_index (steps, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  node = json_builder_get_root (builder);
  imp_print_json (node);
}

static void
print_step (const ImpTrustStep *step)
{
  g_autofree char *detail = imp_printable (step->detail);

  imp_print ("%s  %s: %s\n", step->passed ? _("passed") : _("FAILED"), step->title, detail);

  for (guint i = 0; i < step->computed->len; i++)
    {
      const ImpTrustFact *fact = g_ptr_array_index (step->computed, i);
      g_autofree char *value = imp_printable (fact->value);

      imp_print ("        %s: %s\n", fact->title, value);
    }

  for (guint i = 0; i < step->unproven->len; i++)
    {
      g_autofree char *sentence = imp_printable (g_ptr_array_index (step->unproven, i));

      imp_print (_("        Not proven: %s\n"), sentence);
    }
}

static void
print_steps (GPtrArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    print_step (g_ptr_array_index (steps, i));
}

static gboolean
conclude (ImpRun     *run,
          GPtrArray  *steps,
          GError    **error)
{
  const ImpTrustStep *failed = imp_trust_steps_find_failed (steps);

  if (failed == NULL)
    return TRUE;

  imp_run_set_failure (run, IMP_EXIT_NOT_VERIFIED, "NOT_VERIFIED");
  g_set_error (error, IMP_ERROR, IMP_ERROR_REFUSED, _("%s: %s"), failed->title, failed->detail);
  return FALSE;
}

static gboolean
run_verify (ImpRun  *run,
            GError **error)
{
  g_autoptr(ImpTrustPath) path = NULL;
  g_autoptr(GPtrArray) steps = NULL;

  if (!check_log_key (error) ||
      !(path = read_path (imp_run_get_argument (run, 0), error)) ||
      !(steps = verify (run, path, error)))
    return FALSE;

  if (imp_run_is_json (run))
    print_json (steps);
  else
    print_steps (steps);

  return conclude (run, steps, error);
}

static ImpTrustPath *
get_path (ImpRun  *run,
          GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autofree char *transaction = NULL;
  ImpTrust *trust = imp_run_get_trust (run);
  ImpAgentClient *client;

  if (!(transaction = imp_page_options_dup_transaction (&options.page, run, error)) ||
      !(client = imp_run_connect (run, error)))
    return NULL;

  imp_trust_get_path_async (trust, client, transaction, imp_run_get_cancellable (run), imp_wait_cb,
                            &wait);
  return imp_trust_get_path_finish (trust, imp_wait (&wait), error);
}

static char *
propose_name (ImpTrustPath *path)
{
  g_autofree char *title = imp_trust_path_dup_title (path);

  return g_strconcat (imp_file_name_canonicalize (title), IMP_TRUST_PATH_SUFFIX, NULL);
}

static void
print_saved_json (const char *name)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) node = NULL;

  json_builder_begin_object (builder);
  imp_json_add_string (builder, "file", name);
  json_builder_end_object (builder);

  node = json_builder_get_root (builder);
  imp_print_json (node);
}

/* A path that does not hold is not worth a file. */
static gboolean
run_prove (ImpRun  *run,
           GError **error)
{
  g_autoptr(ImpTrustPath) path = get_path (run, error);
  g_autoptr(GPtrArray) steps = NULL;
  g_autofree char *name = NULL;

  if (path == NULL ||
      !(steps = imp_trust_path_verify (path, imp_trust_path_get_log_key (path), NULL, NULL, NULL, NULL,
                                       error)) ||
      !conclude (run, steps, error))
    return FALSE;

  if (g_strcmp0 (options.output, "-") == 0)
    {
      imp_print ("%s", imp_trust_path_get_text (path));
      return TRUE;
    }

  name = options.output != NULL ? g_strdup (options.output) : propose_name (path);
  if (!imp_file_write (name, imp_trust_path_get_text (path), options.force, error))
    return FALSE;

  if (imp_run_is_json (run))
    print_saved_json (name);
  else
    imp_print ("%s\n", name);

  return TRUE;
}

static const GOptionEntry verify_options[] = {
  { "payload", 0, 0, G_OPTION_ARG_FILENAME, &options.payload,
    N_("The firmware, to recompute its digest and CID"), N_("FILE") },
  { "log-key", 0, 0, G_OPTION_ARG_STRING, &options.log_key,
    N_("The log’s key that you trust (default: the one in the file)"), N_("KEY") },
  { "key", 'k', 0, G_OPTION_ARG_STRING, &options.page.key,
    N_("The author whom you trust: a key’s name, or a fingerprint (default: anybody)"), N_("KEY") },
  { NULL }
};

static const GOptionEntry prove_options[] = {
  IMP_TARGET_OPTION_ENTRIES (options.page),
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
    N_("Write to this file (default: after class and version)"), N_("FILE") },
  { "force", 'f', 0, G_OPTION_ARG_NONE, &options.force,
    N_("Replace a file that is there"), NULL },
  { NULL }
};

const ImpCommand imp_trust_commands[] = {
  { "update", "prove", "[TRANSACTION]", 0, 1,
    N_("Save an update’s trust path in one file"), prove_options, run_prove },
  { NULL, "verify", "FILE", 1, 1,
    N_("Check a trust path on this machine, without any agent"), verify_options, run_verify },
  { NULL }
};
