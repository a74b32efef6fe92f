/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-embedded-agents.h"

#include <signal.h>
#include <string.h>

#include "imp-agent-address.h"
#include "imp-error.h"
#include "imp-http.h"
#include "imp-imprimaturd.h"

#define START_SECONDS 15
#define RETRY_MS 200

/**
 * ImpEmbeddedAgents:
 *
 * The agents of this computer, for one data folder.
 *
 * If a process serves the folder already, its agents are used and nothing is started. Otherwise
 * `imprimaturd --embedded` becomes a child: it ends when the pipe to its standard input closes, so
 * that not even a crash of this process leaves it behind.
 *
 * The signal “exited” says that a child ended which nobody asked to.
 */
struct _ImpEmbeddedAgents
{
  GObject parent_instance;

  char        *data_dir;           /* (owned) */
  char        *urls[IMP_N_ROLES];  /* (owned) (nullable) */
  GSubprocess *child;              /* (owned) (nullable): not when another process serves */
  SoupSession *session;            /* (owned) */
};

G_DEFINE_FINAL_TYPE (ImpEmbeddedAgents, imp_embedded_agents, G_TYPE_OBJECT)

enum
{
  EXITED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* One start. The child’s line and the other process’s file are both raced for until the deadline,
 * since two consoles may be opened at once: the one whose child finds the folder locked uses the
 * other’s agents.
 */
typedef struct
{
  GCancellable *attempt;       /* (owned) the caller’s, or the end of the time */
  GCancellable *caller;        /* (owned) (nullable) */
  gulong        caller_id;
  GSource      *watchdog;      /* (owned) */
  GSource      *retry;         /* (owned) (nullable) */
  gboolean      timed_out;
  guint         n_deaths;
  GByteArray   *line;          /* (owned) what the child has said so far */
  char          buffer[4096];
} Start;

static void try_running (GTask *task);

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
start_free (Start *start)
{
  g_cancellable_disconnect (start->caller, start->caller_id);
  g_clear_object (&start->caller);
  g_clear_object (&start->attempt);
  clear_source (&start->watchdog);
  clear_source (&start->retry);
  g_byte_array_unref (start->line);
  g_free (start);
}

static void
return_started (GTask *task)
{
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
return_failed (GTask  *task,
               GError *error)
{
  Start *start = g_task_get_task_data (task);

  imp_embedded_agents_stop (g_task_get_source_object (task));

  if (start->timed_out)
    {
      g_clear_error (&error);
      error = g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                           "imprimaturd does not start: it has said nothing for %d seconds",
                           START_SECONDS);
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

static gboolean
retry_cb (gpointer user_data)
{
  GTask *task = user_data;
  Start *start = g_task_get_task_data (task);

  g_clear_pointer (&start->retry, g_source_unref);
  try_running (task);

  return G_SOURCE_REMOVE;
}

static void
retry_later (GTask *task)
{
  Start *start = g_task_get_task_data (task);

  start->retry = g_timeout_source_new (RETRY_MS);
  g_source_set_callback (start->retry, retry_cb, task, NULL);
  g_source_attach (start->retry, g_main_context_get_thread_default ());
}

/* A child that gives up has most likely found the folder taken by one that is starting, or ending. */
static void
child_gave_up (GTask *task)
{
  ImpEmbeddedAgents *self = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);
  g_autofree char *complaint = NULL;

  g_clear_object (&self->child);
  start->n_deaths++;

  if (start->n_deaths < 2 || imp_imprimaturd_holds (self->data_dir))
    {
      g_byte_array_set_size (start->line, 0);
      retry_later (task);
      return;
    }

  complaint = imp_imprimaturd_read_complaint (self->data_dir);
  return_failed (task, g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED,
                                    "the agents of this computer do not start: %s",
                                    complaint != NULL ? complaint
                                                      : "imprimaturd ended without a word"));
}

static void
child_exited_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(ImpEmbeddedAgents) self = user_data;
  GSubprocess *child = G_SUBPROCESS (object);

