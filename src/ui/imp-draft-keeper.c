/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-draft-keeper.h"

#include <string.h>

#define PAUSE 400  /* ms of quiet before it is written */

/**
 * ImpDraftKeeper:
 *
 * Keeps the draft of a console in a file: written a moment after the last change, one writing after
 * the other, and read at the next start. While something is not written yet, the program does not
 * end.
 */
struct _ImpDraftKeeper
{
  GObject parent_instance;

  GFile    *file;     /* (owned) */
  ImpDraft *draft;    /* (owned) (nullable): not written yet */
  guint     pause_id;
  gboolean  writing;
};

G_DEFINE_FINAL_TYPE (ImpDraftKeeper, imp_draft_keeper, G_TYPE_OBJECT)

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ImpDraftKeeper) self = user_data;
  GApplication *application = g_application_get_default ();
  g_autoptr(GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (object), result, NULL, &error))
    g_warning ("could not save the draft: %s", error->message);

  self->writing = FALSE;
  if (self->draft != NULL && self->pause_id == 0)
    imp_draft_keeper_flush (self);
  if (application != NULL)
    g_application_release (application);
}

static gboolean
pause_cb (gpointer user_data)
{
  ImpDraftKeeper *self = user_data;

  self->pause_id = 0;
  imp_draft_keeper_flush (self);
  return G_SOURCE_REMOVE;
}

static void
imp_draft_keeper_finalize (GObject *object)
{
  ImpDraftKeeper *self = IMP_DRAFT_KEEPER (object);

  g_clear_handle_id (&self->pause_id, g_source_remove);
  g_clear_object (&self->draft);
  g_clear_object (&self->file);

  G_OBJECT_CLASS (imp_draft_keeper_parent_class)->finalize (object);
}

static void
imp_draft_keeper_class_init (ImpDraftKeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_draft_keeper_finalize;
}

static void
imp_draft_keeper_init (ImpDraftKeeper *self)
{
}

/**
 * imp_draft_keeper_new:
 * @data_dir: the console's folder
 *
 * Makes a keeper.
 *
 * Returns: (transfer full): the keeper
 */
ImpDraftKeeper *
imp_draft_keeper_new (const char *data_dir)
{
  ImpDraftKeeper *self = g_object_new (IMP_TYPE_DRAFT_KEEPER, NULL);

  self->file = g_file_new_build_filename (data_dir, "draft.json", NULL);
  return self;
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autofree char *text = NULL;
  ImpDraft *draft = NULL;
  GError *error = NULL;
  gsize size;

  if (g_file_load_contents_finish (G_FILE (object), result, &text, &size, NULL, &error))
    draft = imp_draft_new_from_text (text, size, &error);
  if (draft != NULL)
    g_task_return_pointer (task, draft, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * imp_draft_keeper_load_async:
 * @self: a keeper
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Reads the draft of the last time.
 */
void
imp_draft_keeper_load_async (ImpDraftKeeper      *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, imp_draft_keeper_load_async);
  g_file_load_contents_async (self->file, cancellable, read_cb, task);
}

/**
 * imp_draft_keeper_load_finish:
 * @self: a keeper
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the draft, or `NULL` with @error set; %G_IO_ERROR_NOT_FOUND if
 * there was none
 */
ImpDraft *
imp_draft_keeper_load_finish (ImpDraftKeeper  *self,
                              GAsyncResult    *result,
                              GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * imp_draft_keeper_keep:
 * @self: a keeper
 * @draft: what stands in the form now
 *
 * Writes a draft as soon as nothing has changed for a moment.
 */
void
imp_draft_keeper_keep (ImpDraftKeeper *self,
                       ImpDraft       *draft)
{
  g_return_if_fail (IMP_IS_DRAFT_KEEPER (self));

  g_set_object (&self->draft, draft);
  g_clear_handle_id (&self->pause_id, g_source_remove);
  self->pause_id = g_timeout_add (PAUSE, pause_cb, self);
}

/**
 * imp_draft_keeper_flush:
 * @self: a keeper
 *
 * Writes what is not written yet, without waiting for quiet.
 */
void
imp_draft_keeper_flush (ImpDraftKeeper *self)
{
  GApplication *application = g_application_get_default ();
  g_autoptr(GBytes) bytes = NULL;
  char *text;

  g_return_if_fail (IMP_IS_DRAFT_KEEPER (self));

  g_clear_handle_id (&self->pause_id, g_source_remove);
  if (self->draft == NULL || self->writing)
    return;

  text = imp_draft_to_text (self->draft);
  bytes = g_bytes_new_take (text, strlen (text));
  g_clear_object (&self->draft);
  self->writing = TRUE;
  if (application != NULL)
    g_application_hold (application);
  g_file_replace_contents_bytes_async (self->file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL,
                                       written_cb, g_object_ref (self));
}
