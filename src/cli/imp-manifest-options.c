/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-manifest-options.h"

#include <glib/gi18n.h>
#include <string.h>

#include "imp-file.h"
#include "imp-time.h"

static void
set_given (ImpManifestBuilder *builder,
           const char         *key,
           const char         *value)
{
  if (value != NULL)
    imp_manifest_builder_set_string (builder, key, value);
}

static void
set_strings (ImpManifestOptions *self,
             ImpManifestBuilder *builder)
{
  set_given (builder, IMP_MANIFEST_CLASS_ID, self->class_id);
  set_given (builder, IMP_MANIFEST_VERSION_ID, self->version);
  set_given (builder, IMP_MANIFEST_VENDOR_ID, self->vendor);
  set_given (builder, IMP_MANIFEST_STORAGE_LOCATION, self->storage);
  set_given (builder, IMP_MANIFEST_PAYLOAD_FORMAT, self->format);
  set_given (builder, IMP_MANIFEST_PAYLOAD_PROCESSING, self->processing);
  set_given (builder, IMP_MANIFEST_PAYLOAD_INDICATOR, self->indicator);
  set_given (builder, IMP_MANIFEST_ADDITIONAL_INSTRUCTIONS, self->instructions);
  set_given (builder, IMP_MANIFEST_ENCRYPTION_WRAPPER, self->encryption);
  set_given (builder, IMP_MANIFEST_EXPIRATION_TIME, self->expires);
  set_given (builder, IMP_MANIFEST_COMPONENT_IDENTIFIER, self->component);
  set_given (builder, IMP_MANIFEST_PRECURSOR_DIGEST, self->precursor);
}

/* Digits are a number on the wire; a time stays a text. */
static gboolean
set_sequence (ImpManifestBuilder  *builder,
              const char          *text,
              GError             **error)
{
  gint64 number;

  if (strspn (text, "0123456789") != strlen (text) || *text == '\0')
    {
      imp_manifest_builder_set_string (builder, IMP_MANIFEST_SEQUENCE, text);
      return TRUE;
    }

  if (!g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, &number, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("“%s” is too large for a sequence number"), text);
      return FALSE;
    }

  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SEQUENCE, number);
  return TRUE;
}

static void
set_defaults (ImpManifestBuilder *builder,
              const char         *file)
{
  static const char *const none[] = { NULL };
  g_autofree char *name = g_path_get_basename (file);
  g_autofree char *valid = g_utf8_make_valid (name, -1);

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_STORAGE_LOCATION, valid);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_ENCRYPTION_WRAPPER, "");
  imp_manifest_builder_set_strv (builder, IMP_MANIFEST_DEPENDENCIES, none);
}

/**
 * imp_manifest_options_make_builder:
 * @self: what was given
 * @file: the payload’s file
 * @base: (out) (transfer full) (nullable): the manifest that `--manifest` named
 * @error: return location for an error
 *
 * Begins a manifest: with that of `--manifest` or with defaults, and with each option over it.
 * The sequence number is the present time, also over an older manifest, unless one is given.
 *
 * Returns: (transfer full) (nullable): a builder that lacks digest, size and perhaps format
 */
ImpManifestBuilder *
imp_manifest_options_make_builder (ImpManifestOptions  *self,
                                   const char          *file,
                                   ImpManifest        **base,
                                   GError             **error)
{
  g_autoptr(ImpManifestBuilder) builder = NULL;
  g_autoptr(ImpUpdate) update = NULL;

  *base = NULL;
  if (self->manifest != NULL)
    {
      if (!(*base = imp_file_read_manifest (self->manifest, &update, error)))
        return NULL;
      builder = imp_manifest_builder_new_from (*base);
    }
  else
    {
      builder = imp_manifest_builder_new ();
      set_defaults (builder, file);
    }

  set_strings (self, builder);
  if (self->depends != NULL)
    imp_manifest_builder_set_strv (builder, IMP_MANIFEST_DEPENDENCIES,
                                   (const char *const *) self->depends);
  if (self->requires_ != NULL)
    imp_manifest_builder_set_strv (builder, IMP_MANIFEST_REQUIRED_VERSIONS,
                                   (const char *const *) self->requires_);
  if (self->sequence == NULL)
    imp_manifest_builder_set_int (builder, IMP_MANIFEST_SEQUENCE, imp_time_now ());
  else if (!set_sequence (builder, self->sequence, error))
    return NULL;

  return g_steal_pointer (&builder);
}

/**
 * imp_manifest_options_read_sbom:
 * @self: what was given
 * @run: a run
 * @builder: what becomes the manifest
 * @sbom: (out) (transfer full) (nullable): what `--sbom` named
 * @error: return location for an error
 *
 * Reads an SBOM and names it in the manifest.
 *
 * Returns: whether it could be read, if there is one
 */
gboolean
imp_manifest_options_read_sbom (ImpManifestOptions  *self,
                                ImpRun              *run,
                                ImpManifestBuilder  *builder,
                                ImpSbom            **sbom,
                                GError             **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(GFile) file = NULL;
  g_autoptr(JsonNode) node = NULL;

  *sbom = NULL;
  if (self->sbom == NULL)
    return TRUE;

  file = g_file_new_for_commandline_arg (self->sbom);
  imp_sbom_read_async (file, imp_run_get_cancellable (run), imp_wait_cb, &wait);
  if (!(*sbom = imp_sbom_read_finish (imp_wait (&wait), error)))
    {
      g_prefix_error (error, _("“%s”: "), self->sbom);
      return FALSE;
    }

  node = imp_sbom_to_json (*sbom);
  imp_manifest_builder_set_json (builder, IMP_MANIFEST_SBOM, node);
  return TRUE;
}

/**
 * imp_run_read_file_info:
 * @run: a run
 * @path: a payload’s file
 * @error: return location for an error
 *
 * Reads a payload once, with a bar on the terminal.
 *
 * Returns: (transfer full) (nullable): its size, digest and format
 */
ImpFileInfo *
imp_run_read_file_info (ImpRun      *run,
                        const char  *path,
                        GError     **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpProgressBar) bar = imp_run_start_progress (run, _("Reading"), IMP_PROGRESS_BYTES);
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);

  imp_file_info_async (file, imp_run_get_cancellable (run), imp_progress_bar_cb, bar,
                       imp_wait_cb, &wait);
  return imp_file_info_finish (imp_wait (&wait), error);
}
