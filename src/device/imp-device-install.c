/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-update-private.h"

#include "imp-digest-thread.h"
#include "imp-error.h"

#define BUFFER_SIZE (256 * 1024)

/* With the check of the size switched off there has to be an end all the same: the disk is a real one. */
#define MAX_EXCESS (G_GUINT64_CONSTANT (64) * 1024 * 1024)

/* The second half of a round: the payload is fetched, verified and made what runs. */

static gboolean
refuse_size (ImpDeviceUpdate  *self,
             GError          **error,
             const char       *what,
             guint64           actual)
{
  GError *local_error =
    g_error_new (IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                 "the payload %s %" G_GUINT64_FORMAT " bytes, the manifest says %" G_GUINT64_FORMAT,
                 what, actual, imp_manifest_get_size (self->offer->manifest));

  return imp_device_update_settle (self, IMP_CHECK_SIZE, FALSE, local_error, error);
}

static gboolean
is_cut (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

static gboolean
fill (ImpDeviceUpdate  *self,
      ImpDeviceBody    *body,
      guint8           *buffer,
      guint64           done,
      gsize            *n,
      GError          **error)
{
  g_autoptr(GError) local_error = NULL;

  if (imp_device_body_fill (body, buffer, BUFFER_SIZE, n, &local_error))
    return TRUE;

  if (is_cut (local_error))
    return refuse_size (self, error, "ended after", done + *n);

  g_propagate_prefixed_error (error, g_steal_pointer (&local_error),
                              "payload, after %" G_GUINT64_FORMAT " bytes: ", done);
  return FALSE;
}

/* Never is more written than the manifest says, and that fits. */
static gboolean
check_room (ImpDeviceUpdate  *self,
            guint64           done,
            gsize             n,
            GError          **error)
{
  guint64 size = imp_manifest_get_size (self->offer->manifest);

  if (done + n <= size)
    return TRUE;

  if (!imp_device_update_is_off (self, IMP_CHECK_SIZE) || done + n <= size + MAX_EXCESS)
    return refuse_size (self, error, "goes on after", size);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
               "the payload goes on after %" G_GUINT64_FORMAT " bytes, and nothing would have ended it", done);
  return FALSE;
}

/* Bytes are written and hashed at once. */
static gboolean
copy_payload (ImpDeviceUpdate  *self,
              ImpDeviceBody    *body,
              ImpDigestThread  *sha384,
              ImpSlotWriter    *slot,
              GError          **error)
{
  guint64 size = imp_manifest_get_size (self->offer->manifest);
  guint64 done = 0;
  gsize n;

  do
    {
      guint8 *buffer = imp_digest_thread_get_buffer (sha384);

      if (!fill (self, body, buffer, done, &n, error) ||
          !check_room (self, done, n, error))
        return FALSE;

      imp_digest_thread_push (sha384, n);
      if (n > 0 && !imp_slot_writer_write (slot, buffer, n, error))
        return FALSE;

      done += n;
      self->funcs->progress (size > 0 ? MIN ((double) done / size, 1.0) : 1.0, self->user_data);
    }
  while (n == BUFFER_SIZE);

  self->written = done;
  return done >= size || refuse_size (self, error, "ended after", done);
}

/* The digest of the bytes, or of their base64 text as the reference signs files. */
static gboolean
check_digest (ImpDeviceUpdate  *self,
              ImpSlotWriter    *slot,
              const char       *raw,
              GError          **error)
{
  const char *expected = imp_manifest_get_payload_digest (self->offer->manifest);
  g_autofree char *base64 = NULL;
  GError *local_error;

  if (g_str_equal (raw, expected))
    return TRUE;

  base64 = imp_slot_writer_digest_base64 (slot, self->cancellable, error);
  if (base64 == NULL)
    return FALSE;

  if (g_str_equal (base64, expected))
    return TRUE;

  local_error = g_error_new (IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                             "the payload’s digest is %.16s…, the manifest says %.16s…", raw, expected);
  return imp_device_update_settle (self, IMP_CHECK_PAYLOAD, FALSE, local_error, error);
}

