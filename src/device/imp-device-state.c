/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-state.h"

#include <string.h>

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-manifest.h"

#define MAX_ID 128

/* Above 2^53 not every number is itself in JSON, and a sequence number may be there. */
void
imp_device_state_set_number (JsonObject *object,
                             const char *name,
                             gint64      value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  json_object_set_string_member (object, name, text);
}

/**
 * imp_device_state_get_number:
 * @object: an object
 * @name: a member that was written by [func@Imp.device_state_set_number]
 * @lowest: the least that it may be
 * @value: (out): the number
 * @error: return location for an error
 *
 * Reads a number that is kept as text.
 *
 * Returns: whether it is one and not below @lowest
 */
gboolean
imp_device_state_get_number (JsonObject  *object,
                             const char  *name,
                             gint64       lowest,
                             gint64      *value,
                             GError     **error)
{
  const char *text = imp_json_get_string (object, name, error);

  return text != NULL && g_ascii_string_to_signed (text, 10, lowest, G_MAXINT64, value, error);
}

/**
 * imp_device_state_get_optional:
 * @object: an object
 * @name: a member that need not be there
 * @value: (out) (transfer full): its text; it is left alone where there is no such member
 * @error: return location for an error
 *
 * Reads a text that may be missing.
 *
 * Returns: whether it is missing or a string, otherwise %IMP_ERROR_MALFORMED
 */
gboolean
imp_device_state_get_optional (JsonObject  *object,
                               const char  *name,
                               char       **value,
                               GError     **error)
{
  const char *text;

  if (!json_object_has_member (object, name))
    return TRUE;

  text = imp_json_get_string (object, name, error);
  *value = g_strdup (text);
  return text != NULL;
}

/**
 * imp_device_state_set_optional:
 * @object: an object
 * @name: the member
 * @value: (nullable): its text, or `NULL` to leave the member out
 *
 * Writes a text that may be missing.
 */
void
imp_device_state_set_optional (JsonObject *object,
                               const char *name,
                               const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
}

/**
 * imp_device_state_get_slot:
 * @object: an object
 * @name: the member
 * @slot: (out): `a` or `b`
 * @error: return location for an error
 *
 * Reads which slot is meant.
 *
 * Returns: whether it is one of the two, otherwise %IMP_ERROR_MALFORMED
 */
gboolean
imp_device_state_get_slot (JsonObject  *object,
                           const char  *name,
                           char        *slot,
                           GError     **error)
{
  const char *text = imp_json_get_string (object, name, error);

  if (text == NULL)
    return FALSE;

  *slot = *text;
  if (g_str_equal (text, "a") || g_str_equal (text, "b"))
    return TRUE;

  return imp_error_set (error, IMP_ERROR_MALFORMED, "“%s” is neither “a” nor “b”", name);
}

/**
 * imp_device_state_check_digest:
 * @digest: what is said to be a digest
 * @error: return location for an error
 *
 * Returns: whether it is a SHA-384 in lower-case hex, otherwise %IMP_ERROR_MALFORMED
 */
gboolean
imp_device_state_check_digest (const char  *digest,
                               GError     **error)
{
  return imp_digest_is_hex (digest, IMP_SHA384_HEX_LENGTH) ||
         imp_error_set (error, IMP_ERROR_MALFORMED, "“digest” is not a SHA-384 in hex");
}

/* It stands in the path of a request, and in lists that people read. */
static gboolean
check_id (const char  *id,
          GError     **error)
{
  gboolean valid = g_utf8_validate (id, -1, NULL) && *id != '\0' && strlen (id) <= MAX_ID;

  for (const char *p = id; valid && *p != '\0'; p = g_utf8_next_char (p))
    valid = *p != '/' && g_unichar_isprint (g_utf8_get_char (p));

  if (!valid || g_str_equal (id, ".") || g_str_equal (id, ".."))
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                   "the device’s name has to have 1 to %d printable characters, and no slash", MAX_ID);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_polling (const ImpDeviceState  *self,
               GError               **error)
{
  if (self->poll_interval >= 1 && self->poll_interval <= IMP_DEVICE_MAX_POLL_INTERVAL &&
      self->poll_jitter <= IMP_DEVICE_MAX_POLL_JITTER)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_MALFORMED,
                        "a device polls every 1 to %d seconds, with a jitter of 0 to %d percent",
                        IMP_DEVICE_MAX_POLL_INTERVAL, IMP_DEVICE_MAX_POLL_JITTER);
}

