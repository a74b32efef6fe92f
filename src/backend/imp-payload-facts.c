/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-payload-facts.h"

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-payload-check.h"

#define BLOCK_SIZE (256 * 1024)

/* The reference signs a file by the digest of its base64 text; that is made on the way. */
typedef struct
{
  ImpPayloadCheck *check;   /* (owned) */
  ImpDigest       *base64;  /* (owned) */
  int              state;
  int              save;
  char            *text;    /* (owned) a block in base64 */
} Reading;

static void
reading_clear (Reading *reading)
{
  g_clear_pointer (&reading->check, imp_payload_check_free);
  g_clear_pointer (&reading->base64, imp_digest_free);
  g_free (reading->text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

/**
 * imp_payload_facts_free:
 * @self: (transfer full): what a payload is, not `NULL`
 *
 * Frees it and its texts.
 */
void
imp_payload_facts_free (ImpPayloadFacts *self)
{
  g_free (self->sha384);
  g_free (self->base64_sha384);
  g_free (self->cid);
  g_free (self);
}

static gboolean
take_block (Reading       *reading,
            const guint8  *block,
            gsize          size,
            GError       **error)
{
  gsize length;

  if (!imp_payload_check_write (reading->check, block, size, error))
    return FALSE;

  length = g_base64_encode_step (block, size, FALSE, reading->text, &reading->state,
                                 &reading->save);
  imp_digest_update (reading->base64, reading->text, length);
  return TRUE;
}

/* Reading stops where the payload has become longer than it may be: a stream need not end. */
static gboolean
read_stream (ImpPayloadFacts  *self,
             Reading          *reading,
             GInputStream     *stream,
             guint64           size,
             ImpProgress      *progress,
             GCancellable     *cancellable,
             GError          **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK_SIZE);
  gssize n_read;

  while ((n_read = g_input_stream_read (stream, block, BLOCK_SIZE, cancellable, error)) > 0)
    {
      self->size += n_read;
      if (self->size > size)
        return imp_error_set (error, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                              "the firmware is longer than the %" G_GUINT64_FORMAT
                              " bytes of its manifest", size);
      if (!take_block (reading, block, n_read, error))
        return FALSE;
      if (progress != NULL)
        imp_progress_report (progress, self->size, size);
    }

  if (n_read == 0 && self->size < size)
    return imp_error_set (error, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                          "the firmware ends after %" G_GUINT64_FORMAT " of the %" G_GUINT64_FORMAT
                          " bytes of its manifest", self->size, size);
  return n_read == 0;
}

static void
conclude (ImpPayloadFacts *self,
          Reading         *reading,
          const char      *cid)
{
  gsize length;

  if (imp_payload_check_end (reading->check, &self->sha384, NULL))
    self->cid = g_strdup (cid);

  length = g_base64_encode_close (FALSE, reading->text, &reading->state, &reading->save);
  imp_digest_update (reading->base64, reading->text, length);
  self->base64_sha384 = imp_digest_finish_hex (reading->base64);
}

/**
 * imp_payload_facts_read:
 * @stream: the payload
 * @manifest: what its author says of it: how long it is
 * @cid: the CID that it should have
 * @progress: (nullable): told how many bytes have been read
 * @cancellable: (nullable): cancels the reading
 * @error: return location for an error
 *
 * Computes from a payload what can be. Blocks, and belongs into a thread.
 *
 * Returns: (transfer full) (nullable): the facts; `NULL` with %IMP_ERROR_PAYLOAD_NOT_VERIFIABLE if it
 *   is longer or shorter than its manifest says, with %IMP_ERROR_MALFORMED if @cid is no CID, or with
 *   the error of the stream
 */
ImpPayloadFacts *
imp_payload_facts_read (GInputStream  *stream,
                        ImpManifest   *manifest,
                        const char    *cid,
                        ImpProgress   *progress,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autoptr(ImpPayloadFacts) self = g_new0 (ImpPayloadFacts, 1);
  g_auto(Reading) reading = { NULL };

  reading.base64 = imp_digest_new (IMP_DIGEST_SHA384);
  reading.text = g_malloc ((BLOCK_SIZE / 3 + 1) * 4 + 4);
  reading.check = imp_payload_check_new (cid, error);
  if (reading.check == NULL ||
      !read_stream (self, &reading, stream, imp_manifest_get_size (manifest), progress, cancellable,
                    error))
    return NULL;

  conclude (self, &reading, cid);
  return g_steal_pointer (&self);
}

/**
 * imp_payload_facts_check_digest:
 * @self: what was computed
 * @manifest: what the author signed
 * @error: return location for an error
 *
 * Returns: whether the payload is the one that the manifest names
 */
gboolean
imp_payload_facts_check_digest (const ImpPayloadFacts  *self,
                                ImpManifest            *manifest,
                                GError                **error)
{
  const char *wanted = imp_manifest_get_payload_digest (manifest);

  if (g_str_equal (self->sha384, wanted) || g_str_equal (self->base64_sha384, wanted))
    return TRUE;

  return imp_error_set (error, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                        "the firmware’s SHA-384 is %s, and its manifest says %s", self->sha384,
                        wanted);
}

/**
 * imp_payload_facts_check_cid:
 * @self: what a payload is
 * @cid: what it should be
 * @error: return location for an error
 *
 * Returns: whether the payload has this CID, otherwise %IMP_ERROR_BAD_REPLY
 */
gboolean
imp_payload_facts_check_cid (const ImpPayloadFacts  *self,
                             const char             *cid,
                             GError                **error)
{
  if (g_strcmp0 (self->cid, cid) == 0)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_BAD_REPLY,
                        "the payload is not the one that its CID names (%s)", cid);
}
