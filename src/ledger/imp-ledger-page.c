/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-rows-private.h"

#include <string.h>

#include "imp-manifest.h"

#define DEFAULT_LIMIT 100
#define MAX_LIMIT     1000

/* What is rare is looked for piece by piece, and a page ends after a while whatever it has: the next
 * one goes on where it ended, so that no question keeps a reader, or whoever asks, for long.
 */
#define PIECE    32768         /* sequences */
#define MAX_TIME (250 * 1000)  /* µs */

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
  PARAMETER_SINCE,
  PARAMETER_UNTIL,
  PARAMETER_PATTERN,
  PARAMETER_MATCH,
  PARAMETER_FILTER,
};

/* A page while it is read. */
typedef struct
{
  ImpLedgerDb          *db;
  const ImpLedgerQuery *query;
  char                 *pattern;  /* (owned) (nullable): of the text, for the rows */
  char                 *match;    /* (owned) (nullable): of the text, for the index of it */
  guint64               indexed;  /* how far that goes */
  guint64               from;     /* what is left to be looked at */
  guint64               before;
  guint                 limit;
  GPtrArray            *page;     /* (owned) (nullable) */
} Scan;

static void
scan_clear (Scan *self)
{
  g_free (self->pattern);
  g_free (self->match);
  g_clear_pointer (&self->page, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scan, scan_clear)

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
               gboolean              matching)
{
  const char *index = find_index (query);

  g_string_append (sql, "SELECT " IMP_LEDGER_ROW_COLUMNS " FROM ");

  if (matching)
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
          gboolean              matching)
{
  g_autoptr(GString) sql = g_string_new (NULL);

  append_source (sql, query, matching);
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      if (get_value (query, &filters[i]) != NULL)
        g_string_append_printf (sql, " AND %s = ?%u", filters[i].column, PARAMETER_FILTER + i);
    }

  if (query->since != 0)
    g_string_append_printf (sql, " AND time >= ?%d", PARAMETER_SINCE);
  if (query->until != 0)
    g_string_append_printf (sql, " AND time < ?%d", PARAMETER_UNTIL);
  if (query->text != NULL)
    append_pattern (sql);

  g_string_append_printf (sql, " ORDER BY %s %s LIMIT ?%d", matching ? "search.rowid" : "sequence",
                          query->oldest_first ? "ASC" : "DESC", PARAMETER_LIMIT);

  return g_string_free (g_steal_pointer (&sql), FALSE);
}

/* Every statement takes the same parameters; those that it does not name are not bound. */
static void
bind (const Scan         *self,
      ImpLedgerStatement *statement)
{
  const ImpLedgerQuery *query = self->query;

  sqlite3_bind_int64 (statement, PARAMETER_LIMIT, self->limit - self->page->len);
  sqlite3_bind_int64 (statement, PARAMETER_SINCE, query->since);
  sqlite3_bind_int64 (statement, PARAMETER_UNTIL, query->until);
  imp_ledger_statement_bind_text (statement, PARAMETER_PATTERN, self->pattern);
  imp_ledger_statement_bind_text (statement, PARAMETER_MATCH, self->match);
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    imp_ledger_statement_bind_text (statement, PARAMETER_FILTER + i, get_value (query, &filters[i]));
}

/* Adds the transactions of [from, before) to the page until it is full. */
static gboolean
read_piece (Scan      *self,
            guint64    from,
            guint64    before,
            gboolean   matching,
            GError   **error)
{
  g_autofree char *sql = make_sql (self->query, matching);
  g_autoptr(ImpLedgerStatement) statement = imp_ledger_db_prepare (self->db, sql, error);
  gboolean found;

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, PARAMETER_BEFORE, before);
  sqlite3_bind_int64 (statement, PARAMETER_FROM, from);
  bind (self, statement);

  while (imp_ledger_db_next (self->db, statement, &found, error))
    {
      ImpTransaction *transaction;

      if (!found)
        return TRUE;

      transaction = imp_ledger_row_read (statement, error);
      if (transaction == NULL)
        return FALSE;
      g_ptr_array_add (self->page, transaction);
    }

  return FALSE;
}

