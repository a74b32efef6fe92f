/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-upload-private.h"

#include "imp-error.h"

#define BLOCK_SIZE (256 * 1024)
#define PIPE_SIZE  (2 * 1024 * 1024)

static void
drained_cb (ImpPipe   *pipe,
            ImpUpload *self)
{
  if (!self->stopped)
    imp_request_release (self->request);
}

/* The payload goes into a pipe, and the request is held while that is full: memory does not grow
 * with the payload, nor with how slow the disk is.
 */
void
imp_upload_begin_payload (ImpUpload *self)
{
  self->payload = imp_pipe_new (PIPE_SIZE);
  self->block = g_byte_array_sized_new (BLOCK_SIZE);
  g_signal_connect_object (self->payload, "drained", G_CALLBACK (drained_cb), self, 0);
  g_signal_emit_by_name (self, "payload-begun", self->payload);
}

static void
push_block (ImpUpload *self)
{
  g_autoptr(GBytes) bytes = NULL;

  if (self->block->len == 0)
    return;

  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&self->block));
  self->block = g_byte_array_sized_new (BLOCK_SIZE);
  imp_pipe_push (self->payload, bytes);

  if (imp_pipe_is_full (self->payload))
    {
      self->waited = TRUE;
      imp_request_hold (self->request);
    }
}

/**
 * imp_upload_write_payload:
 * @self: an upload
 * @data: the next bytes of its payload
 * @size: how many
 * @error: return location for an error
 *
 * Takes bytes of the payload.
 *
 * Returns: whether they were taken, or %IMP_ERROR_PAYLOAD_TOO_LARGE
 */
gboolean
imp_upload_write_payload (ImpUpload     *self,
                          const guint8  *data,
                          gsize          size,
                          GError       **error)
{
  self->payload_size += size;
  if (self->payload_limit > 0 && self->payload_size > self->payload_limit)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_PAYLOAD_TOO_LARGE,
                   "the payload is larger than %" G_GUINT64_FORMAT " bytes", self->payload_limit);
      return FALSE;
    }

  while (size > 0)
    {
      gsize room = BLOCK_SIZE - self->block->len;
      gsize part = MIN (room, size);

      g_byte_array_append (self->block, data, part);
      data += part;
      size -= part;
      if (self->block->len == BLOCK_SIZE)
        push_block (self);
    }

  return TRUE;
}

/**
 * imp_upload_end_payload:
 * @self: an upload whose payload has begun
 *
 * Gives away what is left of the payload, ends its stream and emits “payload-ended”. The other fields
 * may still come.
 */
void
imp_upload_end_payload (ImpUpload *self)
{
  push_block (self);
  g_clear_pointer (&self->block, g_byte_array_unref);
  imp_pipe_end (self->payload, NULL);
  g_signal_emit_by_name (self, "payload-ended");
}
