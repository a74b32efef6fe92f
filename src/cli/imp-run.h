/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-client.h"
#include "imp-exit.h"
#include "imp-fleet.h"
#include "imp-keyring.h"
#include "imp-progress-bar.h"
#include "imp-trust.h"
#include "imp-wait.h"

G_BEGIN_DECLS

/* What every command may be told; the strings are (owned). */
typedef struct
{
  gboolean  json;
  gboolean  quiet;
  gboolean  help;
  char     *connection;
  char     *data_dir;
  char     *author;
  char     *register_;
  char     *retrieval;
  char     *verification;
  int       pin_fd;  /* -1: the terminal */
} ImpRunOptions;

/* One command while it runs. */
typedef struct _ImpRun ImpRun;

ImpRun         *imp_run_new               (void);
void            imp_run_free              (ImpRun          *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpRun, imp_run_free)

ImpRunOptions  *imp_run_get_options       (ImpRun          *self);
GCancellable   *imp_run_get_cancellable   (ImpRun          *self);
void            imp_run_set_arguments     (ImpRun          *self,
                                           char           **arguments);
guint           imp_run_get_n_arguments   (ImpRun          *self);
const char     *imp_run_get_argument      (ImpRun          *self,
                                           guint            index);  /* (nullable) */

/* How it talks. */
gboolean        imp_run_is_json           (ImpRun          *self);
void            imp_run_note              (ImpRun          *self,
                                           const char      *format,
                                           ...) G_GNUC_PRINTF (2, 3);
ImpProgressBar *imp_run_start_progress    (ImpRun          *self,
                                           const char      *title,
                                           ImpProgressUnit  unit);

/* How it fails. */
void            imp_run_set_failure       (ImpRun          *self,
                                           ImpExit          status,
                                           const char      *code);
int             imp_run_report            (ImpRun          *self,
                                           const GError    *error);

/* What it works with; each is made when it is first asked for and stays the run's. */
const char     *imp_run_get_data_dir      (ImpRun          *self);
char           *imp_run_dup_path          (ImpRun          *self,
                                           const char      *name);
ImpAgentClient *imp_run_connect           (ImpRun          *self,
                                           GError         **error);
ImpKeyring     *imp_run_load_keyring      (ImpRun          *self,
                                           GError         **error);
ImpFleet       *imp_run_load_fleet        (ImpRun          *self,
                                           GError         **error);
ImpTrust       *imp_run_get_trust         (ImpRun          *self);

G_END_DECLS
