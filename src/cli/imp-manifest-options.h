/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-file-info.h"
#include "imp-manifest.h"
#include "imp-run.h"
#include "imp-sbom.h"

G_BEGIN_DECLS

/* The fields of a manifest as options; NULL where not given. */
typedef struct
{
  char  *manifest;
  char  *class_id;
  char  *version;
  char  *vendor;
  char  *sequence;
  char **depends;
  char  *storage;
  char  *format;
  char  *processing;
  char  *indicator;
  char  *instructions;
  char  *encryption;
  char  *expires;
  char  *component;
  char **requires_;
  char  *precursor;
  char  *sbom;
} ImpManifestOptions;

#define IMP_MANIFEST_OPTION_ENTRIES(o) \
  { "manifest", 'm', 0, G_OPTION_ARG_FILENAME, &(o).manifest, \
    N_("Begin with the fields of this manifest"), N_("FILE") }, \
  { "class", 0, 0, G_OPTION_ARG_STRING, &(o).class_id, \
    N_("Class ID of the devices that it is for"), N_("CLASS") }, \
  { "version", 0, 0, G_OPTION_ARG_STRING, &(o).version, \
    N_("Version of the update"), N_("VERSION") }, \
  { "vendor", 0, 0, G_OPTION_ARG_STRING, &(o).vendor, \
    N_("Vendor ID"), N_("VENDOR") }, \
  { "sequence", 0, 0, G_OPTION_ARG_STRING, &(o).sequence, \
    N_("Sequence number, or a time (default: now, in milliseconds)"), N_("N") }, \
  { "depends", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(o).depends, \
    N_("A version that must be installed; may be repeated"), N_("[CLASS:]VERSION") }, \
  { "storage", 0, 0, G_OPTION_ARG_STRING, &(o).storage, \
    N_("Where the device stores it (default: the file’s name)"), N_("LOCATION") }, \
  { "format", 0, 0, G_OPTION_ARG_STRING, &(o).format, \
    N_("Payload format (default: found out)"), N_("FORMAT") }, \
  { "processing", 0, 0, G_OPTION_ARG_STRING, &(o).processing, \
    N_("Processing steps"), N_("TEXT") }, \
  { "indicator", 0, 0, G_OPTION_ARG_STRING, &(o).indicator, \
    N_("Another place to fetch it from"), N_("URI") }, \
  { "instructions", 0, 0, G_OPTION_ARG_STRING, &(o).instructions, \
    N_("Additional installation instructions"), N_("TEXT") }, \
  { "encryption", 0, 0, G_OPTION_ARG_STRING, &(o).encryption, \
    N_("Encryption wrapper (default: none)"), N_("TEXT") }, \
  { "expires", 0, 0, G_OPTION_ARG_STRING, &(o).expires, \
    N_("Until when it may be installed (ISO 8601, UTC)"), N_("TIME") }, \
  { "component", 0, 0, G_OPTION_ARG_STRING, &(o).component, \
    N_("Component identifier"), N_("COMPONENT") }, \
  { "requires", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(o).requires_, \
    N_("A version that it can be installed over; may be repeated"), N_("VERSION") }, \
  { "precursor", 0, 0, G_OPTION_ARG_STRING, &(o).precursor, \
    N_("SHA-384 of the image that it can be installed over"), N_("DIGEST") }, \
  { "sbom", 0, 0, G_OPTION_ARG_FILENAME, &(o).sbom, \
    N_("Its software bill of materials (SPDX or CycloneDX)"), N_("FILE") }

/* The builder, and where --manifest was given what it began with. */
ImpManifestBuilder *imp_manifest_options_make_builder (ImpManifestOptions  *self,
                                                       const char          *file,
                                                       ImpManifest        **base,
                                                       GError             **error);
/* What --sbom named, put into the manifest; TRUE without @sbom where it was not given. */
gboolean            imp_manifest_options_read_sbom    (ImpManifestOptions  *self,
                                                       ImpRun              *run,
                                                       ImpManifestBuilder  *builder,
                                                       ImpSbom            **sbom,
                                                       GError             **error);
ImpFileInfo        *imp_run_read_file_info            (ImpRun              *run,
                                                       const char          *path,
                                                       GError             **error);

G_END_DECLS
