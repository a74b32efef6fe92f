/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-agent-address.h"

#include "imp-connection.h"
#include "imp-error.h"
#include "imp-http.h"
#include "imp-text.h"

#define MAX_NAME 128  /* characters */

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

/* A password in an address would end up in logs, error texts and the list of connections. */
char *
imp_agent_address_normalize (const char  *role,
                             const char  *text,
                             GError     **error)
{
  g_autoptr(GUri) uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : "";
  g_autoptr(SoupMessage) probe = NULL;
  const char *wrong = NULL;
  char *url;

  if (uri == NULL || (!g_str_equal (scheme, "http") && !g_str_equal (scheme, "https")))
    wrong = "is not an http or https URL";
  else if (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    wrong = "names no host";
  else if (g_uri_get_userinfo (uri) != NULL)
    wrong = "has a user name or a password in it";
  else if (g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    wrong = "has a query or a fragment in it";
  else if ((probe = imp_http_message_new ("GET", text, "/", NULL)) == NULL)
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

/* A sentence out of an error’s fragment. */
char *
imp_make_sentence (const char *fragment)
{
  gunichar first = g_unichar_toupper (g_utf8_get_char (fragment));
  GString *sentence = g_string_new (NULL);

  g_string_append_unichar (sentence, first);
  g_string_append (sentence, g_utf8_next_char (fragment));
  if (!g_str_has_suffix (fragment, "."))
    g_string_append_c (sentence, '.');

  return g_string_free (sentence, FALSE);
}

/**
 * imp_dup_data_dir:
 *
 * Gives the folder of this user’s agents, devices and records.
 *
 * Returns: (transfer full): `$XDG_DATA_HOME/imprimatur`
 */
char *
imp_dup_data_dir (void)
{
  return g_build_filename (g_get_user_data_dir (), "imprimatur", NULL);
}
