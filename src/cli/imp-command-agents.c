/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-command.h"

#include <glib/gi18n.h>

#include "imp-error.h"
#include "imp-json.h"
#include "imp-output.h"

static const char *const roles[] = { "author", "register", "retrieval", "verification" };

/* What one agent said. */
typedef struct
{
  const char *role;
  const char *url;      /* (nullable): there is none */
  JsonObject *status;   /* (owned) (nullable): it did not answer */
  GError     *error;    /* (owned) (nullable): why not */
  double      latency;  /* ms */
} Answer;

static void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->status, json_object_unref);
  g_clear_error (&answer->error);
}

/* Whatever listens there may answer something. */
static gboolean
check_role (Answer *answer)
{
  const char *role = imp_json_get_string (answer->status, "role", &answer->error);

  if (role == NULL)
    return FALSE;
  if (g_strcmp0 (role, answer->role) == 0)
    return TRUE;

  g_set_error (&answer->error, IMP_ERROR, IMP_ERROR_BAD_REPLY, _("it is a %s agent"), role);
  return FALSE;
}

static void
ask (ImpRun         *run,
     ImpAgentClient *client,
     Answer         *answer)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;

  if (answer->url == NULL)
    return;

  imp_agent_client_get_status_async (client, answer->role, imp_run_get_cancellable (run),
                                     imp_wait_cb, &wait);
  answer->status = imp_agent_client_get_status_finish (client, imp_wait (&wait), &answer->latency,
                                                       &answer->error);
  if (answer->status != NULL && !check_role (answer))
    g_clear_pointer (&answer->status, json_object_unref);
}

static const char *
get_version (Answer *answer)
{
  if (answer->status == NULL)
    return NULL;

  return json_object_get_string_member_with_default (answer->status, "version", NULL);
}

static void
print_answers_json (ImpConnection *connection,
                    Answer        *answers)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) node = NULL;

  json_builder_begin_object (builder);
  imp_json_add_string (builder, "connection", imp_connection_get_name (connection));
  json_builder_set_member_name (builder, "agents");
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      Answer *answer = &answers[i];

      json_builder_begin_object (builder);
      imp_json_add_string (builder, "role", answer->role);
      imp_json_add_string (builder, "url", answer->url);
      imp_json_add_boolean (builder, "answers", answer->status != NULL);
      if (answer->status != NULL)
        {
          JsonNode *status = json_node_alloc ();

          imp_json_add_double (builder, "latency", answer->latency);
          imp_json_add_node (builder, "status", json_node_init_object (status, answer->status));
        }
      if (answer->error != NULL)
        imp_json_add_string (builder, "error", answer->error->message);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  node = json_builder_get_root (builder);
  imp_print_json (node);
}

static void
print_answers (Answer *answers)
{
  const char *const header[] = { _("AGENT"), _("ADDRESS"), _("VERSION"), _("ANSWERS"), NULL };
  g_autoptr(ImpTable) table = imp_table_new (header);

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      Answer *answer = &answers[i];
      const char *version = get_version (answer);
      g_autofree char *latency = NULL;

      if (answer->url == NULL)
        {
          imp_table_add (table, answer->role, _("none"), "", "", NULL);
          continue;
        }

      latency = answer->error != NULL ? g_strdup_printf (_("no: %s"), answer->error->message)
                                      : imp_format_duration (answer->latency);
      imp_table_add (table, answer->role, answer->url, version != NULL ? version : "", latency, NULL);
    }

  imp_table_print (table);
}

/* The first agent that should answer and does not is what the command fails with. */
static gboolean
conclude (ImpRun  *run,
          Answer  *answers,
          GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      if (answers[i].error != NULL)
        {
          imp_run_set_failure (run, IMP_EXIT_UNREACHABLE, "UNREACHABLE");
          g_propagate_prefixed_error (error, g_steal_pointer (&answers[i].error),
                                      _("The %s agent does not answer: "), answers[i].role);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
run_status (ImpRun  *run,
            GError **error)
{
  ImpAgentClient *client = imp_run_connect (run, error);
  ImpConnection *connection;
  Answer answers[G_N_ELEMENTS (roles)] = { { NULL } };
  gboolean done;

  if (client == NULL)
    return FALSE;

  connection = imp_agent_client_get_connection (client);
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      answers[i].role = roles[i];
      answers[i].url = imp_connection_get_url (connection, roles[i]);
      ask (run, client, &answers[i]);
    }

  done = !g_cancellable_set_error_if_cancelled (imp_run_get_cancellable (run), error);
  if (done)
    {
      if (imp_run_is_json (run))
        print_answers_json (connection, answers);
      else
        print_answers (answers);
      done = conclude (run, answers, error);
    }

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    answer_clear (&answers[i]);

  return done;
}

const ImpCommand imp_agents_commands[] = {
  { "agents", "status", NULL, 0, 0, N_("Tell which agents answer"), NULL, run_status },
  { NULL }
};
