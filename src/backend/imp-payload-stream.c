/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-payload-stream.h"

#include <string.h>

#include "imp-digest-thread.h"

#define BLOCK_SIZE (256 * 1024)

/**
 * ImpPayloadStream:
 *
 * A firmware file as a stream that is hashed while it passes.
 *
 * The file is read in large blocks, whatever its reader asks for, and each block is hashed in
 * another thread while it is sent: reading, hashing and sending overlap, and nothing is read twice.
 */
struct _ImpPayloadStream
{
  GInputStream parent_instance;

  ImpFirmwareFile *file;       /* (owned) */
  ImpDigestThread *digest;     /* (owned) */
  ImpPayloadFunc   func;
  gpointer         user_data;  /* (unowned) */

  const guint8    *block;      /* lent by digest */
  gsize            size;
  gsize            offset;
  guint64          done;
  GError          *error;      /* (owned) (nullable): why the file could not be read */
};

G_DEFINE_FINAL_TYPE (ImpPayloadStream, imp_payload_stream, G_TYPE_INPUT_STREAM)

static gboolean
read_block (ImpPayloadStream  *self,
            GCancellable      *cancellable,
            GError           **error)
{
  guint8 *block = imp_digest_thread_get_buffer (self->digest);
  gssize n_read;

  g_clear_error (&self->error);
  n_read = imp_firmware_file_read (self->file, block, BLOCK_SIZE, cancellable, &self->error);
  if (n_read < 0)
    {
      g_propagate_error (error, g_error_copy (self->error));
      return FALSE;
    }

  if (n_read > 0)
    imp_digest_thread_push (self->digest, n_read);
  self->block = block;
  self->size = n_read;
  self->offset = 0;
  return TRUE;
}

static gssize
imp_payload_stream_read (GInputStream  *stream,
                         void          *buffer,
                         gsize          count,
                         GCancellable  *cancellable,
                         GError       **error)
{
  ImpPayloadStream *self = IMP_PAYLOAD_STREAM (stream);
  gsize n;

  if (self->offset == self->size && !read_block (self, cancellable, error))
    return -1;

  n = MIN (count, self->size - self->offset);
  memcpy (buffer, self->block + self->offset, n);
  self->offset += n;
  self->done += n;
  if (self->offset == self->size && n > 0)
    self->func (self->done, self->user_data);

  return n;
}

static void
imp_payload_stream_finalize (GObject *object)
{
  ImpPayloadStream *self = IMP_PAYLOAD_STREAM (object);

  imp_digest_thread_free (self->digest);
  imp_firmware_file_free (self->file);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (imp_payload_stream_parent_class)->finalize (object);
}

static void
imp_payload_stream_class_init (ImpPayloadStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_payload_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = imp_payload_stream_read;
}

static void
imp_payload_stream_init (ImpPayloadStream *self)
{
  self->digest = imp_digest_thread_new (IMP_DIGEST_SHA384, BLOCK_SIZE);
}

/**
 * imp_payload_stream_new:
 * @file: (transfer full): an open file
 * @func: told how many bytes have passed
 * @user_data: data for @func
 *
 * Returns: (transfer full): a stream
 */
ImpPayloadStream *
imp_payload_stream_new (ImpFirmwareFile *file,
                        ImpPayloadFunc   func,
                        gpointer         user_data)
{
  ImpPayloadStream *self = g_object_new (IMP_TYPE_PAYLOAD_STREAM, NULL);

  self->file = file;
  self->func = func;
  self->user_data = user_data;

  return self;
}

/**
 * imp_payload_stream_get_error:
 * @self: a stream
 *
 * Says why the file could not be read on, before others wrapped it in their own words.
 *
 * Returns: (nullable): the error
 */
const GError *
imp_payload_stream_get_error (ImpPayloadStream *self)
{
  g_return_val_if_fail (IMP_IS_PAYLOAD_STREAM (self), NULL);

  return self->error;
}

/**
 * imp_payload_stream_finish:
 * @self: a stream from which as many bytes were read as its file had at first
 * @error: return location for an error
 *
 * Makes sure that the file ends here and was not written to meanwhile.
 *
 * Returns: (transfer full) (nullable): the SHA-384 of what passed, in hexadecimal digits, or `NULL`
 *   with `G_IO_ERROR_BUSY`
 */
char *
imp_payload_stream_finish (ImpPayloadStream  *self,
                           GError           **error)
{
  guint8 byte;

  g_return_val_if_fail (IMP_IS_PAYLOAD_STREAM (self), NULL);

  /* What is there beyond the length that was announced is refused by the file itself. */
  if (imp_firmware_file_read (self->file, &byte, 1, NULL, error) < 0)
    return NULL;

  return imp_digest_thread_finish_hex (self->digest);
}
