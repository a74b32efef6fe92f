/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-comparison-private.h"

#define GETTEXT_PACKAGE IMP_GETTEXT_PACKAGE
#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "imp-error.h"
#include "imp-json.h"
#include "imp-payload-cache.h"
#include "imp-trust-private.h"
#include "imp-update-checks.h"

/**
 * ImpComparison:
 *
 * Two versions side by side: the fields of their manifests, the sections of their payloads where those
 * are ELF files, and the strings that only one of them has.
 *
 * Payloads are only looked into once they have the CID, the size and the digest that their author
 * signed. It never changes once it is made.
 */

G_DEFINE_FINAL_TYPE (ImpComparison, imp_comparison, G_TYPE_OBJECT)

static void
imp_comparison_finalize (GObject *object)
{
  ImpComparison *self = IMP_COMPARISON (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->sides); i++)
    {
      g_free (self->sides[i].transaction);
      g_clear_object (&self->sides[i].manifest);
      g_free (self->sides[i].cid);
      g_free (self->sides[i].format);
    }
  g_clear_object (&self->fields);
  g_clear_object (&self->sections);
  g_clear_object (&self->strings);
  g_ptr_array_unref (self->notes);

  G_OBJECT_CLASS (imp_comparison_parent_class)->finalize (object);
}

static void
imp_comparison_class_init (ImpComparisonClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_comparison_finalize;
}

static void
imp_comparison_init (ImpComparison *self)
{
  self->fields = g_list_store_new (IMP_TYPE_DIFFERENCE);
  self->sections = g_list_store_new (IMP_TYPE_DIFFERENCE);
  self->strings = g_list_store_new (IMP_TYPE_DIFFERENCE);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  self->share = 1;
}

/* Takes @sentence. */
void
imp_comparison_take_note (ImpComparison *self,
                          char          *sentence)
{
  g_ptr_array_add (self->notes, sentence);
}

static char *
print_value (JsonNode *node)
{
  if (node == NULL)
    return NULL;

  return json_node_get_value_type (node) == G_TYPE_STRING ? json_node_dup_string (node)
                                                          : imp_json_canonicalize (node);
}

static ImpChange
compare_values (JsonNode *a,
                JsonNode *b)
{
  if (a == NULL)
    return IMP_CHANGE_ADDED;
  if (b == NULL)
    return IMP_CHANGE_GONE;

  return json_node_equal (a, b) ? IMP_CHANGE_SAME : IMP_CHANGE_CHANGED;
}

static void
add_field (ImpComparison *self,
           const char    *name,
           JsonNode      *a,
           JsonNode      *b)
{
  g_autofree char *text_a = print_value (a);
  g_autofree char *text_b = print_value (b);
  g_autoptr(ImpDifference) difference = NULL;

  difference = imp_difference_new (compare_values (a, b), name, NULL, text_a, text_b);
  g_list_store_append (self->fields, difference);
}

/* Compares the manifests, field by field: those of the first in their order, and then what only the
 * second has.
 */
static void
add_fields (ImpComparison *self)
{
  g_autoptr(JsonNode) node_a = imp_manifest_to_json (self->sides[0].manifest);
  g_autoptr(JsonNode) node_b = imp_manifest_to_json (self->sides[1].manifest);
  JsonObject *a = json_node_get_object (node_a);
  JsonObject *b = json_node_get_object (node_b);
  g_autoptr(GList) names_a = json_object_get_members (a);
  g_autoptr(GList) names_b = json_object_get_members (b);

  for (GList *link = names_a; link != NULL; link = link->next)
    add_field (self, link->data, json_object_get_member (a, link->data),
               json_object_get_member (b, link->data));

  for (GList *link = names_b; link != NULL; link = link->next)
    {
      if (!json_object_has_member (a, link->data))
        add_field (self, link->data, NULL, json_object_get_member (b, link->data));
    }
}

/* What a thread needs. */
typedef struct
{
  ImpAgentSync *agent;            /* (owned) */
  char         *transactions[2];  /* (owned) */
  ImpProgress  *progress;         /* (owned) */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->agent, imp_agent_sync_free);
  g_free (job->transactions[0]);
  g_free (job->transactions[1]);
  imp_progress_end (job->progress);
  g_free (job);
}

static gboolean
verify_update (const ImpRegisteredUpdate  *update,
               GError                    **error)
{
  g_autofree char *digest = NULL;

  return imp_update_check_manifest_digest (imp_update_get_manifest (update->update), &digest, error) &&
         imp_update_verify_manifest (update->update, update->author, error) &&
         imp_update_verify_payload_sign (update->update, update->author, error) &&
         imp_update_check_leaf (update, error);
}

/* What is shown side by side is what an author signed. */
static gboolean
fetch_side (ImpComparisonSide  *side,
            Job                *job,
            const char         *transaction,
            GCancellable       *cancellable,
            GError            **error)
{
  g_autoptr(ImpRegisteredUpdate) update = imp_trust_fetch_update (job->agent, transaction, cancellable,
                                                                  error);

  if (update == NULL)
    return FALSE;

  side->transaction = g_strdup (transaction);
  side->manifest = g_object_ref (imp_update_get_manifest (update->update));
  side->cid = g_strdup (update->cid);
  if (verify_update (update, error))
    return TRUE;

  g_prefix_error (error, "%s: ", imp_manifest_get_version (side->manifest));
  return FALSE;
}

