/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-verdicts.h"

#include <glib/gi18n.h>

#include "imp-error.h"
#include "imp-output.h"

/**
 * ImpVerdicts:
 *
 * What a command has checked, in order, and how each came out.
 */
struct _ImpVerdicts
{
  GPtrArray *items;  /* (element-type ImpVerdict) (owned) */
};

/**
 * imp_verdicts_new:
 *
 * Makes a list in which nothing was checked yet.
 *
 * Returns: (transfer full): the list
 */
ImpVerdicts *
imp_verdicts_new (void)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) imp_verdict_free);

  return imp_verdicts_new_from (items);
}

/* Those that the backend came to. */
ImpVerdicts *
imp_verdicts_new_from (GPtrArray *verdicts)
{
  ImpVerdicts *self = g_new0 (ImpVerdicts, 1);

  self->items = g_ptr_array_ref (verdicts);

  return self;
}

/**
 * imp_verdicts_free:
 * @self: (transfer full): a list, not `NULL`
 *
 * Frees the list and its verdicts.
 */
void
imp_verdicts_free (ImpVerdicts *self)
{
  g_ptr_array_unref (self->items);
  g_free (self);
}

/* @id and @title are not copied. */
void
imp_verdicts_add (ImpVerdicts *self,
                  const char  *id,
                  const char  *title,
                  gboolean     passed,
                  const char  *detail)
{
  ImpVerdict *verdict = g_new0 (ImpVerdict, 1);

  verdict->id = id;
  verdict->title = title;
  verdict->passed = passed;
  verdict->detail = g_strdup (detail);
  g_ptr_array_add (self->items, verdict);
}

/* The outcome of a call, whose @error is the reason and is taken. */
void
imp_verdicts_take (ImpVerdicts  *self,
                   const char   *id,
                   const char   *title,
                   gboolean      passed,
                   GError      **error)
{
  imp_verdicts_add (self, id, title, passed, passed ? "" : (*error)->message);
  g_clear_error (error);
}

static const ImpVerdict *
find_failed (ImpVerdicts *self)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      const ImpVerdict *verdict = g_ptr_array_index (self->items, i);

      if (!verdict->passed)
        return verdict;
    }

  return NULL;
}

static void
print_json (ImpVerdicts *self,
            const char  *transaction)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) node = NULL;

  json_builder_begin_object (builder);
  if (transaction != NULL)
    imp_json_add_string (builder, "transaction", transaction);
  imp_json_add_boolean (builder, "verified", find_failed (self) == NULL);
  json_builder_set_member_name (builder, "verdicts");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->items->len; i++)
    {
      const ImpVerdict *verdict = g_ptr_array_index (self->items, i);

      json_builder_begin_object (builder);
      imp_json_add_string (builder, "id", verdict->id);
      imp_json_add_string (builder, "title", verdict->title);
      imp_json_add_boolean (builder, "passed", verdict->passed);
      imp_json_add_string (builder, "detail", verdict->detail);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  node = json_builder_get_root (builder);
  imp_print_json (node);
}

/**
 * imp_verdicts_print:
 * @self: verdicts
 * @run: the command that came to them
 * @transaction: (nullable): what they are about
 *
 * Prints every verdict, those that passed too.
 */
void
imp_verdicts_print (ImpVerdicts *self,
                    ImpRun      *run,
                    const char  *transaction)
{
  static const char *const columns[] = { "", "", "", NULL };
  g_autoptr(ImpTable) table = NULL;

  if (imp_run_is_json (run))
    {
      print_json (self, transaction);
      return;
    }

  table = imp_table_new (columns);
  for (guint i = 0; i < self->items->len; i++)
    {
      const ImpVerdict *verdict = g_ptr_array_index (self->items, i);

      imp_table_add (table, verdict->passed ? _("passed") : _("FAILED"), verdict->title,
                     verdict->detail != NULL ? verdict->detail : "", NULL);
    }
  imp_table_print (table);
}

/**
 * imp_verdicts_conclude:
 * @self: verdicts
 * @run: the command that came to them
 * @error: return location for an error
 *
 * Makes a failure of the command out of the first verdict that failed.
 *
 * Returns: whether all passed
 */
gboolean
imp_verdicts_conclude (ImpVerdicts  *self,
                       ImpRun       *run,
                       GError      **error)
{
  const ImpVerdict *failed = find_failed (self);

  if (failed == NULL)
    return TRUE;

  imp_run_set_failure (run, IMP_EXIT_NOT_VERIFIED, "NOT_VERIFIED");
  /* Translators: the name of a check, and why it failed. */
  g_set_error (error, IMP_ERROR, IMP_ERROR_REFUSED, _("%s: %s"), failed->title,
               failed->detail != NULL && *failed->detail != '\0' ? failed->detail : _("failed"));
  return FALSE;
}
