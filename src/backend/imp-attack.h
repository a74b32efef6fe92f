/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "imp-device.h"

G_BEGIN_DECLS

typedef struct _ImpAttacker ImpAttacker;

/* Where it strikes. */
typedef enum
{
  IMP_ATTACK_ON_PAYLOAD,
  IMP_ATTACK_ON_MANIFEST,
  IMP_ATTACK_ON_LEDGER,
  IMP_ATTACK_ON_NETWORK,
} ImpAttackTarget;
#define IMP_N_ATTACK_TARGETS 4

const char *imp_attack_target_get_title (ImpAttackTarget target);

/* What there has to be for it. */
typedef enum
{
  IMP_NEEDS_NEWER = 1 << 0,        /* a version on the ledger above the installed one */
  IMP_NEEDS_OLDER = 1 << 1,        /* one below it */
  IMP_NEEDS_OTHER = 1 << 2,        /* any other version of the class */
  IMP_NEEDS_OTHER_CLASS = 1 << 3,  /* an update by the author for another class */
  IMP_NEEDS_EXPIRY = 1 << 4,       /* a manifest that expires */
  IMP_NEEDS_GROWTH = 1 << 5,       /* a ledger that has grown since the device looked last */
  IMP_NEEDS_OLD_HEAD = 1 << 6,     /* a head that is older than the last one seen */
} ImpAttackNeeds;

/* What is done to the bytes of a payload. */
typedef enum
{
  IMP_PAYLOAD_PASSES,
  IMP_PAYLOAD_FLIPPED,
  IMP_PAYLOAD_APPENDED,
  IMP_PAYLOAD_CUT,
  IMP_PAYLOAD_ENDLESS,
  IMP_PAYLOAD_SLOW,
  IMP_PAYLOAD_OTHER,      /* of another version */
  IMP_PAYLOAD_OWN,        /* the attacker's */
  IMP_PAYLOAD_REDIRECTED,
} ImpPayloadTrick;

/* What is done to the answer to the request for the newest version. */
typedef enum
{
  IMP_ANSWER_PASSES,      /* through the attack's function, if it has one */
  IMP_ANSWER_OTHER,       /* that of another update */
  IMP_ANSWER_NONE_EXISTS,
  IMP_ANSWER_DROPPED,
  IMP_ANSWER_WITHHELD,
  IMP_ANSWER_HUGE,
  IMP_ANSWER_NOT_JSON,
  IMP_ANSWER_NESTED,
} ImpAnswerTrick;

typedef gboolean (*ImpOfferFunc) (ImpAttacker  *attacker,
                                  JsonObject   *offer,
                                  GError      **error);

/* One thing that a hostile network does between a device and its agent. */
typedef struct
{
  const char      *id;
  const char      *title;        /* to be translated, as is the description */
  const char      *description;
  ImpAttackTarget  target;
  ImpCheck         check;        /* that must stop it; 0: what carries the bytes does, before any check */
  guint            behind;       /* bits of the checks that would stop it where that one did not */
  guint            needs;
  ImpOfferFunc     offer;        /* (nullable) */
  ImpAnswerTrick   answer;
  ImpPayloadTrick  payload;
  gboolean         false_history;  /* the proof that the ledger has only grown is changed */
  gboolean         impatient;    /* the device would wait for longer than people do */
  gboolean         holds_back;   /* it succeeds where the device believes that nothing is newer */
  gint64           clock_ahead;  /* ms by which time passes for the device */
} ImpAttack;

const ImpAttack *imp_attack_get     (guint            index);
guint            imp_attack_count   (void);
const ImpAttack *imp_attack_find    (const char      *id);
char            *imp_attack_dup_guard (const ImpAttack *self);

G_END_DECLS
