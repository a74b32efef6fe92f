/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-publication.h"

G_BEGIN_DECLS

/* Waiting for a result in the main loop that the code under test runs in. */
void            test_keep_result       (GObject       *object,
                                        GAsyncResult  *result,
                                        gpointer       user_data);
GAsyncResult   *test_wait              (GAsyncResult **result);
#define TEST_RESULT(result) g_autoptr(GAsyncResult) result = NULL

/* A folder of the test’s own, with $HOME and the XDG folders inside it; removed at the end. */
char           *test_make_home         (void);
void            test_remove_home       (char          *home);

char           *test_write_file        (const char    *home,
                                        const char    *name,
                                        gconstpointer  data,
                                        gsize          size);
char           *test_write_pattern     (const char    *home,
                                        const char    *name,
                                        gsize          size);

/* Drops the last reference of the test. What ran in a thread lets go of it a moment later. */
void            test_assert_finalizes  (gpointer       object);

/* Real agents, in a folder of the home. */
ImpConnection  *test_open_agents       (const char    *home);
void            test_close_agents      (ImpConnection *connection);
gboolean        test_have_agents       (void);

ImpManifestBuilder *test_new_manifest  (const char    *class_id,
                                        const char    *version);
ImpPublication *test_publish           (ImpAgentClient *client,
                                        ImpKey         *key,
                                        const char     *path,
                                        const char     *class_id,
                                        const char     *version,
                                        GError        **error);

G_END_DECLS