  g_subprocess_wait_finish (child, result, NULL);
  if (self->child != child)
    return;

  g_clear_object (&self->child);
  imp_agent_addresses_clear (self->urls);
  g_signal_emit (self, signals[EXITED], 0);
}

static void read_line (GTask *task);

static void
read_line_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  GTask *task = user_data;
  ImpEmbeddedAgents *self = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  gssize n_read = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &error);
  const guint8 *end;

  if (n_read < 0)
    {
      return_failed (task, g_steal_pointer (&error));
      return;
    }

  if (n_read == 0)
    {
      child_gave_up (task);
      return;
    }

  g_byte_array_append (start->line, (const guint8 *) start->buffer, n_read);
  end = memchr (start->line->data, '\n', start->line->len);
  if (end == NULL && start->line->len <= IMP_IMPRIMATURD_MAX_LINE)
    read_line (task);
  else if (end == NULL)
    return_failed (task, g_error_new (IMP_ERROR, IMP_ERROR_BAD_REPLY,
                                      "imprimaturd said more than %d bytes without a line’s end",
                                      IMP_IMPRIMATURD_MAX_LINE));
  else if (!imp_imprimaturd_parse_urls ((const char *) start->line->data, end - start->line->data, self->urls, &error))
    {
      g_prefix_error (&error, "imprimaturd did not say where its agents are: ");
      return_failed (task, g_steal_pointer (&error));
    }
  else
    {
      g_subprocess_wait_async (self->child, NULL, child_exited_cb, g_object_ref (self));
      return_started (task);
    }
}

static void
read_line (GTask *task)
{
  ImpEmbeddedAgents *self = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);

  g_input_stream_read_async (g_subprocess_get_stdout_pipe (self->child), start->buffer,
                             sizeof start->buffer, G_PRIORITY_DEFAULT,
                             start->attempt, read_line_cb, task);
}

static void
start_child (GTask *task)
{
  ImpEmbeddedAgents *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;

  self->child = imp_imprimaturd_spawn (self->data_dir, &error);
  if (self->child == NULL)
    {
      g_prefix_error (&error, "the agents of this computer do not start: ");
      return_failed (task, g_steal_pointer (&error));
    }
  else
    read_line (task);
}

static void
probe_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  GTask *task = user_data;
  ImpEmbeddedAgents *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = imp_http_send_json_finish (SOUP_SESSION (object), result, &error);

  if (node != NULL)
    {
      return_started (task);
      return;
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      return_failed (task, g_steal_pointer (&error));
      return;
    }

  imp_agent_addresses_clear (self->urls);
  start_child (task);
}

/* A file that a killed process left behind names ports that nobody, or somebody else, listens on. */
static void
try_running (GTask *task)
{
  ImpEmbeddedAgents *self = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);
  g_autofree char *path = g_build_filename (self->data_dir, "agents.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr(SoupMessage) message = NULL;
  g_autoptr(GError) error = NULL;
  gsize length;

  if (g_cancellable_set_error_if_cancelled (start->attempt, &error))
    {
      return_failed (task, g_steal_pointer (&error));
      return;
    }

  if (!g_file_get_contents (path, &text, &length, NULL) ||
      !imp_imprimaturd_parse_urls (text, length, self->urls, NULL) ||
      !(message = imp_http_message_new ("GET", self->urls[2], "/healthz", NULL)))
    {
      start_child (task);
      return;
    }

  imp_http_send_json_async (self->session, message, start->attempt, probe_cb, task);
}

static gboolean
watchdog_cb (gpointer user_data)
{
  Start *start = user_data;

  start->timed_out = TRUE;
  g_cancellable_cancel (start->attempt);

  return G_SOURCE_REMOVE;
}

