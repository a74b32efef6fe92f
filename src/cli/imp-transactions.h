/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-run.h"

G_BEGIN_DECLS

/* Which of the ledger's lines; NULL and 0 where not given. */
typedef struct
{
  int   limit;
  char *before;
  char *key;
  char *class_id;
  char *version;
} ImpPageOptions;

#define IMP_PAGE_OPTION_ENTRIES(o) \
  { "limit", 'n', 0, G_OPTION_ARG_INT, &(o).limit, \
    N_("How many at most (default: 100, at most 1000)"), N_("N") }, \
  { "before", 0, 0, G_OPTION_ARG_STRING, &(o).before, \
    N_("Only those before this sequence number: the next page"), N_("N") }

#define IMP_TARGET_OPTION_ENTRIES(o) \
  { "key", 'k', 0, G_OPTION_ARG_STRING, &(o).key, \
    N_("Only this author’s: a key’s name, or a fingerprint"), N_("KEY") }, \
  { "class", 0, 0, G_OPTION_ARG_STRING, &(o).class_id, \
    N_("Only this class’s"), N_("CLASS") }, \
  { "version", 0, 0, G_OPTION_ARG_STRING, &(o).version, \
    N_("Only this version"), N_("VERSION") }

/* The query borrows from @self and from @author. */
gboolean  imp_page_options_make_query      (ImpPageOptions  *self,
                                            ImpRun          *run,
                                            ImpPageQuery    *query,
                                            char           **author,
                                            GError         **error);
char     *imp_page_options_find_transaction (ImpPageOptions *self,
                                             ImpRun         *run,
                                             GError        **error);
char     *imp_page_options_dup_transaction (ImpPageOptions  *self,
                                            ImpRun          *run,
                                            GError         **error);

void      imp_transactions_print           (ImpPage         *page,
                                            const char      *member,
                                            gboolean         oldest_first,
                                            ImpRun          *run);

G_END_DECLS
