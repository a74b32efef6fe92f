# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attack rehearsal: the real program, a device of it, and a hostile network between it and real agents."""

import csv
import io

import support
from support import DONE, NOT_VERIFIED, USAGE


class Rehearse(support.AgentsTestCase):
    def make_device(self, class_id):
        for size, version in ((70_000, "1.0.0"), (70_001, "1.1.0")):
            self.check(DONE, "publish", self.home.make_payload(size), "--key", "author", "--class", class_id,
                       "--version", version, "--json")
        self.check(DONE, "device", "new", f"on-{class_id}", "--class", class_id, "--key", "author")
        self.check(DONE, "device", "update", f"on-{class_id}")
        return f"on-{class_id}"

    def slot(self, device):
        shown = self.check(DONE, "device", "show", device, "--json").json
        with open(shown["slots"][shown["runningSlot"]], "rb") as slot:
            return shown["runningSlot"], shown["version"], slot.read()

    def test_all(self):
        device = self.make_device("all")
        self.check(DONE, "publish", self.home.make_payload(1000), "--key", "author", "--class", "all-else",
                   "--version", "9.0.0")
        known = {attack["id"]: attack for attack in self.check(DONE, "device", "rehearse", "--list", "--json").json}
        results = self.check(DONE, "device", "rehearse", device, "--json").json
        self.assertEqual({result["attack"] for result in results}, set(known))
        for result in results:
            if result["verdict"] == "not-tried":
                self.assertIn(result["attack"], ("expired", "old-head", "bad-consistency"), result["reason"])
                continue
            self.assertEqual(result["verdict"], "stopped", result)
            self.assertEqual(result["check"] or 0, known[result["attack"]]["mustBeStoppedBy"], result)
            self.assertTrue(result["runningSlotUnchanged"], result)
            self.assertTrue(result["changes"], result)
        self.assertEqual(self.slot(device)[1], "1.1.0")

    def test_one(self):
        device = self.make_device("one")
        before = self.slot(device)
        out = self.check(DONE, "device", "rehearse", device, "--attack", "replay", "--csv").out
        rows = list(csv.DictReader(io.StringIO(out)))
        self.assertEqual([(row["attack"], row["verdict"], row["refused by check"]) for row in rows],
                         [("replay", "stopped", "4")])
        self.assertEqual(self.slot(device), before)
        self.assertIn("Refused by check 8",
                      self.check(DONE, "device", "rehearse", device, "--attack", "flip-payload").out)

    def test_without_check(self):
        device = self.make_device("without")
        before = self.slot(device)
        outcome = self.check(NOT_VERIFIED, "device", "rehearse", device, "--attack", "flip-payload",
                             "--without-check", "8")
        self.assertIn("INSTALLED", outcome.out)
        self.assertIn("does without check 8 until", outcome.err)
        self.assertIn("1 attack succeeded", outcome.err)
        version, slot = self.slot(device)[1:]
        self.assertEqual(version, before[1])
        self.assertNotEqual(slot, before[2])
        self.assertEqual(len(slot), len(before[2]))
        self.assertIn("makes all checks again", self.check(DONE, "device", "restore", device).err)
        self.assertEqual(self.slot(device)[1:], before[1:])
        self.check(DONE, "device", "rehearse", device, "--attack", "flip-payload")

    def test_usage(self):
        device = self.make_device("usage")
        self.check_error(USAGE, "USAGE", "device", "rehearse", device, "--attack", "no-such")
        for check in ("1", "11", "0", "-2", "eight", ""):
            self.check_error(USAGE, "USAGE", "device", "rehearse", device, f"--without-check={check}")
        self.assertIn("flip-payload", self.check(DONE, "device", "rehearse", "--list").out)


if __name__ == "__main__":
    support.main()