static gboolean
check_config (const ImpDeviceState  *self,
              GError               **error)
{
  return check_id (self->id, error) &&
         check_polling (self, error) &&
         imp_manifest_check_field (IMP_MANIFEST_CLASS_ID, self->class_id, error) &&
         (self->vendor_id == NULL ||
          imp_manifest_check_field (IMP_MANIFEST_VENDOR_ID, self->vendor_id, error)) &&
         (self->version == NULL ||
          imp_manifest_check_field (IMP_MANIFEST_VERSION_ID, self->version, error));
}

/**
 * imp_device_state_new:
 * @config: what the device is
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): what a new device knows, or `NULL` with @error set
 */
ImpDeviceState *
imp_device_state_new (const ImpDeviceConfig  *config,
                      GError                **error)
{
  g_autoptr(ImpDeviceState) self = g_new0 (ImpDeviceState, 1);

  self->id = config->id != NULL ? g_strdup (config->id) :
             g_strdup_printf ("device-%06x", g_random_int () & 0xffffff);
  self->vendor_id = g_strdup (config->vendor_id);
  self->class_id = g_strdup (config->class_id);
  self->author = g_object_ref (config->author);
  self->log_key = g_strdup (config->log_key);
  self->slot_size = config->slot_size != 0 ? MIN (config->slot_size, G_MAXINT64) : IMP_DEVICE_DEFAULT_SLOT_SIZE;
  self->poll_interval = config->poll_interval != 0 ? config->poll_interval
                                                   : IMP_DEVICE_DEFAULT_POLL_INTERVAL;
  self->poll_jitter = config->poll_jitter;
  self->running_slot = 'a';
  self->version = g_strdup (config->version);
  self->sequence = config->sequence;
  self->components = g_new0 (char *, 1);
  self->checkpoint_time = -1;

  if (!check_config (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * imp_device_state_free:
 * @self: (transfer full): what a device knows, not `NULL`
 *
 * Frees it and everything in it.
 */
void
imp_device_state_free (ImpDeviceState *self)
{
  g_free (self->id);
  g_free (self->vendor_id);
  g_free (self->class_id);
  g_clear_object (&self->author);
  g_free (self->log_key);
  g_free (self->version);
  g_free (self->digest);
  g_strfreev (self->components);
  g_free (self->checkpoint);
  g_clear_pointer (&self->before, imp_device_image_free);
  g_free (self);
}

static gboolean
read_identity (ImpDeviceState  *self,
               JsonObject      *object,
               GError         **error)
{
  const char *author;
  gint64 slot_size;

  if (!(self->id = g_strdup (imp_json_get_string (object, "id", error))) ||
      !(self->class_id = g_strdup (imp_json_get_string (object, "class", error))) ||
      !imp_device_state_get_optional (object, "vendor", &self->vendor_id, error) ||
      !imp_device_state_get_optional (object, "logKey", &self->log_key, error) ||
      !imp_device_state_get_number (object, "slotSize", 1, &slot_size, error) ||
      !(author = imp_json_get_string (object, "author", error)) ||
      !(self->author = imp_key_new_from_pem (author, -1, NULL, error)))
    return FALSE;

  self->slot_size = slot_size;
  return TRUE;
}

/* A device of an earlier version of ours says nothing of it. */
static gboolean
read_polling (ImpDeviceState  *self,
              JsonObject      *object,
              GError         **error)
{
  gint64 interval = IMP_DEVICE_DEFAULT_POLL_INTERVAL;
  gint64 jitter = 0;

  if ((json_object_has_member (object, "pollInterval") &&
       !imp_device_state_get_number (object, "pollInterval", 1, &interval, error)) ||
      (json_object_has_member (object, "pollJitter") &&
       !imp_device_state_get_number (object, "pollJitter", 0, &jitter, error)))
    return FALSE;

  self->poll_interval = MIN (interval, G_MAXUINT);
  self->poll_jitter = MIN (jitter, G_MAXUINT);
  return TRUE;
}

static gboolean
read_components (ImpDeviceState  *self,
                 JsonObject      *object,
                 GError         **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array = imp_json_get_array (object, "components", error);

  if (array == NULL)
    return FALSE;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (json_node_get_value_type (node) != G_TYPE_STRING)
        {
          g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "component %u is not a string", i);
          return FALSE;
        }
      g_strv_builder_add (builder, json_node_get_string (node));
    }

  self->components = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_installed (ImpDeviceState  *self,
                JsonObject      *object,
                GError         **error)
{
  gint64 size;

  if (!imp_device_state_get_slot (object, "runningSlot", &self->running_slot, error) ||
      !imp_device_state_get_optional (object, "version", &self->version, error) ||
      !imp_device_state_get_optional (object, "digest", &self->digest, error) ||
      !imp_device_state_get_number (object, "sequence", G_MININT64, &self->sequence, error) ||
      !imp_device_state_get_number (object, "size", 0, &size, error) ||
      !read_components (self, object, error))
    return FALSE;

  self->size = size;
  return self->digest == NULL ||
         imp_device_state_check_digest (self->digest, error);
}

static gboolean
read_state (ImpDeviceState  *self,
            JsonNode        *node,
            GError         **error)
{
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MALFORMED, "it is not a JSON object");
      return FALSE;
    }

  object = json_node_get_object (node);
  return read_identity (self, object, error) &&
         read_polling (self, object, error) &&
         read_installed (self, object, error) &&
         imp_device_state_get_optional (object, "checkpoint", &self->checkpoint, error) &&
         imp_device_state_get_number (object, "checkpointTime", -1, &self->checkpoint_time, error) &&
         imp_device_state_read_breach (self, object, error) &&
         check_config (self, error);
}

