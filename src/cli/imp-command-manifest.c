/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-command.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#include "imp-error.h"
#include "imp-file.h"
#include "imp-manifest-options.h"
#include "imp-output.h"
#include "imp-run-keys.h"
#include "imp-verdicts.h"

static struct
{
  ImpManifestOptions  fields;
  char               *key;
  char               *public_key;
  char               *payload;
  char               *output;
  gboolean            force;
} options;

/* To the file that was asked for, or else to standard output. */
static gboolean
deliver (ImpRun    *run,
         JsonNode  *node,
         GError   **error)
{
  g_autofree char *text = imp_manifest_file_print (node);

  if (options.output == NULL)
    {
      if (imp_run_is_json (run))
        imp_print_json (node);
      else
        imp_print ("%s", text);
      return TRUE;
    }

  if (!imp_file_write (options.output, text, options.force, error))
    return FALSE;

  if (imp_run_is_json (run))
    imp_print_json (node);
  else
    imp_run_note (run, _("Wrote “%s”"), options.output);

  return TRUE;
}

static void
set_payload (ImpManifestBuilder *builder,
             ImpFileInfo        *info)
{
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_DIGEST, info->sha384);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SIZE, info->size);
  if (options.fields.format == NULL)
    imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_FORMAT, info->format_id);
}

static gboolean
run_new (ImpRun  *run,
         GError **error)
{
  const char *path = imp_run_get_argument (run, 0);
  g_autoptr(ImpManifestBuilder) builder = NULL;
  g_autoptr(ImpManifest) base = NULL;
  g_autoptr(ImpManifest) manifest = NULL;
  g_autoptr(ImpFileInfo) info = NULL;
  g_autoptr(ImpSbom) sbom = NULL;
  g_autoptr(JsonNode) node = NULL;

  if (options.fields.manifest == NULL &&
      (options.fields.class_id == NULL || options.fields.version == NULL))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                           _("A manifest needs --class and --version"));
      return FALSE;
    }

  if ((options.output != NULL && !imp_file_check_absent (options.output, options.force, error)) ||
      !(builder = imp_manifest_options_make_builder (&options.fields, path, &base, error)) ||
      !imp_manifest_options_read_sbom (&options.fields, run, builder, &sbom, error) ||
      !(info = imp_run_read_file_info (run, path, error)))
    return FALSE;

  set_payload (builder, info);
  if (!(manifest = imp_manifest_builder_end (builder, error)))
    {
      /* No contract was asked: an option’s value is wrong. */
      imp_run_set_failure (run, IMP_EXIT_FAILED, NULL);
      return FALSE;
    }

  node = imp_manifest_to_json (manifest);
  return deliver (run, node, error);
}

static void
check_digest (ImpVerdicts *verdicts,
              ImpManifest *manifest)
{
  g_autofree char *digest = imp_manifest_compute_digest (manifest);
  gboolean passed = g_strcmp0 (digest, imp_manifest_get_manifest_digest (manifest)) == 0;

  imp_verdicts_add (verdicts, "manifest-digest", _("Manifest digest"), passed,
                    passed ? digest : _("the manifest was changed after its digest was computed"));
}

static void
check_signatures (ImpVerdicts *verdicts,
                  ImpUpdate   *update,
                  ImpKey      *author)
{
  g_autoptr(GError) error = NULL;

  imp_verdicts_take (verdicts, "manifest-signature", _("Signature of the manifest"),
                     imp_update_verify_manifest (update, author, &error), &error);
  imp_verdicts_take (verdicts, "payload-signature", _("Signature of the payload digest"),
                     imp_update_verify_payload_sign (update, author, &error), &error);
}

static void
check_payload (ImpVerdicts *verdicts,
               ImpManifest *manifest,
               ImpFileInfo *info)
{
  g_autofree char *size = g_strdup_printf (_("%" PRIu64 " bytes, the manifest says %" PRIu64),
                                           info->size, imp_manifest_get_size (manifest));
  gboolean passed = g_strcmp0 (info->sha384, imp_manifest_get_payload_digest (manifest)) == 0;

  imp_verdicts_add (verdicts, "size", _("Payload size"),
                    info->size == imp_manifest_get_size (manifest), size);
  imp_verdicts_add (verdicts, "payload", _("Payload digest"), passed,
                    passed ? info->sha384 : _("the payload is not the one that the manifest is for"));
}

/* The key to hold signatures to: (nullable) when none was given. */
static gboolean
get_author (ImpRun  *run,
            ImpKey **author,
            GError **error)
{
  g_autoptr(ImpKeyringItem) item = NULL;

  *author = NULL;
  if (options.public_key != NULL)
    return (*author = imp_file_read_public_key (options.public_key, error)) != NULL;
  if (options.key == NULL)
    return TRUE;
  if (!(item = imp_run_find_key (run, options.key, error)))
    return FALSE;

  *author = imp_key_new_from_pem (imp_keyring_item_get_public_pem (item), -1, NULL, error);
  return *author != NULL;
}

