/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-connection-look.h"

#include <glib/gi18n.h>

/* Closed is only what is about to be opened: it looks as if it was. */
static const ImpConnectionLook looks[] = {
  [IMP_CONNECTION_CLOSED] = { N_("Connecting"), N_("Connecting to the agents"),
                              "imp-dot-ring-symbolic", NULL },
  [IMP_CONNECTION_OPENING] = { N_("Connecting"), N_("Connecting to the agents"),
                               "imp-dot-ring-symbolic", NULL },
  [IMP_CONNECTION_ANSWERING] = { N_("Answering"), N_("All agents answer"),
                                 "imp-dot-symbolic", "success" },
  [IMP_CONNECTION_DEGRADED] = { N_("Degraded"), N_("Some agents do not answer"),
                                "imp-dot-triangle-symbolic", "warning" },
  [IMP_CONNECTION_FAILED] = { N_("Not answering"), N_("The agents do not answer"),
                              "imp-step-failed-symbolic", "error" },
};

/**
 * imp_connection_look_get:
 * @connection: a connection
 *
 * Gets how the state that a connection is in is shown.
 *
 * Returns: the look, in the language of the person
 */
ImpConnectionLook
imp_connection_look_get (ImpConnection *connection)
{
  ImpConnectionLook look = looks[imp_connection_get_state (connection)];

  look.word = _(look.word);
  look.sentence = _(look.sentence);
  return look;
}
