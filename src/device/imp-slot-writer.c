/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE  /* O_NOFOLLOW */

#include "imp-device-folder-private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "imp-digest.h"
#include "imp-flusher.h"

/* A multiple of three, so that base64 needs no padding before the end. */
#define READ_SIZE (192 * 1024)

/**
 * ImpSlotWriter:
 *
 * A slot that is being written.
 *
 * It is written over what was in it, which is nothing that anyone runs, and is cut to its new size at
 * the end, so that nothing is left behind the image. Freed before it is kept, it is removed.
 */
struct _ImpSlotWriter
{
  ImpDeviceFolder *folder;
  char            *name;     /* (owned) */
  int              fd;
  guint64          size;
  ImpFlusher      *flusher;  /* (owned) */
  gboolean         kept;
};

/**
 * imp_slot_get_name:
 * @slot: `a` or `b`
 *
 * Returns: (transfer full): what the slot's file is called in the device's folder
 */
char *
imp_slot_get_name (char slot)
{
  return g_strdup_printf ("slot-%c.img", slot);
}

/**
 * imp_slot_writer_new:
 * @folder: a device's folder
 * @slot: the idle slot
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): a writer, or `NULL` with @error set
 */
ImpSlotWriter *
imp_slot_writer_new (ImpDeviceFolder  *folder,
                     char              slot,
                     GError          **error)
{
  g_autoptr(ImpSlotWriter) self = g_new0 (ImpSlotWriter, 1);

  self->folder = folder;
  self->name = imp_slot_get_name (slot);
  self->fd = -1;

  if (!imp_device_folder_step (folder, error))
    return NULL;

  self->fd = openat (imp_device_folder_get_fd (folder), self->name,
                     O_CREAT | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (self->fd < 0)
    {
      imp_device_set_file_error (error, errno, "cannot open the idle slot");
      return NULL;
    }
  self->flusher = imp_flusher_new (self->fd);

  return g_steal_pointer (&self);
}

/**
 * imp_slot_writer_free:
 * @self: (transfer full): a writer, not `NULL`
 *
 * Ends the writing. A slot that was not kept is removed, unless the power is gone.
 */
void
imp_slot_writer_free (ImpSlotWriter *self)
{
  g_clear_pointer (&self->flusher, imp_flusher_free);

  if (self->fd >= 0 && !self->kept && imp_device_folder_step (self->folder, NULL))
    {
      unlinkat (imp_device_folder_get_fd (self->folder), self->name, 0);
      imp_device_folder_synced (self->folder, self->fd);
    }

  if (self->fd >= 0)
    close (self->fd);
  g_free (self->name);
  g_free (self);
}

/**
 * imp_slot_writer_write:
 * @self: a writer
 * @data: the next bytes
 * @size: how many
 * @error: return location for an error
 *
 * Returns: whether they could be written
 */
gboolean
imp_slot_writer_write (ImpSlotWriter  *self,
                       const void     *data,
                       gsize           size,
                       GError        **error)
{
  if (!imp_device_folder_write (self->folder, self->fd, data, size, error))
    return FALSE;

  self->size += size;
  imp_flusher_wrote (self->flusher, size);

  return TRUE;
}

/**
 * imp_slot_writer_finish:
 * @self: a writer
 * @error: return location for an error
 *
 * Makes what was written durable, and all that is in the slot.
 *
 * Returns: whether it could
 */
gboolean
imp_slot_writer_finish (ImpSlotWriter  *self,
                        GError        **error)
{
  if (!imp_device_folder_step (self->folder, error))
    return FALSE;
  if (ftruncate (self->fd, self->size) != 0)
    return imp_device_set_file_error (error, errno, "cannot cut the slot to its size");

  if (!imp_device_folder_step (self->folder, error) ||
      !imp_flusher_finish (self->flusher, error))
    return FALSE;
  imp_device_folder_synced (self->folder, self->fd);

  return imp_device_folder_sync (self->folder, error);
}

/**
 * imp_slot_writer_digest_base64:
 * @self: a writer
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * Reads back what was written, and computes the digest of its base64 text: the reference implementation
 * signs files by that. It is rare enough to cost a second reading, and no other device pays for it.
 *
 * Returns: (transfer full) (nullable): SHA-384 in hex, or `NULL` with @error set
 */
char *
imp_slot_writer_digest_base64 (ImpSlotWriter  *self,
                               GCancellable   *cancellable,
                               GError        **error)
{
  g_autoptr(ImpDigest) sha384 = imp_digest_new (IMP_DIGEST_SHA384);
  g_autofree guint8 *bytes = g_malloc (READ_SIZE);

  for (guint64 offset = 0; offset < self->size; offset += READ_SIZE)
    {
      gsize size = MIN (READ_SIZE, self->size - offset);
      g_autofree char *text = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;

      if (pread (self->fd, bytes, size, offset) != (gssize) size)
        {
          imp_device_set_file_error (error, errno, "cannot read the slot back");
          return NULL;
        }

      text = g_base64_encode (bytes, size);
      imp_digest_update (sha384, text, (size + 2) / 3 * 4);
    }

  return imp_digest_finish_hex (sha384);
}

/**
 * imp_slot_writer_keep:
 * @self: a writer that was finished
 *
 * Leaves the slot as it is when the writer is freed.
 */
void
imp_slot_writer_keep (ImpSlotWriter *self)
{
  self->kept = TRUE;
}
