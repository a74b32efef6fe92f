/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-draft-rows.h"

#include <glib/gi18n.h>

#include "imp-changes-view.h"

/**
 * ImpDraftRows:
 *
 * The rows in which the fields of a draft are written. Each is checked as it is
 * typed, with the words of the whole check; an empty one is only complained of
 * once all were to be valid.
 *
 * What is proposed replaces an earlier proposal but never what a person wrote.
 */
struct _ImpDraftRows
{
  GObject parent_instance;

  GPtrArray *fields;    /* (owned) (element-type Field) */
  gboolean   complain;  /* about empty fields, too */
};

typedef struct
{
  const char  *key;
  ImpFieldRow *row;       /* (owned) */
  gboolean     required;
  char        *proposal;  /* (owned) (nullable) */
} Field;

G_DEFINE_FINAL_TYPE (ImpDraftRows, imp_draft_rows, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
field_free (gpointer data)
{
  Field *field = data;

  g_object_unref (field->row);
  g_free (field->proposal);
  g_free (field);
}

static Field *
find_field (ImpDraftRows *self,
            const char   *key)
{
  for (guint i = 0; i < self->fields->len; i++)
    {
      Field *field = g_ptr_array_index (self->fields, i);

      if (g_str_equal (field->key, key))
        return field;
    }

  g_assert_not_reached ();
}

static const char *
get_text (Field *field)
{
  return gtk_editable_get_text (GTK_EDITABLE (field->row));
}

static gboolean
check_field (ImpDraftRows *self,
             Field        *field)
{
  gboolean missing = field->required && *get_text (field) == '\0';

  return imp_draft_rows_check_row (field->row, field->key,
                                   missing && self->complain ? _("This cannot be empty.") : NULL) &&
         !missing;
}

static void
row_changed_cb (ImpDraftRows *self,
                ImpFieldRow  *row)
{
  for (guint i = 0; i < self->fields->len; i++)
    {
      Field *field = g_ptr_array_index (self->fields, i);

      if (field->row == row)
        {
          check_field (self, field);
          g_signal_emit (self, signals[SIGNAL_CHANGED], 0, field->key);
        }
    }
}

static void
imp_draft_rows_finalize (GObject *object)
{
  ImpDraftRows *self = IMP_DRAFT_ROWS (object);

  g_ptr_array_unref (self->fields);

  G_OBJECT_CLASS (imp_draft_rows_parent_class)->finalize (object);
}

static void
imp_draft_rows_class_init (ImpDraftRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_draft_rows_finalize;

  /**
   * ImpDraftRows::changed:
   * @self: the rows
   * @key: key of the field
   *
   * Emitted when a field changed, and was checked.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
imp_draft_rows_init (ImpDraftRows *self)
{
  self->fields = g_ptr_array_new_with_free_func (field_free);
}

/**
 * imp_draft_rows_new:
 *
 * Returns: (transfer full): no rows yet
 */
ImpDraftRows *
imp_draft_rows_new (void)
{
  return g_object_new (IMP_TYPE_DRAFT_ROWS, NULL);
}

/**
 * imp_draft_rows_add:
 * @self: the rows
 * @key: (transfer none): a key of the manifest, a literal
 * @row: where its text is written
 * @required: whether a draft cannot be sent without it
 *
 * Adds a field. Fields are checked, loaded and saved in the order in which they were added.
 */
void
imp_draft_rows_add (ImpDraftRows *self,
                    const char   *key,
                    ImpFieldRow  *row,
                    gboolean      required)
{
  Field *field = g_new0 (Field, 1);

  g_return_if_fail (IMP_IS_DRAFT_ROWS (self));
  g_return_if_fail (IMP_IS_FIELD_ROW (row));

  field->key = key;
  field->row = g_object_ref (row);
  field->required = required;
  g_ptr_array_add (self->fields, field);
  g_signal_connect_object (row, "changed", G_CALLBACK (row_changed_cb), self, G_CONNECT_SWAPPED);
}

/**
 * imp_draft_rows_get_text:
 * @self: the rows
 * @key: a key that was added
 *
 * Returns: what stands in the field
 */
const char *
imp_draft_rows_get_text (ImpDraftRows *self,
                         const char   *key)
{
  g_return_val_if_fail (IMP_IS_DRAFT_ROWS (self), NULL);

  return get_text (find_field (self, key));
}

/**
 * imp_draft_rows_set_text:
 * @self: the rows
 * @key: a key that was added
 * @text: what to write there
 *
 * Writes a field as the person would.
 */
void
imp_draft_rows_set_text (ImpDraftRows *self,
                         const char   *key,
                         const char   *text)
{
  g_return_if_fail (IMP_IS_DRAFT_ROWS (self));

  gtk_editable_set_text (GTK_EDITABLE (find_field (self, key)->row), text);
}

/**
 * imp_draft_rows_propose:
 * @self: the rows
 * @key: a key that was added
 * @text: what may stand there
 *
 * Writes a field, unless the person already did.
 */
void
imp_draft_rows_propose (ImpDraftRows *self,
                        const char   *key,
                        const char   *text)
{
  Field *field;

  g_return_if_fail (IMP_IS_DRAFT_ROWS (self));

  field = find_field (self, key);
  if (*get_text (field) != '\0' && g_strcmp0 (get_text (field), field->proposal) != 0)
    return;

  g_free (field->proposal);
  field->proposal = g_strdup (text);
  gtk_editable_set_text (GTK_EDITABLE (field->row), text);
}

/**
 * imp_draft_rows_validate:
 * @self: the rows
 *
 * Checks all fields and complains beside each that is wrong, from now on of
 * empty ones, too.
 *
 * Returns: (transfer none) (nullable): the first that is wrong, %NULL when all are right
 */
GtkWidget *
imp_draft_rows_validate (ImpDraftRows *self)
{
  GtkWidget *first = NULL;

  g_return_val_if_fail (IMP_IS_DRAFT_ROWS (self), NULL);

  self->complain = TRUE;
  for (guint i = 0; i < self->fields->len; i++)
    {
      Field *field = g_ptr_array_index (self->fields, i);

      if (!check_field (self, field) && first == NULL)
        first = GTK_WIDGET (field->row);
    }

  return first;
}

/**
 * imp_draft_rows_load:
 * @self: the rows
 * @draft: what is to stand there
 *
 * Replaces all that stands in the rows, and forgets what was proposed.
 */
void
imp_draft_rows_load (ImpDraftRows *self,
                     ImpDraft     *draft)
{
  g_return_if_fail (IMP_IS_DRAFT_ROWS (self));
  g_return_if_fail (IMP_IS_DRAFT (draft));

  self->complain = FALSE;
  for (guint i = 0; i < self->fields->len; i++)
    {
      Field *field = g_ptr_array_index (self->fields, i);

      g_clear_pointer (&field->proposal, g_free);
      gtk_editable_set_text (GTK_EDITABLE (field->row), imp_draft_get (draft, field->key));
    }
}

/**
 * imp_draft_rows_save:
 * @self: the rows
 * @draft: where to write it down
 *
 * Sets the fields of a draft to what stands in the rows.
 */
void
imp_draft_rows_save (ImpDraftRows *self,
                     ImpDraft     *draft)
{
  g_return_if_fail (IMP_IS_DRAFT_ROWS (self));
  g_return_if_fail (IMP_IS_DRAFT (draft));

  for (guint i = 0; i < self->fields->len; i++)
    {
      Field *field = g_ptr_array_index (self->fields, i);

      imp_draft_set (draft, field->key, get_text (field));
    }
}

/**
 * imp_draft_rows_check_row:
 * @row: any row, one of a form’s own, too
 * @key: a key of the manifest
 * @empty: (nullable): what to say of an empty text, %NULL when it may be empty
 *
 * Checks a text as a field of a manifest and says below it what is wrong.
 *
 * Returns: whether nothing is
 */
gboolean
imp_draft_rows_check_row (ImpFieldRow *row,
                          const char  *key,
                          const char  *empty)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));
  g_autoptr(GError) error = NULL;
  g_autofree char *problem = NULL;

  if (*text == '\0')
    problem = g_strdup (empty);
  else if (!imp_draft_check_field (key, text, &error))
    problem = imp_changes_view_describe (key, error);

  imp_field_row_set_problem (row, problem);
  return problem == NULL;
}
