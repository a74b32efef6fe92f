/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-router.h"

#include "fuzz.h"

static const ImpRoute routes[] = {
  { "GET", "/v1/updates", IMP_ROUTE_PLAIN, 0, NULL },
  { "GET", "/v1/ledger/key", IMP_ROUTE_PLAIN, 0, NULL },
  { "GET", "/v1/ledger/{transaction}", IMP_ROUTE_PLAIN, 0, NULL },
  { "POST", "/v1/devices/{id}/reports", IMP_ROUTE_PLAIN, 0, NULL },
  { "GET", "/{first}/{second}", IMP_ROUTE_PLAIN, 0, NULL },
};

/* Whatever path is asked for, what is taken out of it is text, and never empty. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(ImpRouter) router = imp_router_new ();
  g_autoptr(GHashTable) parameters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *path = g_strndup ((const char *) data, size);
  g_autofree char *allowed = NULL;
  ImpMatch match = { NULL, NULL };
  GHashTableIter iter;
  gpointer value;

  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
    imp_router_add (router, &routes[i], NULL);

  g_assert_true (imp_router_match (router, "GET", path, &match, parameters, &allowed) ||
                 match.route == NULL || allowed != NULL);

  g_hash_table_iter_init (&iter, parameters);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      g_assert_true (g_utf8_validate (value, -1, NULL));
      g_assert_cmpstr (value, !=, "");
    }

  return 0;
}
