/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-rehearsal-private.h"

#include <glib/gi18n.h>

#include "imp-device-rehearsal.h"
#include "imp-error.h"
#include "imp-version.h"

/* What is done on a stage so that an attack can be tried there.
 *
 * An attack on a download needs something to download: a device that is up to date is taken back to the version
 * before, over a network that is honest but for answering with that version, and with all its checks. One that has
 * never seen the ledger looks at it once, so that it knows whose signature to ask for.
 */

static const ImpAttack taking_back = { .id = "take-back", .answer = IMP_ANSWER_OTHER };

/* The newest of those below what is installed. */
static ImpTransaction *
find_older (ImpStage *self)
{
  const char *installed = imp_device_get_version (self->device);

  for (guint i = 0; installed != NULL && i < self->versions->len; i++)
    {
      ImpTransaction *update = g_ptr_array_index (self->versions, i);

      if (imp_version_compare (imp_transaction_get_version (update), installed) < 0)
        return update;
    }

  return NULL;
}

/* Two versions may well have the same bytes. */
static ImpTransaction *
find_other_payload (ImpStage *self)
{
  for (guint i = 1; i < self->versions->len; i++)
    {
      ImpTransaction *update = g_ptr_array_index (self->versions, i);

      if (g_strcmp0 (imp_transaction_get_cid (update),
                     imp_transaction_get_cid (g_ptr_array_index (self->versions, 0))) != 0)
        return update;
    }

  return NULL;
}

static ImpTransaction *
find_other_class (ImpStage *self)
{
  for (guint i = 0; i < self->updates->len; i++)
    {
      ImpTransaction *update = g_ptr_array_index (self->updates, i);

      if (g_strcmp0 (imp_transaction_get_class_id (update), imp_device_get_class_id (self->device)) != 0)
        return update;
    }

  return NULL;
}

/* An attack that is being prepared. */
typedef struct
{
  ImpStage          *stage;
  const ImpAttack   *attack;
  ImpAttacker       *attacker;
  ImpHostileNetwork *network;   /* (owned) (nullable): on the way back */
  gboolean           updated;   /* once is enough */
  gboolean           reset;
} Setting;

static void
setting_free (Setting *setting)
{
  g_clear_pointer (&setting->network, imp_hostile_network_free);
  g_free (setting);
}

static void set (GTask *task);

static void
give_up (GTask      *task,
         const char *reason)
{
  g_task_return_new_error (task, IMP_ERROR, IMP_ERROR_NOT_FOUND, "%s", reason);
  g_object_unref (task);
}

static void
honestly_updated_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Setting *setting = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!imp_stage_update_finish (setting->stage, result, &error))
    {
      g_task_return_new_error (task, IMP_ERROR, IMP_ERROR_NOT_FOUND,
                               _("the device does not take the genuine update: %s"), error->message);
      return;
    }

  set (g_steal_pointer (&task));
}

/* Whether the older version was taken or not: nothing installed will do as well. */
static void
taken_back_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  GTask *task = user_data;
  Setting *setting = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  ImpDeviceOutcome outcome;

  if (!imp_device_update_finish (IMP_DEVICE (object), result, &outcome, NULL, NULL, &error))
    g_debug ("the device stays empty: %s", error->message);
  g_clear_pointer (&setting->network, imp_hostile_network_free);
  set (task);
}

static void
got_version_before_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  GTask *task = user_data;
  Setting *setting = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = imp_agent_client_get_json_finish (IMP_AGENT_CLIENT (object), result, &error);
  g_autoptr(ImpAttacker) helper = node != NULL ? imp_attacker_new (imp_stage_get_retrieval (setting->stage), &error)
                                               : NULL;

  if (helper != NULL)
    {
      helper->other = json_to_string (node, FALSE);
      setting->network = imp_hostile_network_new (&taking_back, g_steal_pointer (&helper), &error);
    }

  if (setting->network == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
      return;
    }

  imp_device_update_async (setting->stage->device, imp_hostile_network_get_url (setting->network),
                           setting->stage->cancellable, taken_back_cb, task);
}

static void
get_update_text (GTask               *task,
                 ImpTransaction      *transaction,
                 GAsyncReadyCallback  callback)
{
  Setting *setting = g_task_get_task_data (task);
  g_autofree char *path = g_strconcat ("/v1/updates/", imp_transaction_get_id (transaction), NULL);

  imp_agent_client_get_json_async (setting->stage->client, "retrieval", path, setting->stage->cancellable,
                                   callback, task);
}

