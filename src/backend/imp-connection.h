/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  IMP_CONNECTION_CLOSED,
  IMP_CONNECTION_OPENING,
  IMP_CONNECTION_ANSWERING,
  IMP_CONNECTION_DEGRADED,  /* some agents answer */
  IMP_CONNECTION_FAILED,
} ImpConnectionState;

#define IMP_TYPE_CONNECTION_STATE (imp_connection_state_get_type ())
GType               imp_connection_state_get_type   (void);

/* Where the agents are. "This computer" starts imprimaturd --embedded (or uses the one that already serves the data directory) and ends it when it is disposed; the
 * others are four URLs. Notices when agents go away and come back (property state, notify), and starts embedded ones again.
 * properties: name, state, detail (a sentence: what does not answer)
 */
#define IMP_TYPE_CONNECTION (imp_connection_get_type ())
G_DECLARE_FINAL_TYPE (ImpConnection, imp_connection, IMP, CONNECTION, GObject)

/* @data_dir: NULL for the user's ($XDG_DATA_HOME/imprimatur). The daemon is found beside the running program (build tree), in $IMPRIMATURD, or installed. */
ImpConnection      *imp_connection_new_embedded     (const char           *data_dir);
/* Any URL may be NULL where there is no such agent. http and https only: IMP_ERROR_MALFORMED. */
ImpConnection      *imp_connection_new_remote       (const char           *name,
                                                     const char           *author,
                                                     const char           *register_,
                                                     const char           *retrieval,
                                                     const char           *verification,
                                                     GError              **error);

void                imp_connection_open_async       (ImpConnection        *self,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
gboolean            imp_connection_open_finish      (ImpConnection        *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);
void                imp_connection_close            (ImpConnection        *self);

const char         *imp_connection_get_name         (ImpConnection        *self);
/* What it is, whatever it is called and whatever ports its agents have today: "embedded:<data dir>", or the retrieval agent's URL. */
const char         *imp_connection_get_identity     (ImpConnection        *self);
/* (nullable): of an embedded one */
const char         *imp_connection_get_data_dir     (ImpConnection        *self);
gboolean            imp_connection_is_embedded      (ImpConnection        *self);
ImpConnectionState  imp_connection_get_state        (ImpConnection        *self);
const char         *imp_connection_get_detail       (ImpConnection        *self);
/* @role: "author", "register", "retrieval", "verification"; NULL when there is none or it is not open yet */
const char         *imp_connection_get_url          (ImpConnection        *self,
                                                     const char           *role);

/* $XDG_DATA_HOME/imprimatur */
char               *imp_dup_data_dir                (void);

G_END_DECLS
