/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-trust-path-private.h"

#define GETTEXT_PACKAGE IMP_GETTEXT_PACKAGE
#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "imp-agent-client-private.h"
#include "imp-error.h"
#include "imp-time.h"
#include "imp-update-checks.h"

#define MINUTE_MS (60 * 1000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

/* imp_checkpoint_verify() passes over signatures of others. Here nobody else’s belongs, and one that
 * was spoiled must not pass for one of somebody else.
 */
static gboolean
check_signatures (const char  *text,
                  gint64       time,
                  GError     **error)
{
  g_autoptr(ImpNote) note = imp_note_new_from_text (text, -1, error);

  if (note == NULL)
    return FALSE;
  if (note->signatures->len > (time >= 0 ? 2 : 1))
    return imp_examination_refuse (error, "the checkpoint has a signature that is not of the log’s key");

  return TRUE;
}

static gboolean
check_head (ImpTrustExamination    *self,
            ImpCheckpoint **head,
            gint64         *time,
            GError        **error)
{
  const char *text = imp_examination_get_text (self, "checkpoint");
  const char *log_key = imp_examination_get_text (self, "logKey");

  *head = imp_checkpoint_new_from_text (text, -1, error);
  if (*head == NULL)
    return FALSE;
  if (self->log_key != NULL && !g_str_equal (log_key, self->log_key))
    return imp_error_set (error, IMP_ERROR_REFUSED,
                          "the log’s key is %s, and not %s, which is trusted", log_key, self->log_key);

  return imp_checkpoint_verify (*head, log_key, time, error) &&
         check_signatures (text, *time, error);
}

static gboolean
check_inclusion (ImpTrustExamination    *self,
                 ImpCheckpoint  *head,
                 GError        **error)
{
  ImpRegisteredUpdate *update = self->update;
  JsonArray *path = json_object_get_array_member (self->object, "path");

  update->path = imp_hashes_from_json (path, error);
  if (update->path == NULL)
    return FALSE;
  if (update->transaction == NULL)
    return imp_examination_refuse (error, "there is no entry that it could cover");

  update->leaf = imp_transaction_get_sequence (update->transaction);
  update->size = imp_checkpoint_get_size (head);
  return imp_update_check_inclusion (update, head, error);
}

static char *
describe_age (gint64 age)
{
  if (age < HOUR_MS)
    return g_strdup_printf (g_dngettext (IMP_GETTEXT_PACKAGE,
                                         "The checkpoint is %u minute old: what the log says since then "
                                         "is not known.",
                                         "The checkpoint is %u minutes old: what the log says since then "
                                         "is not known.", age / MINUTE_MS),
                            (guint) (age / MINUTE_MS));
  if (age < 2 * DAY_MS)
    return g_strdup_printf (g_dngettext (IMP_GETTEXT_PACKAGE,
                                         "The checkpoint is %u hour old: what the log says since then is "
                                         "not known.",
                                         "The checkpoint is %u hours old: what the log says since then is "
                                         "not known.", age / HOUR_MS),
                            (guint) (age / HOUR_MS));

  return g_strdup_printf (g_dngettext (IMP_GETTEXT_PACKAGE,
                                       "The checkpoint is %u day old: what the log says since then is not "
                                       "known.",
                                       "The checkpoint is %u days old: what the log says since then is not "
                                       "known.", age / DAY_MS),
                          (guint) (age / DAY_MS));
}

static void
add_unproven_of_head (ImpTrustExamination *self,
                      ImpTrustStep        *step,
                      gint64               time)
{
  gint64 age = imp_time_now () - time;

  if (self->log_key == NULL)
    imp_trust_step_add_unproven (step,
                                 g_strdup_printf (_("The log’s key was taken from this file and is not one "
                                                    "that you trust already: %s"),
                                                  imp_examination_get_text (self, "logKey")));
  if (time < 0)
    imp_trust_step_add_unproven (step, g_strdup (_("The checkpoint does not say when it was signed.")));
  else if (age < 0)
    imp_trust_step_add_unproven (step, g_strdup (_("The checkpoint was signed in the future, by this "
                                                   "computer’s clock.")));
  else
    imp_trust_step_add_unproven (step, describe_age (age));
  imp_trust_step_add_unproven (step, g_strdup (_("Whether the log shows others the same was not asked.")));
}

static char *
describe_head (ImpCheckpoint *head,
               gint64         time)
{
  g_autofree char *text = time >= 0 ? imp_time_format (time) : g_strdup (_("an unknown time"));

  return g_strdup_printf (_("The path leads to the root of %" PRIu64 " entries that “%s” signed at %s"),
                          imp_checkpoint_get_size (head), imp_checkpoint_get_origin (head), text);
}

static char *
join_path (JsonArray *path)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (path); i++)
    {
      JsonNode *node = json_array_get_element (path, i);
      const char *hash = json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                          : "?";

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", hash);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * imp_examine_checkpoint:
 * @self: a path, of which key to transaction were examined
 *
 * The last step: from the leaf by the path of hashes to the root that the log signed.
 */
void
imp_examine_checkpoint (ImpTrustExamination *self)
{
  ImpTrustStep *step = imp_trust_step_begin (self->steps, "checkpoint", _("Checkpoint"));
  g_autoptr(ImpCheckpoint) head = NULL;
  char *found = NULL;
  gint64 time = -1;
  GError *error = NULL;

  imp_trust_step_add_given (step, "path", _("Path of hashes"),
                            join_path (json_object_get_array_member (self->object, "path")));
  imp_examination_give (self, step, "checkpoint", _("Checkpoint"));
  imp_examination_give (self, step, "logKey", _("Key of the log"));
  if (check_head (self, &head, &time, &error) && check_inclusion (self, head, &error))
    {
      imp_trust_step_add_computed (step, "root", _("Root of the tree"),
                                   imp_hash_to_base64 (imp_checkpoint_get_root (head)));
      found = describe_head (head, time);
    }
  add_unproven_of_head (self, step, time);

  imp_trust_step_end (step, found, error);
}
