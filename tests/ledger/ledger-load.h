/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "contract-fixture.h"
#include "imp-embedded-ledger.h"

G_BEGIN_DECLS

/* Keeps its key in the ledger's folder, to go on with it another time. */
typedef struct
{
  ImpKey *key;
  char   *token;
} LedgerAuthor;

/* A ledger in a given folder that is loaded with updates of a few authors. */
typedef struct
{
  TestPayloads *payloads;
  ImpLedger    *ledger;
  GArray       *authors;        /* of LedgerAuthor */
  gint64        token_expires;  /* monotonic, µs */
  guint         n_classes;
  guint64       n_published;
} LedgerLoad;

LedgerLoad *ledger_load_open          (const char            *directory,
                                       guint                  n_authors,
                                       guint                  n_classes);
void        ledger_load_close         (LedgerLoad            *self);
/* Publishes @count updates, @concurrency at a time; each one's time in ms goes to @times. */
void        ledger_load_publish       (LedgerLoad            *self,
                                       guint                  count,
                                       guint                  concurrency,
                                       GArray                *times);
/* Each gives how long it takes, in ms. */
double      ledger_load_query_version (LedgerLoad            *self);
double      ledger_load_list          (LedgerLoad            *self,
                                       const ImpLedgerQuery  *query);

/* @fraction 0.5 is the median. */
double      get_percentile            (GArray                *times,
                                       double                 fraction);

G_END_DECLS
