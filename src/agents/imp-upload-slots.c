/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-upload-slots.h"

#define PATIENCE  G_USEC_PER_SEC
#define SLOW_RATE (64 * 1024)  /* bytes a second */

/* An upload is dear in memory, so there are few at a time. Someone who opens as many and sends next to
 * nothing must not keep everybody else out: when all slots are taken, the upload that has been silent
 * longest makes room, if it is a slow one.
 */
struct _ImpUploadSlots
{
  GPtrArray *slots;  /* (owned) (element-type Slot) */
  guint n_slots;
};

typedef struct
{
  ImpUploadSlots *owner;
  ImpRequest *request;  /* (owned) */
  guint64 received;
  gint64 begun;         /* µs of the monotonic clock */
  gint64 last;
} Slot;

static void
slot_free (Slot *slot)
{
  g_signal_handlers_disconnect_by_data (imp_request_get_message (slot->request), slot);
  g_signal_handlers_disconnect_by_data (slot->request, slot);
  g_object_unref (slot->request);
  g_free (slot);
}

static void
got_chunk_cb (SoupServerMessage *message,
              GBytes            *chunk,
              Slot              *slot)
{
  slot->received += g_bytes_get_size (chunk);
  slot->last = g_get_monotonic_time ();
}

static void
over_cb (ImpRequest *request,
         guint       status,
         Slot       *slot)
{
  g_ptr_array_remove_fast (slot->owner->slots, slot);
}

static gboolean
is_slow (const Slot *slot,
         gint64      now)
{
  double seconds = (now - slot->begun) / (double) G_USEC_PER_SEC;

  return imp_request_is_receiving (slot->request) && now - slot->begun > PATIENCE &&
         (now - slot->last > PATIENCE || slot->received < seconds * SLOW_RATE);
}

static Slot *
find_slowest (ImpUploadSlots *self)
{
  gint64 now = g_get_monotonic_time ();
  Slot *slowest = NULL;

  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = g_ptr_array_index (self->slots, i);

      if (is_slow (slot, now) && (slowest == NULL || slot->last < slowest->last))
        slowest = slot;
    }

  return slowest;
}

/**
 * imp_upload_slots_new:
 * @n_slots: how many uploads there may be
 *
 * Makes slots, all free.
 *
 * Returns: (transfer full): the slots
 */
ImpUploadSlots *
imp_upload_slots_new (guint n_slots)
{
  ImpUploadSlots *self = g_new0 (ImpUploadSlots, 1);

  self->slots = g_ptr_array_new_with_free_func ((GDestroyNotify) slot_free);
  self->n_slots = n_slots;
  return self;
}

/**
 * imp_upload_slots_free:
 * @self: (transfer full): the slots, not `NULL`
 *
 * Frees the slots and lets go of the requests in them, without ending those.
 */
void
imp_upload_slots_free (ImpUploadSlots *self)
{
  g_ptr_array_unref (self->slots);
  g_free (self);
}

/**
 * imp_upload_slots_take:
 * @self: slots
 * @request: an upload whose body has not been read
 *
 * Takes a slot until @request is over.
 *
 * Returns: whether there was one
 */
gboolean
imp_upload_slots_take (ImpUploadSlots *self,
                       ImpRequest     *request)
{
  Slot *slot;

  if (self->slots->len >= self->n_slots && (slot = find_slowest (self)) != NULL)
    imp_request_reply_status (slot->request, SOUP_STATUS_REQUEST_TIMEOUT,
                              "the body arrives too slowly, and others are waiting");

  if (self->slots->len >= self->n_slots)
    return FALSE;

  slot = g_new0 (Slot, 1);
  slot->owner = self;
  slot->request = g_object_ref (request);
  slot->begun = slot->last = g_get_monotonic_time ();
  g_signal_connect (imp_request_get_message (request), "got-chunk", G_CALLBACK (got_chunk_cb), slot);
  g_signal_connect (request, "over", G_CALLBACK (over_cb), slot);
  g_ptr_array_add (self->slots, slot);
  return TRUE;
}

/**
 * imp_upload_slots_count:
 * @self: the slots
 *
 * Returns: how many uploads are under way
 */
guint
imp_upload_slots_count (ImpUploadSlots *self)
{
  return self->slots->len;
}
