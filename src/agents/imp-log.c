/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-log.h"

#include <stdio.h>

static gboolean is_verbose;

/* GLib drops what is only informative unless an environment variable asks for it; a daemon's log is
 * made of that. Nothing is ever written to standard output, which belongs to whoever started us.
 */
static GLogWriterOutput
write_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n_fields,
           gpointer         user_data)
{
  if ((level & (G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG)) != 0 && !is_verbose)
    return G_LOG_WRITER_HANDLED;

  if (g_log_writer_is_journald (fileno (stderr)) &&
      g_log_writer_journald (level, fields, n_fields, user_data) == G_LOG_WRITER_HANDLED)
    return G_LOG_WRITER_HANDLED;

  return g_log_writer_standard_streams (level, fields, n_fields, user_data);
}

/**
 * imp_log_init:
 * @verbose: whether each request gets a line
 *
 * Sends structured records to the journal, or lines to standard error.
 */
void
imp_log_init (gboolean verbose)
{
  is_verbose = verbose;
  g_log_writer_default_set_use_stderr (TRUE);
  g_log_set_writer_func (write_log, NULL, NULL);
}
