/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-command.h"

#include <glib/gi18n.h>

#include "imp-error.h"
#include "imp-output.h"
#include "imp-run-keys.h"
#include "imp-time.h"

static struct
{
  char *key;
} options;

static void
print_status_json (const char            *fingerprint,
                   const ImpAuthorStatus *status)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) node = NULL;

  json_builder_begin_object (builder);
  imp_json_add_string (builder, "fingerprint", fingerprint);
  imp_json_add_boolean (builder, "registered", status->registered);
  imp_json_add_time (builder, "since", status->registered ? status->since : -1);
  imp_json_add_time (builder, "tokenExpires", status->registered ? status->token_expires : -1);
  json_builder_end_object (builder);

  node = json_builder_get_root (builder);
  imp_print_json (node);
}

static char *
describe_token (const ImpAuthorStatus *status)
{
  gint64 left = status->token_expires - imp_time_now ();
  guint minutes = MAX (left, 0) / (60 * 1000);

  if (status->token_expires < 0)
    return g_strdup (_("none at this agent; publishing registers again"));
  if (left <= 0)
    return g_strdup (_("expired; publishing registers again"));

  return g_strdup_printf (g_dngettext (NULL, "%u minute left", "%u minutes left", minutes), minutes);
}

static void
print_status (ImpRun                *run,
              const char            *fingerprint,
              const ImpAuthorStatus *status)
{
  static const char *const columns[] = { "", "", NULL };
  g_autoptr(ImpTable) table = NULL;
  g_autofree char *since = NULL;
  g_autofree char *token = NULL;

  if (imp_run_is_json (run))
    {
      print_status_json (fingerprint, status);
      return;
    }

  table = imp_table_new (columns);
  imp_table_add (table, _("Author"), fingerprint, NULL);
  if (status->registered)
    {
      since = imp_format_local_time (status->since);
      token = describe_token (status);
      imp_table_add (table, _("Registered"), since, NULL);
      imp_table_add (table, _("Token"), token, NULL);
    }
  else
    imp_table_add (table, _("Registered"), _("no"), NULL);
  imp_table_print (table);
}

static gboolean
run_register (ImpRun  *run,
              GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpKeyringItem) item = imp_run_find_key (run, options.key, error);
  g_autoptr(ImpKey) key = NULL;
  ImpAgentClient *client;
  ImpAuthorStatus status;

  if (item == NULL || !(client = imp_run_connect (run, error)) ||
      !(key = imp_run_open_key (run, item, error)))
    return FALSE;

  imp_agent_client_register_author_async (client, key, imp_run_get_cancellable (run),
                                          imp_wait_cb, &wait);
  if (!imp_agent_client_register_author_finish (client, imp_wait (&wait), &status, error))
    return FALSE;

  print_status (run, imp_key_get_fingerprint (key), &status);
  return TRUE;
}

static gboolean
run_status (ImpRun  *run,
            GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autofree char *fingerprint = imp_run_dup_fingerprint (run, options.key, error);
  ImpAgentClient *client;
  ImpAuthorStatus status;

  if (fingerprint == NULL || !(client = imp_run_connect (run, error)))
    return FALSE;

  imp_agent_client_get_author_async (client, fingerprint, imp_run_get_cancellable (run),
                                     imp_wait_cb, &wait);
  if (!imp_agent_client_get_author_finish (client, imp_wait (&wait), &status, error))
    return FALSE;

  print_status (run, fingerprint, &status);
  return TRUE;
}

static const GOptionEntry key_options[] = {
  { "key", 'k', 0, G_OPTION_ARG_STRING, &options.key,
    N_("The author’s key: its name or fingerprint (default: the only one)"), N_("KEY") },
  { NULL }
};

const ImpCommand imp_author_commands[] = {
  { "author", "register", NULL, 0, 0, N_("Register as an author with the agents"),
    key_options, run_register },
  { "author", "status", NULL, 0, 0, N_("Tell whether an author is registered"),
    key_options, run_status },
  { NULL }
};
