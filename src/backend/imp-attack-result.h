/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-hostile-network.h"

G_BEGIN_DECLS

/* How an attack ended. */
typedef enum
{
  IMP_VERDICT_STOPPED,     /* by what must stop it */
  IMP_VERDICT_ELSEWHERE,   /* by something else */
  IMP_VERDICT_INSTALLED,   /* it got in */
  IMP_VERDICT_HELD_BACK,   /* the device believes that nothing is newer */
  IMP_VERDICT_NOT_TRIED,   /* something that it needs was not there */
} ImpAttackVerdict;

const char *imp_attack_verdict_get_id (ImpAttackVerdict verdict);

/* One attack on one device, and how it ended. */
#define IMP_TYPE_ATTACK_RESULT (imp_attack_result_get_type ())
G_DECLARE_FINAL_TYPE (ImpAttackResult, imp_attack_result, IMP, ATTACK_RESULT, GObject)

struct _ImpAttackResult
{
  GObject parent_instance;

  gint64            time;          /* ms */
  char             *device;        /* (owned) */
  const ImpAttack  *attack;
  guint             checks_off;
  ImpAttackVerdict  verdict;
  ImpCheck          check;         /* that refused, 0: none */
  char             *reason;        /* (owned) (nullable) */
  char             *version;       /* (owned) (nullable) that runs afterwards */
  gboolean          unchanged;     /* the running slot has the bytes that it had before */
  double            ms;
  guint64           bytes;         /* that the device was sent */
  GPtrArray        *tampers;       /* (owned) (element-type ImpTamper) */
  GPtrArray        *conversation;  /* (owned) (element-type utf8) */
};

ImpAttackResult *imp_attack_result_new           (const char       *device,
                                                  const ImpAttack  *attack);
ImpAttackResult *imp_attack_result_new_from_json (JsonObject       *object,
                                                  GError          **error);
JsonObject      *imp_attack_result_to_json       (ImpAttackResult  *self);
char            *imp_attack_result_dup_sentence  (ImpAttackResult  *self);
char            *imp_attack_result_dup_verdict   (ImpAttackResult  *self);
gboolean         imp_attack_result_got_in        (ImpAttackResult  *self);
char            *imp_checks_to_text              (guint             checks);

/* Several, as they are given to other programs. */
char            *imp_attack_results_to_json      (GPtrArray        *results);
char            *imp_attack_results_to_csv       (GPtrArray        *results);

G_END_DECLS
