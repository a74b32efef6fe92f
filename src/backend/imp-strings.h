/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define IMP_STRINGS_MIN_LENGTH 6
#define IMP_STRINGS_MAX_LENGTH 1024        /* longer ones are cut into pieces */
#define IMP_STRINGS_MAX_SET    (512 * 1024)
#define IMP_STRINGS_MAX_LIST   10000

/* A string of one file that the other does not have. */
typedef struct
{
  char    *text;    /* (owned) printable ASCII and tabs */
  guint64  offset;  /* where it stands first */
} ImpStringFound;

/* The strings that only one of two files has. */
typedef struct
{
  GPtrArray *gone;     /* (owned) (element-type ImpStringFound) only in the first; as many as IMP_STRINGS_MAX_LIST */
  GPtrArray *added;    /* (owned) (element-type ImpStringFound) only in the second */
  guint64    n_gone;   /* all that were found */
  guint64    n_added;
  guint      share;    /* one of so many strings was compared; 1: all */
} ImpStringsDiff;

/* Told how many bytes have been read. */
typedef void (*ImpStringsProgressFunc) (guint64 done, gpointer user_data);

ImpStringsDiff *imp_strings_compare   (GInputStream            *a,
                                       GInputStream            *b,
                                       guint                    max_set,
                                       ImpStringsProgressFunc   progress,
                                       gpointer                 user_data,
                                       GCancellable            *cancellable,
                                       GError                 **error);
void            imp_strings_diff_free (ImpStringsDiff          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpStringsDiff, imp_strings_diff_free)

G_END_DECLS