static gboolean
run_check (ImpRun  *run,
           GError **error)
{
  g_autoptr(ImpVerdicts) verdicts = imp_verdicts_new ();
  g_autoptr(ImpManifest) manifest = NULL;
  g_autoptr(ImpUpdate) update = NULL;
  g_autoptr(ImpFileInfo) info = NULL;
  g_autoptr(ImpKey) author = NULL;

  if (!get_author (run, &author, error))
    return FALSE;
  if (!(manifest = imp_file_read_manifest (imp_run_get_argument (run, 0), &update, error)))
    {
      if ((*error)->domain == IMP_ERROR)
        imp_run_set_failure (run, IMP_EXIT_NOT_VERIFIED, NULL);
      return FALSE;
    }

  if (author != NULL && update == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   _("“%s” is not signed, so there is nothing to check with a key"),
                   imp_run_get_argument (run, 0));
      return FALSE;
    }

  if (options.payload != NULL && !(info = imp_run_read_file_info (run, options.payload, error)))
    return FALSE;

  imp_verdicts_add (verdicts, "format", _("Format"), TRUE,
                    update != NULL ? _("a signed update") : _("a manifest"));
  check_digest (verdicts, manifest);
  if (author != NULL)
    check_signatures (verdicts, update, author);
  if (info != NULL)
    check_payload (verdicts, manifest, info);

  imp_verdicts_print (verdicts, run, NULL);
  return imp_verdicts_conclude (verdicts, run, error);
}

static gboolean
run_sign (ImpRun  *run,
          GError **error)
{
  g_autoptr(ImpKeyringItem) item = NULL;
  g_autoptr(ImpManifest) manifest = NULL;
  g_autoptr(ImpUpdate) earlier = NULL;
  g_autoptr(ImpUpdate) update = NULL;
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *digest = NULL;

  if ((options.output != NULL && !imp_file_check_absent (options.output, options.force, error)) ||
      !(item = imp_run_find_key (run, options.key, error)))
    return FALSE;

  /* Whatever is wrong from here on, no contract was asked. */
  imp_run_set_failure (run, IMP_EXIT_NOT_VERIFIED, NULL);
  if (!(manifest = imp_file_read_manifest (imp_run_get_argument (run, 0), &earlier, error)))
    {
      if ((*error)->domain != IMP_ERROR)
        imp_run_set_failure (run, IMP_EXIT_DONE, NULL);
      return FALSE;
    }

  digest = imp_manifest_compute_digest (manifest);
  if (g_strcmp0 (digest, imp_manifest_get_manifest_digest (manifest)) != 0)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MANIFEST_NOT_VERIFIABLE,
                   _("“%s” was changed after its digest was computed; make it anew with “manifest "
                     "new --manifest”"), imp_run_get_argument (run, 0));
      return FALSE;
    }

  imp_run_set_failure (run, IMP_EXIT_DONE, NULL);
  if (!(key = imp_run_open_key (run, item, error)) ||
      !(update = imp_update_sign (manifest, key, error)))
    return FALSE;

  node = imp_update_to_json (update);
  return deliver (run, node, error);
}

#define OUTPUT_OPTIONS \
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, \
    N_("Write to this file"), N_("FILE") }, \
  { "force", 'f', 0, G_OPTION_ARG_NONE, &options.force, \
    N_("Replace a file that is there"), NULL }

static const GOptionEntry new_options[] = {
  IMP_MANIFEST_OPTION_ENTRIES (options.fields),
  OUTPUT_OPTIONS,
  { NULL }
};

static const GOptionEntry check_options[] = {
  { "payload", 0, 0, G_OPTION_ARG_FILENAME, &options.payload,
    N_("Check that it is for this payload"), N_("FILE") },
  { "key", 'k', 0, G_OPTION_ARG_STRING, &options.key,
    N_("Check the signatures with this key of the keyring"), N_("KEY") },
  { "public-key", 0, 0, G_OPTION_ARG_FILENAME, &options.public_key,
    N_("Check the signatures with the public key in this PEM file"), N_("FILE") },
  { NULL }
};

static const GOptionEntry sign_options[] = {
  { "key", 'k', 0, G_OPTION_ARG_STRING, &options.key,
    N_("The key to sign with: its name or fingerprint (default: the only one)"), N_("KEY") },
  OUTPUT_OPTIONS,
  { NULL }
};

const ImpCommand imp_manifest_commands[] = {
  { "manifest", "new", "FILE", 1, 1, N_("Write the manifest of a payload"),
    new_options, run_new },
  { "manifest", "check", "FILE", 1, 1, N_("Check a manifest or a signed update"),
    check_options, run_check },
  { "manifest", "sign", "FILE", 1, 1, N_("Sign a manifest"),
    sign_options, run_sign },
  { NULL }
};