static gboolean
is_waived (ImpDeviceUpdate *self)
{
  for (int check = 1; check <= IMP_N_CHECKS; check++)
    {
      if (self->waived[check] != NULL)
        return TRUE;
    }

  return FALSE;
}

/* The old state stays on disk until the new one replaces it in one step. */
static gboolean
swap (ImpDeviceUpdate  *self,
      const char       *digest,
      GError          **error)
{
  ImpDeviceState *state = self->state;
  ImpManifest *manifest = self->offer->manifest;

  if (is_waived (self))
    imp_device_state_breach (state);
  else
    imp_device_state_mend (state);

  g_free (state->version);
  g_free (state->digest);
  state->version = g_strdup (imp_manifest_get_version (manifest));
  state->digest = g_strdup (digest);
  state->sequence = imp_manifest_get_sequence (manifest);
  state->size = self->written;
  state->running_slot = imp_device_state_get_idle (state);

  return imp_device_state_save (state, self->folder, error);
}

static ImpDeviceBody *
open_payload (ImpDeviceUpdate  *self,
              GError          **error)
{
  g_autoptr(ImpDeviceBody) body = NULL;
  goffset length;

  self->funcs->state ("downloading", self->user_data);
  body = imp_device_agent_get_payload (self->agent, imp_cid_get_string (self->offer->cid), error);
  if (body == NULL)
    return NULL;

  length = imp_device_body_get_length (body);
  if (length >= 0 && (guint64) length != imp_manifest_get_size (self->offer->manifest) &&
      !refuse_size (self, error, "is announced with", length))
    return NULL;

  return g_steal_pointer (&body);
}

/**
 * imp_device_update_install:
 * @self: a round in which all that can be decided without the payload is passed
 * @error: return location for an error
 *
 * Fetches the payload into the idle slot, verifies it, and swaps the slots.
 *
 * Returns: whether the new version runs
 */
gboolean
imp_device_update_install (ImpDeviceUpdate  *self,
                           GError          **error)
{
  g_autoptr(ImpDeviceBody) body = NULL;
  g_autoptr(ImpSlotWriter) slot = NULL;
  g_autoptr(ImpDigestThread) sha384 = NULL;
  g_autofree char *digest = NULL;

  imp_device_update_lap (self, IMP_DEVICE_STEP_VERIFY);
  body = open_payload (self, error);
  if (body == NULL)
    return FALSE;

  slot = imp_slot_writer_new (self->folder, imp_device_state_get_idle (self->state), error);
  if (slot == NULL)
    return FALSE;

  sha384 = imp_digest_thread_new (IMP_DIGEST_SHA384, BUFFER_SIZE);
  if (!copy_payload (self, body, sha384, slot, error))
    return FALSE;
  imp_device_update_tell_passed (self, IMP_CHECK_SIZE);
  imp_device_update_lap (self, IMP_DEVICE_STEP_FETCH);

  /* The slot is synced while the digest catches up. */
  self->funcs->state ("installing", self->user_data);
  if (!imp_slot_writer_finish (slot, error))
    return FALSE;
  imp_device_update_lap (self, IMP_DEVICE_STEP_INSTALL);

  digest = imp_digest_thread_finish_hex (sha384);
  if (!check_digest (self, slot, digest, error) ||
      g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  imp_device_update_tell_passed (self, IMP_CHECK_PAYLOAD);
  imp_device_update_tell_passed (self, IMP_CHECK_LOCATION);
  imp_device_update_tell_passed (self, IMP_CHECK_LEDGER);
  imp_device_update_lap (self, IMP_DEVICE_STEP_VERIFY);

  /* From here on the state decides which slot runs; the new one must not go, whatever fails. */
  imp_slot_writer_keep (slot);
  return swap (self, digest, error);
}
