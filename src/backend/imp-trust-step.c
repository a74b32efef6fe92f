/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-trust-path-private.h"

#include "imp-error.h"

static void
fact_free (gpointer data)
{
  ImpTrustFact *fact = data;

  g_free (fact->value);
  g_free (fact);
}

/**
 * imp_trust_step_free:
 * @self: (transfer full): a step, not `NULL`
 *
 * Frees a step and its facts.
 */
void
imp_trust_step_free (ImpTrustStep *self)
{
  g_free (self->detail);
  g_ptr_array_unref (self->given);
  g_ptr_array_unref (self->computed);
  g_ptr_array_unref (self->unproven);
  g_free (self);
}

/* The first step that did not pass, or %NULL. */
const ImpTrustStep *
imp_trust_steps_find_failed (GPtrArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const ImpTrustStep *step = g_ptr_array_index (steps, i);

      if (!step->passed)
        return step;
    }

  return NULL;
}

/**
 * imp_trust_step_begin:
 * @steps: (element-type ImpTrustStep): the steps so far, which own the new one
 * @id: its name for machines, never freed
 * @title: its name for people, never freed
 *
 * Begins a step behind the others. It has not passed until it is ended.
 *
 * Returns: (transfer none): the step
 */
ImpTrustStep *
imp_trust_step_begin (GPtrArray  *steps,
                      const char *id,
                      const char *title)
{
  ImpTrustStep *self = g_new0 (ImpTrustStep, 1);

  self->id = id;
  self->title = title;
  self->given = g_ptr_array_new_with_free_func (fact_free);
  self->computed = g_ptr_array_new_with_free_func (fact_free);
  self->unproven = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (steps, self);

  return self;
}

static void
add_fact (GPtrArray  *facts,
          const char *id,
          const char *title,
          char       *value)
{
  ImpTrustFact *fact = g_new0 (ImpTrustFact, 1);

  fact->id = id;
  fact->title = title;
  fact->value = value;
  g_ptr_array_add (facts, fact);
}

/**
 * imp_trust_step_add_given:
 * @self: a step
 * @id: name of the fact for machines, never freed
 * @title: its name for people, never freed
 * @value: (transfer full): what the file says
 *
 * Adds a fact that is taken from the file as it is.
 */
void
imp_trust_step_add_given (ImpTrustStep *self,
                          const char   *id,
                          const char   *title,
                          char         *value)
{
  add_fact (self->given, id, title, value);
}

/**
 * imp_trust_step_add_computed:
 * @self: a step
 * @id: name of the fact for machines, never freed
 * @title: its name for people, never freed
 * @value: (transfer full): what came out
 *
 * Adds a fact that was computed here.
 */
void
imp_trust_step_add_computed (ImpTrustStep *self,
                             const char   *id,
                             const char   *title,
                             char         *value)
{
  add_fact (self->computed, id, title, value);
}

/**
 * imp_trust_step_add_unproven:
 * @self: a step
 * @sentence: (transfer full): what the step does not prove, for people
 *
 * Says what nobody may conclude from the step, even if it passed.
 */
void
imp_trust_step_add_unproven (ImpTrustStep *self,
                             char         *sentence)
{
  g_ptr_array_add (self->unproven, sentence);
}

/**
 * imp_trust_step_end:
 * @self: a step
 * @found: (transfer full) (nullable): what was found, for people, if it passed
 * @error: (transfer full) (nullable): why it did not pass, or `NULL` if it did
 *
 * Ends a step, one way or the other.
 */
void
imp_trust_step_end (ImpTrustStep *self,
                    char         *found,
                    GError       *error)
{
  self->passed = error == NULL;
  self->detail = error != NULL ? g_strdup (error->message) : g_strdup (found);

  g_free (found);
  g_clear_error (&error);
}

/**
 * imp_examination_get_text:
 * @self: an examination
 * @name: a member that is known to be a string
 *
 * Returns: the member of the path that is examined, lent by that
 */
const char *
imp_examination_get_text (ImpTrustExamination *self,
                          const char          *name)
{
  return json_object_get_string_member (self->object, name);
}

/* The bytes of a member, as they are shown. */
void
imp_examination_give (ImpTrustExamination *self,
                      ImpTrustStep        *step,
                      const char          *name,
                      const char          *title)
{
  add_fact (step->given, name, title, g_strdup (imp_examination_get_text (self, name)));
}

/**
 * imp_examination_refuse:
 * @error: return location for an error
 * @why: what is wrong, in words
 *
 * Sets %IMP_ERROR_REFUSED, for checks that end with it.
 *
 * Returns: `FALSE`, always
 */
gboolean
imp_examination_refuse (GError     **error,
                        const char  *why)
{
  return imp_error_set (error, IMP_ERROR_REFUSED, "%s", why);
}
