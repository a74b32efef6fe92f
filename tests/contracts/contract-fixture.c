/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "contract-fixture.h"

#include <string.h>

#include "imp-cid.h"
#include "imp-digest.h"
#include "imp-error.h"

struct _TestState
{
  GObject parent_instance;

  GTree     *values;       /* (owned) key -> GPtrArray of ImpStateVersion, oldest first */
  GPtrArray *writes;       /* (owned) ImpStateEntry, of the transaction that runs */
  char      *transaction;  /* (owned) */
  gint64     time;
  guint      n_transactions;
};

static void test_state_iface_init (ImpWorldStateInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestState, test_state, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (IMP_TYPE_WORLD_STATE, test_state_iface_init))

static gboolean
test_state_get (ImpWorldState  *state,
                const char     *key,
                char          **value,
                GError        **error)
{
  GPtrArray *versions = g_tree_lookup (TEST_STATE (state)->values, key);

  if (versions != NULL)
    *value = g_strdup (((ImpStateVersion *) g_ptr_array_index (versions, versions->len - 1))->value);

  return TRUE;
}

static gboolean
test_state_put (ImpWorldState  *state,
                const char     *key,
                const char     *value,
                GError        **error)
{
  g_ptr_array_add (TEST_STATE (state)->writes, imp_state_entry_new (key, value));

  return TRUE;
}

static GPtrArray *
test_state_range (ImpWorldState  *state,
                  const char     *start,
                  const char     *end,
                  guint           limit,
                  GError        **error)
{
  g_assert_not_reached ();
}

static GPtrArray *
test_state_history (ImpWorldState  *state,
                    const char     *key,
                    GError        **error)
{
  GPtrArray *history = g_ptr_array_new_with_free_func ((GDestroyNotify) imp_state_version_free);
  GPtrArray *versions = g_tree_lookup (TEST_STATE (state)->values, key);

  for (guint i = versions != NULL ? versions->len : 0; i > 0; i--)
    {
      ImpStateVersion *version = g_ptr_array_index (versions, i - 1);

      g_ptr_array_add (history, imp_state_version_new (version->transaction, version->time, version->value));
    }

  return history;
}

static const char *
test_state_get_transaction (ImpWorldState *state)
{
  return TEST_STATE (state)->transaction;
}

static gint64
test_state_get_time (ImpWorldState *state)
{
  return TEST_STATE (state)->time;
}

static void
test_state_iface_init (ImpWorldStateInterface *iface)
{
  iface->get = test_state_get;
  iface->put = test_state_put;
  iface->range = test_state_range;
  iface->history = test_state_history;
  iface->get_transaction = test_state_get_transaction;
  iface->get_time = test_state_get_time;
}

static void
test_state_finalize (GObject *object)
{
  TestState *self = TEST_STATE (object);

  g_tree_unref (self->values);
  g_ptr_array_unref (self->writes);
  g_free (self->transaction);

  G_OBJECT_CLASS (test_state_parent_class)->finalize (object);
}

static void
test_state_class_init (TestStateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_state_finalize;
}

static int
compare_keys (gconstpointer a,
              gconstpointer b,
              gpointer      user_data)
{
  return strcmp (a, b);
}

static void
test_state_init (TestState *self)
{
  self->values = g_tree_new_full (compare_keys, NULL, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->writes = g_ptr_array_new_with_free_func ((GDestroyNotify) imp_state_entry_free);
}

TestState *
test_state_new (void)
{
  return g_object_new (TEST_TYPE_STATE, NULL);
}

/* Begins a transaction; writes of one before that were not committed are gone. */
void
test_state_begin (TestState *self,
                  gint64     time)
{
  g_ptr_array_set_size (self->writes, 0);
  g_free (self->transaction);
  self->transaction = g_strdup_printf ("%064x", ++self->n_transactions);
  self->time = time;
}

GPtrArray *
test_state_get_writes (TestState *self)
{
  return self->writes;
}

void
test_state_commit (TestState *self)
{
  for (guint i = 0; i < self->writes->len; i++)
    {
      ImpStateEntry *entry = g_ptr_array_index (self->writes, i);
      GPtrArray *versions = g_tree_lookup (self->values, entry->key);

      if (versions == NULL)
        {
          versions = g_ptr_array_new_with_free_func ((GDestroyNotify) imp_state_version_free);
          g_tree_insert (self->values, g_strdup (entry->key), versions);
        }
      g_ptr_array_add (versions, imp_state_version_new (self->transaction, self->time, entry->value));
    }

  g_ptr_array_set_size (self->writes, 0);
}

struct _TestPayloads
{
  GObject parent_instance;

  GMutex      lock;
  GHashTable *payloads;  /* (owned) CID -> GBytes */
  gboolean    broken;
};

static void test_payloads_iface_init (ImpPayloadReaderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestPayloads, test_payloads, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (IMP_TYPE_PAYLOAD_READER, test_payloads_iface_init))

static char *
digest_payload (GBytes             *payload,
                ImpPayloadEncoding  encoding)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (payload, &size);
  g_autofree char *base64 = NULL;

  if (encoding == IMP_PAYLOAD_RAW)
    return imp_digest_hex (IMP_DIGEST_SHA384, data, size);

  base64 = g_base64_encode (data, size);
  return imp_digest_hex (IMP_DIGEST_SHA384, base64, strlen (base64));
}

