/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-private.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "imp-error.h"

#define POLLING_FILE "polling"

/* How a device comes to be, and how it starts. */

static ImpDevice *
device_new (const char      *directory,
            ImpDeviceFolder *folder,
            ImpDeviceState  *known)
{
  ImpDevice *self = g_object_new (IMP_TYPE_DEVICE, NULL);

  imp_device_folder_rest (folder);
  self->directory = g_strdup (directory);
  self->folder = folder;
  self->known = known;

  return self;
}

static gboolean
make_directory (const char  *directory,
                GError     **error)
{
  g_autofree char *file = g_build_filename (directory, IMP_DEVICE_STATE_FILE, NULL);
  int saved_errno;

  if (g_file_test (file, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "there is a device in “%s” already", directory);
      return FALSE;
    }

  if (g_mkdir_with_parents (directory, 0700) == 0)
    return TRUE;

  saved_errno = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
               "cannot create “%s”: %s", directory, g_strerror (saved_errno));
  return FALSE;
}

static void
assert_config (const ImpDeviceConfig *config)
{
  g_assert (config != NULL && config->class_id != NULL && IMP_IS_KEY (config->author));
}

/**
 * imp_device_keep_polling:
 * @directory: where a device is
 * @polling: whether it polls after the next start, too
 * @error: return location for an error
 *
 * Remembers it in a file of its own, because the device's state belongs to the update that may be under
 * way. It blocks.
 *
 * Returns: whether it could
 */
gboolean
imp_device_keep_polling (const char  *directory,
                         gboolean     polling,
                         GError     **error)
{
  g_autofree char *file = g_build_filename (directory, POLLING_FILE, NULL);
  int saved_errno;

  if (polling)
    return g_file_set_contents_full (file, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, error);
  if (g_unlink (file) == 0 || errno == ENOENT)
    return TRUE;

  saved_errno = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), "“%s”: %s", file,
               g_strerror (saved_errno));
  return FALSE;
}

static gboolean
is_kept_polling (const char *directory)
{
  g_autofree char *file = g_build_filename (directory, POLLING_FILE, NULL);

  return g_file_test (file, G_FILE_TEST_EXISTS);
}

/**
 * imp_device_prepare:
 * @directory: where to; a device that is there already is left alone
 * @config: what it is
 * @error: return location for an error
 *
 * Writes a device's folder, and leaves it to the caller to make it durable: for thousands at once that
 * is done in one go.
 *
 * Returns: whether it could
 */
gboolean
imp_device_prepare (const char             *directory,
                    const ImpDeviceConfig  *config,
                    GError                **error)
{
  g_autoptr(ImpDeviceState) state = NULL;
  g_autofree char *file = g_build_filename (directory, IMP_DEVICE_STATE_FILE, NULL);
  g_autofree char *text = NULL;

  assert_config (config);

  if (!(state = imp_device_state_new (config, error)) ||
      !make_directory (directory, error))
    return FALSE;

  text = imp_device_state_print (state);
  return g_file_set_contents_full (file, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, error) &&
         (!config->polling || imp_device_keep_polling (directory, TRUE, error));
}

/**
 * imp_device_create:
 * @directory: where to; a device that is there already is left alone
 * @config: what it is
 * @error: return location for an error
 *
 * Makes a device.
 *
 * Returns: (transfer full) (nullable): the device, or `NULL` with @error set
 */
ImpDevice *
imp_device_create (const char             *directory,
                   const ImpDeviceConfig  *config,
                   GError                **error)
{
  g_autoptr(ImpDeviceFolder) folder = NULL;
  g_autoptr(ImpDeviceState) state = NULL;

  assert_config (config);

  if (!(state = imp_device_state_new (config, error)) ||
      !make_directory (directory, error) ||
      !(folder = imp_device_folder_open (directory, error)) ||
      !imp_device_state_save (state, folder, error))
    return NULL;

  return device_new (directory, g_steal_pointer (&folder), g_steal_pointer (&state));
}

/* What a boot loader looks at before it runs an image. That there is another in the slot is no error of
 * opening: somebody has to see it, and to put it right.
 */
static gboolean
look_at_slot (ImpDeviceFolder       *folder,
              const ImpDeviceState  *state,
              char                 **damage,
              GError               **error)
{
  g_autoptr(GError) local_error = NULL;

  if (state->digest == NULL ||
      imp_device_folder_verify_slot (folder, state->running_slot, state->size, state->digest, &local_error))
    return TRUE;

  if (g_error_matches (local_error, IMP_ERROR, IMP_ERROR_CORRUPT))
    {
      *damage = g_strdup (local_error->message);
      return TRUE;
    }

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * imp_device_open:
 * @directory: where a device is
 * @error: return location for an error
 *
 * Starts a device, as a boot loader does: one with an image in the running slot that is not the one which was
 * installed there is damaged, see [method@Imp.Device.get_damage]. It blocks, for as long as it takes to read
 * that image.
 *
 * Returns: (transfer full) (nullable): the device, or `NULL` with @error set
 */
ImpDevice *
imp_device_open (const char  *directory,
                 GError     **error)
{
  g_autoptr(ImpDeviceFolder) folder = NULL;
  g_autoptr(ImpDeviceState) state = NULL;
  g_autofree char *damage = NULL;
  ImpDevice *self;

  g_return_val_if_fail (directory != NULL, NULL);

  if (!(folder = imp_device_folder_open (directory, error)))
    return NULL;

  if (!(state = imp_device_state_load (folder, error)) ||
      !look_at_slot (folder, state, &damage, error))
    {
      g_prefix_error (error, "%s: ", directory);
      return NULL;
    }

  self = device_new (directory, g_steal_pointer (&folder), g_steal_pointer (&state));
  self->damage = g_steal_pointer (&damage);
  self->polling = is_kept_polling (directory);
  return self;
}
