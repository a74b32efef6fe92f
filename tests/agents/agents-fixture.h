/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "imp-daemon.h"
#include "imp-key.h"
#include "imp-update.h"

G_BEGIN_DECLS

/* A whole daemon, with its ledger and its store in a temporary folder, answering on loopback. */
typedef struct
{
  char      *folder;
  ImpConfig *config;
  ImpDaemon *daemon;
  ImpKey    *author;
} AgentsFixture;

/* What came back: everything until the agent closed the connection. */
typedef struct
{
  guint   status;
  char   *head;
  char   *body;
  gsize   length;
} Reply;

typedef struct
{
  const char *name;
  const char *file_name;
  const void *data;
  gssize      size;
} Part;

void       agents_fixture_set_up      (AgentsFixture *fixture,
                                       gconstpointer  data);
void       agents_fixture_tear_down   (AgentsFixture *fixture,
                                       gconstpointer  data);
void       agents_fixture_start       (AgentsFixture *fixture);
void       agents_fixture_stop        (AgentsFixture *fixture);

/* Sends bytes as they are and reads to the end. */
Reply     *agents_ask_raw             (AgentsFixture *fixture,
                                       ImpRole        role,
                                       const char    *request,
                                       gssize         length);
Reply     *agents_ask                 (AgentsFixture *fixture,
                                       ImpRole        role,
                                       const char    *method,
                                       const char    *path,
                                       const char    *headers,
                                       const char    *body,
                                       gssize         length);
Reply     *agents_get                 (AgentsFixture *fixture,
                                       ImpRole        role,
                                       const char    *path);
Reply     *agents_post_json           (AgentsFixture *fixture,
                                       ImpRole        role,
                                       const char    *path,
                                       const char    *json);
Reply     *agents_post_parts          (AgentsFixture *fixture,
                                       ImpRole        role,
                                       const char    *path,
                                       const Part    *parts);
void       reply_free                 (Reply         *reply);
JsonNode  *reply_parse                (const Reply   *reply);
char      *reply_get_code             (const Reply   *reply);

/* Several at once: each is started by begin, and awaited by end. */
typedef struct _Call Call;
Call      *agents_begin               (AgentsFixture *fixture,
                                       ImpRole        role,
                                       GBytes        *request);
Reply     *agents_end                 (Call          *call);
GBytes    *agents_format_parts        (AgentsFixture *fixture,
                                       ImpRole        role,
                                       const char    *path,
                                       const Part    *parts);
GSocketConnection *agents_connect     (AgentsFixture *fixture,
                                       ImpRole        role,
                                       GError       **error);

ImpUpdate *make_update                (ImpKey        *author,
                                       const char    *class_id,
                                       const char    *version,
                                       gint64         sequence,
                                       const void    *payload,
                                       gsize          size);
char      *print_update               (ImpUpdate     *update);
char      *print_device_id            (ImpKey        *author,
                                       const char    *class_id);
char      *make_petition              (ImpKey        *author,
                                       const char    *message);
void       register_author            (AgentsFixture *fixture);
/* Publishes a small payload and gives the reply of /v1/updates. */
JsonNode  *publish                    (AgentsFixture *fixture,
                                       const char    *class_id,
                                       const char    *version,
                                       gint64         sequence,
                                       const void    *payload,
                                       gsize          size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reply, reply_free)

G_END_DECLS
