/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libsoup/soup.h>

#include "imp-config.h"
#include "imp-update.h"

G_BEGIN_DECLS

/* A real imprimaturd, started by the test. */
typedef struct
{
  GSubprocess *process;
  char        *uris[IMP_N_ROLES];  /* (nullable) */
  char        *line;               /* what it said on standard output */
  int          pid;
} DaemonProcess;

extern const char *daemon_path;

DaemonProcess *daemon_process_start    (const char     *data_dir,
                                        ...) G_GNUC_NULL_TERMINATED;
/* Closes its standard input and waits; it must end well. */
void           daemon_process_end      (DaemonProcess  *self);
void           daemon_process_kill     (DaemonProcess  *self);
guint64        daemon_process_get_peak (DaemonProcess  *self);

/* A blocking exchange; 0 when the connection broke. */
guint          exchange                (const char     *method,
                                        const char     *uri,
                                        const char     *path,
                                        const char     *content_type,
                                        GInputStream   *body,
                                        goffset         length,
                                        GBytes        **reply);
guint          exchange_json           (const char     *uri,
                                        const char     *path,
                                        const char     *json);
guint          register_author         (DaemonProcess  *self,
                                        ImpKey         *author);
/* The payload goes first: whose it is comes last. */
guint          publish_stream          (DaemonProcess  *self,
                                        ImpKey         *author,
                                        ImpUpdate      *update,
                                        GInputStream   *payload,
                                        GBytes        **reply);
ImpUpdate     *make_update             (ImpKey         *author,
                                        const char     *class_id,
                                        const char     *version,
                                        gint64          sequence,
                                        const char     *digest,
                                        guint64         size);
char          *get_member              (GBytes         *json,
                                        const char     *name);
void           remove_recursively      (const char     *path);

G_END_DECLS
