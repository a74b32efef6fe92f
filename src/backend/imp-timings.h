/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-client.h"
#include "imp-step.h"
#include "imp-submissions.h"

G_BEGIN_DECLS

/* The steps that are timed: those of a publication, and those that only a retrieval has. */
typedef enum
{
  IMP_TIMING_ASK = IMP_N_STEPS,
  IMP_TIMING_DOWNLOAD,
  IMP_TIMING_INSTALL,
} ImpTimingStep;
#define IMP_N_TIMING_STEPS (IMP_N_STEPS + 3)

typedef enum
{
  IMP_TIMING_REGISTRATION,  /* a submission of this console, to the end */
  IMP_TIMING_RETRIEVAL,     /* an update that an emulated device installed */
  IMP_TIMING_FETCH,         /* a payload that the retrieval agent sent to any device */
} ImpTimingKind;

/* One run of one of them, and how long it took. */
typedef struct
{
  ImpTimingKind  kind;
  gint64         time;      /* ms since 1970 */
  char          *class_id;  /* (owned) (nullable) */
  char          *version;   /* (owned) (nullable) */
  guint64        size;      /* bytes of the payload */
  double         total;     /* ms */
  double         steps[IMP_N_TIMING_STEPS];  /* ms; -1: it has no such step */
} ImpTimingRun;

const char *imp_timing_kind_get_id    (ImpTimingKind        kind);
const char *imp_timing_step_get_id    (guint                step);
const char *imp_timing_step_get_title (guint                step);

void        imp_timings_collect_async  (ImpSubmissions      *submissions,
                                        const char          *devices,
                                        ImpAgentClient      *client,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data);
GPtrArray  *imp_timings_collect_finish (GAsyncResult        *result,
                                        GError             **error);

char       *imp_timings_to_csv         (GPtrArray           *runs);
JsonNode   *imp_timings_to_json        (GPtrArray           *runs);

G_END_DECLS
