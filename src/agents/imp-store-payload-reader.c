/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-store-payload-reader.h"

#include "imp-base64-digest.h"
#include "imp-error.h"

#define BUFFER_SIZE (256 * 1024)

/**
 * ImpStorePayloadReader:
 *
 * Answers a contract with what the store computed while it wrote the payload; only the digest over
 * base64, which the reference signs of a file, costs another reading.
 */
struct _ImpStorePayloadReader
{
  GObject parent_instance;

  ImpStore *store;  /* (owned) */
};

static void imp_store_payload_reader_iface_init (ImpPayloadReaderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpStorePayloadReader, imp_store_payload_reader, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (IMP_TYPE_PAYLOAD_READER,
                                                      imp_store_payload_reader_iface_init))

static char *
compute_base64_digest (ImpStore      *store,
                       const ImpCid  *cid,
                       GError       **error)
{
  g_autoptr(GInputStream) stream = imp_store_open (store, cid, NULL, error);
  g_autoptr(ImpBase64Digest) digest = imp_base64_digest_new ();
  g_autofree guint8 *buffer = g_malloc (BUFFER_SIZE);
  gssize size;

  if (stream == NULL)
    return NULL;

  while ((size = g_input_stream_read (stream, buffer, BUFFER_SIZE, NULL, error)) > 0)
    imp_base64_digest_update (digest, buffer, size);

  return size < 0 ? NULL : imp_base64_digest_finish_hex (digest);
}

static gboolean
imp_store_payload_reader_get_digest (ImpPayloadReader    *reader,
                                     const char          *text,
                                     ImpPayloadEncoding   encoding,
                                     char               **digest,
                                     guint64             *size,
                                     GError             **error)
{
  ImpStorePayloadReader *self = IMP_STORE_PAYLOAD_READER (reader);
  g_autoptr(ImpCid) cid = imp_cid_new_from_string (text, error);
  g_autoptr(ImpPayloadInfo) info = NULL;

  if (cid == NULL || !(info = imp_store_get_info (self->store, cid, NULL, error)))
    return FALSE;

  *size = info->size;
  if (encoding == IMP_PAYLOAD_RAW)
    *digest = g_steal_pointer (&info->sha384);
  else
    *digest = compute_base64_digest (self->store, cid, error);

  return *digest != NULL;
}

static void
imp_store_payload_reader_iface_init (ImpPayloadReaderInterface *iface)
{
  iface->get_digest = imp_store_payload_reader_get_digest;
}

static void
imp_store_payload_reader_finalize (GObject *object)
{
  g_object_unref (IMP_STORE_PAYLOAD_READER (object)->store);

  G_OBJECT_CLASS (imp_store_payload_reader_parent_class)->finalize (object);
}

static void
imp_store_payload_reader_class_init (ImpStorePayloadReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_store_payload_reader_finalize;
}

static void
imp_store_payload_reader_init (ImpStorePayloadReader *self)
{
}

/**
 * imp_store_payload_reader_new:
 * @store: a store
 *
 * Makes a reader of @store.
 *
 * Returns: (transfer full): the reader
 */
ImpPayloadReader *
imp_store_payload_reader_new (ImpStore *store)
{
  ImpStorePayloadReader *self = g_object_new (IMP_TYPE_STORE_PAYLOAD_READER, NULL);

  self->store = g_object_ref (store);
  return IMP_PAYLOAD_READER (self);
}
