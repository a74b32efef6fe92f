# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A trust path is saved here and verified on a machine that has nothing but the file."""

import json
import pathlib

import support
from support import DONE, FAILED, NOT_FOUND, NOT_VERIFIED, USAGE

IDS = ["key", "manifest", "digest", "cid", "transaction", "checkpoint"]
KEPT = support.SOURCE / "tests" / "data" / "trust-path.imprimatur"


class TrustPath(support.AgentsTestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payload = cls.home.make_payload(700_000)
        cls.home.run("publish", cls.payload, "--class", "Pump", "--version", "1.0.0", "--key", "author")
        outcome = cls.home.run("update", "prove", "--class", "Pump", "-o", "pump.imprimatur", "--json")
        assert outcome.code == DONE, str(outcome)
        cls.file = str(cls.home.path / outcome.json["file"])
        cls.text = pathlib.Path(cls.file).read_text(encoding="utf-8")
        cls.path = json.loads(cls.text)

    def elsewhere(self, status, *arguments):
        """The same on another machine: no agents, no data, no pins."""
        home = support.Home()
        self.addCleanup(home.remove)
        outcome = home.run(*arguments, env={"IMPRIMATURD": "/nonexistent"})
        self.assertEqual(outcome.code, status, str(outcome))
        self.assertFalse(home.data.exists(), "verifying a file leaves nothing behind")
        return outcome

    def verify(self, status, *arguments):
        verdict = self.elsewhere(status, "verify", *arguments, "--json").json
        self.assertEqual([step["id"] for step in verdict["steps"]], IDS)
        self.assertEqual(verdict["verified"], status == DONE)
        return {step["id"]: step for step in verdict["steps"]}

    def test_elsewhere(self):
        steps = self.verify(DONE, self.file)
        self.assertIn("SHA-384 was not recomputed", " ".join(steps["digest"]["notProven"]))
        self.assertIn("CID was not recomputed", " ".join(steps["cid"]["notProven"]))
        self.assertIn(self.path["logKey"], " ".join(steps["checkpoint"]["notProven"]))
        self.assertIn("0 minutes old", " ".join(steps["checkpoint"]["notProven"]))
        self.assertEqual(steps["key"]["computed"]["fingerprint"], self.author["fingerprint"])
        self.assertEqual(steps["manifest"]["computed"]["manifestDigest"], self.path["manifest"]["manifestDigest"])

    def test_everything_given(self):
        steps = self.verify(DONE, self.file, "--payload", self.payload, "--log-key", self.path["logKey"],
                            "--key", self.author["fingerprint"])
        self.assertEqual([len(step["notProven"]) for step in steps.values()], [0, 0, 0, 0, 0, 2])
        self.assertEqual(steps["digest"]["computed"]["payloadDigest"], self.path["manifest"]["payloadDigest"])

    def test_people(self):
        text = self.elsewhere(DONE, "verify", self.file).out
        self.assertEqual(text.count("passed  "), 6)
        self.assertEqual(text.count("Not proven: "), 6)
        self.assertIn(self.path["logKey"], text)

    def test_here(self):
        """The log is pinned where it was seen."""
        verdict = self.check(DONE, "verify", self.file, "--json").json
        self.assertNotIn(self.path["logKey"], " ".join(verdict["steps"][5]["notProven"]))

    def test_trusted_by_name(self):
        self.check(DONE, "verify", self.file, "--key", "author")

    def test_standard_input(self):
        out = self.check(DONE, "verify", "-", "--json", input=self.text).json
        self.assertTrue(out["verified"])
        printed = self.check(DONE, "update", "prove", "--class", "Pump", "-o", "-").out
        self.assertEqual(json.loads(printed)["leaf"], self.path["leaf"])

    def test_wrong_payload(self):
        wrong = self.home.make_payload(700_000, seed=1)
        steps = self.verify(NOT_VERIFIED, self.file, "--payload", wrong)
        self.assertEqual([id for id, step in steps.items() if not step["passed"]], ["digest", "cid"])
        self.verify(NOT_VERIFIED, self.file, "--payload", self.home.make_payload(10))
        self.elsewhere(NOT_FOUND, "verify", self.file, "--payload", "/nonexistent")
        self.elsewhere(FAILED, "verify", self.file, "--payload", "/")

    def test_wrong_pins(self):
        other = json.loads(KEPT.read_text(encoding="utf-8"))["logKey"]
        self.assertFalse(self.verify(NOT_VERIFIED, self.file, "--log-key", other)["checkpoint"]["passed"])
        self.assertFalse(self.verify(NOT_VERIFIED, self.file, "--key", "0" * 64)["key"]["passed"])
        self.check_error(USAGE, "USAGE", "verify", self.file, "--log-key", "nonsense")
        self.check_error(NOT_FOUND, "NOT_FOUND", "verify", self.file, "--key", "nobody")

    def test_tampered(self):
        """The step is named to a person and to a program."""
        for member, step in (("authorSign", "Payload digest"), ("checkpoint", "Checkpoint")):
            with self.subTest(member):
                changed = dict(self.path, **{member: self.path[member].replace("A", "B", 1)})
                text = json.dumps(changed, separators=(",", ":"), sort_keys=True, ensure_ascii=False) + "\n"
                outcome = self.elsewhere(NOT_VERIFIED, "verify", self.home.write("changed.imprimatur", text))
                self.assertIn(f"FAILED  {step}", outcome.out)
                self.assertTrue(outcome.err.startswith(f"imprimaturctl: {step}: "), outcome.err)

    def test_no_trust_path(self):
        for name, content in (("manifest", json.dumps(self.path["manifest"])), ("empty", b""), ("binary", bytes(256)),
                              ("package", '{"name":"left-pad","version":"1.3.0"}'), ("spaces", self.text + " ")):
            with self.subTest(name):
                self.check_error(FAILED, "MALFORMED", "verify", self.home.write(name, content))
        self.check_error(NOT_FOUND, "NOT_FOUND", "verify", "/nonexistent")
        self.check_error(FAILED, "FAILED", "verify", "/")

    def test_not_overwritten(self):
        self.check(FAILED, "update", "prove", "--class", "Pump", "-o", self.file)
        self.assertEqual(pathlib.Path(self.file).read_text(encoding="utf-8"), self.text)
        self.check(NOT_FOUND, "update", "prove", "--class", "Nothing")

    def test_kept(self):
        """A file of long ago: its age is told."""
        self.verify(DONE, str(KEPT))


support.main()
