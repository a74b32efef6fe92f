/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-update-private.h"

static JsonNode *
make_report (ImpDeviceUpdate       *self,
             const ImpDeviceResult *result)
{
  static const char *const outcomes[] = {
    [IMP_DEVICE_INSTALLED] = "installed",
    [IMP_DEVICE_CURRENT] = "current",
    [IMP_DEVICE_REFUSED] = "refused",
  };
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  const char *version = self->offer != NULL ? imp_manifest_get_version (self->offer->manifest) : self->state->version;

  json_object_set_string_member (object, "class", self->state->class_id);
  json_object_set_string_member (object, "version", version != NULL ? version : "");
  json_object_set_string_member (object, "outcome", outcomes[result->outcome]);
  if (result->outcome == IMP_DEVICE_REFUSED)
    {
      json_object_set_int_member (object, "check", result->check);
      json_object_set_string_member (object, "reason", result->reason);
    }

  json_node_take_object (node, object);
  return node;
}

/**
 * imp_device_update_report:
 * @self: a round
 * @result: how it ended
 *
 * Tells the agent. One that does not want to know changes nothing of what was done.
 */
void
imp_device_update_report (ImpDeviceUpdate       *self,
                          const ImpDeviceResult *result)
{
  g_autoptr(JsonNode) node = make_report (self, result);
  g_autoptr(GError) error = NULL;

  if (!imp_device_agent_report (self->agent, node, &error))
    g_debug ("report: %s", error->message);
}
