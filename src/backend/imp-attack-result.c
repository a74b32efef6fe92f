/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-attack-result.h"

#include <glib/gi18n.h>

#include "imp-time.h"

/**
 * ImpAttackResult:
 *
 * One attack on one device: what was changed on its way, what the device said to that, and what runs now.
 */
G_DEFINE_FINAL_TYPE (ImpAttackResult, imp_attack_result, G_TYPE_OBJECT)

static const char *const verdicts[] = {
  [IMP_VERDICT_STOPPED] = "stopped",
  [IMP_VERDICT_ELSEWHERE] = "stopped-elsewhere",
  [IMP_VERDICT_INSTALLED] = "installed",
  [IMP_VERDICT_HELD_BACK] = "held-back",
  [IMP_VERDICT_NOT_TRIED] = "not-tried",
};

/**
 * imp_attack_verdict_get_id:
 * @verdict: how an attack came out
 *
 * Returns: the name for machines, as in the file of results; never freed
 */
const char *
imp_attack_verdict_get_id (ImpAttackVerdict verdict)
{
  g_return_val_if_fail (verdict < G_N_ELEMENTS (verdicts), NULL);

  return verdicts[verdict];
}

static void
imp_attack_result_finalize (GObject *object)
{
  ImpAttackResult *self = IMP_ATTACK_RESULT (object);

  g_free (self->device);
  g_free (self->reason);
  g_free (self->version);
  g_ptr_array_unref (self->tampers);
  g_ptr_array_unref (self->conversation);

  G_OBJECT_CLASS (imp_attack_result_parent_class)->finalize (object);
}

static void
imp_attack_result_class_init (ImpAttackResultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_attack_result_finalize;
}

static void
imp_attack_result_init (ImpAttackResult *self)
{
  self->tampers = g_ptr_array_new_with_free_func ((GDestroyNotify) imp_tamper_free);
  self->conversation = g_ptr_array_new_with_free_func (g_free);
}

/**
 * imp_attack_result_new:
 * @device: what the device is called
 * @attack: an attack, which is static
 *
 * Makes a result of now, for the rehearsal to fill in.
 *
 * Returns: (transfer full): the result
 */
ImpAttackResult *
imp_attack_result_new (const char      *device,
                       const ImpAttack *attack)
{
  ImpAttackResult *self = g_object_new (IMP_TYPE_ATTACK_RESULT, NULL);

  self->time = imp_time_now ();
  self->device = g_strdup (device);
  self->attack = attack;

  return self;
}

/**
 * imp_attack_result_got_in:
 * @self: a result
 *
 * Returns: whether the attack did harm: it was installed, or it keeps the device from an update that
 * there is
 */
gboolean
imp_attack_result_got_in (ImpAttackResult *self)
{
  return self->verdict == IMP_VERDICT_INSTALLED || self->verdict == IMP_VERDICT_HELD_BACK;
}

/**
 * imp_checks_to_text:
 * @checks: bits of checks
 *
 * Returns: (transfer full): their numbers, “2, 10”
 */
char *
imp_checks_to_text (guint checks)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (int check = 1; check <= IMP_N_CHECKS; check++)
    {
      if (checks & IMP_CHECK_BIT (check))
        g_string_append_printf (text, "%s%d", text->len > 0 ? ", " : "", check);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * imp_attack_result_dup_verdict:
 * @self: a result
 *
 * Returns: (transfer full): how it ended, in a few words
 */
char *
imp_attack_result_dup_verdict (ImpAttackResult *self)
{
  switch (self->verdict)
    {
    case IMP_VERDICT_STOPPED:
      return self->check != 0 ? g_strdup_printf (_("Refused by check %d"), self->check) : g_strdup (_("Given up"));
    case IMP_VERDICT_ELSEWHERE:
      return self->check != 0 ? g_strdup_printf (_("Refused, but by check %d"), self->check)
                              : g_strdup (_("Stopped, but by no check"));
    case IMP_VERDICT_INSTALLED:
      return g_strdup (_("INSTALLED"));
    case IMP_VERDICT_HELD_BACK:
      return g_strdup (_("HELD BACK"));
    case IMP_VERDICT_NOT_TRIED:
      return g_strdup (_("Not tried"));
    default:
      g_return_val_if_reached (NULL);
    }
}

static char *
say_got_in (ImpAttackResult *self)
{
  g_autofree char *off = imp_checks_to_text (self->checks_off);

  if (self->verdict == IMP_VERDICT_HELD_BACK)
    return self->checks_off != 0
             ? g_strdup_printf (_("The attack succeeded: without check %s, %s believes that there is nothing newer."),
                                off, self->device)
             : g_strdup_printf (_("The attack succeeded: %s believes that there is nothing newer."), self->device);

  return self->checks_off != 0
           ? g_strdup_printf (_("The attack succeeded: without check %s, %s installed what the attacker sent."),
                              off, self->device)
           : g_strdup_printf (_("The attack succeeded: %s installed what the attacker sent."), self->device);
}

/**
 * imp_attack_result_dup_sentence:
 * @self: a result
 *
 * Returns: (transfer full): how it ended, for a room of people
 */
char *
imp_attack_result_dup_sentence (ImpAttackResult *self)
{
  const char *reason = self->reason != NULL ? self->reason : "";
  g_autofree char *guard = imp_attack_dup_guard (self->attack);

  switch (self->verdict)
    {
    case IMP_VERDICT_STOPPED:
      return self->check != 0
               ? g_strdup_printf (_("Refused by check %d, as it must be: %s"), self->check, reason)
               : g_strdup_printf (_("The device gave up, as it must: %s"), reason);
    case IMP_VERDICT_ELSEWHERE:
      return self->check != 0
               /* Translators: the check that refused, what must stop the attack, and the reason. */
               ? g_strdup_printf (_("Refused by check %d and not by %s: %s"), self->check, guard, reason)
               : g_strdup_printf (_("It went wrong before %s was asked: %s"), guard, reason);
    case IMP_VERDICT_INSTALLED:
    case IMP_VERDICT_HELD_BACK:
      return say_got_in (self);
    case IMP_VERDICT_NOT_TRIED:
      return g_strdup_printf (_("Not tried: %s"), reason);
    default:
      g_return_val_if_reached (NULL);
    }
}
