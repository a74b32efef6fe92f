/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-version.h"

#include <string.h>

/* A piece of a version: a run of digits, or a run of anything else. */
typedef struct
{
  const char *start;
  gsize       length;
} Run;

/* A semantic version, as far as its order goes: the build is no part of it. */
typedef struct
{
  Run core[3];
  Run prerelease;  /* its start is NULL where there is none */
} Semantic;

static gsize
span_digits (const char *text)
{
  return strspn (text, "0123456789");
}

static int
compare_bytes (Run a,
               Run b)
{
  int order = memcmp (a.start, b.start, MIN (a.length, b.length));

  if (order != 0)
    return order;

  return (a.length > b.length) - (a.length < b.length);
}

/* Numbers of any length, so that no version is too large to be compared. */
static int
compare_digits (Run a,
                Run b)
{
  for (; a.length > 0 && *a.start == '0'; a.length--)
    a.start++;
  for (; b.length > 0 && *b.start == '0'; b.length--)
    b.start++;

  if (a.length != b.length)
    return a.length > b.length ? 1 : -1;

  return memcmp (a.start, b.start, a.length);
}

static Run
take_run (const char **at)
{
  Run run = { *at, span_digits (*at) };

  if (run.length == 0)
    run.length = strcspn (*at, "0123456789");

  *at += run.length;

  return run;
}

static int
compare_naturally (const char *a,
                   const char *b)
{
  int order = 0;

  while (order == 0 && *a != '\0' && *b != '\0')
    {
      gboolean both_digits = g_ascii_isdigit (*a) && g_ascii_isdigit (*b);
      Run left = take_run (&a);
      Run right = take_run (&b);

      order = both_digits ? compare_digits (left, right) : compare_bytes (left, right);
    }

  if (order != 0)
    return order;

  return (*a != '\0') - (*b != '\0');
}

static gboolean
is_identifier_char (char c)
{
  return g_ascii_isalnum (c) || c == '-';
}

/* One of the dot-separated pieces of a prerelease or a build. */
static gboolean
take_identifier (const char **at,
                 gboolean     allow_leading_zero)
{
  const char *start = *at;
  gsize n_digits = span_digits (start);

  while (is_identifier_char (**at))
    (*at)++;

  if (*at == start)
    return FALSE;

  return allow_leading_zero || *start != '0' || *at - start == 1 || *at - start > (gssize) n_digits;
}

static gboolean
take_identifiers (const char **at,
                  gboolean     allow_leading_zero)
{
  while (take_identifier (at, allow_leading_zero))
    {
      if (**at != '.')
        return TRUE;
      (*at)++;
    }

  return FALSE;
}

static gboolean
take_core (const char **at,
           Run          core[3])
{
  for (guint i = 0; i < 3; i++)
    {
      if (i > 0 && *(*at)++ != '.')
        return FALSE;

      core[i] = (Run) { *at, span_digits (*at) };
      if (core[i].length == 0 || (**at == '0' && core[i].length > 1))
        return FALSE;

      *at += core[i].length;
    }

  return TRUE;
}

/* By semver.org, 2.0.0, with no “v” before it. */
static gboolean
parse_semantic (const char *text,
                Semantic   *semantic)
{
  const char *at = text;

  *semantic = (Semantic) { 0 };

  if (!take_core (&at, semantic->core))
    return FALSE;

  if (*at == '-')
    {
      semantic->prerelease.start = ++at;
      if (!take_identifiers (&at, FALSE))
        return FALSE;
      semantic->prerelease.length = at - semantic->prerelease.start;
    }

  if (*at == '+')
    {
      at++;
      if (!take_identifiers (&at, TRUE))
        return FALSE;
    }

  return *at == '\0';
}

static Run
take_piece (Run *rest)
{
  const char *dot = memchr (rest->start, '.', rest->length);
  Run piece = { rest->start, dot != NULL ? (gsize) (dot - rest->start) : rest->length };
  gsize taken = piece.length + (dot != NULL ? 1 : 0);

  rest->start += taken;
  rest->length -= taken;

  return piece;
}

