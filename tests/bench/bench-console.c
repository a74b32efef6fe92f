/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The console itself with a probe in its main loop, and hands:
 *
 *   open PLACE                   goes there, until what it lists is on the screen
 *   scroll FRAMES                its first list from the top to the end, so many frames long, and back
 *   publish FILE CLASS VERSION   with a new key, until the ledger has it
 *   wait MS                      lets it run
 *   begin, end                   of what the probe looks at
 *
 * It reads one command a line and answers each with a line: a number of milliseconds, what the
 * probe saw, or “error: …”. The first line it prints tells of its first frame.
 */

#include <gio/gunixinputstream.h>
#include <string.h>
#include <unistd.h>

#include "imp-application.h"
#include "imp-place.h"
#include "imp-state-stack.h"

#include "bench-probe.h"

#define POLL_MS 1

typedef gboolean (*DoneFunc) (void);

static struct
{
  GtkWidget        *window;
  GDataInputStream *input;    /* (owned) */
  gint64            started;  /* µs: when the command under way came */
  DoneFunc          done;     /* asked until it says so */
  gint64            until;    /* µs */
  gboolean          ready;    /* what was waited for is there; a frame with it is not yet */

  GtkAdjustment    *adjustment;
  guint             frames;
  guint             frame;

  ImpKey           *key;      /* (owned) */
  ImpPublication   *publication;  /* (owned) */
} hands;

static void read_command (void);

static void
answer (const char *format,
        ...)
{
  va_list arguments;

  va_start (arguments, format);
  vprintf (format, arguments);
  va_end (arguments);
  putchar ('\n');
  fflush (stdout);
  read_command ();
}

static void
answer_time (void)
{
  answer ("%.3f", (g_get_monotonic_time () - hands.started) / 1000.0);
}

static gboolean
poll_cb (gpointer user_data)
{
  if (!hands.done ())
    return G_SOURCE_CONTINUE;

  answer_time ();
  return G_SOURCE_REMOVE;
}

static void
answer_when (DoneFunc done)
{
  hands.done = done;
  g_timeout_add (POLL_MS, poll_cb, NULL);
}

/* Finding */

static GtkWidget *
find_below (GtkWidget *widget,
            GType      type)
{
  GtkWidget *found = NULL;

  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_below (child, type);

  return found;
}

static GtkWidget *
find_in_place (GType type)
{
  GtkWidget *place = find_below (hands.window, IMP_TYPE_PLACE);

  return place != NULL ? find_below (place, type) : NULL;
}

/* Commands */

static gboolean
is_painted (void)
{
  GtkWidget *place = find_below (hands.window, IMP_TYPE_PLACE);
  GtkWidget *stack = find_in_place (IMP_TYPE_STATE_STACK);

  if (place == NULL ||
      (stack != NULL &&
       imp_state_stack_get_state (IMP_STATE_STACK (stack)) == IMP_STATE_LOADING))
    return FALSE;
  if (!hands.ready)
    {
      hands.ready = TRUE;
      hands.frame = bench_probe_get_frames ();
      gtk_widget_queue_draw (place);
    }

  return bench_probe_get_frames () > hands.frame;
}

static void
open_place (char **words)
{
  hands.ready = FALSE;
  gtk_widget_activate_action (hands.window, "win.go", "s", words[1]);
  answer_when (is_painted);
}

static gboolean
tick_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  double low = gtk_adjustment_get_lower (hands.adjustment);
  double high = gtk_adjustment_get_upper (hands.adjustment) -
                gtk_adjustment_get_page_size (hands.adjustment);
  guint there = MIN (hands.frame, 2 * hands.frames - hands.frame);

  gtk_adjustment_set_value (hands.adjustment, low + (high - low) * there / hands.frames);
  if (hands.frame++ < 2 * hands.frames)
    return G_SOURCE_CONTINUE;

  answer_time ();
  return G_SOURCE_REMOVE;
}

static void
scroll (char **words)
{
  GtkWidget *list = find_in_place (GTK_TYPE_LIST_VIEW);

  if (list == NULL)
    list = find_in_place (GTK_TYPE_SCROLLABLE);
  if (list == NULL)
    {
      answer ("error: there is no list to scroll");
      return;
    }

  hands.adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));
  hands.frames = MAX (atoi (words[1]), 1);
  hands.frame = 0;
  gtk_widget_add_tick_callback (list, tick_cb, NULL, NULL);
}

static gboolean
is_over (void)
{
  return g_get_monotonic_time () >= hands.until;
}