static void
caller_cancelled_cb (GCancellable *caller,
                     gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static Start *
start_new (GCancellable *caller)
{
  Start *start = g_new0 (Start, 1);

  start->line = g_byte_array_new ();
  start->attempt = g_cancellable_new ();
  g_set_object (&start->caller, caller);
  if (caller != NULL)
    start->caller_id = g_cancellable_connect (caller, G_CALLBACK (caller_cancelled_cb),
                                              g_object_ref (start->attempt), g_object_unref);

  start->watchdog = g_timeout_source_new_seconds (START_SECONDS);
  g_source_set_callback (start->watchdog, watchdog_cb, start, NULL);
  g_source_attach (start->watchdog, g_main_context_get_thread_default ());

  return start;
}

static void
imp_embedded_agents_dispose (GObject *object)
{
  ImpEmbeddedAgents *self = IMP_EMBEDDED_AGENTS (object);

  imp_embedded_agents_stop (self);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (imp_embedded_agents_parent_class)->dispose (object);
}

static void
imp_embedded_agents_finalize (GObject *object)
{
  ImpEmbeddedAgents *self = IMP_EMBEDDED_AGENTS (object);

  g_free (self->data_dir);

  G_OBJECT_CLASS (imp_embedded_agents_parent_class)->finalize (object);
}

static void
imp_embedded_agents_class_init (ImpEmbeddedAgentsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = imp_embedded_agents_dispose;
  object_class->finalize = imp_embedded_agents_finalize;

  signals[EXITED] = g_signal_new ("exited", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
imp_embedded_agents_init (ImpEmbeddedAgents *self)
{
  self->session = imp_http_session_new ();
}

/**
 * imp_embedded_agents_new:
 * @data_dir: the folder that they serve
 *
 * Makes what finds or starts the agents; nothing is started yet.
 *
 * Returns: (transfer full): the agents of the folder
 */
ImpEmbeddedAgents *
imp_embedded_agents_new (const char *data_dir)
{
  ImpEmbeddedAgents *self = g_object_new (IMP_TYPE_EMBEDDED_AGENTS, NULL);

  self->data_dir = g_strdup (data_dir);

  return self;
}

/**
 * imp_embedded_agents_start_async:
 * @self: the agents of a folder
 * @cancellable: (nullable): cancels the start
 * @callback: called once
 * @user_data: data for @callback
 *
 * Finds the agents that serve the folder, or starts them and waits for their line of JSON.
 */
void
imp_embedded_agents_start_async (ImpEmbeddedAgents   *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (IMP_IS_EMBEDDED_AGENTS (self));
  g_return_if_fail (self->child == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_embedded_agents_start_async);
  g_task_set_task_data (task, start_new (cancellable), (GDestroyNotify) start_free);
  try_running (task);
}

/**
 * imp_embedded_agents_start_finish:
 * @self: the agents of a folder
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether they are there and have said where they listen
 */
gboolean
imp_embedded_agents_start_finish (ImpEmbeddedAgents  *self,
                                  GAsyncResult       *result,
                                  GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * imp_embedded_agents_stop:
 * @self: the agents of a folder
 *
 * Ends the child, if there is one; agents of another process go on.
 */
void
imp_embedded_agents_stop (ImpEmbeddedAgents *self)
{
  g_autoptr(GSubprocess) child = g_steal_pointer (&self->child);

  imp_agent_addresses_clear (self->urls);
  if (child == NULL)
    return;

  /* Closed without waiting: the pipe takes no bytes that could still be on their way. */
  g_output_stream_close (g_subprocess_get_stdin_pipe (child), NULL, NULL);
  g_subprocess_send_signal (child, SIGTERM);
}

/**
 * imp_embedded_agents_get_url:
 * @self: the agents of a folder
 * @role: which agent
 *
 * Returns: (nullable): where it listens, or `NULL` before they are there and for a role that they have
 * not
 */
const char *
imp_embedded_agents_get_url (ImpEmbeddedAgents *self,
                             const char        *role)
{
  return imp_agent_addresses_find (self->urls, role);
}
