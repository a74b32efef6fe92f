/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-origin.h"

#include <libsoup/soup.h>

#define SCHEME_END "://"

/* By RFC 6761, nobody else can be called so. */
static gboolean
is_loopback_name (const char *name)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (name);
  gsize length = strlen (name);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);

  return g_ascii_strcasecmp (name, "localhost") == 0 ||
         (length > strlen (".localhost") &&
          g_ascii_strcasecmp (name + length - strlen (".localhost"), ".localhost") == 0);
}

/* A name of an attacker’s may lead here (DNS rebinding). Then the browser takes an agent for a part of
 * the attacker’s site; only Host still has that name.
 */
static gboolean
names_loopback (const char *host)
{
  g_autoptr(GSocketConnectable) address = g_network_address_parse (host, 80, NULL);

  return address != NULL &&
         is_loopback_name (g_network_address_get_hostname (G_NETWORK_ADDRESS (address)));
}

static gboolean
came_over_loopback (SoupServerMessage *message)
{
  GSocketAddress *address = soup_server_message_get_local_address (message);

  return G_IS_INET_SOCKET_ADDRESS (address) &&
         g_inet_address_get_is_loopback (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

static gboolean
is_own_origin (const char *origin,
               const char *host)
{
  const char *end = strstr (origin, SCHEME_END);

  return end != NULL && host != NULL &&
         g_ascii_strcasecmp (end + strlen (SCHEME_END), host) == 0;
}

/**
 * imp_origin_refuses:
 * @request: a request whose headers have been read
 *
 * Refuses what only a browser sends for somebody else’s page: a request over the loopback that is
 * meant for another host, and one that another site’s page makes. A browser sends a form with a file
 * anywhere without asking; that it may not read the answer is too late.
 *
 * Returns: whether @request was refused, and answered
 */
gboolean
imp_origin_refuses (ImpRequest *request)
{
  SoupServerMessage *message = imp_request_get_message (request);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *host = soup_message_headers_get_one (headers, "Host");
  const char *origin = soup_message_headers_get_one (headers, "Origin");

  if (host != NULL && came_over_loopback (message) && !names_loopback (host))
    imp_request_reply_status (request, SOUP_STATUS_MISDIRECTED_REQUEST,
                              "this agent is not the host that was asked for");
  else if (origin != NULL && !is_own_origin (origin, host))
    imp_request_reply_status (request, SOUP_STATUS_FORBIDDEN,
                              "pages of other sites may not use this agent");
  else
    return FALSE;

  return TRUE;
}
