/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-registration-event.h"

#include "imp-error.h"

/**
 * imp_json_set_string_or_null:
 * @object: an object
 * @name: the key
 * @value: (nullable): its text, or `NULL` for JSON's `null`
 *
 * Sets a member that is always there, so that who reads it need not tell missing from unknown.
 */
void
imp_json_set_string_or_null (JsonObject *object,
                             const char *name,
                             const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

/**
 * imp_registration_event_new:
 * @request_id: (nullable): what a client follows its request by
 * @fingerprint: (nullable): the author, where that is known
 * @update: (nullable): the update, where it has arrived
 * @step: the step, or “failed”
 *
 * Makes an event that lacks only how long the step took, or why it failed. A member that is not
 * known is null: listeners find the same members in every event.
 *
 * Returns: (transfer full): the event
 */
JsonObject *
imp_registration_event_new (const char *request_id,
                            const char *fingerprint,
                            ImpUpdate  *update,
                            const char *step)
{
  ImpManifest *manifest = update != NULL ? imp_update_get_manifest (update) : NULL;
  JsonObject *event = json_object_new ();

  imp_json_set_string_or_null (event, "request", request_id);
  imp_json_set_string_or_null (event, "fingerprint", fingerprint);
  imp_json_set_string_or_null (event, "class",
                               manifest != NULL ? imp_manifest_get_class_id (manifest) : NULL);
  imp_json_set_string_or_null (event, "version",
                               manifest != NULL ? imp_manifest_get_version (manifest) : NULL);
  json_object_set_string_member (event, "step", step);

  return event;
}

/**
 * imp_registration_event_set_error:
 * @event: the object of an event
 * @error: why a registration failed
 *
 * Says in `code` and `detail` why; `code` is `null` where the error has no name on the wire.
 */
void
imp_registration_event_set_error (JsonObject   *event,
                                  const GError *error)
{
  imp_json_set_string_or_null (event, "code", imp_error_get_code (error));
  json_object_set_string_member (event, "detail", error->message);
}
