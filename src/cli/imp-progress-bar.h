/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  IMP_PROGRESS_BYTES,
  IMP_PROGRESS_COUNT,
  IMP_PROGRESS_SHARE,  /* of a whole that nobody needs to know in numbers */
} ImpProgressUnit;

/* A bar on the terminal; nothing at all where there is none. */
typedef struct _ImpProgressBar ImpProgressBar;

ImpProgressBar *imp_progress_bar_new         (const char      *title,
                                              ImpProgressUnit  unit,
                                              gboolean         shown);
void            imp_progress_bar_free        (ImpProgressBar  *self);

void            imp_progress_bar_set_title   (ImpProgressBar  *self,
                                              const char      *title);
void            imp_progress_bar_update      (ImpProgressBar  *self,
                                              guint64          done,
                                              guint64          total);
void            imp_progress_bar_show_title  (ImpProgressBar  *self,
                                              const char      *title);
/* A GFileProgressCallback whose user_data is the bar. */
void            imp_progress_bar_cb          (goffset          done,
                                              goffset          total,
                                              gpointer         user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpProgressBar, imp_progress_bar_free)

G_END_DECLS
