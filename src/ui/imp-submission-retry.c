/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-submission-retry.h"

#include <glib/gi18n.h>

#include "imp-author.h"
#include "imp-error.h"
#include "imp-file-info.h"
#include "imp-format.h"
#include "imp-sbom.h"

typedef struct
{
  ImpSubmission *submission;  /* (owned) */
  GFile         *file;        /* (owned) */
  ImpSbom       *sbom;        /* (owned) (nullable) */
} Retry;

static void
retry_free (Retry *retry)
{
  g_object_unref (retry->submission);
  g_clear_object (&retry->file);
  g_clear_pointer (&retry->sbom, imp_sbom_free);
  g_free (retry);
}

static ImpKeyringItem *
find_key (ImpSession    *session,
          ImpSubmission *submission)
{
  GListModel *authors = imp_session_get_authors (session);

  for (guint i = 0; i < g_list_model_get_n_items (authors); i++)
    {
      g_autoptr(ImpAuthor) author = g_list_model_get_item (authors, i);

      if (g_str_equal (imp_author_get_fingerprint (author), imp_submission_get_author (submission)))
        return imp_author_get_item (author);
    }

  return NULL;
}

static void
opened_key_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpSession *session = g_task_get_source_object (task);
  Retry *retry = g_task_get_task_data (task);
  ImpDraft *draft = imp_submission_get_draft (retry->submission);
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(ImpKey) key = NULL;
  GError *error = NULL;

  key = imp_keyring_open_key_finish (IMP_KEYRING (object), result, &error);
  if (key == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (imp_session_get_client (session) == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                               _("The agents do not answer yet."));
      return;
    }

  publication = imp_publication_new (imp_session_get_client (session), key, retry->file,
                                     imp_draft_make_builder (draft),
                                     imp_submission_get_digest (retry->submission));
  if (retry->sbom != NULL)
    imp_publication_set_sbom (publication, retry->sbom->bytes);
  g_task_return_pointer (task,
                         imp_submissions_start (imp_session_get_submissions (session), publication,
                                                draft, retry->submission, NULL),
                         g_object_unref);
}

static void
open_key (GTask *task)
{
  ImpSession *session = g_task_get_source_object (task);
  Retry *retry = g_task_get_task_data (task);
  ImpKeyringItem *item = find_key (session, retry->submission);

  if (item == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                             _("The key that it was to be signed with is not in the keyring."));
  else
    imp_keyring_open_key_async (imp_session_get_keyring (session), item,
                                g_task_get_cancellable (task), opened_key_cb, g_object_ref (task));
}

static gboolean
check_sbom (ImpDraft  *draft,
            ImpSbom   *sbom,
            GError   **error)
{
  JsonNode *named = imp_draft_get_other (draft, IMP_MANIFEST_SBOM);

  if (named != NULL &&
      g_strcmp0 (sbom->digest, json_object_get_string_member (json_node_get_object (named),
                                                              "digest")) == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
               _("The SBOM “%s” has changed since it was submitted."), sbom->name);
  return FALSE;
}

static void
read_sbom_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Retry *retry = g_task_get_task_data (task);
  GError *error = NULL;

  if ((retry->sbom = imp_sbom_read_finish (result, &error)) != NULL &&
      check_sbom (imp_submission_get_draft (retry->submission), retry->sbom, &error))
    open_key (task);
  else
    g_task_return_error (task, error);
}

static gboolean
check_file (ImpSubmission  *submission,
            ImpFileInfo    *info,
            GError        **error)
{
  const char *digest = imp_submission_get_digest (submission);
  g_autofree char *before = imp_format_size (imp_submission_get_size (submission));
  g_autofree char *now = imp_format_size (info->size);

  if (digest == NULL || g_str_equal (digest, info->sha384))
    return TRUE;

  if (info->size != imp_submission_get_size (submission))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                 _("“%s” has changed since it was submitted: it had %s and has %s now."),
                 imp_submission_get_file_name (submission), before, now);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                 _("“%s” has changed since it was submitted: its size is the same, its SHA-384 "
                   "began with %.12s and begins with %.12s now."),
                 imp_submission_get_file_name (submission), digest, info->sha384);
  return FALSE;
}

static void
read_file_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Retry *retry = g_task_get_task_data (task);
  const char *uri = imp_draft_get (imp_submission_get_draft (retry->submission),
                                   IMP_DRAFT_SBOM_FILE);
  g_autoptr(ImpFileInfo) info = NULL;
  g_autoptr(GFile) sbom = *uri != '\0' ? g_file_new_for_uri (uri) : NULL;
  GError *error = NULL;

  if (!(info = imp_file_info_finish (result, &error)) ||
      !check_file (retry->submission, info, &error))
    g_task_return_error (task, error);
  else if (sbom != NULL)
    imp_sbom_read_async (sbom, g_task_get_cancellable (task), read_sbom_cb, g_object_ref (task));
  else
    open_key (task);
}

/**
 * imp_submission_retry_async:
 * @session: the session
 * @submission: one that has ended
 * @cancellable: (nullable): cancels it until it is submitted
 * @callback: called once
 * @user_data: data for @callback
 *
 * Submits the same again: the same fields, signed with the same key, for the same files. Where one of
 * these is not what it was, the error says what changed.
 */
void
imp_submission_retry_async (ImpSession          *session,
                            ImpSubmission       *submission,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (session, cancellable, callback, user_data);
  ImpDraft *draft = imp_submission_get_draft (submission);
  Retry *retry = g_new0 (Retry, 1);

  g_task_set_source_tag (task, imp_submission_retry_async);
  g_task_set_task_data (task, retry, (GDestroyNotify) retry_free);
  retry->submission = g_object_ref (submission);
  if (draft == NULL || *imp_draft_get (draft, IMP_DRAFT_FILE) == '\0')
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                               _("Its record does not say what it was made of."));
      return;
    }

  retry->file = g_file_new_for_uri (imp_draft_get (draft, IMP_DRAFT_FILE));
  imp_file_info_async (retry->file, cancellable, NULL, NULL, read_file_cb, g_object_ref (task));
}

/**
 * imp_submission_retry_finish:
 * @session: the session
 * @result: the result
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the new submission
 */
ImpSubmission *
imp_submission_retry_finish (ImpSession    *session,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
