/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "backend-fixture.h"
#include "raw-agent.h"

G_BEGIN_DECLS

/* A retrieval agent over a log in memory that can be made to lie. What is registered in it is
 * genuine, down to the signatures; each knob below then falsifies one thing on its way out.
 */
typedef struct
{
  RawAgent  *agent;
  ImpKey    *log_key;
  char      *origin;
  char      *verifier;
  gint64     age;             /* ms, of the checkpoints that it signs */

  GPtrArray *leaves;          /* of char* */
  GPtrArray *payloads;        /* of GBytes, by leaf; NULL where there is none */

  /* Knobs: all zero, it tells the truth. */
  guint64    shown_size;      /* an older head than there is; 0: the newest */
  ImpKey    *other_key;       /* signs checkpoints in the place of log_key */
  const char *checkpoint;     /* said in the place of a checkpoint */
  int        changed_leaf;    /* its text is shown changed; -1: none */
  int        no_leaves_from;  /* the log is shown no further than this; -1: all */
  gboolean   flip_path;
  gboolean   shift_index;
  gboolean   drop_path;
  gboolean   flip_payload;
  gboolean   cut_payload;
  gboolean   endless_payload;
  const char *cid;            /* said in the place of the CID */
  JsonNode  *update;          /* shown in the place of the update */
  gboolean   no_proofs;       /* consistency is answered with 404 */
  gboolean   refuse_proofs;   /* consistency is answered with 403 */
} FakeLog;

FakeLog       *fake_log_new            (const char *origin);
void           fake_log_free           (FakeLog    *self);

void           fake_log_append         (FakeLog    *self,
                                        char       *leaf);
void           fake_log_add_author     (FakeLog    *self,
                                        ImpKey     *author);
char          *fake_log_add_update     (FakeLog    *self,
                                        ImpKey     *author,
                                        const char *version);
void           fake_log_add_forgery    (FakeLog    *self,
                                        ImpKey     *author,
                                        ImpKey     *signer,
                                        const char *version);
void           fake_log_add_other      (FakeLog    *self);

ImpConnection *fake_log_connect        (FakeLog    *self);

G_END_DECLS
