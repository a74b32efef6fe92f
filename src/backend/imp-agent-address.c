/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-agent-address.h"

#include "imp-error.h"
#include "imp-http.h"
#include "imp-text.h"

#define MAX_NAME    128   /* characters */
#define MAX_ADDRESS 2048  /* bytes */

const char *const imp_roles[IMP_N_ROLES + 1] = {
  "author", "register", "retrieval", "verification", NULL
};

/**
 * imp_connection_check_name:
 * @name: what a connection may be called
 * @error: return location for an error
 *
 * Returns: whether the name is neither empty nor too long, and shows all its characters; or %IMP_ERROR_MALFORMED
 */
gboolean
imp_connection_check_name (const char  *name,
                           GError     **error)
{
  gunichar c;
  guint position;

  if (*name == '\0' || !g_utf8_validate (name, -1, NULL))
    return imp_error_set (error, IMP_ERROR_MALFORMED, "a connection needs a name");

  if (g_utf8_strlen (name, -1) > MAX_NAME)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the connection’s name has more than %d characters", MAX_NAME);

  if (imp_text_find_unseen (name, &c, &position))
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the connection’s name has U+%04X as character %u, which cannot be seen", c,
                          position);

  return TRUE;
}

/**
 * imp_agent_address_normalize:
 * @role: which agent
 * @text: what was typed as its address
 * @error: return location for an error
 *
 * Checks an address. It may have no password in it, which would end up in logs, error texts and the
 * list of connections.
 *
 * Returns: (transfer full) (nullable): a URL without a slash at its end, or `NULL` with %IMP_ERROR_MALFORMED
 */
char *
imp_agent_address_normalize (const char  *role,
                             const char  *text,
                             GError     **error)
{
  g_autofree char *address = g_strstrip (g_strdup (text));
  g_autoptr(GUri) uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : "";
  g_autoptr(SoupMessage) probe = NULL;
  const char *wrong = NULL;
  char *url;

  if (strlen (address) > MAX_ADDRESS)
    wrong = "is longer than " G_STRINGIFY (MAX_ADDRESS) " bytes";
  else if (uri == NULL || (!g_str_equal (scheme, "http") && !g_str_equal (scheme, "https")))
    wrong = "is not an http or https URL";
  else if (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    wrong = "names no host";
  else if (g_uri_get_userinfo (uri) != NULL)
    wrong = "has a user name or a password in it";
  else if (g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    wrong = "has a query or a fragment in it";
  else if ((probe = imp_http_message_new ("GET", address, "/", NULL)) == NULL)
    wrong = "has characters in it that no address has";

  if (wrong != NULL)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "the address of the %s agent %s", role,
                   wrong);
      return NULL;
    }

  url = g_uri_to_string (uri);
  while (g_str_has_suffix (url, "/"))
    url[strlen (url) - 1] = '\0';
  return url;
}

/**
 * imp_agent_addresses_normalize:
 * @addresses: (array fixed-size=4): empty ones, filled with what is normal
 * @typed: (array fixed-size=4): what people typed, `NULL` where there is no agent
 * @error: return location for an error
 *
 * Returns: whether all are addresses that an agent can have; or %IMP_ERROR_MALFORMED
 */
gboolean
imp_agent_addresses_normalize (char              **addresses,
                               const char *const  *typed,
                               GError            **error)
{
  for (guint i = 0; i < IMP_N_ROLES; i++)
    {
      if (typed[i] != NULL &&
          !(addresses[i] = imp_agent_address_normalize (imp_roles[i], typed[i], error)))
        return FALSE;
    }

  return TRUE;
}

/**
 * imp_agent_addresses_find:
 * @addresses: (array fixed-size=4): addresses
 * @role: “author”, “register”, “retrieval” or “verification”
 *
 * Returns: (nullable): the agent’s
 */
const char *
imp_agent_addresses_find (char *const *addresses,
                          const char  *role)
{
  for (guint i = 0; i < IMP_N_ROLES; i++)
    {
      if (g_str_equal (role, imp_roles[i]))
        return addresses[i];
    }

  return NULL;
}

/**
 * imp_agent_addresses_get_first:
 * @addresses: (array fixed-size=4): addresses
 *
 * Gets the one that says which agents these are. The retrieval agent’s prevails: it shows the ledger.
 *
 * Returns: (nullable): an address, or `NULL` where there is none at all
 */
const char *
imp_agent_addresses_get_first (char *const *addresses)
{
  const char *const order[] = { "retrieval", "author", "register", "verification" };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      const char *address = imp_agent_addresses_find (addresses, order[i]);

      if (address != NULL)
        return address;
    }

  return NULL;
}

/**
 * imp_agent_addresses_clear:
 * @addresses: (array fixed-size=4): addresses
 *
 * Frees and forgets them.
 */
void
imp_agent_addresses_clear (char **addresses)
{
  for (guint i = 0; i < IMP_N_ROLES; i++)
    g_clear_pointer (&addresses[i], g_free);
}
