/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-submission.h"

G_BEGIN_DECLS

#define IMP_SUBMISSION_RUNNING     "running"
#define IMP_SUBMISSION_RECORDED    "recorded"
#define IMP_SUBMISSION_FAILED      "failed"
#define IMP_SUBMISSION_CANCELLED   "cancelled"
#define IMP_SUBMISSION_INTERRUPTED "interrupted"

struct _ImpSubmission
{
  GObject parent_instance;

  char           *path;          /* (owned) without an ending */
  char           *id;            /* (owned) */
  char           *author;        /* (owned) */
  char           *file_name;     /* (owned) */
  char           *class_id;      /* (owned) (nullable) */
  char           *version;       /* (owned) (nullable) */
  char           *connection;    /* (owned) */
  char           *identity;      /* (owned) of the connection */
  char           *state;         /* (owned) */
  char           *detail;        /* (owned) (nullable) */
  char           *transaction;   /* (owned) (nullable) */
  char           *cid;           /* (owned) (nullable) */
  char           *reply;         /* (owned) (nullable) */
  char           *digest;        /* (owned) (nullable): SHA-384 that its file must have */
  ImpDraft       *draft;         /* (owned) (nullable): what it was made of */
  gint64          time;
  gint64          sequence;      /* the manifest’s */
  guint64         size;
  guint           attempt;       /* 1, and one more each time that it is tried again */
  double          times[IMP_N_STEPS];

  ImpPublication *publication;   /* (owned) (nullable) while it runs */
  GCancellable   *cancellable;   /* (owned) */
  GCancellable   *caller;        /* (owned) (nullable) */
  gulong          caller_id;
  int             lock;          /* -1: not ours */
};

ImpSubmission *imp_submission_new              (ImpPublication   *publication,
                                                ImpDraft         *draft,
                                                const char       *directory,
                                                GCancellable     *cancellable);
GPtrArray     *imp_submission_read_all         (const char       *directory,
                                                GError          **error);

void           imp_submission_set_text         (char            **field,
                                                const char       *value);
void           imp_submission_set_state        (ImpSubmission    *self,
                                                const char       *state,
                                                const char       *detail);
char          *imp_submission_make_path        (ImpSubmission    *self,
                                                const char       *ending);
JsonObject    *imp_submission_print            (ImpSubmission    *self);

void           imp_submission_save_async       (ImpSubmission    *self,
                                                GAsyncReadyCallback callback,
                                                gpointer          user_data);
void           imp_submission_save_finish      (ImpSubmission    *self,
                                                GAsyncResult     *result);
void           imp_submission_end              (ImpSubmission    *self,
                                                const GError     *error);
void           imp_submission_settle           (ImpSubmission       *self,
                                                ImpRegisteredUpdate *update);
gboolean       imp_submission_is_forsaken      (ImpSubmission    *self,
                                                ImpConnection    *connection);

void           imp_submission_set_attempt      (ImpSubmission    *self,
                                                guint             attempt);
GCancellable  *imp_submission_get_cancellable  (ImpSubmission    *self);
gint64         imp_submission_get_manifest_sequence (ImpSubmission *self);

G_END_DECLS
