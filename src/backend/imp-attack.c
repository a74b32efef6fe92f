/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-attacker.h"

#include <glib/gi18n.h>

#define BIT(check) IMP_CHECK_BIT (IMP_CHECK_ ## check)
#define HOUR       (G_GINT64_CONSTANT (60) * 60 * 1000)

/* Everything that a network can do between a device and its agent, and what must stop it. Each is done to
 * real bytes on a real connection; docs/attacks.md says where they come from.
 */
static const ImpAttack attacks[] = {
  {
    .id = "flip-payload", .target = IMP_ATTACK_ON_PAYLOAD, .check = IMP_CHECK_PAYLOAD, .needs = IMP_NEEDS_NEWER,
    .title = N_("Flip a payload byte"),
    .description = N_("One bit in the middle of the firmware is turned over on its way."),
    .payload = IMP_PAYLOAD_FLIPPED,
  },
  {
    .id = "other-payload", .target = IMP_ATTACK_ON_PAYLOAD, .check = IMP_CHECK_PAYLOAD,
    .needs = IMP_NEEDS_NEWER | IMP_NEEDS_OTHER,
    .title = N_("Deliver another version’s payload"),
    .description = N_("The manifest is the new version’s, the bytes are those of another, made to fit its size."),
    .payload = IMP_PAYLOAD_OTHER,
  },
  {
    .id = "append-payload", .target = IMP_ATTACK_ON_PAYLOAD, .check = IMP_CHECK_SIZE, .behind = BIT (PAYLOAD),
    .needs = IMP_NEEDS_NEWER,
    .title = N_("Append bytes to the payload"),
    .description = N_("The firmware is genuine, and a mebibyte of something else follows it."),
    .payload = IMP_PAYLOAD_APPENDED,
  },
  {
    .id = "cut-payload", .target = IMP_ATTACK_ON_PAYLOAD, .check = IMP_CHECK_SIZE, .behind = BIT (PAYLOAD),
    .needs = IMP_NEEDS_NEWER,
    .title = N_("Cut the stream"),
    .description = N_("The connection is closed after half of the firmware."),
    .payload = IMP_PAYLOAD_CUT,
  },
  {
    .id = "endless-payload", .target = IMP_ATTACK_ON_PAYLOAD, .check = IMP_CHECK_SIZE, .behind = BIT (PAYLOAD),
    .needs = IMP_NEEDS_NEWER,
    .title = N_("Endless stream"),
    .description = N_("The firmware does not end: more and more bytes are sent, to fill the device’s memory."),
    .payload = IMP_PAYLOAD_ENDLESS,
  },
  {
    .id = "slow-payload", .target = IMP_ATTACK_ON_PAYLOAD, .needs = IMP_NEEDS_NEWER, .impatient = TRUE,
    .title = N_("Slow stream"),
    .description = N_("The firmware drips, a byte at a time, to keep the device busy for days."),
    .payload = IMP_PAYLOAD_SLOW,
  },
  {
    .id = "redirect-payload", .target = IMP_ATTACK_ON_PAYLOAD, .needs = IMP_NEEDS_NEWER,
    .title = N_("Send the device elsewhere"),
    .description = N_("The request for the firmware is answered with the address of another server."),
    .payload = IMP_PAYLOAD_REDIRECTED,
  },

  {
    .id = "flip-manifest", .target = IMP_ATTACK_ON_MANIFEST, .check = IMP_CHECK_MANIFEST, .behind = BIT (LEDGER),
    .needs = IMP_NEEDS_NEWER,
    .title = N_("Flip a manifest byte"),
    .description = N_("One bit of the signed manifest is turned over."),
    .offer = imp_offer_flip_manifest,
  },
  {
    .id = "foreign-signature", .target = IMP_ATTACK_ON_MANIFEST, .check = IMP_CHECK_MANIFEST,
    .needs = IMP_NEEDS_NEWER,
    .title = N_("Swap in another author’s signature"),
    .description = N_("The manifest is untouched, but it is signed with the attacker’s key instead of the author’s."),
    .offer = imp_offer_sign_as_another,
  },
  {
    .id = "foreign-update", .target = IMP_ATTACK_ON_MANIFEST, .check = IMP_CHECK_MANIFEST,
    .behind = BIT (PAYLOAD) | BIT (LEDGER), .needs = IMP_NEEDS_NEWER,
    .title = N_("Deliver the attacker’s own firmware"),
    .description = N_("Firmware, manifest and both signatures are the attacker’s; only the proof is the ledger’s."),
    .offer = imp_offer_publish_own, .payload = IMP_PAYLOAD_OWN,
  },
  {
    .id = "unsigned", .target = IMP_ATTACK_ON_MANIFEST, .check = IMP_CHECK_MANIFEST, .behind = BIT (PAYLOAD),
    .needs = IMP_NEEDS_NEWER,
    .title = N_("Remove the signatures"),
    .description = N_("The update arrives with empty signatures."),
    .offer = imp_offer_unsign,
  },
  {
    .id = "short-signature", .target = IMP_ATTACK_ON_MANIFEST, .check = IMP_CHECK_MANIFEST,
    .needs = IMP_NEEDS_NEWER,
    .title = N_("Shorten the signature"),
    .description = N_("Half of the manifest’s signature is cut off."),
    .offer = imp_offer_truncate_signature,
  },
  {
    .id = "wrong-format", .target = IMP_ATTACK_ON_MANIFEST, .check = IMP_CHECK_MANIFEST, .behind = BIT (LEDGER),
    .needs = IMP_NEEDS_NEWER,
    .title = N_("Change the payload format"),
    .description = N_("The manifest says that the firmware is of another format, and its digest is made to fit."),
    .offer = imp_offer_change_format,
  },
  {
    .id = "wrong-location", .target = IMP_ATTACK_ON_MANIFEST, .check = IMP_CHECK_MANIFEST,
    .behind = BIT (LOCATION) | BIT (LEDGER), .needs = IMP_NEEDS_NEWER,
    .title = N_("Change the storage location"),
    .description = N_("The manifest sends the firmware out of the device’s own folder, over its boot loader."),
    .offer = imp_offer_change_location,
  },
  {
    .id = "fast-forward", .target = IMP_ATTACK_ON_MANIFEST, .check = IMP_CHECK_MANIFEST, .behind = BIT (LEDGER),
    .needs = IMP_NEEDS_NEWER,
    .title = N_("Fast-forward the sequence number"),
    .description = N_("The highest number there is, so that no later update could ever be newer."),
    .offer = imp_offer_fast_forward,
  },
  {
    .id = "dependencies", .target = IMP_ATTACK_ON_MANIFEST, .check = IMP_CHECK_FORMAT, .needs = IMP_NEEDS_NEWER,
    .title = N_("Pile up dependencies"),
    .description = N_("The manifest asks for ten thousand other updates."),
    .offer = imp_offer_pile_up_dependencies,
  },
  {
    .id = "wrong-class", .target = IMP_ATTACK_ON_MANIFEST, .check = IMP_CHECK_TARGET, .behind = BIT (NEWER),
    .needs = IMP_NEEDS_NEWER | IMP_NEEDS_OTHER_CLASS,
    .title = N_("Wrong class"),
    .description = N_("A genuine update by the same author, which was made for devices of another class."),
    .answer = IMP_ANSWER_OTHER,
  },
  {
    .id = "replay", .target = IMP_ATTACK_ON_MANIFEST, .check = IMP_CHECK_NEWER, .needs = IMP_NEEDS_OLDER,
    .title = N_("Replay an older version"),
    .description = N_("A genuine update of earlier, perhaps with a known flaw, is offered as the newest."),
    .answer = IMP_ANSWER_OTHER,
  },
  {
    .id = "expired", .target = IMP_ATTACK_ON_MANIFEST, .check = IMP_CHECK_EXPIRY, .behind = BIT (LEDGER),
    .needs = IMP_NEEDS_NEWER | IMP_NEEDS_EXPIRY,
    .title = N_("Deliver an expired manifest"),
    .description = N_("A genuine update is held back until it has expired, and delivered then."),
  },

  {
    .id = "bad-consistency", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_LEDGER,
    .needs = IMP_NEEDS_NEWER | IMP_NEEDS_GROWTH,
    .title = N_("Rewrite the ledger’s past"),
    .description = N_("The proof that the ledger has only grown since the device looked last is a false one."),
    .false_history = TRUE,
  },
  {
    .id = "stale-checkpoint", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_LEDGER, .needs = IMP_NEEDS_NEWER,
    .title = N_("Stale checkpoint"),
    .description = N_("The ledger’s signed head is 25 hours old: for the device’s clock, all that time has passed."),
    .clock_ahead = 25 * HOUR,
  },
  {
    .id = "forged-ledger", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_LEDGER, .needs = IMP_NEEDS_NEWER,
    .title = N_("Forged ledger"),
    .description = N_("A ledger of the attacker’s own, with the same name and with this update in it."),
    .offer = imp_offer_forge_ledger,
  },
  {
    .id = "old-head", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_LEDGER,
    .needs = IMP_NEEDS_NEWER | IMP_NEEDS_OLD_HEAD,
    .title = N_("Turn the ledger back"),
    .description = N_("A genuine signed head, but of earlier than the last one that the device has seen."),
    .offer = imp_offer_turn_back_head,
  },
  {
    .id = "split-view", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_LEDGER, .needs = IMP_NEEDS_NEWER,
    .title = N_("Split view"),
    .description = N_("The ledger’s head has the right size and signature, and another root."),
    .offer = imp_offer_split_view,
  },
  {
    .id = "proof-flipped", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_LEDGER, .needs = IMP_NEEDS_NEWER,
    .title = N_("Flip a bit of the inclusion proof"),
    .description = N_("One hash of the proof that the update is in the ledger is another."),
    .offer = imp_offer_flip_proof,
  },
  {
    .id = "proof-shifted", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_LEDGER, .needs = IMP_NEEDS_NEWER,
    .title = N_("Prove another line"),
    .description = N_("The proof is said to be of the line next to the update’s."),
    .offer = imp_offer_shift_leaf,
  },
  {
    .id = "proof-doubled", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_LEDGER, .needs = IMP_NEEDS_NEWER,
    .title = N_("Prove in a ledger of twice the size"),
    .description = N_("The proof is said to be of a ledger with twice as many lines as its head has."),
    .offer = imp_offer_double_size,
  },
  {
    .id = "proof-emptied", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_LEDGER, .needs = IMP_NEEDS_NEWER,
    .title = N_("Empty the inclusion proof"),
    .description = N_("The update is said to be in the ledger, without a proof."),
    .offer = imp_offer_empty_proof,
  },
  {
    .id = "proof-extended", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_LEDGER, .needs = IMP_NEEDS_NEWER,
    .title = N_("Append to the inclusion proof"),
    .description = N_("A hash too many stands at the end of the proof."),
    .offer = imp_offer_extend_proof,
  },
  {
    .id = "proof-of-another", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_LEDGER, .needs = IMP_NEEDS_NEWER,
    .title = N_("Prove another transaction"),
    .description = N_("A true proof, but of another transaction than the one that registers the update."),
    .offer = imp_offer_prove_another,
  },
  {
    .id = "swap-cid", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_LEDGER, .behind = BIT (PAYLOAD),
    .needs = IMP_NEEDS_NEWER,
    .title = N_("Swap the content identifier"),
    .description = N_("The signed manifest comes with the address of the attacker’s bytes."),
    .offer = imp_offer_swap_cid, .payload = IMP_PAYLOAD_OWN,
  },
  {
    .id = "head-without-time", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_LEDGER, .needs = IMP_NEEDS_NEWER,
    .title = N_("Remove the checkpoint’s time"),
    .description = N_("The head keeps the ledger’s signature and loses the one that says when."),
    .offer = imp_offer_strip_time,
  },
  {
    .id = "head-renamed", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_LEDGER, .needs = IMP_NEEDS_NEWER,
    .title = N_("Rename the ledger"),
    .description = N_("The head is said to be that of a ledger of another name."),
    .offer = imp_offer_rename_log,
  },
  {
    .id = "head-crlf", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_FORMAT, .needs = IMP_NEEDS_NEWER,
    .title = N_("Change the checkpoint’s line ends"),
    .description = N_("Every line of the head ends in two characters instead of one."),
    .offer = imp_offer_break_lines,
  },
  {
    .id = "head-huge", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_FORMAT, .needs = IMP_NEEDS_NEWER,
    .title = N_("Inflate the checkpoint"),
    .description = N_("The head grows to a hundred thousand bytes."),
    .offer = imp_offer_inflate_head,
  },
  {
    .id = "head-unsigned", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_FORMAT, .needs = IMP_NEEDS_NEWER,
    .title = N_("Remove the checkpoint’s signatures"),
    .description = N_("The head comes without any signature."),
    .offer = imp_offer_unsign_head,
  },
  {
    .id = "hide-update", .target = IMP_ATTACK_ON_LEDGER, .check = IMP_CHECK_LEDGER, .needs = IMP_NEEDS_NEWER,
    .title = N_("Hide the update"),
    .description = N_("The device is told that nothing was ever registered for it."),
    .answer = IMP_ANSWER_NONE_EXISTS, .holds_back = TRUE,
  },

  {
    .id = "drop-request", .target = IMP_ATTACK_ON_NETWORK,
    .title = N_("Drop the request"),
    .description = N_("The connection is closed without an answer."),
    .answer = IMP_ANSWER_DROPPED,
  },
  {
    .id = "withhold-answer", .target = IMP_ATTACK_ON_NETWORK, .impatient = TRUE,
    .title = N_("Withhold the answer"),
    .description = N_("The connection stays open, and no answer ever comes."),
    .answer = IMP_ANSWER_WITHHELD,
  },
  {
    .id = "huge-answer", .target = IMP_ATTACK_ON_NETWORK,
    .title = N_("Endless manifest"),
    .description = N_("The answer with the manifest does not end."),
    .answer = IMP_ANSWER_HUGE,
  },
  {
    .id = "not-json", .target = IMP_ATTACK_ON_NETWORK,
    .title = N_("Answer with something else"),
    .description = N_("The answer is a web page, as some hotel networks send."),
    .answer = IMP_ANSWER_NOT_JSON,
  },
  {
    .id = "nested-answer", .target = IMP_ATTACK_ON_NETWORK,
    .title = N_("Nest the answer deeply"),
    .description = N_("A hundred thousand brackets, to exhaust whoever reads them."),
    .answer = IMP_ANSWER_NESTED,
  },
};

