/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-progress-bar.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define REDRAW_INTERVAL (100 * 1000)  /* µs */
#define MAX_BAR 40
#define MIN_BAR 8

/**
 * ImpProgressBar:
 *
 * A bar with bytes, rate and time left on standard error, which leaves no trace when it goes.
 */
struct _ImpProgressBar
{
  char            *title;
  ImpProgressUnit  unit;
  gboolean         shown;
  gboolean         drawn;
  gint64           started;  /* monotonic µs */
  gint64           redrawn;
};

/* Finds out whether a bar can be drawn: on a terminal that can move its cursor, and by nobody who
 * reads our standard error as text.
 */
static gboolean
is_possible (void)
{
  const char *term = g_getenv ("TERM");

  return isatty (STDERR_FILENO) && term != NULL && g_strcmp0 (term, "dumb") != 0;
}

/**
 * imp_progress_bar_new:
 * @title: what goes on, before the bar
 * @unit: what is counted
 * @shown: whether the command may show one; where standard error is no terminal there is none anyway
 *
 * Begins to measure the rate. Nothing is drawn before the first update.
 *
 * Returns: (transfer full): the bar
 */
ImpProgressBar *
imp_progress_bar_new (const char      *title,
                      ImpProgressUnit  unit,
                      gboolean         shown)
{
  ImpProgressBar *self = g_new0 (ImpProgressBar, 1);

  self->title = g_strdup (title);
  self->unit = unit;
  self->shown = shown && is_possible ();
  self->started = g_get_monotonic_time ();

  return self;
}

/**
 * imp_progress_bar_free:
 * @self: (transfer full): a bar, not `NULL`
 *
 * Wipes the bar from the terminal.
 */
void
imp_progress_bar_free (ImpProgressBar *self)
{
  if (self->drawn)
    {
      fputs ("\r\033[K", stderr);
      fflush (stderr);
    }

  g_free (self->title);
  g_free (self);
}

/* Another step begins; its rate is its own. */
void
imp_progress_bar_set_title (ImpProgressBar *self,
                            const char     *title)
{
  if (g_strcmp0 (self->title, title) == 0)
    return;

  g_free (self->title);
  self->title = g_strdup (title);
  self->started = g_get_monotonic_time ();
  self->redrawn = 0;
}

static guint
get_terminal_width (void)
{
  struct winsize size;

  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;

  return 80;
}

static char *
format_amount (ImpProgressBar *self,
               guint64         amount)
{
  if (self->unit == IMP_PROGRESS_COUNT)
    return g_strdup_printf ("%" G_GUINT64_FORMAT, amount);

  return g_format_size (amount);
}

/* “12.6 MB of 36.1 MB, 75.2 MB/s, 0:01 left” */
static char *
describe (ImpProgressBar *self,
          guint64         done,
          guint64         total)
{
  double seconds = MAX (g_get_monotonic_time () - self->started, 1) / 1e6;
  double rate = done / seconds;
  g_autofree char *done_text = format_amount (self, done);
  g_autofree char *total_text = format_amount (self, total);
  g_autofree char *rate_text = format_amount (self, rate);
  guint left = rate > 0 ? (guint) MIN ((total - done) / rate + 0.5, 359999) : 0;

  if (self->unit == IMP_PROGRESS_SHARE)
    return g_strdup_printf (_("%u:%02u left"), left / 60, left % 60);

  /* Translators: how much of how much, how much per second, minutes and seconds left. */
  return g_strdup_printf (_("%s of %s, %s/s, %u:%02u left"),
                          done_text, total_text, rate_text, left / 60, left % 60);
}

static void
draw (ImpProgressBar *self,
      guint64         done,
      guint64         total)
{
  g_autofree char *description = describe (self, done, total);
  guint percent = total > 0 ? (guint) (done * 100.0 / total) : 100;
  guint width = get_terminal_width ();
  guint taken = g_utf8_strlen (self->title, -1) + g_utf8_strlen (description, -1) + 12;
  guint bar = width > taken ? MIN (width - taken, MAX_BAR) : 0;
  g_autoptr(GString) line = g_string_new ("\r");

  g_string_append_printf (line, "%s ", self->title);
  if (bar >= MIN_BAR)
    {
      g_string_append_c (line, '[');
      for (guint i = 0; i < bar; i++)
        g_string_append_c (line, i < percent * bar / 100 ? '#' : '-');
      g_string_append (line, "] ");
    }
  g_string_append_printf (line, "%3u%%", percent);
  if (taken <= width)
    g_string_append_printf (line, "  %s", description);
  g_string_append (line, "\033[K");

  fputs (line->str, stderr);
  fflush (stderr);
  self->drawn = TRUE;
}

/**
 * imp_progress_bar_update:
 * @self: a bar
 * @done: how much is done
 * @total: of how much
 *
 * Redraws the bar, at most ten times a second but always when all is done.
 */
void
imp_progress_bar_update (ImpProgressBar *self,
                         guint64         done,
                         guint64         total)
{
  gint64 now = g_get_monotonic_time ();

  if (!self->shown || total == 0 || (now - self->redrawn < REDRAW_INTERVAL && done < total))
    return;

  self->redrawn = now;
  draw (self, MIN (done, total), total);
}

/* A step whose end cannot be foreseen. */
void
imp_progress_bar_show_title (ImpProgressBar *self,
                             const char     *title)
{
  if (!self->shown || (self->drawn && g_strcmp0 (self->title, title) == 0))
    return;

  imp_progress_bar_set_title (self, title);
  fprintf (stderr, "\r%s…\033[K", title);
  fflush (stderr);
  self->drawn = TRUE;
}

/**
 * imp_progress_bar_cb:
 * @done: how much is done
 * @total: how much there is
 * @user_data: a [struct@Imp.ProgressBar]
 *
 * Updates a bar, as a #GFileProgressCallback. Where less was announced than came, the bar is full.
 */
void
imp_progress_bar_cb (goffset  done,
                     goffset  total,
                     gpointer user_data)
{
  imp_progress_bar_update (user_data, done, MAX (total, done));
}
