/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-publication.h"
#include "imp-sender.h"
#include "imp-step-track.h"

G_BEGIN_DECLS

struct _ImpPublication
{
  GObject parent_instance;

  char               *id;           /* (owned) the request’s identity */
  ImpAgentClient     *client;       /* (owned) */
  ImpKey             *key;          /* (owned) (nullable): until it has signed */
  char               *author;       /* (owned) fingerprint */
  GFile              *file;         /* (owned) */
  ImpManifestBuilder *builder;      /* (owned) (nullable): until the upload has it */
  char               *expected;     /* (owned) (nullable) */
  GBytes             *sbom;         /* (owned) (nullable) */
  ImpManifest        *draft;        /* (owned) (nullable): not if the manifest is wrong */
  GError             *draft_error;  /* (owned) (nullable) */

  ImpSender          *upload;       /* (owned) (nullable): lent to its thread while that runs */
  ImpSenderProgress   progress;
  guint               poll_id;
  gulong              event_id;

  ImpStepTrack        track;
  char               *transaction;  /* (owned) (nullable) */
  char               *cid;          /* (owned) (nullable) */
  guint64             sequence;
};

G_END_DECLS