/**
 * imp_attack_target_get_title:
 * @target: what an attack is on
 *
 * Returns: its name for people, to be translated where it is shown; never freed
 */
const char *
imp_attack_target_get_title (ImpAttackTarget target)
{
  static const char *const titles[] = {
    [IMP_ATTACK_ON_PAYLOAD] = N_("On the payload"),
    [IMP_ATTACK_ON_MANIFEST] = N_("On the manifest"),
    [IMP_ATTACK_ON_LEDGER] = N_("On the ledger’s proof"),
    [IMP_ATTACK_ON_NETWORK] = N_("On the conversation"),
  };

  g_return_val_if_fail (target < G_N_ELEMENTS (titles), NULL);

  return titles[target];
}

/**
 * imp_attack_get:
 * @index: below [func@Imp.attack_count]
 *
 * Returns: (transfer none): an attack, in the order in which they are shown
 */
const ImpAttack *
imp_attack_get (guint index)
{
  g_return_val_if_fail (index < G_N_ELEMENTS (attacks), NULL);

  return &attacks[index];
}

/**
 * imp_attack_count:
 *
 * Returns: how many attacks there are
 */
guint
imp_attack_count (void)
{
  return G_N_ELEMENTS (attacks);
}

/**
 * imp_attack_find:
 * @id: the name for machines
 *
 * Returns: (transfer none) (nullable): the attack, or `NULL` if there is none of that name
 */
const ImpAttack *
imp_attack_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (attacks); i++)
    {
      if (g_str_equal (attacks[i].id, id))
        return &attacks[i];
    }

  return NULL;
}

/**
 * imp_attack_dup_guard:
 * @self: an attack
 *
 * Returns: (transfer full): what must stop it, for people
 */
char *
imp_attack_dup_guard (const ImpAttack *self)
{
  if (self->check == 0)
    return g_strdup (_("the device’s own limits of time and size"));

  /* Translators: the number of a check, and what it is about. */
  return g_strdup_printf (_("check %d, “%s”"), self->check, _(imp_check_get_title (self->check)));
}
