/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* An agent that says whatever a test wants, byte for byte: what no HTTP library would send. Its
 * handler runs in a thread for each connection, and the connection is closed when it returns.
 */
typedef struct _RawAgent RawAgent;

typedef struct
{
  RawAgent      *agent;
  const char    *method;
  const char    *path;
  const char    *head;     /* the request’s line and headers */
  guint64        length;   /* of the body, as it is announced */
  GInputStream  *in;       /* after the headers */
  GOutputStream *out;
} RawRequest;

typedef void (*RawHandler) (const RawRequest *request, gpointer user_data);

RawAgent   *raw_agent_new        (RawHandler        handler,
                                  gpointer          user_data);
void        raw_agent_free       (RawAgent         *self);
const char *raw_agent_get_url    (RawAgent         *self);

void        raw_agent_say        (const RawRequest *request,
                                  const char       *text);
void        raw_agent_reply      (const RawRequest *request,
                                  const char       *status,
                                  const char       *body);
guint64     raw_agent_drain      (const RawRequest *request,
                                  guint64           size);
/* Until the agent is freed, or the client goes away. */
void        raw_agent_hang       (const RawRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RawAgent, raw_agent_free)

G_END_DECLS