static void
reset_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  GTask *task = user_data;
  Setting *setting = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!imp_device_change_finish (IMP_DEVICE (object), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
      return;
    }

  setting->stage->taken_back = TRUE;
  if (setting->stage->versions->len > 1)
    get_update_text (task, g_ptr_array_index (setting->stage->versions, 1), got_version_before_cb);
  else
    set (task);
}

static void
got_other_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Setting *setting = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = imp_agent_client_get_json_finish (IMP_AGENT_CLIENT (object), result, &error);

  if (node == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_free (setting->attacker->other);
  setting->attacker->other = json_to_string (node, FALSE);
  g_task_return_boolean (task, TRUE);
}

/* What the attack delivers instead, where it delivers another update. */
static ImpTransaction *
find_other (Setting *setting)
{
  ImpStage *stage = setting->stage;

  if (setting->attack->needs & IMP_NEEDS_OLDER)
    return find_older (stage);
  if (setting->attack->needs & IMP_NEEDS_OTHER_CLASS)
    return find_other_class (stage);
  if (setting->attack->needs & IMP_NEEDS_OTHER)
    return find_other_payload (stage);

  return NULL;
}

/* What is missing and cannot be made. */
static const char *
find_missing (Setting *setting)
{
  ImpStage *stage = setting->stage;
  guint needs = setting->attack->needs;

  if (stage->versions->len == 0)
    return _("the device’s author has registered nothing for its class");
  if ((needs & IMP_NEEDS_OLDER) && stage->versions->len < 2)
    return _("there is only one version of this class on the ledger");
  if ((needs & IMP_NEEDS_OTHER) && find_other_payload (stage) == NULL)
    return _("there is only one payload of this class on the ledger");
  if ((needs & IMP_NEEDS_OTHER_CLASS) && find_other_class (stage) == NULL)
    return _("the device’s author has registered nothing for another class");
  if ((needs & IMP_NEEDS_EXPIRY) && stage->expiry < 0)
    return _("the newest manifest on the ledger does not expire");
  if (imp_device_get_damage (stage->device) != NULL)
    return _("the device does not start: restore it first");

  return NULL;
}

static gboolean
wants_update (Setting *setting)
{
  ImpStage *stage = setting->stage;

  return !imp_device_has_log_key (stage->device) ||
         ((setting->attack->needs & IMP_NEEDS_OLDER) && find_older (stage) == NULL);
}

/* Takes over @task. One step at a time, until everything is there. */
static void
set (GTask *task)
{
  Setting *setting = g_task_get_task_data (task);
  ImpStage *stage = setting->stage;
  const char *missing = find_missing (setting);
  ImpTransaction *other;

  if (g_task_return_error_if_cancelled (task))
    g_object_unref (task);
  else if (missing != NULL)
    give_up (task, missing);
  else if (wants_update (setting) && !setting->updated)
    {
      setting->updated = TRUE;
      imp_stage_update_async (stage, honestly_updated_cb, task);
    }
  else if ((setting->attack->needs & IMP_NEEDS_NEWER) && !imp_stage_has_newer (stage) && !setting->reset)
    {
      setting->reset = TRUE;
      imp_device_change_async (stage->device, IMP_DEVICE_RESET, 0, reset_cb, task);
    }
  else if ((other = find_other (setting)) != NULL)
    get_update_text (task, other, got_other_cb);
  else if (setting->attack->needs & IMP_NEEDS_OLDER)
    give_up (task, _("there is no version on the ledger below the installed one"));
  else
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
}

/**
 * imp_stage_set_async:
 * @self: a stage that was looked at
 * @attack: what is to be tried
 * @attacker: who tries it, and is given what it needs
 * @callback: called once
 * @user_data: data for @callback
 *
 * Makes of the device one that the attack can be tried on.
 */
void
imp_stage_set_async (ImpStage            *self,
                     const ImpAttack     *attack,
                     ImpAttacker         *attacker,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  GTask *task = g_task_new (self->device, self->cancellable, callback, user_data);
  Setting *setting = g_new0 (Setting, 1);

  setting->stage = self;
  setting->attack = attack;
  setting->attacker = attacker;
  g_task_set_source_tag (task, imp_stage_set_async);
  g_task_set_task_data (task, setting, (GDestroyNotify) setting_free);
  set (task);
}

/**
 * imp_stage_set_finish:
 * @self: a stage
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether the attack can be tried; %IMP_ERROR_NOT_FOUND says what was missing
 */
gboolean
imp_stage_set_finish (ImpStage      *self,
                      GAsyncResult  *result,
                      GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
