/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* memmem */
#define _GNU_SOURCE

#include "imp-version-search.h"

#include <string.h>

#define MAX_VERSION 48
#define OVERLAP 96
#define SEARCH_LIMIT (16 * 1024 * 1024)

/* The best phrase first: a boot loader carries its own version and those of its compilers. */
static const char *const phrases[] = {
  "OpenSBI v",
  "U-Boot ",
  "SeaBIOS (version ",
  "Linux version ",
  "FW_VERSION=",
  "FIRMWARE_VERSION=",
  "Firmware version ",
  "firmware version ",
  "VERSION=",
  "Version ",
  "version ",
};

struct _ImpVersionSearch
{
  guint64  done;
  guint8   tail[OVERLAP];
  gsize    tail_size;
  guint    best;   /* index of the phrase that was found, G_N_ELEMENTS (phrases): none */
  char    *found;  /* (owned) (nullable) */
};

static gboolean
is_version_char (guint8 c)
{
  return g_ascii_isalnum (c) || c == '.' || c == '-' || c == '_' || c == '+';
}

/**
 * imp_version_search_new:
 *
 * Begins a search in a file of which no byte has come yet.
 *
 * Returns: (transfer full): the search
 */
ImpVersionSearch *
imp_version_search_new (void)
{
  ImpVersionSearch *self = g_new0 (ImpVersionSearch, 1);

  self->best = G_N_ELEMENTS (phrases);

  return self;
}

/* Digits on both sides of at least one point: prose has “version of” and “version 2”. Where more is to
 * come, what reaches the end of the bytes may go on.
 */
static char *
parse_version (const guint8 *p,
               gsize         size,
               gboolean      is_end)
{
  gsize length = 0;
  gsize digits = 0;
  gboolean has_point = FALSE;

  while (length < MIN (size, MAX_VERSION) && is_version_char (p[length]))
    length++;
  if (length == size && length < MAX_VERSION && !is_end)
    return NULL;
  while (length > 0 && !g_ascii_isalnum (p[length - 1]))
    length--;

  while (digits < length && !g_ascii_isdigit (p[digits]))
    digits++;
  for (gsize i = digits + 1; i + 1 < length; i++)
    has_point |= p[i] == '.' && g_ascii_isdigit (p[i - 1]) && g_ascii_isdigit (p[i + 1]);

  return has_point && digits <= 4 ? g_strndup ((const char *) p, length) : NULL;
}

static void
search_block (ImpVersionSearch *self,
              const guint8     *data,
              gsize             size,
              gboolean          is_end)
{
  for (guint i = 0; i < self->best; i++)
    {
      gsize length = strlen (phrases[i]);
      const guint8 *at = data;
      const guint8 *end = data + size;

      while ((at = memmem (at, end - at, phrases[i], length)) != NULL)
        {
          char *version = parse_version (at + length, end - at - length, is_end);

          if (version != NULL)
            {
              g_free (self->found);
              self->found = version;
              self->best = i;
              return;
            }
          at++;
        }
    }
}

/**
 * imp_version_search_feed:
 * @self: a search
 * @data: the next bytes of the file
 * @size: how many
 *
 * Looks on for a version; beyond a limit it looks no more.
 */
void
imp_version_search_feed (ImpVersionSearch *self,
                         const guint8     *data,
                         gsize             size)
{
  guint8 seam[2 * OVERLAP];
  gsize begin = MIN (size, OVERLAP);
  gsize seam_size = self->tail_size + begin;

  if (self->done >= SEARCH_LIMIT)
    return;
  self->done += size;

  /* A phrase may stand across two blocks. */
  memcpy (seam, self->tail, self->tail_size);
  memcpy (seam + self->tail_size, data, begin);
  search_block (self, seam, seam_size, FALSE);

  if (size > OVERLAP)
    {
      search_block (self, data, size, FALSE);
      memcpy (self->tail, data + size - OVERLAP, OVERLAP);
      self->tail_size = OVERLAP;
      return;
    }

  self->tail_size = MIN (seam_size, OVERLAP);
  memcpy (self->tail, seam + seam_size - self->tail_size, self->tail_size);
}

/**
 * imp_version_search_end:
 * @self: (transfer full): a search
 *
 * Ends the search with what is still to be looked at, and frees it.
 *
 * Returns: (transfer full) (nullable): the version that stands in the file, or `NULL` if none was found
 */
char *
imp_version_search_end (ImpVersionSearch *self)
{
  char *found;

  search_block (self, self->tail, self->tail_size, TRUE);
  found = g_steal_pointer (&self->found);
  g_free (self);
  return found;
}
