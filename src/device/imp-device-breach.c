/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-state.h"

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-manifest.h"

#define CHECKS_OFF "checksOff"
#define BEFORE     "before"

/* What a device remembers of a rehearsal: which checks are switched off, and what ran before something
 * got in that one of them had refused. It is kept with the rest, so that no restart hides it.
 */

/**
 * imp_device_image_free:
 * @self: (transfer full): what a slot held, not `NULL`
 *
 * Frees what is known of an image; the file stays.
 */
void
imp_device_image_free (ImpDeviceImage *self)
{
  g_free (self->version);
  g_free (self->digest);
  g_free (self);
}

/**
 * imp_device_state_breach:
 * @self: a device's state, before it is changed to what is being installed
 *
 * Remembers what runs now as the last that was right. What got in later is no better: the first stays.
 */
void
imp_device_state_breach (ImpDeviceState *self)
{
  if (self->before != NULL)
    return;

  self->before = g_new0 (ImpDeviceImage, 1);
  self->before->slot = self->running_slot;
  self->before->version = g_strdup (self->version);
  self->before->sequence = self->sequence;
  self->before->digest = g_strdup (self->digest);
  self->before->size = self->size;
}

/**
 * imp_device_state_mend:
 * @self: a device's state
 *
 * What runs is right again.
 */
void
imp_device_state_mend (ImpDeviceState *self)
{
  g_clear_pointer (&self->before, imp_device_image_free);
}

/**
 * imp_device_state_forget:
 * @self: a device's state
 *
 * Nothing is installed any more. What the ledger has shown is not forgotten.
 */
void
imp_device_state_forget (ImpDeviceState *self)
{
  g_clear_pointer (&self->version, g_free);
  g_clear_pointer (&self->digest, g_free);
  self->sequence = -1;
  self->size = 0;
  imp_device_state_mend (self);
}

/**
 * imp_device_state_go_back:
 * @self: a device's state, with what ran before the breach
 *
 * Makes that run again.
 */
void
imp_device_state_go_back (ImpDeviceState *self)
{
  ImpDeviceImage *before = g_steal_pointer (&self->before);

  imp_device_state_forget (self);
  self->running_slot = before->slot;
  self->version = g_steal_pointer (&before->version);
  self->digest = g_steal_pointer (&before->digest);
  self->sequence = before->sequence;
  self->size = before->size;
  imp_device_image_free (before);
}

static gboolean
read_check (JsonNode  *node,
            guint     *checks,
            GError   **error)
{
  gint64 check = json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : 0;

  if (check <= IMP_CHECK_FORMAT || check > IMP_N_CHECKS)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "“" CHECKS_OFF "” has something that is no check");

  *checks |= IMP_CHECK_BIT (check);
  return TRUE;
}

static gboolean
read_checks_off (ImpDeviceState  *self,
                 JsonObject      *object,
                 GError         **error)
{
  JsonArray *array;

  if (!json_object_has_member (object, CHECKS_OFF))
    return TRUE;

  if (!(array = imp_json_get_array (object, CHECKS_OFF, error)))
    return FALSE;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (!read_check (json_array_get_element (array, i), &self->checks_off, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_before (ImpDeviceState  *self,
             JsonObject      *object,
             GError         **error)
{
  JsonObject *member;
  gint64 size = 0;

  if (!json_object_has_member (object, BEFORE))
    return TRUE;

  if (!(member = imp_json_get_object (object, BEFORE, error)))
    return FALSE;

  self->before = g_new0 (ImpDeviceImage, 1);
  if (!imp_device_state_get_slot (member, "slot", &self->before->slot, error) ||
      !imp_device_state_get_optional (member, "version", &self->before->version, error) ||
      !imp_device_state_get_optional (member, "digest", &self->before->digest, error) ||
      !imp_device_state_get_number (member, "sequence", G_MININT64, &self->before->sequence, error) ||
      !imp_device_state_get_number (member, "size", 0, &size, error) ||
      (self->before->version != NULL &&
       !imp_manifest_check_field (IMP_MANIFEST_VERSION_ID, self->before->version, error)))
    return FALSE;

  self->before->size = size;
  return self->before->digest == NULL ||
         imp_device_state_check_digest (self->before->digest, error);
}

/**
 * imp_device_state_read_breach:
 * @self: a device's state
 * @object: what is in its file
 * @error: return location for an error
 *
 * Returns: whether what is there of a rehearsal could be read
 */
gboolean
imp_device_state_read_breach (ImpDeviceState  *self,
                              JsonObject      *object,
                              GError         **error)
{
  return read_checks_off (self, object, error) &&
         read_before (self, object, error);
}

static JsonObject *
before_to_json (const ImpDeviceImage *before)
{
  JsonObject *object = json_object_new ();
  char slot[] = { before->slot, '\0' };

  json_object_set_string_member (object, "slot", slot);
  imp_device_state_set_optional (object, "version", before->version);
  imp_device_state_set_optional (object, "digest", before->digest);
  imp_device_state_set_number (object, "sequence", before->sequence);
  imp_device_state_set_number (object, "size", before->size);

  return object;
}

/**
 * imp_device_state_write_breach:
 * @self: a device's state
 * @object: what will be in its file
 *
 * Adds what there is of a rehearsal, and nothing for all other devices.
 */
void
imp_device_state_write_breach (const ImpDeviceState *self,
                               JsonObject           *object)
{
  JsonArray *checks;

  if (self->before != NULL)
    json_object_set_object_member (object, BEFORE, before_to_json (self->before));

  if (self->checks_off == 0)
    return;

  checks = json_array_new ();
  for (int check = 1; check <= IMP_N_CHECKS; check++)
    {
      if (self->checks_off & IMP_CHECK_BIT (check))
        json_array_add_int_element (checks, check);
    }
  json_object_set_array_member (object, CHECKS_OFF, checks);
}
