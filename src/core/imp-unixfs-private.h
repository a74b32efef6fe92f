/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  IMP_UNIXFS_TYPE_RAW,
  IMP_UNIXFS_TYPE_DIRECTORY,
  IMP_UNIXFS_TYPE_FILE,
  IMP_UNIXFS_TYPE_METADATA,
  IMP_UNIXFS_TYPE_SYMLINK,
  IMP_UNIXFS_TYPE_HAMT_SHARD,
} ImpUnixfsType;

G_END_DECLS