static void
wait (char **words)
{
  hands.until = hands.started + atoi (words[1]) * G_TIME_SPAN_MILLISECOND;
  answer_when (is_over);
}

static void
begin (char **words)
{
  bench_probe_begin ();
  answer ("0");
}

static void
end (char **words)
{
  ImpProbe probe;

  bench_probe_end (&probe);
  answer ("{\"stall\": %.3f, \"turn\": %.3f, \"work\": %.3f, \"paint\": %.3f, \"frames\": %u}",
          probe.stall, probe.turn, probe.work, probe.paint, probe.frames);
}

static ImpManifestBuilder *
make_manifest (const char *class_id,
               const char *version)
{
  ImpManifestBuilder *builder = imp_manifest_builder_new ();
  const char *const none[] = { NULL };

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_CLASS_ID, class_id);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VERSION_ID, version);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SEQUENCE, g_get_real_time () / 1000);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_FORMAT, "bin");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_STORAGE_LOCATION, "firmware.img");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_ENCRYPTION_WRAPPER, "");
  imp_manifest_builder_set_strv (builder, IMP_MANIFEST_DEPENDENCIES, none);
  return builder;
}

static ImpSession *
get_session (void)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (hands.window));

  return imp_application_get_session (IMP_APPLICATION (application));
}

static gboolean
is_published (void)
{
  return imp_submissions_get_in_flight (imp_session_get_submissions (get_session ())) == 0;
}

static void
registered_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  ImpAgentClient *client = IMP_AGENT_CLIENT (object);
  g_autoptr(GError) error = NULL;
  ImpAuthorStatus status;

  if (!imp_agent_client_register_author_finish (client, result, &status, &error))
    {
      answer ("error: %s", error->message);
      return;
    }

  imp_submissions_start (imp_session_get_submissions (get_session ()), hands.publication, NULL, NULL,
                         NULL);
  answer_when (is_published);
}

static void
publish (char **words)
{
  ImpAgentClient *client = imp_session_get_client (get_session ());
  g_autoptr(ImpManifestBuilder) builder = make_manifest (words[2], words[3]);
  g_autoptr(GFile) file = g_file_new_for_path (words[1]);
  g_autoptr(GError) error = NULL;

  if (hands.key == NULL)
    hands.key = imp_key_generate (IMP_KEY_ED25519, &error);
  if (client == NULL || hands.key == NULL)
    {
      answer ("error: %s", error != NULL ? error->message : "not connected");
      return;
    }

  g_clear_object (&hands.publication);
  hands.publication = imp_publication_new (client, hands.key, file, g_steal_pointer (&builder), NULL);
  imp_agent_client_register_author_async (client, hands.key, NULL, registered_cb, NULL);
}

static const struct
{
  const char *word;
  guint       n_words;
  void      (*run) (char **words);
} commands[] = {
  { "open", 2, open_place },
  { "scroll", 2, scroll },
  { "publish", 4, publish },
  { "wait", 2, wait },
  { "begin", 1, begin },
  { "end", 1, end },
};

static void
obey (const char *line)
{
  g_auto(GStrv) words = g_strsplit (line, " ", -1);

  hands.started = g_get_monotonic_time ();
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (g_strcmp0 (words[0], commands[i].word) == 0 &&
          g_strv_length (words) == commands[i].n_words)
        {
          commands[i].run (words);
          return;
        }
    }

  answer ("error: “%s” is no command", line);
}

static void
line_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autofree char *line = g_data_input_stream_read_line_finish (hands.input, result, NULL, NULL);

  if (line != NULL)
    obey (line);
  else
    gtk_window_close (GTK_WINDOW (hands.window));
}

static void
read_command (void)
{
  g_data_input_stream_read_line_async (hands.input, G_PRIORITY_DEFAULT, NULL, line_cb, NULL);
}

/* The program */

static void
map_cb (GtkWidget *window)
{
  g_autoptr(GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);

  bench_probe_watch (window);
  hands.input = g_data_input_stream_new (input);
  read_command ();
}

static void
window_added_cb (GtkApplication *application,
                 GtkWidget      *window)
{
  if (hands.window != NULL)
    return;

  hands.window = window;
  bench_say_first_frame (window);
  g_signal_connect (window, "map", G_CALLBACK (map_cb), NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(ImpApplication) application = imp_application_new ();
  int status;

  bench_probe_install ();
  g_signal_connect (application, "window-added", G_CALLBACK (window_added_cb), NULL);
  status = g_application_run (G_APPLICATION (application), argc, argv);

  g_clear_object (&hands.publication);
  g_clear_object (&hands.key);
  g_clear_object (&hands.input);
  return status;
}
