/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "imp-checkpoint.h"
#include "imp-device-private.h"
#include "imp-device-state.h"
#include "imp-update.h"

#define CLASS_ID  "Class_1"
#define VENDOR_ID "Vendor_1"

/* What an agent does with the bytes of a payload. */
typedef enum
{
  PAYLOAD_WHOLE,
  PAYLOAD_CUT,      /* the connection goes in the middle */
  PAYLOAD_ENDLESS,
  PAYLOAD_DRIPPING,
  PAYLOAD_MISSING,
} PayloadMode;

typedef enum
{
  ANSWER_WELL,
  ANSWER_NOTHING,   /* and keep the connection */
  ANSWER_GARBAGE,
  ANSWER_NONE_EXISTS,
  ANSWER_UNAVAILABLE,
} AnswerMode;

/* An update as it is registered. */
typedef struct
{
  ImpUpdate *update;
  GBytes    *payload;
  char      *cid;
  guint      leaf;
} Registered;

/* A retrieval agent, with a ledger of its own. Whatever it gets wrong is written into it by a test. */
typedef struct
{
  SoupServer  *server;
  char        *url;
  ImpKey      *log_key;
  ImpKey      *forger;       /* (nullable): signs checkpoints instead of the log */
  GPtrArray   *leaves;       /* of char * */
  GPtrArray   *updates;      /* of Registered, the last is the newest */
  guint        tree_size;    /* 0: all leaves */
  gint64       age;          /* of the checkpoint, ms */
  AnswerMode   answer;
  PayloadMode  mode;
  void       (*twist) (JsonObject *reply, gpointer agent);
  guint        n_payloads;   /* that were asked for */
  GPtrArray   *reports;      /* of char *, outcome and check */
} Agent;

typedef struct
{
  Agent      agent;
  ImpKey    *author;
  ImpKey    *stranger;
  char      *directory;
  ImpDevice *device;
  GString   *checks;         /* "1 2 3 -4" of the last update */
  GString   *trace;
} DeviceFixture;

/* How an update differs from a good one. */
typedef struct
{
  const char        *class_id;
  const char        *vendor_id;
  const char        *location;
  const char        *expiry;
  const char *const *dependencies;
  const char *const *required;
  const char        *precursor;
  gint64             size;          /* 0: that of the payload */
  ImpKey            *signer;
  gboolean           base64;        /* signed as the reference signs files */
} Difference;

void            device_set_up       (DeviceFixture      *fixture,
                                     gconstpointer       data);
void            device_tear_down    (DeviceFixture      *fixture,
                                     gconstpointer       data);
void            device_make         (DeviceFixture      *fixture,
                                     const char         *vendor_id,
                                     guint64             slot_size);
void            device_make_unpinned (DeviceFixture     *fixture);
void            device_hurry        (DeviceFixture      *fixture);
void            device_reopen       (DeviceFixture      *fixture);

ImpManifest    *make_manifest       (const char         *version,
                                     gint64              sequence,
                                     GBytes             *payload,
                                     const Difference   *difference);
GBytes         *make_payload        (gsize               size,
                                     guint               seed);
Registered     *publish             (DeviceFixture      *fixture,
                                     const char         *version,
                                     gint64              sequence,
                                     GBytes             *payload,
                                     const Difference   *difference);

gboolean        update              (DeviceFixture      *fixture,
                                     const char         *url,
                                     GCancellable       *cancellable,
                                     ImpDeviceOutcome   *outcome,
                                     ImpCheck           *check,
                                     char              **reason,
                                     GError            **error);
void            assert_installs     (DeviceFixture      *fixture);
void            assert_refuses      (DeviceFixture      *fixture,
                                     ImpCheck            check,
                                     const char         *reason);
void            assert_runs         (DeviceFixture      *fixture,
                                     const char         *version,
                                     GBytes             *payload);
void            assert_idle_is_gone (DeviceFixture      *fixture);
