/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench-probe.h"

#include <stdio.h>
#include <time.h>

/* What the main loop does between two polls is a turn: while it lasts, no key and no click is
 * answered. From when the window has said what is to be drawn until the frame clock's “paint” is over,
 * the renderer works: without a graphics card that is the processor, and not what this measures.
 */
static struct
{
  gboolean counting;
  gint64   woken;        /* µs: when the last poll returned */
  gint64   woken_cpu;    /* µs: what the main thread had worked until then */
  gint64   paint_begun;  /* µs: 0 while nothing is drawn */
  gint64   painted;      /* µs of this turn that went into drawing */
  ImpProbe longest;
  guint    frames;       /* since the window is watched */
} probe;

static double
to_ms (gint64 microseconds)
{
  return microseconds / 1000.0;
}

static gint64
get_cpu_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static int
poll_cb (GPollFD *fds,
         guint    n_fds,
         int      timeout)
{
  gint64 turn = probe.woken > 0 ? g_get_monotonic_time () - probe.woken : 0;
  int ready;

  if (probe.counting)
    {
      probe.longest.turn = MAX (probe.longest.turn, to_ms (turn));
      probe.longest.work = MAX (probe.longest.work, to_ms (get_cpu_time () - probe.woken_cpu));
      probe.longest.stall = MAX (probe.longest.stall, to_ms (turn - probe.painted));
    }

  ready = g_poll (fds, n_fds, timeout);
  probe.woken = g_get_monotonic_time ();
  probe.woken_cpu = get_cpu_time ();
  probe.painted = 0;
  return ready;
}

/* GDK draws in a handler of “paint”, too, which was connected when the surface was made: before this one. */
static void
painted_cb (void)
{
  gint64 took = probe.paint_begun > 0 ? g_get_monotonic_time () - probe.paint_begun : 0;

  probe.paint_begun = 0;
  probe.painted += took;
  probe.longest.paint = MAX (probe.longest.paint, to_ms (took));
}

static void
after_paint_cb (void)
{
  probe.longest.frames++;
  probe.frames++;
}

/* Measures the turns of the default main context from now on. */
void
bench_probe_install (void)
{
  g_main_context_set_poll_func (NULL, poll_cb);
}

/* Tells drawing from the rest, once @window is realized; bench_say_first_frame() must know of it. */
void
bench_probe_watch (GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

  g_signal_connect (clock, "paint", G_CALLBACK (painted_cb), NULL);
  g_signal_connect_after (clock, "after-paint", G_CALLBACK (after_paint_cb), NULL);
}

guint
bench_probe_get_frames (void)
{
  return probe.frames;
}

void
bench_probe_begin (void)
{
  probe.longest = (ImpProbe) { 0 };
  /* The turn that begins has already lasted as long as the command was awaited. */
  probe.woken = g_get_monotonic_time ();
  probe.woken_cpu = get_cpu_time ();
  probe.counting = TRUE;
}

void
bench_probe_end (ImpProbe *result)
{
  probe.counting = FALSE;
  *result = probe.longest;
}

/* GTK has the surface's “render” for itself, and the first frames of the clock draw nothing: the
 * server has not mapped the window yet. What is drawn is drawn by the window's snapshot().
 */
static void (*snapshot_window) (GtkWidget   *window,
                                GtkSnapshot *snapshot);
static gboolean drawn;

static void
snapshot_cb (GtkWidget   *window,
             GtkSnapshot *snapshot)
{
  snapshot_window (window, snapshot);
  drawn = TRUE;
  probe.paint_begun = g_get_monotonic_time ();
}

static void
first_frame_cb (GdkFrameClock *clock,
                gpointer       user_data)
{
  const char *started = g_getenv ("BENCH_STARTED");

  if (!drawn)
    return;

  g_signal_handlers_disconnect_by_func (clock, first_frame_cb, user_data);
  if (started != NULL)
    printf ("%.3f\n", to_ms (g_get_monotonic_time () - g_ascii_strtoll (started, NULL, 10)));
  fflush (stdout);
}

static void
realize_cb (GtkWidget *window)
{
  GtkWidgetClass *klass = GTK_WIDGET_GET_CLASS (window);

  snapshot_window = klass->snapshot;
  klass->snapshot = snapshot_cb;
  g_signal_connect_after (gtk_widget_get_frame_clock (window), "after-paint",
                          G_CALLBACK (first_frame_cb), NULL);
}

/* Prints the milliseconds from the monotonic time in $BENCH_STARTED (µs) to the end of the first
 * frame in which @window was drawn.
 */
void
bench_say_first_frame (GtkWidget *window)
{
  if (gtk_widget_get_realized (window))
    realize_cb (window);
  else
    g_signal_connect (window, "realize", G_CALLBACK (realize_cb), NULL);
}
