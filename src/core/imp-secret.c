/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-secret.h"

#include <string.h>

typedef struct
{
  gsize  size;
  guint8 data[];
} Secret;

static void
secret_free (gpointer data)
{
  Secret *secret = data;

  imp_secret_wipe (secret->data, secret->size);
  g_free (secret);
}

/**
 * imp_secret_wipe:
 * @data: (nullable) (array length=size): bytes that held a secret
 * @size: size of @data
 *
 * Overwrites @data with zeros, in a manner that the compiler does not leave out.
 */
void
imp_secret_wipe (void  *data,
                 gsize  size)
{
  if (data != NULL)
    explicit_bzero (data, size);
}

/**
 * imp_secret_new:
 * @data: (array length=size): the secret, copied
 * @size: size of @data
 *
 * Makes bytes that are wiped when their last reference goes.
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
imp_secret_new (const void *data,
                gsize       size)
{
  Secret *secret = g_malloc (sizeof (Secret) + size);

  secret->size = size;
  if (size > 0)
    memcpy (secret->data, data, size);

  return g_bytes_new_with_free_func (secret->data, size, secret_free, secret);
}
