/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-health.h"

#include "imp-http.h"

typedef struct
{
  guint    n_asked;
  guint    n_failed;
  guint    n_pending;
  GString *detail;  /* (owned) a sentence for each agent that does not work */
} Round;

typedef struct
{
  GTask *task;  /* (owned) */
  char  *role;  /* (owned) */
  char  *url;   /* (owned) */
} Question;

static void
round_free (Round *round)
{
  g_string_free (round->detail, TRUE);
  g_free (round);
}

static void
question_free (Question *question)
{
  g_clear_object (&question->task);
  g_free (question->role);
  g_free (question->url);
  g_free (question);
}

static void
note_failure (Round          *round,
              const Question *question,
              const GError   *error)
{
  round->n_failed++;
  g_string_append_printf (round->detail, "%sThe %s agent at %s does not answer: %s.",
                          round->detail->len > 0 ? " " : "", question->role, question->url,
                          error->message);
}

static void
answered (Question     *question,
          const GError *error)
{
  g_autoptr(GTask) task = g_object_ref (question->task);
  Round *round = g_task_get_task_data (task);

  if (error != NULL)
    note_failure (round, question, error);
  question_free (question);

  if (--round->n_pending == 0 && !g_task_return_error_if_cancelled (task))
    g_task_return_boolean (task, TRUE);
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = imp_http_send_json_finish (SOUP_SESSION (object), result, &error);

  answered (user_data, error);
}

static void
ask (GTask       *task,
     SoupSession *session,
     const char  *role,
     const char  *url)
{
  Round *round = g_task_get_task_data (task);
  Question *question = g_new0 (Question, 1);
  g_autoptr(SoupMessage) message = NULL;
  g_autoptr(GError) error = NULL;

  question->task = g_object_ref (task);
  question->role = g_strdup (role);
  question->url = g_strdup (url);
  round->n_asked++;
  round->n_pending++;

  message = imp_http_message_new ("GET", url, "/healthz", &error);
  if (message == NULL)
    answered (question, error);
  else
    imp_http_send_json_async (session, message, g_task_get_cancellable (task), answered_cb,
                              question);
}

/**
 * imp_health_ask_async:
 * @session: whose connections are used
 * @roles: (array zero-terminated=1): names of agents
 * @urls: their addresses, `NULL` where there is none
 * @cancellable: (nullable): cancels the questions
 * @callback: called once, when all have answered or failed
 * @user_data: data for @callback
 *
 * Asks each agent for its `/healthz`.
 */
void
imp_health_ask_async (SoupSession          *session,
                      const char *const    *roles,
                      const char *const    *urls,
                      GCancellable         *cancellable,
                      GAsyncReadyCallback   callback,
                      gpointer              user_data)
{
  g_autoptr(GTask) task = g_task_new (session, cancellable, callback, user_data);
  Round *round = g_new0 (Round, 1);

  round->detail = g_string_new (NULL);
  round->n_pending = 1;
  g_task_set_source_tag (task, imp_health_ask_async);
  g_task_set_task_data (task, round, (GDestroyNotify) round_free);

  for (guint i = 0; roles[i] != NULL; i++)
    {
      if (urls[i] != NULL)
        ask (task, session, roles[i], urls[i]);
    }

  if (--round->n_pending == 0)
    g_task_return_boolean (task, TRUE);
}

/**
 * imp_health_ask_finish:
 * @session: whose connections were used
 * @result: what the callback was given
 * @n_asked: (out): how many agents there are
 * @n_failed: (out): how many of them do not work
 * @detail: (out) (nullable): a sentence for each that does not
 * @error: return location for an error
 *
 * Ends a round of questions. An agent that does not answer is no error.
 *
 * Returns: whether the round went to its end
 */
gboolean
imp_health_ask_finish (SoupSession   *session,
                       GAsyncResult  *result,
                       guint         *n_asked,
                       guint         *n_failed,
                       char         **detail,
                       GError       **error)
{
  Round *round = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  *n_asked = round->n_asked;
  *n_failed = round->n_failed;
  *detail = round->detail->len > 0 ? g_strdup (round->detail->str) : NULL;
  return TRUE;
}
