/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How long the main loop was away, from begin to end. */
typedef struct
{
  double stall;    /* ms: the longest turn of the main loop, without drawing */
  double turn;     /* ms: the longest turn, drawing included */
  double work;     /* ms: the most that the main thread worked in a turn, drawing included */
  double paint;    /* ms: the longest frame's drawing */
  guint  frames;
} ImpProbe;

void  bench_probe_install    (void);
void  bench_probe_watch      (GtkWidget *window);
guint bench_probe_get_frames (void);
void  bench_probe_begin      (void);
void  bench_probe_end        (ImpProbe  *probe);

void  bench_say_first_frame  (GtkWidget *window);

G_END_DECLS
