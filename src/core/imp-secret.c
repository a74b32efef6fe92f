/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-secret.h"

#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

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

/**
 * imp_secret_forbid_dumps:
 *
 * Keeps the memory of this process, which has keys and tokens in it, out of core dumps. To be
 * called first in main().
 */
void
imp_secret_forbid_dumps (void)
{
  const struct rlimit none = { 0, 0 };

  setrlimit (RLIMIT_CORE, &none);
}

/**
 * imp_secret_hide_memory:
 *
 * Forbids dumps, and keeps other processes of the same user from looking in. Not for a window:
 * the desktop portals look up who asks them with the very means that this takes away.
 */
void
imp_secret_hide_memory (void)
{
  imp_secret_forbid_dumps ();

  /* So do the sanitizers, of their own process. */
#ifndef __SANITIZE_ADDRESS__
  prctl (PR_SET_DUMPABLE, 0);
#endif
}
