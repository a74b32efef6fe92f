/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-run.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "imp-connections.h"
#include "imp-data-path.h"
#include "imp-error.h"
#include "imp-output.h"
#include "imp-token-pin.h"

/**
 * ImpRun:
 *
 * One command while it runs: what it was told, how it talks, and what it works with.
 */
struct _ImpRun
{
  ImpRunOptions    options;
  GCancellable    *cancellable;  /* (owned) */
  char           **arguments;    /* (owned) */

  ImpExit          failure_status;  /* overrides what the error says, unless IMP_EXIT_DONE */
  const char      *failure_code;

  char            *data_dir;     /* (owned) */
  ImpConnection   *connection;   /* (owned) */
  ImpAgentClient  *client;       /* (owned) */
  ImpKeyring      *keyring;      /* (owned) */
  ImpTokenPin     *token_pin;    /* (owned) */
  ImpFleet        *fleet;        /* (owned) */
  ImpTrust        *trust;        /* (owned) */
};

/**
 * imp_run_new:
 *
 * Makes a run that was told nothing yet.
 *
 * Returns: (transfer full): the run
 */
ImpRun *
imp_run_new (void)
{
  ImpRun *self = g_new0 (ImpRun, 1);

  self->cancellable = g_cancellable_new ();
  self->options.pin_fd = -1;

  return self;
}

/**
 * imp_run_free:
 * @self: (transfer full): a run, not `NULL`
 *
 * Ends the agents that the run has started, waits for them, and frees the rest.
 */
void
imp_run_free (ImpRun *self)
{
  /* Ends the embedded agents, if it was this run that started them. */
  if (self->connection != NULL)
    {
      imp_connection_close (self->connection);
      imp_wait_for_children ();
    }

  g_clear_object (&self->client);
  g_clear_object (&self->connection);
  g_clear_object (&self->keyring);
  g_clear_pointer (&self->token_pin, imp_token_pin_free);
  g_clear_object (&self->fleet);
  g_clear_object (&self->trust);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->arguments, g_strfreev);
  g_free (self->data_dir);
  g_free (self->options.connection);
  g_free (self->options.data_dir);
  g_free (self->options.author);
  g_free (self->options.register_);
  g_free (self->options.retrieval);
  g_free (self->options.verification);
  g_free (self);
}

/**
 * imp_run_get_options:
 * @self: a run
 *
 * Returns: (transfer none): where the parser puts the options that all commands have
 */
ImpRunOptions *
imp_run_get_options (ImpRun *self)
{
  return &self->options;
}

/**
 * imp_run_get_cancellable:
 * @self: a run
 *
 * Returns: (transfer none): what Ctrl+C cancels
 */
GCancellable *
imp_run_get_cancellable (ImpRun *self)
{
  return self->cancellable;
}

/* Takes @arguments. */
void
imp_run_set_arguments (ImpRun  *self,
                       char   **arguments)
{
  g_strfreev (self->arguments);
  self->arguments = arguments;
}

/**
 * imp_run_get_n_arguments:
 * @self: a run
 *
 * Returns: how many arguments stand behind the command and its options
 */
guint
imp_run_get_n_arguments (ImpRun *self)
{
  return g_strv_length (self->arguments);
}

/**
 * imp_run_get_argument:
 * @self: a run
 * @index: from 0
 *
 * Returns: (nullable): the argument, or `NULL` if there are not so many
 */
const char *
imp_run_get_argument (ImpRun *self,
                      guint   index)
{
  return index < imp_run_get_n_arguments (self) ? self->arguments[index] : NULL;
}

/**
 * imp_run_is_json:
 * @self: a run
 *
 * Returns: whether standard output is for machines
 */
gboolean
imp_run_is_json (ImpRun *self)
{
  return self->options.json;
}

/**
 * imp_run_note:
 * @self: a run
 * @format: a format
 *
 * Says something by the way, on standard error, to a person only: neither `--json` nor `--quiet`
 * want to hear it.
 */
void
imp_run_note (ImpRun     *self,
              const char *format,
              ...)
{
  va_list arguments;

  if (self->options.json || self->options.quiet)
    return;

  va_start (arguments, format);
  vfprintf (stderr, format, arguments);
  va_end (arguments);
  fputc ('\n', stderr);
}

/**
 * imp_run_start_progress:
 * @self: a run
 * @title: what goes on
 * @unit: what is counted
 *
 * Returns: (transfer full): a bar, which stays away from the terminal under `--json` and `--quiet`
 */
