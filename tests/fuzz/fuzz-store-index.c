/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE  /* memfd_create */

#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "imp-digest.h"
#include "imp-payload-index.h"

#define RECORD_HEAD_SIZE 8

/* A record is read under the CID that its block has: one of another CID would be refused at once. */
static void
read_record (int           fd,
             const guint8 *data,
             gsize         size)
{
  guint8 digest[IMP_SHA256_SIZE];
  g_autoptr(ImpCid) cid = NULL;
  g_autoptr(ImpIndexNode) node = NULL;
  guint32 block_size = 0;

  if (size >= RECORD_HEAD_SIZE)
    memcpy (&block_size, data, sizeof block_size);
  if (size >= RECORD_HEAD_SIZE)
    imp_digest_compute (IMP_DIGEST_SHA256, data + RECORD_HEAD_SIZE,
                        MIN (GUINT32_FROM_LE (block_size), size - RECORD_HEAD_SIZE), digest);
  else
    memset (digest, 0, sizeof digest);

  cid = imp_cid_new (0, IMP_CODEC_DAG_PB, digest);
  node = imp_index_read_node (fd, 0, cid, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(ImpPayloadInfo) info = NULL;
  guint64 root;
  int fd = memfd_create ("index", MFD_CLOEXEC);

  g_assert_cmpint (write (fd, data, size), ==, size);
  info = imp_index_read_header (fd, &root, NULL);
  read_record (fd, data, size);
  close (fd);

  return 0;
}
