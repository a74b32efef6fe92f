/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-search-text.h"

#include <string.h>

/**
 * imp_search_text_matches:
 * @folded: what was typed, after g_utf8_casefold()
 * @text: (nullable): where it is looked for
 *
 * Returns: whether @text contains it, in capital letters or small ones
 */
gboolean
imp_search_text_matches (const char *folded,
                         const char *text)
{
  g_autofree char *folded_text = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded_text != NULL && strstr (folded_text, folded) != NULL;
}