ImpProgressBar *
imp_run_start_progress (ImpRun          *self,
                        const char      *title,
                        ImpProgressUnit  unit)
{
  return imp_progress_bar_new (title, unit, !self->options.json && !self->options.quiet);
}

/**
 * imp_run_set_failure:
 * @self: a run
 * @status: what the command ends with should it fail
 * @code: (nullable): a static string for programs, or `NULL` for what the error says
 *
 * Says what a failure means here, where the error alone does not tell: a signature that does not
 * fit is a refusal when an agent says so and a failed verification when we find it ourselves.
 * Cancellation stays what it is.
 */
void
imp_run_set_failure (ImpRun     *self,
                     ImpExit     status,
                     const char *code)
{
  self->failure_status = status;
  self->failure_code = code;
}

static void
print_error_json (const char *code,
                  const char *message)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "error");
  json_builder_begin_object (builder);
  imp_json_add_string (builder, "code", code);
  imp_json_add_string (builder, "message", message);
  json_builder_end_object (builder);
  json_builder_end_object (builder);

  node = json_builder_get_root (builder);
  text = json_to_string (node, FALSE);
  fprintf (stderr, "%s\n", text);
}

/**
 * imp_run_report:
 * @self: a run
 * @error: why it failed
 *
 * Tells of the failure on standard error.
 *
 * Returns: the status to end with
 */
int
imp_run_report (ImpRun       *self,
                const GError *error)
{
  ImpExit status = imp_exit_from_error (error);
  const char *code = NULL;
  g_autofree char *message = imp_printable (error->message);

  /* On a terminal Ctrl+C reaches the agents of this computer too, so it may be their end that is
   * noticed first.
   */
  if (g_cancellable_is_cancelled (self->cancellable))
    status = IMP_EXIT_CANCELLED;

  if (status != IMP_EXIT_CANCELLED && status != IMP_EXIT_USAGE && self->failure_status != IMP_EXIT_DONE)
    {
      status = self->failure_status;
      code = self->failure_code;
    }
  if (code == NULL)
    code = status == IMP_EXIT_CANCELLED ? "CANCELLED" : imp_exit_get_code (status, error);

  if (self->options.json)
    print_error_json (code, message);
  else if (status == IMP_EXIT_CANCELLED)
    fprintf (stderr, "%s: %s\n", g_get_prgname (), _("cancelled"));
  else if (status == IMP_EXIT_REFUSED)
    fprintf (stderr, "%s: %s (%s)\n", g_get_prgname (), message, code);
  else
    fprintf (stderr, "%s: %s\n", g_get_prgname (), message);

  return status;
}

/**
 * imp_run_get_data_dir:
 * @self: a run
 *
 * Returns: the absolute path of the folder with agents, devices and what was seen of ledgers; lent by
 * @self
 */
const char *
imp_run_get_data_dir (ImpRun *self)
{
  if (self->data_dir == NULL)
    self->data_dir = self->options.data_dir != NULL
                       ? g_canonicalize_filename (self->options.data_dir, NULL)
                       : imp_dup_data_dir ();

  return self->data_dir;
}

/**
 * imp_run_dup_path:
 * @self: a run
 * @name: what is in the data folder
 *
 * Returns: (transfer full): its path, whether it is there or not
 */
char *
imp_run_dup_path (ImpRun     *self,
                  const char *name)
{
  return g_build_filename (imp_run_get_data_dir (self), name, NULL);
}

static const char *
choose_url (const char    *given,
            ImpConnection *base,
            const char    *role)
{
  if (given != NULL)
    return given;

  return base != NULL ? imp_connection_get_url (base, role) : NULL;
}

/* The agents that were named one by one, completed by those of a connection that was named too. */
static ImpConnection *
make_connection (ImpRun         *self,
                 ImpConnection  *base,
                 GError        **error)
{
  ImpRunOptions *options = &self->options;
  ImpConnection *connection;

  connection = imp_connection_new_remote (_("Command line"),
                                          choose_url (options->author, base, "author"),
                                          choose_url (options->register_, base, "register"),
                                          choose_url (options->retrieval, base, "retrieval"),
                                          choose_url (options->verification, base, "verification"),
                                          error);
  if (connection == NULL)
    imp_run_set_failure (self, IMP_EXIT_USAGE, "USAGE");

  return connection;
}