static GFile *
fetch_payload (ImpComparisonSide  *side,
               Job                *job,
               GCancellable       *cancellable,
               GError            **error)
{
  g_autofree char *directory = imp_payload_cache_dup_directory ();

  return imp_payload_cache_fetch (directory, IMP_PAYLOAD_CACHE_MAX_SIZE / 2, job->agent, side->manifest,
                                  side->cid, job->progress, cancellable, error);
}

/* A payload that is too large leaves the manifests to compare. */
static gboolean
compare_payloads (ImpComparison  *self,
                  Job            *job,
                  GCancellable   *cancellable,
                  GError        **error)
{
  g_autoptr(GFile) a = NULL;
  g_autoptr(GFile) b = NULL;
  g_autoptr(GError) local_error = NULL;

  if (g_str_equal (self->sides[0].cid, self->sides[1].cid))
    {
      imp_comparison_take_note (self, g_strdup (_("Both have the same payload, byte for byte: their CIDs are "
                                                  "equal.")));
      return TRUE;
    }

  if ((a = fetch_payload (&self->sides[0], job, cancellable, &local_error)) &&
      (b = fetch_payload (&self->sides[1], job, cancellable, &local_error)))
    return imp_comparison_add_contents (self, a, b, cancellable, error);

  if (!g_error_matches (local_error, IMP_ERROR, IMP_ERROR_PAYLOAD_TOO_LARGE))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  imp_comparison_take_note (self, g_strdup_printf (_("The payloads were not compared: %s"),
                                                   local_error->message));
  return TRUE;
}

static void
compare_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr(ImpComparison) self = g_object_new (IMP_TYPE_COMPARISON, NULL);
  GError *error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (self->sides) && error == NULL; i++)
    fetch_side (&self->sides[i], job, job->transactions[i], cancellable, &error);

  if (error == NULL)
    {
      add_fields (self);
      compare_payloads (self, job, cancellable, &error);
    }

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_ptr_array_add (self->notes, NULL);
  g_task_return_pointer (task, g_steal_pointer (&self), g_object_unref);
}

/**
 * imp_comparison_new_async:
 * @client: a client whose connection is open
 * @a: the transaction that registered the first version
 * @b: the transaction that registered the second
 * @progress: (nullable): told how many bytes of a payload have come, of how many
 * @progress_data: data for @progress
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Compares two versions, with their payloads.
 */
void
imp_comparison_new_async (ImpAgentClient        *client,
                          const char            *a,
                          const char            *b,
                          GFileProgressCallback  progress,
                          gpointer               progress_data,
                          GCancellable          *cancellable,
                          GAsyncReadyCallback    callback,
                          gpointer               user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);
  GError *error = NULL;

  g_return_if_fail (IMP_IS_AGENT_CLIENT (client));

  g_task_set_source_tag (task, imp_comparison_new_async);
  g_task_set_task_data (task, job, job_free);
  job->transactions[0] = g_strdup (a);
  job->transactions[1] = g_strdup (b);
  job->progress = imp_progress_new (progress, progress_data);
  if ((job->agent = imp_agent_sync_new (client, "retrieval", &error)))
    g_task_run_in_thread (task, compare_thread);
  else
    g_task_return_error (task, error);
}

/**
 * imp_comparison_new_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the comparison, or `NULL` with @error set
 */
ImpComparison *
imp_comparison_new_finish (GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * imp_comparison_get_a:
 * @self: a comparison
 *
 * Returns: what is known of the first version; lent by @self
 */
const ImpComparisonSide *
imp_comparison_get_a (ImpComparison *self)
{
  g_return_val_if_fail (IMP_IS_COMPARISON (self), NULL);

  return &self->sides[0];
}

/**
 * imp_comparison_get_b:
 * @self: a comparison
 *
 * Returns: what is known of the second version; lent by @self
 */
const ImpComparisonSide *
imp_comparison_get_b (ImpComparison *self)
{
  g_return_val_if_fail (IMP_IS_COMPARISON (self), NULL);

  return &self->sides[1];
}

/* All fields, those that are the same too. */
GListModel *
imp_comparison_get_fields (ImpComparison *self)
{
  g_return_val_if_fail (IMP_IS_COMPARISON (self), NULL);

  return G_LIST_MODEL (self->fields);
}

/**
 * imp_comparison_get_sections:
 * @self: a comparison
 *
 * Returns: (transfer none): the sections as [class@Imp.Difference]; empty unless the payloads are ELF
 * files
 */
GListModel *
imp_comparison_get_sections (ImpComparison *self)
{
  g_return_val_if_fail (IMP_IS_COMPARISON (self), NULL);

  return G_LIST_MODEL (self->sections);
}

/* Strings that only one version has: first those that are gone, then those that were added. */
GListModel *
imp_comparison_get_strings (ImpComparison *self)
{
  g_return_val_if_fail (IMP_IS_COMPARISON (self), NULL);

  return G_LIST_MODEL (self->strings);
}

/* What was not compared, or not whole. */
const char *const *
imp_comparison_get_notes (ImpComparison *self)
{
  g_return_val_if_fail (IMP_IS_COMPARISON (self), NULL);

  return (const char *const *) self->notes->pdata;
}

/**
 * imp_comparison_dup_title:
 * @self: a comparison
 *
 * Returns: (transfer full): “class 1.0 → 1.1”, for a window's title
 */
char *
imp_comparison_dup_title (ImpComparison *self)
{
  g_return_val_if_fail (IMP_IS_COMPARISON (self), NULL);

  return g_strdup_printf ("%s %s → %s", imp_manifest_get_class_id (self->sides[0].manifest),
                          imp_manifest_get_version (self->sides[0].manifest),
                          imp_manifest_get_version (self->sides[1].manifest));
}
