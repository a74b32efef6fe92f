/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A device's folder, changed in steps between which the power may go. */
typedef struct _ImpDeviceFolder ImpDeviceFolder;

ImpDeviceFolder *imp_device_folder_open          (const char       *path,
                                                  GError          **error);
void             imp_device_folder_rest          (ImpDeviceFolder  *self);
void             imp_device_folder_free          (ImpDeviceFolder  *self);
guint            imp_device_folder_set_power_cut (ImpDeviceFolder  *self,
                                                  guint             step);

gboolean         imp_device_folder_lock          (ImpDeviceFolder  *self,
                                                  GError          **error);
void             imp_device_folder_unlock        (ImpDeviceFolder  *self);
char            *imp_device_folder_read          (ImpDeviceFolder  *self,
                                                  const char       *name,
                                                  gsize             max_size,
                                                  GError          **error);
gboolean         imp_device_folder_replace       (ImpDeviceFolder  *self,
                                                  const char       *name,
                                                  const char       *text,
                                                  GError          **error);
gboolean         imp_device_folder_verify_slot   (ImpDeviceFolder  *self,
                                                  char              slot,
                                                  guint64           size,
                                                  const char       *digest,
                                                  GError          **error);

char            *imp_device_folder_digest_slot   (ImpDeviceFolder  *self,
                                                  char              slot,
                                                  GError          **error);

/* A slot that is being written; freed before it is kept, it is removed. */
typedef struct _ImpSlotWriter ImpSlotWriter;

char            *imp_slot_get_name               (char              slot);
ImpSlotWriter   *imp_slot_writer_new             (ImpDeviceFolder  *folder,
                                                  char              slot,
                                                  GError          **error);
void             imp_slot_writer_free            (ImpSlotWriter    *self);
gboolean         imp_slot_writer_write           (ImpSlotWriter    *self,
                                                  const void       *data,
                                                  gsize             size,
                                                  GError          **error);
gboolean         imp_slot_writer_finish          (ImpSlotWriter    *self,
                                                  GError          **error);
char            *imp_slot_writer_digest_base64   (ImpSlotWriter    *self,
                                                  GCancellable     *cancellable,
                                                  GError          **error);
void             imp_slot_writer_keep            (ImpSlotWriter    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpDeviceFolder, imp_device_folder_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpSlotWriter, imp_slot_writer_free)

G_END_DECLS
