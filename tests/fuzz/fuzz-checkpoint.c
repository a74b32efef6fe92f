/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include "imp-checkpoint.h"

#include <string.h>

/* The key of seeds/checkpoint/signed, which has signed one tree of eight leaves and nothing else. */
#define LOG_KEY "imprimatur.example/log+f385aeda+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define ROOT    "XcnaebcGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg="

static void
check_verified (ImpCheckpoint *checkpoint)
{
  g_autofree char *root = imp_hash_to_base64 (imp_checkpoint_get_root (checkpoint));

  g_assert_cmpuint (imp_checkpoint_get_size (checkpoint), ==, 8);
  g_assert_cmpstr (root, ==, ROOT);
}

static void
check_verifier_key (const char *text)
{
  g_autoptr(ImpKey) key = NULL;
  g_autofree char *name = NULL;
  g_autofree char *again = NULL;

  if (!imp_note_parse_verifier_key (text, &name, &key, NULL))
    return;

  again = imp_note_verifier_key (name, key);
  g_assert_cmpstr (again, ==, text);
}

/* A checkpoint has one text: whatever is read is written the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr(ImpCheckpoint) checkpoint = NULL;
  gint64 time;

  check_verifier_key (text);

  checkpoint = imp_checkpoint_new_from_text ((const char *) data, size, NULL);
  if (checkpoint == NULL)
    return 0;

  g_assert_cmpmem (imp_checkpoint_get_text (checkpoint), strlen (imp_checkpoint_get_text (checkpoint)), data, size);
  if (imp_checkpoint_verify (checkpoint, LOG_KEY, &time, NULL))
    check_verified (checkpoint);

  return 0;
}
