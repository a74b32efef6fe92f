/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-embedded-store.h"

/* A DAG of some depth from few bytes. */
extern const ImpUnixfsProfile small_profile;

typedef struct
{
  char     *directory;
  ImpStore *store;
} StoreFixture;

void            store_set_up       (StoreFixture            *fixture,
                                    gconstpointer            data);
void            store_tear_down    (StoreFixture            *fixture,
                                    gconstpointer            data);
void            store_close        (StoreFixture            *fixture);
void            store_open         (StoreFixture            *fixture,
                                    const ImpUnixfsProfile  *profile);

GBytes         *make_payload       (gsize                    size);
ImpPayloadInfo *stage_stream       (StoreFixture            *fixture,
                                    GInputStream            *payload,
                                    guint64                  limit,
                                    GCancellable            *cancellable,
                                    GError                 **error);
ImpPayloadInfo *stage              (StoreFixture            *fixture,
                                    GBytes                  *payload);
gboolean        keep               (StoreFixture            *fixture,
                                    ImpCid                  *cid,
                                    GError                 **error);
gboolean        discard            (StoreFixture            *fixture,
                                    ImpCid                  *cid,
                                    GError                 **error);
GInputStream   *open_payload       (StoreFixture            *fixture,
                                    ImpCid                  *cid,
                                    GError                 **error);
GPtrArray      *list_staged        (StoreFixture            *fixture);
void            get_status         (StoreFixture            *fixture,
                                    ImpStoreStatus          *status);
GBytes         *read_whole         (GInputStream            *stream,
                                    gsize                    step,
                                    GError                 **error);

guint           count_files        (StoreFixture            *fixture,
                                    const char              *folder);
char           *find_file          (StoreFixture            *fixture,
                                    const char              *folder,
                                    const char              *suffix);
void            flip_byte          (const char              *path,
                                    gsize                    offset);