static gboolean
test_payloads_get_digest (ImpPayloadReader    *reader,
                          const char          *cid,
                          ImpPayloadEncoding   encoding,
                          char               **digest,
                          guint64             *size,
                          GError             **error)
{
  TestPayloads *self = TEST_PAYLOADS (reader);
  G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GBytes *payload = g_hash_table_lookup (self->payloads, cid);

  if (payload == NULL || self->broken)
    {
      g_set_error (error, IMP_ERROR, self->broken ? IMP_ERROR_STORE_UNAVAILABLE : IMP_ERROR_NOT_FOUND,
                   "it cannot be read");
      return FALSE;
    }

  *digest = digest_payload (payload, encoding);
  *size = g_bytes_get_size (payload);
  return TRUE;
}

static void
test_payloads_iface_init (ImpPayloadReaderInterface *iface)
{
  iface->get_digest = test_payloads_get_digest;
}

static void
test_payloads_finalize (GObject *object)
{
  TestPayloads *self = TEST_PAYLOADS (object);

  g_hash_table_unref (self->payloads);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (test_payloads_parent_class)->finalize (object);
}

static void
test_payloads_class_init (TestPayloadsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_payloads_finalize;
}

static void
test_payloads_init (TestPayloads *self)
{
  self->payloads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) g_bytes_unref);
  g_mutex_init (&self->lock);
}

TestPayloads *
test_payloads_new (void)
{
  return g_object_new (TEST_TYPE_PAYLOADS, NULL);
}

/* Gives the name that a store would give a payload of one block. */
char *
test_payloads_add (TestPayloads *self,
                   const void   *data,
                   gsize         size)
{
  guint8 sha256[IMP_SHA256_SIZE];
  g_autoptr(ImpCid) cid = NULL;

  imp_digest_compute (IMP_DIGEST_SHA256, data, size, sha256);
  cid = imp_cid_new (1, IMP_CODEC_RAW, sha256);

  g_mutex_lock (&self->lock);
  g_hash_table_replace (self->payloads, g_strdup (imp_cid_get_string (cid)), g_bytes_new (data, size));
  g_mutex_unlock (&self->lock);

  return g_strdup (imp_cid_get_string (cid));
}

void
test_payloads_remove (TestPayloads *self,
                      const char   *cid)
{
  g_mutex_lock (&self->lock);
  g_hash_table_remove (self->payloads, cid);
  g_mutex_unlock (&self->lock);
}

void
test_payloads_break (TestPayloads *self,
                     gboolean      broken)
{
  g_mutex_lock (&self->lock);
  self->broken = broken;
  g_mutex_unlock (&self->lock);
}

char **
test_make_petition (ImpKey     *author,
                    const char *message)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *signature = imp_key_sign_text (author, message, &error);
  const char *arguments[] = { message, signature, imp_key_get_public_pem (author), NULL };

  g_assert_no_error (error);
  return g_strdupv ((char **) arguments);
}

ImpManifestBuilder *
test_make_builder (const char *class_id,
                   const char *version,
                   gint64      sequence,
                   const void *payload,
                   gsize       size)
{
  static const char *const none[] = { NULL };
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA384, payload, size);
  ImpManifestBuilder *builder = imp_manifest_builder_new ();

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VERSION_ID, version);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SEQUENCE, sequence);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VENDOR_ID, "Vendor_1");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_CLASS_ID, class_id);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_FORMAT, "bin");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_STORAGE_LOCATION, "./updates");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_DIGEST, digest);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SIZE, size);
  imp_manifest_builder_set_strv (builder, IMP_MANIFEST_DEPENDENCIES, none);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_ENCRYPTION_WRAPPER, "");

  return builder;
}

/* Takes @builder. */
ImpUpdate *
test_sign_update (ImpManifestBuilder *builder,
                  ImpKey             *author)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpManifest) manifest = imp_manifest_builder_end (builder, &error);
  ImpUpdate *update;

  g_assert_no_error (error);
  imp_manifest_builder_free (builder);

  update = imp_update_sign (manifest, author, &error);
  g_assert_no_error (error);

  return update;
}

char **
test_make_update (const char *token,
                  ImpUpdate  *update,
                  const char *cid)
{
  g_autofree char *manifest = imp_manifest_canonicalize (imp_update_get_manifest (update));
  const char *arguments[] = {
    token, manifest, imp_update_get_author_sign (update),
    imp_update_get_author_manifest_sign (update), cid, NULL,
  };

  return g_strdupv ((char **) arguments);
}

/* What the reference implementation's libraries produced. */
JsonObject *
test_load_reference (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "reference.json", NULL);
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);

  return json_node_dup_object (json_parser_get_root (parser));
}

/* The payload of one of its updates: byte i = (i² + 7i + seed) mod 251. */
GBytes *
test_make_payload (JsonObject *update)
{
  JsonObject *payload = json_object_get_object_member (update, "payload");
  guint64 size = json_object_get_int_member (payload, "size");
  guint64 seed = json_object_get_int_member (payload, "seed");
  guint8 *data = g_malloc (size + 1);

  for (guint64 i = 0; i < size; i++)
    data[i] = (i * i + 7 * i + seed) % 251;

  return g_bytes_new_take (data, size);
}
