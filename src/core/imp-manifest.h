/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define IMP_MANIFEST_MAX_SIZE    (1024 * 1024)  /* bytes of JSON text */
#define IMP_MANIFEST_MAX_NAME    255            /* bytes of a class or a version */
#define IMP_SBOM_MAX_SIZE        (8 * 1024 * 1024)  /* bytes of what “sbom” names */

/* The keys, as the reference spells them. */
#define IMP_MANIFEST_VERSION_ID              "versionID"
#define IMP_MANIFEST_SEQUENCE                "monotonicSequenceNumber"
#define IMP_MANIFEST_VENDOR_ID               "vendorID"
#define IMP_MANIFEST_CLASS_ID                "classID"
#define IMP_MANIFEST_PAYLOAD_FORMAT          "payloadFormat"
#define IMP_MANIFEST_PAYLOAD_PROCESSING      "payloadProcessing"
#define IMP_MANIFEST_STORAGE_LOCATION        "storageLocation"
#define IMP_MANIFEST_PAYLOAD_INDICATOR       "payloadIndicator"
#define IMP_MANIFEST_PAYLOAD_DIGEST          "payloadDigest"
#define IMP_MANIFEST_MANIFEST_DIGEST         "manifestDigest"
#define IMP_MANIFEST_SIZE                    "size"
#define IMP_MANIFEST_ADDITIONAL_INSTRUCTIONS "aditionalInstructions"
#define IMP_MANIFEST_DEPENDENCIES            "dependencies"
#define IMP_MANIFEST_ENCRYPTION_WRAPPER      "encryptionWrapper"
#define IMP_MANIFEST_PAYLOAD                 "payload"
#define IMP_MANIFEST_EXPIRATION_TIME         "expirationTime"
#define IMP_MANIFEST_COMPONENT_IDENTIFIER    "componentIdentifier"
#define IMP_MANIFEST_REQUIRED_VERSIONS       "requiredImageVersionList"
#define IMP_MANIFEST_PRECURSOR_DIGEST        "precursorImageDigest"
#define IMP_MANIFEST_TEXT                    "manifestText"
#define IMP_MANIFEST_SBOM                    "sbom"

#define IMP_TYPE_MANIFEST (imp_manifest_get_type ())
G_DECLARE_FINAL_TYPE (ImpManifest, imp_manifest, IMP, MANIFEST, GObject)

/* The software bill of materials that a manifest names. */
typedef struct
{
  const char *format;
  const char *digest;  /* SHA-384, hex */
  const char *cid;
} ImpSbomReference;

ImpManifest       *imp_manifest_new_from_json             (JsonNode     *node,
                                                           GError      **error);
ImpManifest       *imp_manifest_new_from_text             (const char   *text,
                                                           gssize        length,
                                                           GError      **error);

JsonNode          *imp_manifest_to_json                   (ImpManifest  *self);
char              *imp_manifest_canonicalize              (ImpManifest  *self);
char              *imp_manifest_compute_digest            (ImpManifest  *self);

const char        *imp_manifest_get_version               (ImpManifest  *self);
gint64             imp_manifest_get_sequence              (ImpManifest  *self);
const char        *imp_manifest_get_vendor_id             (ImpManifest  *self);
const char        *imp_manifest_get_class_id              (ImpManifest  *self);
const char        *imp_manifest_get_payload_format        (ImpManifest  *self);
const char        *imp_manifest_get_storage_location      (ImpManifest  *self);
const char        *imp_manifest_get_payload_digest        (ImpManifest  *self);
const char        *imp_manifest_get_manifest_digest       (ImpManifest  *self);
guint64            imp_manifest_get_size                  (ImpManifest  *self);
const char *const *imp_manifest_get_dependencies          (ImpManifest  *self);
gint64             imp_manifest_get_expiration_time       (ImpManifest  *self);
const char        *imp_manifest_get_precursor_digest      (ImpManifest  *self);
const ImpSbomReference *imp_manifest_get_sbom             (ImpManifest  *self);
const char        *imp_manifest_get_string                (ImpManifest  *self,
                                                           const char   *key);

gboolean           imp_manifest_check_field               (const char   *key,
                                                           const char   *value,
                                                           GError      **error);

/* A manifest that is being made. */
typedef struct _ImpManifestBuilder ImpManifestBuilder;

ImpManifestBuilder *imp_manifest_builder_new              (void);
ImpManifestBuilder *imp_manifest_builder_new_from         (ImpManifest        *base);
void                imp_manifest_builder_free             (ImpManifestBuilder *self);
void                imp_manifest_builder_set_string       (ImpManifestBuilder *self,
                                                           const char         *key,
                                                           const char         *value);
void                imp_manifest_builder_set_int          (ImpManifestBuilder *self,
                                                           const char         *key,
                                                           gint64              value);
void                imp_manifest_builder_set_strv         (ImpManifestBuilder *self,
                                                           const char         *key,
                                                           const char *const  *values);
void                imp_manifest_builder_set_json         (ImpManifestBuilder *self,
                                                           const char         *key,
                                                           JsonNode           *value);
ImpManifest        *imp_manifest_builder_end              (ImpManifestBuilder *self,
                                                           GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpManifestBuilder, imp_manifest_builder_free)

G_END_DECLS
