/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-rows-private.h"

#include <string.h>

#include "imp-manifest.h"

#define DEFAULT_LIMIT 100
#define MAX_LIMIT     1000

typedef struct
{
  const char *column;
  const char *index;   /* (nullable) */
  gsize       offset;  /* of the value in ImpLedgerQuery */
} Filter;

/* The first that a query has chooses the index; the others are compared in the rows. SQLite is not
 * asked to choose, since without statistics it takes any of them for selective.
 */
static const Filter filters[] = {
  { "cid", "transactions_cid", G_STRUCT_OFFSET (ImpLedgerQuery, cid) },
  { "version", "transactions_version", G_STRUCT_OFFSET (ImpLedgerQuery, version) },
  { "class", "transactions_class", G_STRUCT_OFFSET (ImpLedgerQuery, class_id) },
  { "author", "transactions_author", G_STRUCT_OFFSET (ImpLedgerQuery, author) },
  { "contract", "transactions_contract", G_STRUCT_OFFSET (ImpLedgerQuery, contract) },
  { "function", NULL, G_STRUCT_OFFSET (ImpLedgerQuery, function) },
};

/* The places of parameters; those of the filters follow. */
enum
{
  PARAMETER_BEFORE = 1,
  PARAMETER_FROM,
  PARAMETER_LIMIT,
  PARAMETER_PATTERN,
  PARAMETER_MATCH,
  PARAMETER_FILTER,
};

static const char *
get_value (const ImpLedgerQuery *query,
           const Filter         *filter)
{
  return G_STRUCT_MEMBER (const char *, query, filter->offset);
}

static const char *
find_index (const ImpLedgerQuery *query)
{
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      if (get_value (query, &filters[i]) != NULL)
        return filters[i].index;
    }

  return NULL;
}

static void
append_source (GString              *sql,
               const ImpLedgerQuery *query,
               const char           *match)
{
  const char *index = find_index (query);

  g_string_append (sql, "SELECT " IMP_LEDGER_ROW_COLUMNS " FROM ");

  if (match != NULL)
    g_string_append_printf (sql, "search CROSS JOIN transactions ON sequence = search.rowid"
                                 " WHERE search MATCH ?%d AND search.rowid < ?%d AND search.rowid >= ?%d",
                            PARAMETER_MATCH, PARAMETER_BEFORE, PARAMETER_FROM);
  else
    g_string_append_printf (sql, "transactions%s%s WHERE sequence < ?%d AND sequence >= ?%d",
                            index != NULL ? " INDEXED BY " : "", index != NULL ? index : "",
                            PARAMETER_BEFORE, PARAMETER_FROM);
}

static void
append_pattern (GString *sql)
{
  static const char *const columns[] = { "id", "author", "class", "version", "cid" };

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    g_string_append_printf (sql, "%s%s LIKE ?%d ESCAPE '\\'", i == 0 ? " AND (" : " OR ",
                            columns[i], PARAMETER_PATTERN);
  g_string_append_c (sql, ')');
}

static char *
make_sql (const ImpLedgerQuery *query,
          const char           *match)
{
  g_autoptr(GString) sql = g_string_new (NULL);

  append_source (sql, query, match);
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      if (get_value (query, &filters[i]) != NULL)
        g_string_append_printf (sql, " AND %s = ?%u", filters[i].column, PARAMETER_FILTER + i);
    }

  if (query->text != NULL)
    append_pattern (sql);

  g_string_append_printf (sql, " ORDER BY %s DESC LIMIT ?%d",
                          match != NULL ? "search.rowid" : "sequence", PARAMETER_LIMIT);

  return g_string_free (g_steal_pointer (&sql), FALSE);
}

/* Every statement takes the same parameters; those that it does not name are not bound. */
static void
bind (ImpLedgerStatement   *statement,
      const ImpLedgerQuery *query,
      const char           *pattern,
      const char           *match)
{
  imp_ledger_statement_bind_text (statement, PARAMETER_PATTERN, pattern);
  imp_ledger_statement_bind_text (statement, PARAMETER_MATCH, match);
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    imp_ledger_statement_bind_text (statement, PARAMETER_FILTER + i, get_value (query, &filters[i]));
}

/* Adds transactions of [from, before) to @page, newest first, until it has @limit. */
static gboolean
read_range (ImpLedgerDb           *db,
            const ImpLedgerQuery  *query,
            guint64                from,
            guint64                before,
            guint                  limit,
            const char            *match,
            GPtrArray             *page,
            GError               **error)
{
  g_autofree char *sql = make_sql (query, match);
  g_autofree char *pattern = query->text != NULL ? imp_ledger_search_pattern (query->text) : NULL;
  g_autoptr(ImpLedgerStatement) statement = imp_ledger_db_prepare (db, sql, error);
  gboolean found;

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, PARAMETER_BEFORE, before);
  sqlite3_bind_int64 (statement, PARAMETER_FROM, from);
  sqlite3_bind_int64 (statement, PARAMETER_LIMIT, limit - page->len);
  bind (statement, query, pattern, match);

  while (imp_ledger_db_next (db, statement, &found, error))
    {
      ImpTransaction *transaction;

      if (!found)
        return TRUE;

      transaction = imp_ledger_row_read (statement, error);
      if (transaction == NULL)
        return FALSE;
      g_ptr_array_add (page, transaction);
    }

  return FALSE;
}

/* First the newest, which are not indexed yet, then the index. */
static gboolean
read_with_index (ImpLedgerDb           *db,
                 const ImpLedgerQuery  *query,
                 guint64                before,
                 guint                  limit,
                 const char            *match,
                 GPtrArray             *page,
                 GError               **error)
{
  guint64 indexed;

  if (!imp_ledger_search_get_size (db, &indexed, error))
    return FALSE;

  if (before > indexed && !read_range (db, query, indexed, before, limit, NULL, page, error))
    return FALSE;

  return page->len == limit || *match == '\0' ||
         read_range (db, query, 0, MIN (before, indexed), limit, match, page, error);
}

/* Classes and versions are the longest texts that there are, and all are UTF-8. */
static gboolean
may_be_found (const char *text)
{
  return strlen (text) <= IMP_MANIFEST_MAX_NAME && g_utf8_validate (text, -1, NULL);
}

/* Reads a page of transactions, newest first. */
GPtrArray *
imp_ledger_page_read (ImpLedgerDb           *db,
                      const ImpLedgerQuery  *query,
                      GError               **error)
{
  g_autoptr(GPtrArray) page = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *match = NULL;
  guint64 before = query->before == 0 ? G_MAXINT64 : MIN (query->before, G_MAXINT64);
  guint limit = query->limit == 0 ? DEFAULT_LIMIT : MIN (query->limit, MAX_LIMIT);
  gboolean read;

  if (query->text != NULL && !may_be_found (query->text))
    return g_steal_pointer (&page);

  if (query->text != NULL && !imp_ledger_search_match (db, query->text, &match, error))
    return NULL;

  if (match != NULL)
    read = read_with_index (db, query, before, limit, match, page, error);
  else
    read = read_range (db, query, 0, before, limit, NULL, page, error);

  return read ? g_steal_pointer (&page) : NULL;
}
