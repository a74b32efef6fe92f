/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-filter-popover.h"

#include <glib/gi18n.h>

#include "imp-author-names.h"
#include "imp-changes-view.h"
#include "imp-field-row.h"
#include "imp-format.h"
#include "imp-manifest.h"

/* Who types a word does not want to see what its beginnings find. */
#define TYPING_DELAY 400  /* ms */

#define DAY ((gint64) 24 * 60 * 60 * 1000)

/**
 * ImpLedgerFilterPopover:
 *
 * Where a filter of the ledger is filled in. What is typed is applied by itself,
 * as far as it is right; what is not right says so beside its field.
 */
struct _ImpLedgerFilterPopover
{
  GtkPopover parent_instance;

  GListModel *authors;      /* (owned) (nullable) */
  guint       delay_id;
  gboolean    setting;

  ImpFieldRow *author_row;
  ImpFieldRow *class_row;
  AdwComboRow *contract_row;
  ImpFieldRow *since_row;
  ImpFieldRow *until_row;
};

G_DEFINE_FINAL_TYPE (ImpLedgerFilterPopover, imp_ledger_filter_popover, GTK_TYPE_POPOVER)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* As the ledger spells them; the first stands for any. */
static const char *const contracts[] = { NULL, "RegisterAuthor", "RegisterUpdate" };

static gboolean
apply_cb (gpointer user_data)
{
  ImpLedgerFilterPopover *self = user_data;

  self->delay_id = 0;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
changed_cb (ImpLedgerFilterPopover *self)
{
  if (self->setting)
    return;

  g_clear_handle_id (&self->delay_id, g_source_remove);
  self->delay_id = g_timeout_add (TYPING_DELAY, apply_cb, self);
}

static void
apply_now_cb (ImpLedgerFilterPopover *self)
{
  g_clear_handle_id (&self->delay_id, g_source_remove);
  apply_cb (self);
}

static const char *
get_text (ImpFieldRow *row)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));

  return *text != '\0' ? text : NULL;
}

static char *
read_author (ImpLedgerFilterPopover *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->author_row))));
  char *fingerprint = imp_author_names_find (self->authors, text);
  const char *problem = NULL;

  if (*text != '\0' && fingerprint == NULL)
    problem = _("Neither a fingerprint of 64 digits nor the name of one of your keys");
  imp_field_row_set_problem (self->author_row, problem);
  return fingerprint;
}

static char *
read_class (ImpLedgerFilterPopover *self)
{
  const char *text = get_text (self->class_row);
  g_autoptr(GError) error = NULL;
  g_autofree char *problem = NULL;

  if (text != NULL && !imp_manifest_check_field (IMP_MANIFEST_CLASS_ID, text, &error))
    problem = imp_changes_view_describe (IMP_MANIFEST_CLASS_ID, error);
  imp_field_row_set_problem (self->class_row, problem);
  return problem == NULL ? g_strdup (text) : NULL;
}

static gint64
read_day (ImpFieldRow *row,
          gboolean     end)
{
  const char *text = get_text (row);
  gint64 time = 0;
  gboolean wrong = text != NULL && !imp_ledger_filter_parse_day (text, end, &time);

  imp_field_row_set_problem (row, wrong ? _("A date looks like 2026-03-31") : NULL);
  return time;
}

static void
imp_ledger_filter_popover_dispose (GObject *object)
{
  ImpLedgerFilterPopover *self = IMP_LEDGER_FILTER_POPOVER (object);

  g_clear_handle_id (&self->delay_id, g_source_remove);
  g_clear_object (&self->authors);

  G_OBJECT_CLASS (imp_ledger_filter_popover_parent_class)->dispose (object);
}

