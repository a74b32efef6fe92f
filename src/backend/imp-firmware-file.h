/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A regular file that is read once from end to end and must not change meanwhile. */
typedef struct _ImpFirmwareFile ImpFirmwareFile;

gboolean         imp_firmware_file_check_regular (GFile         *file,
                                                  GCancellable  *cancellable,
                                                  GError       **error);
ImpFirmwareFile *imp_firmware_file_open      (GFile            *file,
                                              GCancellable     *cancellable,
                                              GError          **error);
void             imp_firmware_file_free      (ImpFirmwareFile  *self);

guint64          imp_firmware_file_get_size  (ImpFirmwareFile  *self);
gboolean         imp_firmware_file_refuse_empty (ImpFirmwareFile  *self,
                                                 GError          **error);
GInputStream    *imp_firmware_file_get_stream (ImpFirmwareFile *self);

gssize           imp_firmware_file_read      (ImpFirmwareFile  *self,
                                              void             *buffer,
                                              gsize             size,
                                              GCancellable     *cancellable,
                                              GError          **error);

GBytes          *imp_firmware_file_read_small (GFile         *file,
                                               gsize          max_size,
                                               GCancellable  *cancellable,
                                               GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpFirmwareFile, imp_firmware_file_free)

G_END_DECLS
