/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  IMP_HELP_TITLE,
  IMP_HELP_HEADING,
  IMP_HELP_TEXT,
  IMP_HELP_NOTE,
  IMP_HELP_STEP,  /* numbered */
  IMP_HELP_ITEM,
  IMP_HELP_SCREEN,
} ImpHelpKind;

typedef struct
{
  ImpHelpKind  kind;
  guint        number;  /* of a step, from 1 */
  char        *markup;  /* (owned) Pango’s, with <a href="page"> */
} ImpHelpBlock;

/* A page of Mallard, as far as our help uses it. */
GPtrArray *imp_help_page_parse (const char  *xml,
                                gssize       length,
                                GError     **error);

G_END_DECLS