/**
 * imp_device_state_parse:
 * @text: what is in a device's file
 * @error: return location for an error
 *
 * Reads it; whatever is wrong with it is %IMP_ERROR_CORRUPT, for the device itself wrote it.
 *
 * Returns: (transfer full) (nullable): the state, or `NULL` with @error set
 */
ImpDeviceState *
imp_device_state_parse (const char  *text,
                        GError     **error)
{
  g_autoptr(ImpDeviceState) self = g_new0 (ImpDeviceState, 1);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(JsonNode) node = imp_json_parse (text, -1, IMP_DEVICE_STATE_MAX_SIZE, &local_error);

  if (node == NULL || !read_state (self, node, &local_error))
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT,
                   "%s: %s", IMP_DEVICE_STATE_FILE, local_error->message);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * imp_device_state_load:
 * @folder: a device's folder
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): what the device knows, or `NULL` with @error set
 */
ImpDeviceState *
imp_device_state_load (ImpDeviceFolder  *folder,
                       GError          **error)
{
  g_autofree char *text = NULL;

  text = imp_device_folder_read (folder, IMP_DEVICE_STATE_FILE, IMP_DEVICE_STATE_MAX_SIZE, error);

  return text != NULL ? imp_device_state_parse (text, error) : NULL;
}

/**
 * imp_device_state_get_idle:
 * @self: a device's state
 *
 * Returns: the slot that does not run
 */
char
imp_device_state_get_idle (const ImpDeviceState *self)
{
  return self->running_slot == 'a' ? 'b' : 'a';
}

static JsonNode *
to_json (const ImpDeviceState *self)
{
  g_autoptr(JsonObject) object = json_object_new ();
  JsonArray *components = json_array_new ();
  char slot[] = { self->running_slot, '\0' };
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "id", self->id);
  imp_device_state_set_optional (object, "vendor", self->vendor_id);
  json_object_set_string_member (object, "class", self->class_id);
  json_object_set_string_member (object, "author", imp_key_get_public_pem (self->author));
  imp_device_state_set_optional (object, "logKey", self->log_key);
  imp_device_state_set_number (object, "slotSize", self->slot_size);
  imp_device_state_set_number (object, "pollInterval", self->poll_interval);
  imp_device_state_set_number (object, "pollJitter", self->poll_jitter);

  json_object_set_string_member (object, "runningSlot", slot);
  imp_device_state_set_optional (object, "version", self->version);
  imp_device_state_set_number (object, "sequence", self->sequence);
  imp_device_state_set_optional (object, "digest", self->digest);
  imp_device_state_set_number (object, "size", self->size);

  for (char **component = self->components; *component != NULL; component++)
    json_array_add_string_element (components, *component);
  json_object_set_array_member (object, "components", components);

  imp_device_state_set_optional (object, "checkpoint", self->checkpoint);
  imp_device_state_set_number (object, "checkpointTime", self->checkpoint_time);
  imp_device_state_write_breach (self, object);

  json_node_set_object (node, object);
  return node;
}

/**
 * imp_device_state_print:
 * @self: a device's state
 *
 * Returns: (transfer full): what is in its file
 */
char *
imp_device_state_print (const ImpDeviceState *self)
{
  g_autoptr(JsonNode) node = to_json (self);

  return json_to_string (node, TRUE);
}

/**
 * imp_device_state_save:
 * @self: a device's state
 * @folder: its folder
 * @error: return location for an error
 *
 * Makes it what the device knows after the next start.
 *
 * Returns: whether it could
 */
gboolean
imp_device_state_save (const ImpDeviceState  *self,
                       ImpDeviceFolder       *folder,
                       GError               **error)
{
  g_autofree char *text = imp_device_state_print (self);

  return imp_device_folder_replace (folder, IMP_DEVICE_STATE_FILE, text, error);
}