static void
imp_ledger_filter_popover_class_init (ImpLedgerFilterPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_ledger_filter_popover_dispose;

  /**
   * ImpLedgerFilterPopover::changed:
   * @self: the popover
   *
   * Emitted when somebody has asked for something else.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  g_type_ensure (IMP_TYPE_FIELD_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-ledger-filter-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerFilterPopover, author_row);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerFilterPopover, class_row);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerFilterPopover, contract_row);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerFilterPopover, since_row);
  gtk_widget_class_bind_template_child (widget_class, ImpLedgerFilterPopover, until_row);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, apply_now_cb);
}

static void
imp_ledger_filter_popover_init (ImpLedgerFilterPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * imp_ledger_filter_popover_set_authors:
 * @self: a popover
 * @authors: this user's keys
 *
 * Lets authors be named by the names of their keys.
 */
void
imp_ledger_filter_popover_set_authors (ImpLedgerFilterPopover *self,
                                       GListModel             *authors)
{
  g_return_if_fail (IMP_IS_LEDGER_FILTER_POPOVER (self));

  g_set_object (&self->authors, authors);
}

static void
set_text (ImpFieldRow *row,
          const char  *text)
{
  if (g_strcmp0 (get_text (row), text) != 0)
    gtk_editable_set_text (GTK_EDITABLE (row), text != NULL ? text : "");
}

static void
set_day (ImpFieldRow *row,
         gint64       ms)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (ms / 1000);
  g_autofree char *text = ms != 0 ? g_date_time_format (time, "%Y-%m-%d") : NULL;

  set_text (row, text);
}

static guint
find_contract (const char *contract)
{
  for (guint i = 1; i < G_N_ELEMENTS (contracts); i++)
    {
      if (g_strcmp0 (contract, contracts[i]) == 0)
        return i;
    }

  return 0;
}

/**
 * imp_ledger_filter_popover_set_filter:
 * @self: a popover
 * @filter: what is asked for by now
 *
 * Shows a filter. What is wrong in a field and so is in no filter stays there.
 */
void
imp_ledger_filter_popover_set_filter (ImpLedgerFilterPopover *self,
                                      const ImpLedgerFilter  *filter)
{
  g_autofree char *author = NULL;

  g_return_if_fail (IMP_IS_LEDGER_FILTER_POPOVER (self));

  author = read_author (self);
  self->setting = TRUE;
  if (imp_field_row_get_problem (self->author_row) == NULL && g_strcmp0 (author, filter->author) != 0)
    set_text (self->author_row, filter->author);
  if (imp_field_row_get_problem (self->class_row) == NULL)
    set_text (self->class_row, filter->class_id);
  adw_combo_row_set_selected (self->contract_row, find_contract (filter->contract));
  if (imp_field_row_get_problem (self->since_row) == NULL)
    set_day (self->since_row, filter->since);
  if (imp_field_row_get_problem (self->until_row) == NULL)
    set_day (self->until_row, filter->until != 0 ? filter->until - DAY / 2 : 0);
  self->setting = FALSE;
}

/**
 * imp_ledger_filter_popover_fill_filter:
 * @self: a popover
 * @filter: (inout): what was asked for before
 *
 * Takes over what is asked for here, and says beside a field what is wrong in it.
 */
void
imp_ledger_filter_popover_fill_filter (ImpLedgerFilterPopover *self,
                                       ImpLedgerFilter        *filter)
{
  g_return_if_fail (IMP_IS_LEDGER_FILTER_POPOVER (self));

  g_free (filter->author);
  g_free (filter->class_id);
  g_free (filter->contract);
  filter->author = read_author (self);
  filter->class_id = read_class (self);
  filter->contract = g_strdup (contracts[MIN (adw_combo_row_get_selected (self->contract_row),
                                              G_N_ELEMENTS (contracts) - 1)]);
  filter->since = read_day (self->since_row, FALSE);
  filter->until = read_day (self->until_row, TRUE);
}

/**
 * imp_ledger_filter_popover_clear:
 * @self: a popover
 *
 * Empties all fields, also of what was wrong.
 */
void
imp_ledger_filter_popover_clear (ImpLedgerFilterPopover *self)
{
  ImpFieldRow *rows[] = { self->author_row, self->class_row, self->since_row, self->until_row };

  g_return_if_fail (IMP_IS_LEDGER_FILTER_POPOVER (self));

  self->setting = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      set_text (rows[i], NULL);
      imp_field_row_set_problem (rows[i], NULL);
    }
  adw_combo_row_set_selected (self->contract_row, 0);
  self->setting = FALSE;
}
