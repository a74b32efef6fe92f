/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-rows-private.h"

#include <string.h>

/* The search index says which transactions have each three characters of a text; whether they have
 * the text itself is seen in the row. A row has some 180 trigrams, which would cost a registration
 * more than all the rest, so rows are indexed later and many at a time; until then they are looked
 * through. The index can always be made again and so is no part of what the ledger answers for.
 *
 * Each name ends with a line feed and the last with two, so that one or two characters, wherever they
 * stand, begin a trigram.
 */

#define TRIGRAM      3
#define MAX_TRIGRAMS 64

#define LAST_CHARACTER "\xf4\x8f\xbf\xbf"

/* How many transactions, counted from the first, are in the search index. */
gboolean
imp_ledger_search_get_size (ImpLedgerDb  *db,
                            guint64      *indexed,
                            GError      **error)
{
  g_autofree char *value = NULL;

  if (!imp_ledger_db_get_setting (db, "indexed", &value, error))
    return FALSE;

  *indexed = value != NULL ? g_ascii_strtoull (value, NULL, 10) : 0;
  return TRUE;
}

static gboolean
index_rows (ImpLedgerDb  *db,
            guint64       from,
            guint64       to,
            GError      **error)
{
  g_autofree char *indexed = g_strdup_printf ("%" G_GUINT64_FORMAT, to);
  g_autoptr(ImpLedgerStatement) statement = NULL;

  statement = imp_ledger_db_prepare (db, "INSERT INTO search (rowid, text) SELECT sequence,"
                                         " line FROM (SELECT sequence, id || char (10) ||"
                                         " ifnull (author, '') || char (10) || ifnull (class, '') ||"
                                         " char (10) || ifnull (version, '') || char (10) ||"
                                         " ifnull (cid, '') || char (10, 10) AS line FROM transactions"
                                         " WHERE sequence >= ? AND sequence < ?)", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, from);
  sqlite3_bind_int64 (statement, 2, to);
  return imp_ledger_db_run (db, statement, error) &&
         imp_ledger_db_put_setting (db, "indexed", indexed, error);
}

/* Indexes at most @max_rows of the transactions up to @size that are not indexed yet. */
gboolean
imp_ledger_search_update (ImpLedgerDb  *db,
                          guint64       size,
                          guint         max_rows,
                          guint64      *indexed,
                          GError      **error)
{
  guint64 to;

  if (!imp_ledger_search_get_size (db, indexed, error))
    return FALSE;

  if (*indexed >= size)
    return TRUE;

  to = MIN (size, *indexed + max_rows);
  if (!imp_ledger_db_execute (db, "BEGIN IMMEDIATE", error))
    return FALSE;

  if (!index_rows (db, *indexed, to, error) || !imp_ledger_db_execute (db, "COMMIT", error))
    {
      imp_ledger_db_roll_back (db);
      return FALSE;
    }

  *indexed = to;
  return TRUE;
}

static void
append_trigram (GString    *match,
                const char *joint,
                const char *start,
                const char *end)
{
  if (match->len > 0)
    g_string_append (match, joint);

  g_string_append_c (match, '"');
  for (const char *p = start; p < end; p++)
    {
      if (*p == '"')
        g_string_append_c (match, '"');
      g_string_append_c (match, *p);
    }
  g_string_append_c (match, '"');
}

/* All of the trigrams of a long text. */
static char *
match_all (const char *text,
           glong       length)
{
  g_autoptr(GString) match = g_string_new (NULL);

  for (glong i = 0; i <= MIN (length - TRIGRAM, MAX_TRIGRAMS - 1); i++)
    {
      append_trigram (match, " AND ", text, g_utf8_offset_to_pointer (text, TRIGRAM));
      text = g_utf8_next_char (text);
    }

  return g_string_free (g_steal_pointer (&match), FALSE);
}

/* Any of the trigrams that begin with a short text. What is common begins too many of them, but then
 * it is soon found without the index.
 */
static gboolean
match_any (ImpLedgerDb  *db,
           const char   *text,
           char        **match,
           GError      **error)
{
  g_autofree char *first = g_ascii_strdown (text, -1);
  g_autofree char *last = g_strconcat (first, LAST_CHARACTER, NULL);
  g_autoptr(GString) terms = g_string_new (NULL);
  g_autoptr(ImpLedgerStatement) statement = NULL;
  gboolean found = TRUE;

  statement = imp_ledger_db_prepare (db, "SELECT term FROM vocabulary WHERE term >= ? AND term <= ?", error);
  if (statement == NULL)
    return FALSE;

  imp_ledger_statement_bind_text (statement, 1, first);
  imp_ledger_statement_bind_text (statement, 2, last);
  for (guint i = 0; i <= MAX_TRIGRAMS; i++)
    {
      const char *term;

      if (!imp_ledger_db_next (db, statement, &found, error))
        return FALSE;

      if (!found)
        break;

      term = (const char *) sqlite3_column_text (statement, 0);
      append_trigram (terms, " OR ", term, term + strlen (term));
    }

  *match = found ? NULL : g_string_free (g_steal_pointer (&terms), FALSE);
  return TRUE;
}

/* What to ask the index for. @match becomes NULL where the index is of no use, and empty where it says
 * that nothing is there. SQLite folds more letters than ASCII's; short texts with those are looked for
 * without it.
 */
gboolean
imp_ledger_search_match (ImpLedgerDb  *db,
                         const char   *text,
                         char        **match,
                         GError      **error)
{
  glong length = g_utf8_strlen (text, -1);

  *match = NULL;
  if (length >= TRIGRAM)
    *match = match_all (text, length);
  else if (length > 0 && g_str_is_ascii (text))
    return match_any (db, text, match, error);

  return TRUE;
}

/* What LIKE … ESCAPE '\' takes for “contains @text”. */
char *
imp_ledger_search_pattern (const char *text)
{
  g_autoptr(GString) pattern = g_string_new ("%");

  for (const char *p = text; *p != '\0'; p++)
    {
      if (strchr ("%_\\", *p) != NULL)
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *p);
    }
  g_string_append_c (pattern, '%');

  return g_string_free (g_steal_pointer (&pattern), FALSE);
}