static ImpConnection *
find_connection (ImpRun  *self,
                 GError **error)
{
  g_autoptr(ImpConnections) connections = imp_connections_new (imp_run_get_data_dir (self));
  ImpConnection *connection;

  if (self->options.connection == NULL)
    return g_object_ref (imp_connections_get_active (connections));

  connection = imp_connections_find (connections, self->options.connection);
  if (connection == NULL)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND,
                   _("There is no connection “%s”"), self->options.connection);
      return NULL;
    }

  return g_object_ref (connection);
}

/* Finds out which agents were meant: those given by their URLs, those of a connection that the
 * console has set up, or else those that the console uses.
 */
static ImpConnection *
choose_connection (ImpRun  *self,
                   GError **error)
{
  ImpRunOptions *options = &self->options;
  g_autoptr(ImpConnection) base = NULL;

  if (self->connection != NULL)
    return self->connection;

  if (options->author == NULL && options->register_ == NULL && options->retrieval == NULL &&
      options->verification == NULL)
    return self->connection = find_connection (self, error);

  if (options->connection != NULL && !(base = find_connection (self, error)))
    return NULL;

  return self->connection = make_connection (self, base, error);
}

/**
 * imp_run_connect:
 * @self: a run
 * @error: return location for an error
 *
 * Gets the agents' client, with the embedded agents running where those were meant.
 *
 * Returns: (transfer none) (nullable): the client
 */
ImpAgentClient *
imp_run_connect (ImpRun  *self,
                 GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  ImpConnection *connection;

  if (self->client != NULL)
    return self->client;
  if (!(connection = choose_connection (self, error)))
    return NULL;

  imp_connection_open_async (connection, self->cancellable, imp_wait_cb, &wait);
  if (!imp_connection_open_finish (connection, imp_wait (&wait), error))
    {
      imp_run_set_failure (self, IMP_EXIT_UNREACHABLE, NULL);
      return NULL;
    }

  return self->client = imp_agent_client_new (connection);
}

/* The keys of tokens need no keyring service. */
static gboolean
finish_loading (ImpRun        *self,
                ImpKeyring    *keyring,
                GAsyncResult  *result,
                GError       **error)
{
  g_autoptr(GError) local_error = NULL;

  if (imp_keyring_load_finish (keyring, result, &local_error))
    return TRUE;

  if (g_list_model_get_n_items (G_LIST_MODEL (keyring)) == 0 ||
      g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  imp_run_note (self, "%s", local_error->message);
  return TRUE;
}

/**
 * imp_run_load_keyring:
 * @self: a run
 * @error: return location for an error
 *
 * Gets the keys of the keyring service and of tokens, and sees to it that PINs are asked for.
 *
 * Returns: (transfer none) (nullable): the keyring, or `NULL` with @error set
 */
ImpKeyring *
imp_run_load_keyring (ImpRun  *self,
                      GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpKeyring) keyring = NULL;

  if (self->keyring != NULL)
    return self->keyring;

  keyring = imp_keyring_new ();
  imp_keyring_load_async (keyring, self->cancellable, imp_wait_cb, &wait);
  if (!finish_loading (self, keyring, imp_wait (&wait), error))
    return NULL;

  self->token_pin = imp_token_pin_new (keyring, self->options.pin_fd, self->cancellable);
  return self->keyring = g_steal_pointer (&keyring);
}

/**
 * imp_run_load_fleet:
 * @self: a run
 * @error: return location for an error
 *
 * Gets the emulated devices. One that is broken is passed over with a note.
 *
 * Returns: (transfer none) (nullable): the fleet, or `NULL` if it was cancelled
 */
ImpFleet *
imp_run_load_fleet (ImpRun  *self,
                    GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(GError) local_error = NULL;
  g_autofree char *directory = NULL;

  if (self->fleet != NULL)
    return self->fleet;

  directory = imp_run_dup_path (self, "devices");
  self->fleet = imp_fleet_new (directory);
  imp_fleet_load_async (self->fleet, self->cancellable, imp_wait_cb, &wait);
  if (imp_fleet_load_finish (self->fleet, imp_wait (&wait), &local_error))
    return self->fleet;

  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  /* One broken device is no reason to do without the others. */
  imp_run_note (self, "%s", local_error->message);
  return self->fleet;
}

/**
 * imp_run_get_trust:
 * @self: a run
 *
 * Returns: (transfer none): what this machine has seen of ledgers, opened when it is asked for first
 */
ImpTrust *
imp_run_get_trust (ImpRun *self)
{
  if (self->trust == NULL)
    {
      g_autofree char *directory = imp_run_dup_path (self, "trust");

      self->trust = imp_trust_new (directory);
    }

  return self->trust;
}
