/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-firmware-file.h"

#include "imp-error.h"
#include "imp-file-name.h"

#define STAMP_ATTRIBUTES \
  G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE "," \
  G_FILE_ATTRIBUTE_TIME_MODIFIED "," G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC

/* What would show that somebody wrote to the file while it was read. */
typedef struct
{
  guint64 size;
  guint64 modified;
  guint32 modified_usec;
} Stamp;

struct _ImpFirmwareFile
{
  GFileInputStream *stream;  /* (owned) */
  char             *name;    /* (owned) for people */
  Stamp             stamp;
  guint64           done;
};

static void
take_stamp (GFileInfo *info,
            Stamp     *stamp)
{
  stamp->size = g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_STANDARD_SIZE);
  stamp->modified = g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED);
  stamp->modified_usec = g_file_info_get_attribute_uint32 (info,
                                                           G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC);
}

/**
 * imp_firmware_file_check_regular:
 * @file: a file that somebody has chosen
 * @cancellable: (nullable): cancels the request
 * @error: return location for an error that names @file
 *
 * Asked before opening, because opening a pipe would wait for somebody to write to it.
 *
 * Returns: whether it is a regular file
 */
gboolean
imp_firmware_file_check_regular (GFile         *file,
                                 GCancellable  *cancellable,
                                 GError       **error)
{
  g_autofree char *name = imp_file_dup_name (file);
  g_autoptr(GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE,
                                                 G_FILE_QUERY_INFO_NONE, cancellable, error);
  GFileType type;

  if (info == NULL)
    return FALSE;

  type = g_file_info_get_file_type (info);
  if (type == G_FILE_TYPE_REGULAR)
    return TRUE;

  if (type == G_FILE_TYPE_DIRECTORY)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, "“%s” is a folder, not a file", name);
  else if (type == G_FILE_TYPE_SYMBOLIC_LINK)  /* others have been followed */
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "“%s” links to a file that is not there",
                 name);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                 "“%s” is a device or a pipe, not a regular file", name);
  return FALSE;
}

/**
 * imp_firmware_file_open:
 * @file: a regular file
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * Opens a file, and remembers what would betray that it changes.
 *
 * Returns: (transfer full) (nullable): the open file, or `NULL` with @error set
 */
ImpFirmwareFile *
imp_firmware_file_open (GFile         *file,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autoptr(ImpFirmwareFile) self = g_new0 (ImpFirmwareFile, 1);
  g_autoptr(GFileInfo) info = NULL;

  self->name = imp_file_dup_name (file);
  if (!imp_firmware_file_check_regular (file, cancellable, error) ||
      !(self->stream = g_file_read (file, cancellable, error)) ||
      !(info = g_file_input_stream_query_info (self->stream, STAMP_ATTRIBUTES, cancellable, error)))
    return NULL;

  take_stamp (info, &self->stamp);

  return g_steal_pointer (&self);
}

/**
 * imp_firmware_file_free:
 * @self: (transfer full): a file, not `NULL`
 *
 * Closes the file.
 */
void
imp_firmware_file_free (ImpFirmwareFile *self)
{
  g_clear_object (&self->stream);
  g_free (self->name);
  g_free (self);
}

/**
 * imp_firmware_file_get_size:
 * @self: a file
 *
 * Returns: how many bytes it had when it was opened
 */
guint64
imp_firmware_file_get_size (ImpFirmwareFile *self)
{
  return self->stamp.size;
}

/* Always FALSE. Such a file is what is left of one that could not be written, on a full disk say. */
gboolean
imp_firmware_file_refuse_empty (ImpFirmwareFile  *self,
                                GError          **error)
{
  return imp_error_set (error, IMP_ERROR_MALFORMED, "“%s” is empty: there is no firmware in it",
                        self->name);
}

/* For readers that compute a digest anyway, or that seek. */
GInputStream *
imp_firmware_file_get_stream (ImpFirmwareFile *self)
{
  return G_INPUT_STREAM (self->stream);
}

static gboolean
check_unchanged (ImpFirmwareFile  *self,
                 GCancellable     *cancellable,
                 GError          **error)
{
  g_autoptr(GFileInfo) info = g_file_input_stream_query_info (self->stream, STAMP_ATTRIBUTES,
                                                              cancellable, error);
  Stamp now;

  if (info == NULL)
    return FALSE;

  take_stamp (info, &now);
  if (self->done == self->stamp.size && now.size == self->stamp.size &&
      now.modified == self->stamp.modified && now.modified_usec == self->stamp.modified_usec)
    return TRUE;

  if (now.size != self->stamp.size || self->done != self->stamp.size)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                 "“%s” changed while it was read: it had %" G_GUINT64_FORMAT " bytes and has %"
                 G_GUINT64_FORMAT " now", self->name, self->stamp.size, MAX (now.size, self->done));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                 "“%s” was written to while it was read", self->name);
  return FALSE;
}

/**
 * imp_firmware_file_read:
 * @self: an open file
 * @buffer: where the bytes go
 * @size: how many there is room for
 * @cancellable: (nullable): cancels the reading
 * @error: return location for an error
 *
 * Reads on; fills @buffer unless the file ends. The end is only reported for a file that is still
 * what it was when it was opened; one that changed is `G_IO_ERROR_BUSY`.
 *
 * Returns: how many bytes were read, 0 at the end, or -1 with @error set
 */
gssize
imp_firmware_file_read (ImpFirmwareFile  *self,
                        void             *buffer,
                        gsize             size,
                        GCancellable     *cancellable,
                        GError          **error)
{
  gsize n_read;

  if (!g_input_stream_read_all (G_INPUT_STREAM (self->stream), buffer, size, &n_read,
                                cancellable, error))
    {
      g_prefix_error (error, "“%s”: ", self->name);
      return -1;
    }

  self->done += n_read;
  if (self->done > self->stamp.size || n_read < size)
    {
      if (!check_unchanged (self, cancellable, error))
        return -1;
    }

  return n_read;
}

/**
 * imp_firmware_file_read_small:
 * @file: a file that belongs to the firmware and is text
 * @max_size: the most bytes that it may have
 * @cancellable: (nullable): cancels the reading
 * @error: return location for an error
 *
 * Reads a file whole, with the same refusals as for a firmware file. How large it is shows when it is
 * read: the file system may say anything.
 *
 * Returns: (transfer full) (nullable): the bytes
 */
GBytes *
imp_firmware_file_read_small (GFile         *file,
                              gsize          max_size,
                              GCancellable  *cancellable,
                              GError       **error)
{
  g_autoptr(ImpFirmwareFile) self = imp_firmware_file_open (file, cancellable, error);
  g_autofree guint8 *buffer = NULL;
  gssize size;

  if (self == NULL)
    return NULL;

  buffer = g_malloc (max_size + 1);
  size = imp_firmware_file_read (self, buffer, max_size + 1, cancellable, error);
  if (size < 0)
    return NULL;

  if ((gsize) size > max_size)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                   "“%s” is larger than %" G_GSIZE_FORMAT " bytes", self->name, max_size);
      return NULL;
    }

  return g_bytes_new (buffer, size);
}
