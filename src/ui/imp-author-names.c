/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-author-names.h"

#include "imp-author.h"
#include "imp-digest.h"
#include "imp-format.h"

/**
 * imp_author_names_format:
 * @authors: (nullable): this user's keys
 * @fingerprint: (nullable): an author
 *
 * Names an author: as this user's key is called, or by the beginning of the
 * fingerprint.
 *
 * Returns: (transfer full): a name
 */
char *
imp_author_names_format (GListModel *authors,
                         const char *fingerprint)
{
  guint n = authors != NULL ? g_list_model_get_n_items (authors) : 0;

  for (guint i = 0; fingerprint != NULL && i < n; i++)
    {
      g_autoptr(ImpAuthor) author = g_list_model_get_item (authors, i);

      if (g_strcmp0 (fingerprint, imp_author_get_fingerprint (author)) == 0)
        return g_strdup (imp_author_get_label (author));
    }

  return imp_format_short_id (fingerprint);
}

/**
 * imp_author_names_find:
 * @authors: (nullable): this user's keys
 * @text: what was typed
 *
 * Finds the author who is meant, by the name of a key or by a fingerprint.
 *
 * Returns: (transfer full) (nullable): a fingerprint, %NULL where @text is neither
 */
char *
imp_author_names_find (GListModel *authors,
                       const char *text)
{
  guint n = authors != NULL ? g_list_model_get_n_items (authors) : 0;
  g_autofree char *lower = g_ascii_strdown (text, -1);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpAuthor) author = g_list_model_get_item (authors, i);

      if (g_strcmp0 (text, imp_author_get_label (author)) == 0)
        return g_strdup (imp_author_get_fingerprint (author));
    }

  return imp_digest_is_hex (lower, 2 * IMP_SHA256_SIZE) ? g_steal_pointer (&lower) : NULL;
}
