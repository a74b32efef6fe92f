/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-format.h"

#include <glib/gi18n.h>

#include "imp-error.h"
#include "imp-text.h"
#include "imp-time.h"

#define SECOND G_GINT64_CONSTANT (1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/**
 * imp_format_time:
 * @ms: a time, in milliseconds since 1970
 *
 * Writes a time for a person, in the local time zone and to the second.
 *
 * Returns: (transfer full): the text, or a dash for a time that is not known
 */
char *
imp_format_time (gint64 ms)
{
  g_autoptr(GDateTime) time = ms > 0 ? g_date_time_new_from_unix_local (ms / 1000) : NULL;

  if (time == NULL)
    return g_strdup ("—");

  /* Translators: a date and a time of day, as strftime writes them. */
  return g_date_time_format (time, _("%e %b %Y, %H:%M:%S"));
}

/**
 * imp_format_age:
 * @ms: a time, in milliseconds since 1970
 *
 * Writes how long ago a time was, coarsely; a day and more is written as a date.
 *
 * Returns: (transfer full): the text
 */
char *
imp_format_age (gint64 ms)
{
  gint64 age = imp_time_now () - ms;

  if (ms <= 0)
    return g_strdup ("—");
  if (age < MINUTE)
    return g_strdup (_("Just now"));
  if (age < HOUR)
    return g_strdup_printf (ngettext ("%d minute ago", "%d minutes ago", (gulong) (age / MINUTE)),
                            (int) (age / MINUTE));
  if (age < DAY)
    return g_strdup_printf (ngettext ("%d hour ago", "%d hours ago", (gulong) (age / HOUR)),
                            (int) (age / HOUR));

  return imp_format_time (ms);
}

/**
 * imp_format_duration:
 * @ms: a duration, negative when it is not known
 *
 * Writes how long a step took, with the digits that matter.
 *
 * Returns: (transfer full): the text, empty when it is not known
 */
char *
imp_format_duration (double ms)
{
  if (ms < 0)
    return g_strdup ("");
  if (ms < 10)
    return g_strdup_printf (_("%.1f ms"), ms);
  if (ms < SECOND)
    return g_strdup_printf (_("%.0f ms"), ms);
  if (ms < MINUTE)
    return g_strdup_printf (_("%.1f s"), ms / SECOND);

  return g_strdup_printf (_("%d min %d s"), (int) (ms / MINUTE), (int) (ms / SECOND) % 60);
}

/**
 * imp_format_size:
 * @bytes: a size
 *
 * Writes a size for a person, with the exact number where it was rounded.
 *
 * Returns: (transfer full): the text
 */
char *
imp_format_size (guint64 bytes)
{
  return g_format_size_full (bytes, bytes < 1000 ? G_FORMAT_SIZE_DEFAULT
                                                 : G_FORMAT_SIZE_LONG_FORMAT);
}

/**
 * imp_format_short_id:
 * @id: (nullable): a digest, a fingerprint, a transaction or a CID
 *
 * Shortens an identifier to what a person compares at a glance.
 *
 * Returns: (transfer full): the text
 */
char *
imp_format_short_id (const char *id)
{
  if (id == NULL || *id == '\0')
    return g_strdup ("—");
  if (strlen (id) <= 16)
    return g_strdup (id);

  return g_strdup_printf ("%.8s…%s", id, id + strlen (id) - 4);
}

static gboolean
write_time_cb (const GMatchInfo *match,
               GString          *result,
               gpointer          user_data)
{
  g_autofree char *text = g_match_info_fetch (match, 0);
  g_autofree char *time = NULL;
  gint64 ms;

  if (imp_time_parse (text, &ms, NULL))
    time = imp_format_time (ms);
  g_string_append (result, time != NULL ? time : text);

  return FALSE;
}

/**
 * imp_format_sentence:
 * @sentence: (nullable): what was found, as the command line says it
 *
 * Writes a sentence for a person: times of the wire in it as times of the local time zone.
 *
 * Returns: (transfer full) (nullable): the text
 */
char *
imp_format_sentence (const char *sentence)
{
  g_autoptr(GRegex) times = g_regex_new ("\\b\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z\\b", 0, 0, NULL);

  if (sentence == NULL)
    return NULL;

  return g_regex_replace_eval (times, sentence, -1, 0, 0, write_time_cb, NULL, NULL);
}

/**
 * imp_format_error:
 * @error: an error
 *
 * Makes a sentence of an error's fragment: capital letter, full stop.
 *
 * Returns: (transfer full): the text
 */
char *
imp_format_error (const GError *error)
{
  const char *message = error->message;

  if (message == NULL || *message == '\0')
    return g_strdup (_("Something went wrong, and nothing said what."));

  return imp_text_make_sentence (message);
}
