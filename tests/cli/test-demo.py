# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demonstration: the whole job once."""

import os
import pathlib

import support
from support import CANCELLED, DONE, UNREACHABLE

STEPS = ["key", "agents", "register", "publish", "ledger", "verify", "install", "publish-next", "flipped-byte",
         "install-next", "older-version", "audit"]


class Demo(support.TestCase):
    def setUp(self):
        super().setUp()
        # With no keyring at all; and under AddressSanitizer with nothing left behind.
        self.home.env |= {"SECRET_BACKEND": "service", "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}

    def remains(self):
        return [name for name in os.listdir(self.home.path) if name.startswith("imprimatur-demo")]

    def test_whole_job(self):
        outcome = self.check(DONE, "demo", "--json")
        demo = outcome.json
        self.assertEqual([step["name"] for step in demo["steps"]], STEPS)
        self.assertTrue(all(step["ms"] > 0 for step in demo["steps"]))
        details = {step["name"]: step["detail"] for step in demo["steps"]}
        self.assertRegex(details["flipped-byte"], "^check 8, payload: .*; runs 1.0.0 still$")
        self.assertRegex(details["older-version"], "^check 4, newer: .*; runs 1.1.0 still$")
        if any(os.path.exists(path) for path in support.FIRMWARE):
            self.assertFalse(demo["firmwareGenerated"])
        self.assertIsNone(demo["directory"])
        self.assertEqual(self.remains(), [])
        self.assertEqual(outcome.err, "")

    def test_for_a_person(self):
        outcome = self.check(DONE, "demo")
        numbers = [line.split()[0] for line in outcome.out.splitlines()[:-1]]
        self.assertEqual(numbers, [str(number + 1) for number in range(len(STEPS))])
        self.assertIn("All of it in", outcome.out)

    def test_keep(self):
        outcome = self.check(DONE, "demo", "--keep", "--json")
        directory = pathlib.Path(outcome.json["directory"])
        self.assertEqual(self.remains(), [directory.name])
        self.assertTrue((directory / "device" / "device.json").exists())
        # It is a home like any other: its ledger can be read again.
        log = self.check(DONE, "ledger", "log", "--data-dir", str(directory / "data"), "--json").json
        self.assertGreaterEqual(len(log["transactions"]), 3)

    def test_cancelled(self):
        process = self.home.start("demo")
        self.assertIn("signing key", process.stdout.readline())
        outcome = self.interrupt(process)
        self.assertEqual(outcome.code, CANCELLED, str(outcome))
        self.assertEqual(self.remains(), [])

    def test_no_agents(self):
        self.check_error(UNREACHABLE, "UNREACHABLE", "demo", env={"IMPRIMATURD": "/nonexistent"})
        self.assertEqual(self.remains(), [])


support.main()
