/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-demo-firmware.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define N_IMAGES 2
#define GENERATED_SIZE (552 * 1000)

/**
 * ImpDemoFirmware:
 *
 * Two images of one kind of firmware that this machine has, or else generated ones.
 */
struct _ImpDemoFirmware
{
  char     *paths[N_IMAGES];  /* (owned) */
  gboolean  generated;
};

/* What Debian ships, in the packages u-boot-qemu, opensbi, seabios, ovmf and firmware-ath9k-htc. */
static const char *const known[][N_IMAGES] = {
  { "/usr/lib/u-boot/qemu-riscv64/u-boot.bin", "/usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin" },
  { "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_jump.bin",
    "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin" },
  { "/usr/share/seabios/bios.bin", "/usr/share/seabios/bios-256k.bin" },
  { "/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_CODE_4M.fd" },
  { "/lib/firmware/ath9k_htc/htc_7010-1.4.0.fw", "/lib/firmware/ath9k_htc/htc_9271-1.4.0.fw" },
};

static gboolean
is_here (const char *const *images)
{
  for (guint i = 0; i < N_IMAGES; i++)
    {
      if (g_access (images[i], R_OK) != 0)
        return FALSE;
    }

  return TRUE;
}

static char *
generate (const char  *directory,
          guint        number,
          GError     **error)
{
  g_autofree char *name = g_strdup_printf ("firmware-%u.bin", number + 1);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree guint32 *words = g_new (guint32, GENERATED_SIZE / sizeof (guint32));
  g_autoptr(GRand) random = g_rand_new_with_seed (number);

  for (gsize i = 0; i < GENERATED_SIZE / sizeof (guint32); i++)
    words[i] = g_rand_int (random);

  if (!g_file_set_contents (path, (const char *) words, GENERATED_SIZE, error))
    return NULL;

  return g_steal_pointer (&path);
}

/**
 * imp_demo_firmware_new:
 * @directory: where to generate images, should there be none
 * @error: return location for an error
 *
 * Finds two images.
 *
 * Returns: (transfer full) (nullable): the images
 */
ImpDemoFirmware *
imp_demo_firmware_new (const char  *directory,
                       GError     **error)
{
  g_autoptr(ImpDemoFirmware) self = g_new0 (ImpDemoFirmware, 1);

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (!is_here (known[i]))
        continue;

      for (guint j = 0; j < N_IMAGES; j++)
        self->paths[j] = g_strdup (known[i][j]);
      return g_steal_pointer (&self);
    }

  self->generated = TRUE;
  for (guint j = 0; j < N_IMAGES; j++)
    {
      if (!(self->paths[j] = generate (directory, j, error)))
        return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * imp_demo_firmware_free:
 * @self: (transfer full): the images, not `NULL`
 *
 * Frees what is known of the images. The files stay.
 */
void
imp_demo_firmware_free (ImpDemoFirmware *self)
{
  for (guint i = 0; i < N_IMAGES; i++)
    g_free (self->paths[i]);
  g_free (self);
}

/**
 * imp_demo_firmware_get_path:
 * @self: the images
 * @number: 0 or 1
 *
 * Returns: the path of the image, lent by @self
 */
const char *
imp_demo_firmware_get_path (ImpDemoFirmware *self,
                            guint            number)
{
  g_return_val_if_fail (number < N_IMAGES, NULL);

  return self->paths[number];
}

/**
 * imp_demo_firmware_is_generated:
 * @self: the images
 *
 * Returns: whether they were made here because this machine has no firmware
 */
gboolean
imp_demo_firmware_is_generated (ImpDemoFirmware *self)
{
  return self->generated;
}

/**
 * imp_demo_remove_directory:
 * @path: a folder that the demonstration has made
 *
 * Removes a folder with all that is in it, and follows no link out of it.
 */
void
imp_demo_remove_directory (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        imp_demo_remove_directory (child);
      else
        g_unlink (child);
    }

  g_rmdir (path);
}