static gboolean
is_number (Run piece)
{
  return span_digits (piece.start) >= piece.length;
}

static int
compare_identifiers (Run a,
                     Run b)
{
  if (is_number (a) && is_number (b))
    return compare_digits (a, b);

  if (is_number (a) != is_number (b))
    return is_number (a) ? -1 : 1;

  return compare_bytes (a, b);
}

static int
compare_prereleases (Run a,
                     Run b)
{
  int order = 0;

  /* What has none comes after what has one. */
  if (a.start == NULL || b.start == NULL)
    return (a.start == NULL) - (b.start == NULL);

  while (order == 0 && a.length > 0 && b.length > 0)
    order = compare_identifiers (take_piece (&a), take_piece (&b));

  if (order != 0)
    return order;

  return (a.length > 0) - (b.length > 0);
}

static int
compare_semantic (const Semantic *a,
                  const Semantic *b)
{
  for (guint i = 0; i < 3; i++)
    {
      int order = compare_digits (a->core[i], b->core[i]);

      if (order != 0)
        return order;
    }

  return compare_prereleases (a->prerelease, b->prerelease);
}

/**
 * imp_version_compare:
 * @a: a version
 * @b: another
 *
 * Orders two versions as people read them.
 *
 * Where both are semantic versions, it is by semver.org: `2.0.0-rc.1` < `2.0.0`. Otherwise runs of
 * digits compare as numbers and what is between them as bytes: `V_9` < `V_10`. Versions that are
 * spelled differently may be equal (`V_1` and `V_01`): neither is newer.
 *
 * Returns: less than, equal to or greater than 0, as @a is older, as new or newer than @b
 */
int
imp_version_compare (const char *a,
                     const char *b)
{
  Semantic left, right;

  g_return_val_if_fail (a != NULL, 0);
  g_return_val_if_fail (b != NULL, 0);

  if (parse_semantic (a, &left) && parse_semantic (b, &right))
    return compare_semantic (&left, &right);

  return compare_naturally (a, b);
}

/* Adds one to digits of any length; their number grows only when it must. */
static char *
increment (Run digits)
{
  g_autofree char *text = g_strndup (digits.start, digits.length);
  gsize i = digits.length;

  while (i > 0 && text[i - 1] == '9')
    text[--i] = '0';

  if (i == 0)
    return g_strconcat ("1", text, NULL);

  text[i - 1]++;

  return g_steal_pointer (&text);
}

/**
 * imp_version_next:
 * @version: a version
 *
 * Proposes the version after @version: its last number plus one. The build of a semantic version is
 * left away, because a version is not newer by its build.
 *
 * Returns: (transfer full): a version that is newer
 */
char *
imp_version_next (const char *version)
{
  g_autofree char *base = NULL;
  g_autofree char *number = NULL;
  g_autofree char *next = NULL;
  Semantic semantic;
  Run digits = { 0 };

  g_return_val_if_fail (version != NULL, NULL);

  base = g_strdup (version);
  if (parse_semantic (base, &semantic))
    base[strcspn (base, "+")] = '\0';

  for (const char *at = base; *at != '\0';)
    {
      Run run = take_run (&at);

      if (g_ascii_isdigit (*run.start))
        digits = run;
    }

  if (*base == '\0')
    return g_strdup ("1");
  if (digits.start == NULL)
    return g_strconcat (base, ".1", NULL);

  number = increment (digits);
  next = g_strdup_printf ("%.*s%s%s", (int) (digits.start - base), base, number,
                          digits.start + digits.length);

  /* “rc10” comes before “rc9” where semver.org compares letters and digits together. */
  if (imp_version_compare (next, version) <= 0)
    return g_strconcat (base, ".1", NULL);

  return g_steal_pointer (&next);
}
