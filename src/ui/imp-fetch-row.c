/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-fetch-row.h"

#include <glib/gi18n.h>

#include "imp-format.h"
#include "imp-status-chip.h"

/**
 * ImpFetchRow:
 *
 * One fetch in a list: which device, what, when, how much and how it ended. A list shows others in
 * the same row as it scrolls, and while hundreds come: what changes the text must not change the
 * size.
 */
struct _ImpFetchRow
{
  AdwBin parent_instance;

  GtkInscription *title_inscription;
  GtkInscription *subtitle_inscription;
  ImpStatusChip  *chip;
};

G_DEFINE_FINAL_TYPE (ImpFetchRow, imp_fetch_row, ADW_TYPE_BIN)

static const struct
{
  ImpChipKind kind;
  const char *title;
} looks[] = {
  [IMP_FETCH_COMPLETE] = { IMP_CHIP_GOOD, NC_("fetches", "Complete") },
  [IMP_FETCH_CUT] = { IMP_CHIP_WARNING, NC_("fetches", "Cut off") },
  [IMP_FETCH_FAILED] = { IMP_CHIP_BAD, NC_("fetches", "Failed") },
};

/**
 * imp_fetch_outcome_get_title:
 * @outcome: how a fetch ended
 *
 * Returns: a word or two for it, translated; never freed
 */
const char *
imp_fetch_outcome_get_title (ImpFetchOutcome outcome)
{
  return g_dpgettext2 (NULL, "fetches", looks[outcome].title);
}

static void
imp_fetch_row_dispose (GObject *object)
{
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), IMP_TYPE_FETCH_ROW);

  G_OBJECT_CLASS (imp_fetch_row_parent_class)->dispose (object);
}

static void
imp_fetch_row_class_init (ImpFetchRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_fetch_row_dispose;

  g_type_ensure (IMP_TYPE_STATUS_CHIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-fetch-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpFetchRow, title_inscription);
  gtk_widget_class_bind_template_child (widget_class, ImpFetchRow, subtitle_inscription);
  gtk_widget_class_bind_template_child (widget_class, ImpFetchRow, chip);
}

static void
imp_fetch_row_init (ImpFetchRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_lines (GtkInscription *inscription,
           guint           n_lines)
{
  gtk_inscription_set_min_lines (inscription, n_lines);
  gtk_inscription_set_nat_lines (inscription, n_lines);
}

/**
 * imp_fetch_row_new:
 * @narrow: whether there is so little room that each text needs two lines
 *
 * Makes a row that shows nothing until it is given a fetch; lists use it for one after the other.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
imp_fetch_row_new (gboolean narrow)
{
  ImpFetchRow *self = g_object_new (IMP_TYPE_FETCH_ROW, NULL);

  set_lines (self->title_inscription, narrow ? 2 : 1);
  set_lines (self->subtitle_inscription, narrow ? 2 : 1);

  return GTK_WIDGET (self);
}

static const char *
get_known (const char *text)
{
  return text != NULL ? text : "—";
}

/**
 * imp_fetch_row_set_fetch:
 * @self: a row
 * @fetch: a fetch
 *
 * Shows a fetch.
 */
void
imp_fetch_row_set_fetch (ImpFetchRow *self,
                         ImpFetch    *fetch)
{
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  g_autofree char *time = NULL;
  g_autofree char *size = NULL;
  g_autofree char *took = NULL;

  g_return_if_fail (IMP_IS_FETCH_ROW (self));
  g_return_if_fail (IMP_IS_FETCH (fetch));

  time = imp_format_time (imp_fetch_get_time (fetch));
  size = g_format_size (imp_fetch_get_bytes (fetch));
  took = imp_format_duration (imp_fetch_get_ms (fetch));
  /* Translators: a device, the class of its firmware, and the version. */
  title = g_strdup_printf (_("%s, %s %s"), imp_fetch_get_device (fetch),
                           get_known (imp_fetch_get_class_id (fetch)),
                           get_known (imp_fetch_get_version (fetch)));
  /* Translators: when, how many bytes, in which time. */
  subtitle = g_strdup_printf (_("%s, %s in %s"), time, size, took);

  gtk_inscription_set_text (self->title_inscription, title);
  gtk_inscription_set_text (self->subtitle_inscription, subtitle);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), title);
  imp_status_chip_set (self->chip, looks[imp_fetch_get_outcome (fetch)].kind,
                       imp_fetch_outcome_get_title (imp_fetch_get_outcome (fetch)));
}
