/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include "imp-agent-client-private.h"
#include "imp-agent-statistics.h"
#include "imp-json.h"

/* What an agent answers, read as each of the things that a client asks for. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(JsonNode) node = imp_json_parse (size > 0 ? (const char *) data : "", size, 1 << 20, NULL);
  g_autoptr(ImpRegisteredUpdate) update = NULL;
  g_autoptr(ImpPage) updates = NULL;
  g_autoptr(ImpPage) transactions = NULL;
  g_autoptr(ImpPage) fetches = NULL;
  g_autoptr(ImpAgentStatistics) statistics = NULL;
  g_autoptr(GError) error = NULL;
  ImpAuthorStatus status;

  if (node == NULL)
    return 0;

  update = imp_registered_update_new_from_json (node, &error);
  g_assert_true ((update == NULL) == (error != NULL));
  g_clear_error (&error);
  updates = imp_page_new_of_updates (node, &error);
  g_assert_true ((updates == NULL) == (error != NULL));
  g_clear_error (&error);
  transactions = imp_page_new_of_transactions (node, &error);
  g_assert_true ((transactions == NULL) == (error != NULL));
  g_clear_error (&error);
  fetches = imp_page_new_of_fetches (node, &error);
  g_assert_true ((fetches == NULL) == (error != NULL));
  g_clear_error (&error);
  statistics = imp_agent_statistics_new_from_json (node, &error);
  g_assert_true ((statistics == NULL) == (error != NULL));
  g_clear_error (&error);
  g_assert_true (imp_author_status_read (&status, node, &error) == (error == NULL));

  return 0;
}