/* The newest, which the index of texts does not have yet, and the rest are different pieces. */
static gboolean
is_indexed (const Scan *self,
            guint64     sequence)
{
  return self->match != NULL && sequence < self->indexed;
}

/* Cuts the next piece off what is left. */
static void
cut_piece (Scan     *self,
           guint64  *from,
           guint64  *before)
{
  guint64 edge = self->match != NULL ? self->indexed : 0;

  *from = self->from;
  *before = self->before;
  if (self->query->oldest_first)
    {
      *before = MIN (*before, *from + PIECE);
      if (*from < edge)
        *before = MIN (*before, edge);
      self->from = *before;
    }
  else
    {
      *from = MAX (*from, *before - MIN (*before, PIECE));
      if (*before > edge)
        *from = MAX (*from, edge);
      self->before = *from;
    }
}

/* Where the next page begins: after the last line of a full one, or where there was no time for more. */
static guint64
find_next (Scan *self)
{
  guint64 last;

  if (self->page->len == self->limit)
    {
      last = imp_transaction_get_sequence (g_ptr_array_index (self->page, self->page->len - 1));
      if (self->query->oldest_first)
        self->from = last + 1;
      else
        self->before = last;
    }

  if (self->from >= self->before)
    return 0;
  return self->query->oldest_first ? self->from : self->before;
}

static gboolean
read_pieces (Scan    *self,
             GError **error)
{
  gint64 end = g_get_monotonic_time () + MAX_TIME;

  while (self->from < self->before && self->page->len < self->limit && g_get_monotonic_time () < end)
    {
      guint64 from, before;
      gboolean matching;

      cut_piece (self, &from, &before);
      matching = is_indexed (self, from);
      /* An empty match says that the index has nothing. */
      if (matching && *self->match == '\0')
        continue;

      if (!read_piece (self, from, before, matching, error))
        return FALSE;
    }

  return TRUE;
}

/* Classes and versions are the longest texts that there are, and all are UTF-8. */
static gboolean
may_be_found (const char *text)
{
  return strlen (text) <= IMP_MANIFEST_MAX_NAME && g_utf8_validate (text, -1, NULL);
}

static gboolean
prepare_text (Scan    *self,
              GError **error)
{
  if (self->query->text == NULL)
    return TRUE;

  self->pattern = imp_ledger_search_pattern (self->query->text);
  return imp_ledger_search_match (self->db, self->query->text, &self->match, error) &&
         imp_ledger_search_get_size (self->db, &self->indexed, error);
}

/* No further than there is anything, so that looking for nothing ends. */
static gboolean
prepare_range (Scan    *self,
               GError **error)
{
  const ImpLedgerQuery *query = self->query;
  gint64 size;

  if (!imp_ledger_db_get_number (self->db, "SELECT max (sequence) + 1 FROM transactions", &size, error))
    return FALSE;

  self->from = query->from;
  self->before = query->before == 0 ? (guint64) size : MIN (query->before, (guint64) size);
  return imp_ledger_hours_get_range (self->db, query->since, query->until, &self->from,
                                     &self->before, error);
}

/* Reads a page of transactions. @next says where the next page begins, 0 at the end. */
GPtrArray *
imp_ledger_page_read (ImpLedgerDb           *db,
                      const ImpLedgerQuery  *query,
                      guint64               *next,
                      GError               **error)
{
  g_auto(Scan) self = { .db = db, .query = query };

  *next = 0;
  self.page = g_ptr_array_new_with_free_func (g_object_unref);
  self.limit = query->limit == 0 ? DEFAULT_LIMIT : MIN (query->limit, MAX_LIMIT);
  if (query->text != NULL && !may_be_found (query->text))
    return g_steal_pointer (&self.page);

  if (!prepare_text (&self, error) ||
      !prepare_range (&self, error) ||
      !read_pieces (&self, error))
    return NULL;

  *next = find_next (&self);
  return g_steal_pointer (&self.page);
}
