/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-other-fields-row.h"

#include "imp-changes-view.h"

/**
 * ImpOtherFieldsRow:
 *
 * The fields of a draft that the form has no row for: it names them, keeps them
 * as they are, and can take them away. There is no row while there are none.
 */
struct _ImpOtherFieldsRow
{
  AdwActionRow parent_instance;

  ImpDraft *others;  /* (owned): of which only what has no row counts */
};

G_DEFINE_FINAL_TYPE (ImpOtherFieldsRow, imp_other_fields_row, ADW_TYPE_ACTION_ROW)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_titles (ImpOtherFieldsRow *self)
{
  g_auto(GStrv) keys = imp_draft_list_others (self->others);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; keys[i] != NULL; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            imp_changes_view_title_of_key (keys[i]));

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text->str);
  gtk_widget_set_visible (GTK_WIDGET (self), keys[0] != NULL);
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpOtherFieldsRow *self = IMP_OTHER_FIELDS_ROW (widget);
  g_autoptr(ImpDraft) nothing = imp_draft_new ();

  imp_other_fields_row_load (self, nothing);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
imp_other_fields_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), IMP_TYPE_OTHER_FIELDS_ROW);

  G_OBJECT_CLASS (imp_other_fields_row_parent_class)->dispose (object);
}

static void
imp_other_fields_row_finalize (GObject *object)
{
  ImpOtherFieldsRow *self = IMP_OTHER_FIELDS_ROW (object);

  g_object_unref (self->others);

  G_OBJECT_CLASS (imp_other_fields_row_parent_class)->finalize (object);
}

static void
imp_other_fields_row_class_init (ImpOtherFieldsRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_other_fields_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = imp_other_fields_row_finalize;

  /**
   * ImpOtherFieldsRow::changed:
   *
   * Emitted when a person took the fields away.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "others.remove", NULL, remove_action);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-other-fields-row.ui");
}

static void
imp_other_fields_row_init (ImpOtherFieldsRow *self)
{
  self->others = imp_draft_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * imp_other_fields_row_load:
 * @self: a row
 * @draft: what is to be written down
 *
 * Takes what the form has no row for, except the SBOM, which has a group of its own.
 */
void
imp_other_fields_row_load (ImpOtherFieldsRow *self,
                           ImpDraft          *draft)
{
  g_autoptr(ImpDraft) others = imp_draft_new ();
  g_auto(GStrv) keys = NULL;

  g_return_if_fail (IMP_IS_OTHER_FIELDS_ROW (self));
  g_return_if_fail (IMP_IS_DRAFT (draft));

  keys = imp_draft_list_others (draft);
  for (guint i = 0; keys[i] != NULL; i++)
    {
      if (!g_str_equal (keys[i], IMP_MANIFEST_SBOM))
        imp_draft_set_other (others, keys[i], imp_draft_get_other (draft, keys[i]));
    }

  g_set_object (&self->others, others);
  show_titles (self);
}

/**
 * imp_other_fields_row_save:
 * @self: a row
 * @draft: where to write it down
 *
 * Sets the fields of a draft that the row keeps.
 */
void
imp_other_fields_row_save (ImpOtherFieldsRow *self,
                           ImpDraft          *draft)
{
  g_auto(GStrv) keys = NULL;

  g_return_if_fail (IMP_IS_OTHER_FIELDS_ROW (self));
  g_return_if_fail (IMP_IS_DRAFT (draft));

  keys = imp_draft_list_others (self->others);
  for (guint i = 0; keys[i] != NULL; i++)
    imp_draft_set_other (draft, keys[i], imp_draft_get_other (self->others, keys[i]));
}
