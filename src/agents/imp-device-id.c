/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-id.h"

#include "imp-error.h"
#include "imp-json.h"
#include "imp-key.h"
#include "imp-manifest.h"

#define MAX_NAME_LENGTH 128

/**
 * imp_device_id_from_json:
 * @object: a DeviceID
 * @error: return location for an error
 *
 * Reads what a device asks by.
 *
 * Returns: (transfer full): the id
 */
ImpDeviceId *
imp_device_id_from_json (JsonObject  *object,
                         GError     **error)
{
  ImpDeviceId *id;
  const char *public_key = imp_json_get_string (object, "publicKey", error);
  const char *class_id = NULL;

  if (public_key == NULL || !(class_id = imp_json_get_string (object, "classID", error)))
    return NULL;

  if (strlen (public_key) > IMP_KEY_MAX_PEM_SIZE || strlen (class_id) > IMP_MANIFEST_MAX_NAME)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "“%s” is too long",
                   strlen (class_id) > IMP_MANIFEST_MAX_NAME ? "classID" : "publicKey");
      return NULL;
    }

  id = g_new0 (ImpDeviceId, 1);
  id->public_key = g_strdup (public_key);
  id->class_id = g_strdup (class_id);
  return id;
}

/**
 * imp_device_id_parse:
 * @request: a request whose body has been read
 * @error: return location for an error
 *
 * Reads who asks for an update, and for which class, from a JSON body.
 *
 * Returns: (transfer full) (nullable): the device, or `NULL` with @error set
 */
ImpDeviceId *
imp_device_id_parse (ImpRequest  *request,
                     GError     **error)
{
  g_autoptr(JsonObject) object = imp_request_parse_body (request, error);

  return object != NULL ? imp_device_id_from_json (object, error) : NULL;
}

/**
 * imp_device_id_free:
 * @self: (transfer full): what a device said of itself, not `NULL`
 *
 * Frees it and its texts.
 */
void
imp_device_id_free (ImpDeviceId *self)
{
  g_free (self->public_key);
  g_free (self->class_id);
  g_free (self);
}

/**
 * imp_device_name_check:
 * @name: what a device calls itself
 * @error: return location for an error
 *
 * Checks a name that will be listed and shown.
 *
 * Returns: whether it is 1 to 128 printable characters without “/”
 */
gboolean
imp_device_name_check (const char  *name,
                       GError     **error)
{
  gboolean valid = g_utf8_validate (name, -1, NULL);
  glong length = valid ? g_utf8_strlen (name, -1) : 0;

  valid = valid && length >= 1 && length <= MAX_NAME_LENGTH;
  for (const char *c = name; valid && *c != '\0'; c = g_utf8_next_char (c))
    valid = g_unichar_isprint (g_utf8_get_char (c)) && *c != '/';

  if (!valid)
    g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                         "a device’s id is 1 to 128 printable characters without “/”");
  return valid;
}

/**
 * imp_device_name_check_request:
 * @request: a request whose path has a device in it, as `id`
 *
 * Checks the device that a request is about; answers @request where that is not one.
 *
 * Returns: whether it is a device's name
 */
gboolean
imp_device_name_check_request (ImpRequest *request)
{
  g_autoptr(GError) error = NULL;

  if (imp_device_name_check (imp_request_get_parameter (request, "id"), &error))
    return TRUE;

  imp_request_reply_error (request, error);
  return FALSE;
}
