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

/* Where the agents are: on this computer, or at four URLs. */
#define IMP_TYPE_CONNECTION (imp_connection_get_type ())
G_DECLARE_FINAL_TYPE (ImpConnection, imp_connection, IMP, CONNECTION, GObject)

ImpConnection      *imp_connection_new_embedded     (const char           *data_dir);
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
const char         *imp_connection_get_identity     (ImpConnection        *self);
const char         *imp_connection_get_data_dir     (ImpConnection        *self);
gboolean            imp_connection_is_embedded      (ImpConnection        *self);
ImpConnectionState  imp_connection_get_state        (ImpConnection        *self);
const char         *imp_connection_get_detail       (ImpConnection        *self);
const char         *imp_connection_get_url          (ImpConnection        *self,
                                                     const char           *role);

G_END_DECLS
