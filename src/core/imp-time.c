/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-time.h"

#include "imp-error.h"
#include "imp-text.h"

/* Times are milliseconds since 1970-01-01 UTC everywhere in the house; on the wire they are
 * ISO 8601 with milliseconds and Z, as JavaScript's toISOString() writes them.
 */

#define MS_PER_SECOND 1000

/* The years that four digits can say. */
#define MIN_MS G_GINT64_CONSTANT (-62135596800000)
#define MAX_MS G_GINT64_CONSTANT (253402300799999)

/**
 * imp_time_now:
 *
 * Gets the time of day.
 *
 * Returns: milliseconds since 1970 UTC
 */
gint64
imp_time_now (void)
{
  return g_get_real_time () / 1000;
}

/**
 * imp_time_format:
 * @ms: milliseconds since 1970 UTC, in the years 1 to 9999
 *
 * Writes a time as it goes over a wire, such as `2023-02-01T14:04:19.353Z`.
 *
 * Returns: (transfer full): the text
 */
char *
imp_time_format (gint64 ms)
{
  g_autoptr(GDateTime) time = NULL;
  gint64 seconds;
  int fraction;

  g_return_val_if_fail (ms >= MIN_MS && ms <= MAX_MS, NULL);

  fraction = ms % MS_PER_SECOND;
  if (fraction < 0)
    fraction += MS_PER_SECOND;
  seconds = (ms - fraction) / MS_PER_SECOND;

  time = g_date_time_new_from_unix_utc (seconds);

  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                          g_date_time_get_year (time),
                          g_date_time_get_month (time),
                          g_date_time_get_day_of_month (time),
                          g_date_time_get_hour (time),
                          g_date_time_get_minute (time),
                          g_date_time_get_second (time),
                          fraction);
}

/* Reads exactly @n_digits digits and, unless it is NUL, the character that must follow them. */
static gboolean
take_number (const char **at,
             guint        n_digits,
             char         follower,
             int         *value)
{
  *value = 0;

  for (guint i = 0; i < n_digits; i++, (*at)++)
    {
      if (!g_ascii_isdigit (**at))
        return FALSE;
      *value = *value * 10 + g_ascii_digit_value (**at);
    }

  if (follower == '\0')
    return TRUE;

  return *(*at)++ == follower;
}

/* What is finer than a millisecond is read and dropped. */
static gboolean
take_fraction (const char **at,
               int         *ms)
{
  guint n_digits = 0;

  *ms = 0;
  if (**at != '.')
    return TRUE;

  for ((*at)++; g_ascii_isdigit (**at); (*at)++, n_digits++)
    {
      if (n_digits < 3)
        *ms = *ms * 10 + g_ascii_digit_value (**at);
    }

  for (guint i = n_digits; i < 3; i++)
    *ms *= 10;

  return n_digits >= 1 && n_digits <= 9;
}

static GDateTime *
parse_date_time (const char *text,
                 int        *ms)
{
  const char *at = text;
  int year, month, day, hour, minute, second;

  if (!take_number (&at, 4, '-', &year) ||
      !take_number (&at, 2, '-', &month) ||
      !take_number (&at, 2, 'T', &day) ||
      !take_number (&at, 2, ':', &hour) ||
      !take_number (&at, 2, ':', &minute) ||
      !take_number (&at, 2, '\0', &second) ||
      !take_fraction (&at, ms) ||
      !g_str_equal (at, "Z"))
    return NULL;

  return g_date_time_new_utc (year, month, day, hour, minute, second);
}

/**
 * imp_time_parse:
 * @text: ISO 8601 in UTC with seconds and `Z`; a fraction may be there or not
 * @ms: (out): milliseconds since 1970 UTC
 * @error: return location for an [error@Imp.Error]
 *
 * Reads a time from the wire.
 *
 * Returns: whether @text is such a time, otherwise %IMP_ERROR_MALFORMED
 */
gboolean
imp_time_parse (const char  *text,
                gint64      *ms,
                GError     **error)
{
  g_autoptr(GDateTime) time = NULL;
  int fraction;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (ms != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  time = parse_date_time (text, &fraction);
  if (time == NULL)
    {
      g_autofree char *excerpt = imp_text_excerpt (text, -1);

      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                   "“%s” is not a time such as 2023-02-01T14:04:19.353Z", excerpt);
      return FALSE;
    }

  *ms = g_date_time_to_unix (time) * MS_PER_SECOND + fraction;

  return TRUE;
}
