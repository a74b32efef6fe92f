/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-payload-check.h"

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-unixfs.h"

/* A CID does not say how its file was cut into blocks, so each way that is in use and gives such a
 * CID is tried at once.
 */
static const char *const profiles[] = { "v0", "v0_raw", "v1", "v1_2025", "v1_pb" };
#define N_PROFILES G_N_ELEMENTS (profiles)

struct _ImpPayloadCheck
{
  ImpCid           *cid;                   /* (owned) */
  ImpDigest        *digest;                /* (owned) */
  ImpUnixfsBuilder *builders[N_PROFILES];  /* (owned) (nullable) */
};

static gboolean
pass_block (const ImpUnixfsBlock  *block,
            gpointer               user_data,
            GError               **error)
{
  return TRUE;
}

/**
 * imp_payload_check_new:
 * @cid: what the payload should be
 * @error: return location for an error
 *
 * Begins to check a payload.
 *
 * Returns: (transfer full) (nullable): a check, or `NULL` with %IMP_ERROR_MALFORMED
 */
ImpPayloadCheck *
imp_payload_check_new (const char  *cid,
                       GError     **error)
{
  g_autoptr(ImpCid) wanted = imp_cid_new_from_string (cid, error);
  ImpPayloadCheck *self;

  if (wanted == NULL)
    return NULL;

  self = g_new0 (ImpPayloadCheck, 1);
  self->digest = imp_digest_new (IMP_DIGEST_SHA384);
  for (guint i = 0; i < N_PROFILES; i++)
    {
      const ImpUnixfsProfile *profile = imp_unixfs_get_profile (profiles[i]);

      if (profile != NULL && profile->cid_version == imp_cid_get_version (wanted))
        self->builders[i] = imp_unixfs_builder_new (profile, pass_block, NULL);
    }
  self->cid = g_steal_pointer (&wanted);

  return self;
}

/**
 * imp_payload_check_free:
 * @self: (transfer full): a check, not `NULL`
 *
 * Frees a check, at whatever point of its work.
 */
void
imp_payload_check_free (ImpPayloadCheck *self)
{
  for (guint i = 0; i < N_PROFILES; i++)
    g_clear_pointer (&self->builders[i], imp_unixfs_builder_free);
  imp_digest_free (self->digest);
  imp_cid_unref (self->cid);
  g_free (self);
}

/**
 * imp_payload_check_write:
 * @self: a check
 * @data: (array length=size): the next bytes of the payload
 * @size: how many
 * @error: return location for an error
 *
 * Hashes the next bytes, for the digest and for every way of cutting a file that may have given the
 * CID.
 *
 * Returns: whether they could be taken in; whether they are the right ones shows at the end
 */
gboolean
imp_payload_check_write (ImpPayloadCheck  *self,
                         const void       *data,
                         gsize             size,
                         GError          **error)
{
  imp_digest_update (self->digest, data, size);

  for (guint i = 0; i < N_PROFILES; i++)
    {
      if (self->builders[i] != NULL &&
          !imp_unixfs_builder_write (self->builders[i], data, size, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * imp_payload_check_end:
 * @self: a check that has seen the whole payload
 * @sha384: (out) (optional): the payload’s SHA-384 in hexadecimal digits
 * @error: return location for an error
 *
 * Decides.
 *
 * Returns: whether the payload is the one that the CID names; if not, %IMP_ERROR_BAD_REPLY
 */
gboolean
imp_payload_check_end (ImpPayloadCheck  *self,
                       char            **sha384,
                       GError          **error)
{
  if (sha384 != NULL)
    *sha384 = imp_digest_finish_hex (self->digest);

  for (guint i = 0; i < N_PROFILES; i++)
    {
      g_autoptr(ImpCid) cid = NULL;

      if (self->builders[i] == NULL)
        continue;

      cid = imp_unixfs_builder_end (self->builders[i], NULL, error);
      if (cid == NULL)
        return FALSE;
      if (imp_cid_equal (cid, self->cid))
        return TRUE;
    }

  g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
               "the payload that came is not the one that its CID names (%s)",
               imp_cid_get_string (self->cid));
  return FALSE;
}
