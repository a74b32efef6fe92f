# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authors, publishing, updates, ledger, devices: the real program against the real agents."""

import csv
import hashlib
import io
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import unittest
import urllib.request

import support
from support import (CANCELLED, DONE, FAILED, NOT_FOUND, NOT_VERIFIED, REFUSED, UNREACHABLE, USAGE)

STEPS = ["hash", "sign-manifest", "sign-payload", "upload", "verify", "store", "record"]


class Publish(support.AgentsTestCase):
    """One ledger for all of it; every test has a class of its own on it."""

    def publish(self, payload, class_id, *arguments):
        return self.check(DONE, "publish", payload, "--key", "author", "--class", class_id, "--json", *arguments).json

    def test_author(self):
        self.check(DONE, "key", "generate", "newcomer", "-t", "ed25519")
        status = self.check(DONE, "author", "status", "--key", "newcomer", "--json").json
        self.assertFalse(status["registered"])
        self.assertIn("no", self.check(DONE, "author", "status", "--key", "newcomer").out)
        registered = self.check(DONE, "author", "register", "--key", "newcomer", "--json").json
        self.assertTrue(registered["registered"])
        self.assertRegex(registered["tokenExpires"], r"^20\d\d-.*Z$")
        self.assertEqual(self.check(DONE, "author", "status", "--key", registered["fingerprint"], "--json").json,
                         registered)
        self.assertIn("29 minutes left", self.check(DONE, "author", "status", "--key", "newcomer").out)
        self.check_error(NOT_FOUND, "NOT_FOUND", "author", "register", "--key", "nobody")
        self.check_error(USAGE, "USAGE", "author", "register")

    def test_every_size(self):
        for size in (1, 256 * 1024 + 1, 36_100_000):
            with self.subTest(size):
                path = self.home.make_payload(size)
                published = self.publish(path, f"size-{size}", "--version", "1.0.0")
                digest = hashlib.sha384(pathlib.Path(path).read_bytes()).hexdigest()
                self.assertEqual((published["size"], published["payloadDigest"]), (size, digest))
                self.assertEqual([step["name"] for step in published["steps"]], STEPS)
                copy = str(self.home.path / f"copy-{size}")
                self.check(DONE, "update", "download", published["transaction"], "-o", copy)
                self.assertEqual(hashlib.sha384(pathlib.Path(copy).read_bytes()).hexdigest(), digest)
                verdicts = self.check(DONE, "ledger", "verify", published["transaction"], "--payload", "--json").json
                self.assertTrue(verdicts["verified"])
                self.assertEqual(verdicts["verdicts"][-1]["id"], "payload")
                os.unlink(path)
                os.unlink(copy)

    def test_sbom(self):
        """What the manifest names can be fetched by its CID, and is what was sent."""
        payload = self.home.make_payload(100)
        sbom = self.home.write("sbom.json", '{"bomFormat": "CycloneDX", "specVersion": "1.5"}')
        published = self.publish(payload, "sbom", "--version", "1", "--sbom", sbom)
        shown = self.check(DONE, "update", "show", published["transaction"], "--json").json
        named = shown["update"]["manifest"]["sbom"]
        content = pathlib.Path(sbom).read_bytes()
        self.assertEqual((named["format"], named["digest"]),
                         ("CycloneDX-1.5", hashlib.sha384(content).hexdigest()))
        agents = json.loads((self.home.data / "agents.json").read_text())
        with urllib.request.urlopen(f"{agents['retrieval']}/v1/payloads/{named['cid']}") as reply:
            self.assertEqual(reply.read(), content)
        other = self.home.write("other.json", "{}")
        refused = self.check_error(FAILED, "MALFORMED", "publish", payload, "--key", "author", "--class", "sbom",
                                   "--version", "2", "--sbom", other)
        self.assertIn("SPDX", refused.error["message"])

    def test_real_firmware(self):
        found = [path for path in support.FIRMWARE if os.path.exists(path)]
        if not found:
            self.skipTest("no Debian firmware is installed")
        for path in found:
            with self.subTest(path):
                class_id = os.path.basename(path)
                published = self.publish(path, class_id)
                self.check(DONE, "device", "new", f"on-{class_id}", "--class", class_id, "--key", "author")
                outcome = self.check(DONE, "device", "update", f"on-{class_id}", "--json").json
                self.assertEqual((outcome["outcome"], outcome["version"]), ("installed", published["version"]))
                device = self.check(DONE, "device", "show", f"on-{class_id}", "--json").json
                slot = pathlib.Path(device["slots"][device["runningSlot"]]).read_bytes()
                self.assertEqual(slot[: published["size"]], pathlib.Path(path).read_bytes())

    def test_defaults_follow_the_ledger(self):
        first, second = self.home.make_payload(100), self.home.make_payload(101)
        self.check(DONE, "key", "generate", "follower", "-t", "ed25519")
        self.check_error(USAGE, "USAGE", "publish", first, "--key", "follower")
        arguments = ["publish", "--key", "follower", "--json"]
        self.assertEqual(self.check(DONE, *arguments, first, "--class", "following").json["version"], "1.0.0")
        published = self.check(DONE, *arguments, second).json
        self.assertEqual((published["class"], published["version"]), ("following", "1.0.1"))

    def test_for_a_person(self):
        outcome = self.check(DONE, "publish", self.home.make_payload(102), "--key", "author", "--class", "person",
                             "--version", "V_9")
        self.assertIn("Transaction", outcome.out)
        self.assertEqual(outcome.out.count(" ms"), len(STEPS) + 1, str(outcome))
        # No terminal, no bar.
        self.assertNotIn("\r", outcome.err)
        quiet = self.check(DONE, "publish", self.home.make_payload(103), "--key", "author", "--class", "person", "-q")
        self.assertNotIn(" ms", quiet.out)
        self.assertRegex(quiet.out, r"Version +V_10\n")
        self.assertEqual(quiet.err, "")

    def test_refused_by_the_contract(self):
        payload = self.home.make_payload(104)
        self.publish(payload, "refusing", "--version", "2.0.0", "--sequence", "100")
        arguments = ["publish", payload, "--key", "author", "--class", "refusing"]
        self.check_error(REFUSED, "ERR_UPDATE_ALREADY_EXISTS", *arguments, "--version", "2.0.0", "--sequence", "101")
        self.check_error(REFUSED, "ERR_VERSION_NOT_NEWER", *arguments, "--version", "1.9.0", "--sequence", "101")
        self.check_error(REFUSED, "ERR_SEQUENCE_NOT_MONOTONIC", *arguments, "--version", "2.0.1", "--sequence", "100")
        self.check_error(REFUSED, "ERR_MANIFEST_EXPIRED", *arguments, "--version", "2.0.1",
                         "--expires", "2001-01-01T00:00:00.000Z")
        plain = self.check(REFUSED, *arguments, "--version", "2.0.0", "--sequence", "101")
        self.assertIn("(ERR_UPDATE_ALREADY_EXISTS)", plain.err)
        updates = self.check(DONE, "update", "list", "--class", "refusing", "--json").json["updates"]
        self.assertEqual([update["version"] for update in updates], ["2.0.0"])

    def test_bad_input(self):
        payload = self.home.make_payload(105)
        arguments = ["--key", "author", "--class", "bad-input"]
        self.check_error(NOT_FOUND, "NOT_FOUND", "publish", "/nonexistent", *arguments)
        empty = self.check_error(FAILED, "MALFORMED", "publish", self.home.make_payload(0), *arguments)
        self.assertIn("is empty: there is no firmware in it", empty.err)
        self.check(FAILED, "publish", str(self.home.path), *arguments)
        self.check_error(NOT_FOUND, "NOT_FOUND", "publish", payload, "--key", "nobody", "--class", "bad-input")
        for field, value in (("--version", "a" * 10_000), ("--version", "new\nline"), ("--version", "1/2"), ("--class", "c" * 256)):
            with self.subTest(f"{field} {value[:5]}"):
                outcome = self.home.run("publish", payload, *arguments, "--version", "1", field, value, "--json")
                self.assertIn(outcome.code, (FAILED, REFUSED), str(outcome))
                self.assertEqual(outcome.error["code"], "ERR_INCORRECT_MANIFEST_FORMAT")
        self.assertEqual(self.check(DONE, "update", "list", "--class", "bad-input", "--json").json,
                         {"updates": [], "next": None})

    def test_class_and_version_of_any_characters(self):
        class_id, version = "a b c?d#%41 “ü”", "1.2 ?&="
        published = self.publish(self.home.make_payload(106), class_id, "--version", version, "--storage", "f")
        shown = self.check(DONE, "update", "show", "--class", class_id, "--version", version, "--json").json
        self.assertEqual(shown["transaction"]["transaction"], published["transaction"])
        self.assertEqual(shown["update"]["manifest"]["classID"], class_id)
        self.check(DONE, "device", "new", "odd", "--class", class_id, "--key", "author")
        self.assertEqual(self.check(DONE, "device", "update", "odd", "--json").json["version"], version)

    def test_manifest_file(self):
        payload = self.home.make_payload(107)
        path = str(self.home.path / "for-publish.json")
        self.check(DONE, "manifest", "new", payload, "--class", "from-file", "--version", "3.0", "--vendor", "v",
                   "-o", path)
        published = self.check(DONE, "publish", payload, "--key", "author", "--manifest", path, "--json").json
        self.assertEqual((published["class"], published["version"]), ("from-file", "3.0"))
        manifest = self.check(DONE, "update", "show", published["transaction"], "--json").json["update"]["manifest"]
        self.assertEqual(manifest["vendorID"], "v")
        # It is for that payload and for no other.
        other = self.check(FAILED, "publish", self.home.make_payload(107, 1), "--key", "author", "--manifest", path,
                           "--version", "3.1", "--json")
        self.assertTrue(other.error["message"])

    def test_updates(self):
        payload = self.home.make_payload(108)
        transactions = [self.publish(payload, "listed", "--version", f"1.{n}")["transaction"] for n in range(3)]
        page = self.check(DONE, "update", "list", "--class", "listed", "--limit", "2", "--json").json
        self.assertEqual([update["transaction"] for update in page["updates"]], transactions[:0:-1])
        rest = self.check(DONE, "update", "list", "--class", "listed", "--before", str(page["next"]), "--json").json
        self.assertEqual([update["transaction"] for update in rest["updates"]], transactions[:1])
        self.assertIsNone(rest["next"])
        self.assertIn("--before", self.check(DONE, "update", "list", "--class", "listed", "-n", "2").err)
        by_author = self.check(DONE, "update", "list", "--key", self.author["fingerprint"], "--class", "listed", "--json")
        self.assertEqual(len(by_author.json["updates"]), 3)

        newest = self.check(DONE, "update", "show", "--class", "listed", "--json").json
        self.assertEqual(newest["transaction"]["transaction"], transactions[2])
        self.assertIn(transactions[1], self.check(DONE, "update", "show", transactions[1]).out)
        self.check_error(NOT_FOUND, "ERR_UPDATE_NON_EXISTENT", "update", "show", "--class", "never")
        self.assertEqual(self.home.run("update", "show", "0" * 64).code, NOT_FOUND)

    def test_download(self):
        payload = self.home.make_payload(109)
        transaction = self.publish(payload, "down loaded", "--version", "1.0")["transaction"]
        outcome = self.check(DONE, "update", "download", transaction, "--json").json
        self.assertEqual(outcome["file"], "down_loaded-1.0.bin")
        path = self.home.path / outcome["file"]
        self.assertEqual(path.read_bytes(), pathlib.Path(payload).read_bytes())
        self.check_error(FAILED, "EXISTS", "update", "download", transaction)
        self.check(DONE, "update", "download", transaction, "--force")
        self.assertFalse(path.with_name(path.name + ".part").exists())
        self.check_error(NOT_FOUND, "NOT_FOUND", "update", "download", transaction, "-o", "/nonexistent/folder/file")

    def test_ledger(self):
        published = self.publish(self.home.make_payload(110), "logged", "--version", "1.0")
        log = self.check(DONE, "ledger", "log", "--class", "logged", "--json").json["transactions"]
        self.assertEqual([line["transaction"] for line in log], [published["transaction"]])
        self.assertEqual(log[0]["sequence"], published["sequence"])
        for option, value in (("--cid", published["cid"]), ("--text", "logged")):
            lines = self.check(DONE, "ledger", "log", option, value, "--json").json["transactions"]
            self.assertIn(published["transaction"], [line["transaction"] for line in lines])
        contracts = self.check(DONE, "ledger", "log", "--contract", "RegisterAuthor", "--json").json["transactions"]
        self.assertEqual({line["contract"] for line in contracts}, {"RegisterAuthor"})
        self.assertIn(published["transaction"], self.check(DONE, "ledger", "log", "-n", "1000").out)

        oldest = self.check(DONE, "ledger", "log", "--oldest-first", "-n", "2", "--json").json
        self.assertEqual([line["sequence"] for line in oldest["transactions"]], [0, 1])
        self.assertEqual(oldest["next"], 2)
        following = self.check(DONE, "ledger", "log", "--oldest-first", "--from", "1", "-n", "1", "--json").json
        self.assertEqual([line["sequence"] for line in following["transactions"]], [1])
        day = log[0]["time"][:10]
        self.assertTrue(self.check(DONE, "ledger", "log", "--since", log[0]["time"], "--json").json["transactions"])
        self.assertFalse(self.check(DONE, "ledger", "log", "--until", "2001-01-01", "--json").json["transactions"])
        self.assertTrue(self.check(DONE, "ledger", "log", "--until", f"{day}T23:59:59Z", "--json").json["transactions"])
        self.check_error(USAGE, "USAGE", "ledger", "log", "--since", "yesterday")

    def test_ledger_export(self):
        published = self.publish(self.home.make_payload(117), "=exported", "--version", "1,0")
        lines = self.check(DONE, "ledger", "log", "--class", "=exported", "--csv").out
        rows = list(csv.DictReader(io.StringIO(lines)))
        self.assertEqual([(row["transaction"], row["class"], row["version"]) for row in rows],
                         [(published["transaction"], "'=exported", "1,0")])
        self.check(DONE, "ledger", "log", "--csv", "-o", "all.csv")
        rows = list(csv.DictReader((self.home.path / "all.csv").open(newline="")))
        self.assertEqual(rows[-1]["sequence"], "0")
        self.assertEqual(len(rows), int(rows[0]["sequence"]) + 1)
        self.check_error(FAILED, "EXISTS", "ledger", "log", "-o", "all.csv")
        self.check(DONE, "ledger", "log", "-o", "all.json", "--oldest-first", "--from", "1")
        written = json.loads((self.home.path / "all.json").read_text())
        self.assertEqual([line["sequence"] for line in written], list(range(1, len(rows))))

    def test_ledger_show(self):
        published = self.publish(self.home.make_payload(118), "shown", "--version", "1.0")
        shown = self.check(DONE, "ledger", "show", published["transaction"], "--json").json
        self.assertEqual(json.loads(shown["leaf"])["transaction"], published["transaction"])
        self.assertIn("Leaf", self.check(DONE, "ledger", "show", published["transaction"]).out)
        self.assertEqual(self.home.run("ledger", "show", "f" * 64).code, NOT_FOUND)

    def test_verify(self):
        published = self.publish(self.home.make_payload(111), "verified", "--version", "1.0")
        verdicts = self.check(DONE, "ledger", "verify", published["transaction"], "--json").json
        self.assertTrue(verdicts["verified"])
        self.assertEqual({verdict["id"] for verdict in verdicts["verdicts"]},
                         {"manifest-digest", "manifest-signature", "payload-signature", "leaf", "checkpoint",
                          "inclusion", "consistency"})
        plain = self.check(DONE, "ledger", "verify", published["transaction"])
        self.assertEqual({line.split()[0] for line in plain.out.splitlines()}, {"passed"})
        audit = self.check(DONE, "ledger", "verify", "--json").json
        self.assertTrue(audit["verified"])
        self.assertEqual(self.check(DONE, "ledger", "verify").out.count("\n"), 1)
        self.assertEqual(self.home.run("ledger", "verify", "0" * 64).code, NOT_FOUND)

    def test_devices(self):
        self.publish(self.home.make_payload(113), "fleet", "--version", "1.0")
        public = str(self.home.path / "fleet.pem")
        self.check(DONE, "key", "export", "author", "-o", public)
        made = self.check(DONE, "device", "new", "pair", "--class", "fleet", "--public-key", public, "--count", "2",
                          "--json").json
        self.assertEqual([device["id"] for device in made], ["pair-1", "pair-2"])
        self.assertIsNone(made[0]["version"])
        self.assertEqual(made[0]["author"], self.author["fingerprint"])
        listed = self.check(DONE, "device", "list", "--json").json
        self.assertEqual([device for device in listed if device["class"] == "fleet"], made)
        self.assertIn("pair-2", self.check(DONE, "device", "list").out)

        outcome = self.check(DONE, "device", "update", "pair-1", "--trace", "--json").json
        self.assertEqual((outcome["outcome"], outcome["version"]), ("installed", "1.0"))
        self.assertEqual([check["check"] for check in outcome["checks"] if not check["passed"]], [])
        self.assertEqual(sorted({check["check"] for check in outcome["checks"]}), list(range(1, 11)))
        self.assertTrue(outcome["trace"])
        again = self.check(DONE, "device", "update", "pair-1", "--json").json
        self.assertEqual(again["outcome"], "current")
        self.assertIn("installed 1.0", self.check(DONE, "device", "update", "pair-2").out)
        self.assertIn("1.0", self.check(DONE, "device", "show", "pair-1").out)

        retrieval, fetch = [next(run for run in self.check(DONE, "timings", "--json").json
                                 if run["kind"] == kind and run["class"] == "fleet")
                            for kind in ("retrieval", "fetch")]
        self.assertEqual((retrieval["version"], retrieval["size"], fetch["size"]), ("1.0", 113, 113))
        self.assertEqual(sorted(retrieval["steps"]), ["ask", "fetch", "install", "verify"])
        self.assertAlmostEqual(retrieval["ms"], sum(retrieval["steps"].values()))
        table = list(csv.reader(self.check(DONE, "timings", "--csv").out.splitlines()))
        self.assertEqual(table[0][:6], ["kind", "time", "class", "version", "size (B)", "total (ms)"])
        self.assertEqual({len(row) for row in table}, {len(table[0])})
        self.assertIn("fleet", self.check(DONE, "timings").out)
        self.check(USAGE, "timings", "--csv", "--json")

        self.check(DONE, "device", "remove", "pair-1")
        self.check_error(NOT_FOUND, "NOT_FOUND", "device", "show", "pair-1")
        self.check_error(NOT_FOUND, "NOT_FOUND", "device", "update", "pair-1")
        self.check_error(NOT_FOUND, "NOT_FOUND", "device", "remove", "pair-1")
        self.assertFalse(os.path.exists(made[0]["directory"]))
        self.check(FAILED, "device", "new", "pair-2", "--class", "fleet", "--key", "author")

    def test_device_refuses(self):
        self.publish(self.home.make_payload(114), "refused", "--version", "1.0", "--vendor", "theirs")
        arguments = ["--class", "refused", "--key", "author"]
        self.check(DONE, "device", "new", "other-vendor", *arguments, "--vendor", "ours")
        self.check(DONE, "device", "new", "small", *arguments, "--slot-size", "50")
        for device, code in (("other-vendor", "CHECK_TARGET"), ("small", "CHECK_SIZE")):
            with self.subTest(device):
                outcome = self.check_error(REFUSED, code, "device", "update", device)
                self.assertEqual(outcome.json["outcome"], "refused")
                self.assertEqual(outcome.json["check"], code.removeprefix("CHECK_").lower())
                self.assertIsNone(outcome.json["version"])
                self.assertIn("FAILED", self.check(REFUSED, "device", "update", device).out)
        for device in ("other-vendor", "small"):
            self.check(DONE, "device", "remove", device)

    def test_agents(self):
        status = self.check(DONE, "agents", "status", "--json").json
        self.assertEqual([agent["role"] for agent in status["agents"]],
                         ["author", "register", "retrieval", "verification"])
        self.assertEqual({agent["role"]: agent["url"] for agent in status["agents"]},
                         {role: self.agents.urls[role] for role in ("author", "register", "retrieval", "verification")})
        self.assertTrue(all(agent["answers"] for agent in status["agents"]))
        self.assertEqual(len(self.check(DONE, "agents", "status").out.splitlines()), 5)

    def test_agents_by_their_addresses(self):
        status = self.check(DONE, "agents", "status", "--retrieval", self.agents.urls["retrieval"], "--json").json
        self.assertEqual([agent["answers"] for agent in status["agents"]], [False, False, True, False])
        self.assertEqual([agent["url"] is None for agent in status["agents"]], [True, True, False, True])


class NoAgents(support.TestCase):
    """Agents that are not there, hang, or answer garbage; and those that a command starts itself."""

    def setUp(self):
        super().setUp()
        self.assertEqual(self.home.run("key", "generate", "author", "-t", "ed25519").code, DONE)
        self.payload = self.home.make_payload(1000)

    def commands(self, url):
        agents = [f"--{role}={url}" for role in ("author", "register", "retrieval", "verification")]
        return [[*command, *agents] for command in (
            ["author", "register"], ["author", "status"], ["publish", self.payload, "--class", "c", "--version", "1"],
            ["update", "list"], ["update", "show", "0" * 64], ["update", "download", "0" * 64], ["ledger", "log"],
            ["ledger", "show", "0" * 64], ["ledger", "verify"], ["ledger", "verify", "0" * 64], ["agents", "status"])]

    def test_nobody_listens(self):
        for arguments in self.commands(support.closed_port()):
            with self.subTest(arguments[:2]):
                self.check_error(UNREACHABLE, "UNREACHABLE", *arguments)

    def test_device_without_an_agent(self):
        self.check(DONE, "device", "new", "lonely", "--class", "c")
        self.check_error(UNREACHABLE, "UNREACHABLE", "device", "update", "lonely", "--retrieval", support.closed_port())
        # An author agent alone is no one to ask.
        agents = support.Agents(self.home)
        self.addCleanup(agents.stop)
        self.check_error(USAGE, "USAGE", "device", "update", "lonely", "--author", agents.urls["author"])

    def test_garbage(self):
        for status, content_type, body in (
            (200, "application/json", b"{]"),
            (200, "application/json", b"[]"),
            (200, "application/json", b"{}"),
            (200, "text/html", b"<html>\033[2J</html>"),
            (500, "text/plain", b"out of order"),
            (201, "application/json", b"[" * 100_000),
        ):
            agent = support.GarbageAgent(status, content_type, body)
            self.addCleanup(agent.close)
            for arguments in self.commands(agent.url):
                with self.subTest(f"{status} {body[:5]} {' '.join(arguments[:2])}"):
                    outcome = self.home.run(*arguments, "--json")
                    self.assertIn(outcome.code, (UNREACHABLE, NOT_VERIFIED, REFUSED, FAILED), str(outcome))
                    self.assertTrue(outcome.error["message"])
                    self.assertNotIn("\033", outcome.err)
                    self.assertNotIn("CRITICAL", outcome.err)

    def test_cancelled_while_an_agent_hangs(self):
        for command in self.commands("URL"):
            agent = support.HangingAgent()
            arguments = [word.replace("URL", agent.url) for word in command]
            with self.subTest(arguments[:2]):
                process = self.home.start(*arguments, "--json")
                support.wait_until(agent.connected.is_set, "the command talks to the agent")
                with open(f"/proc/{process.pid}/cmdline", encoding="utf-8") as cmdline:
                    self.assertNotIn("PRIVATE", cmdline.read())
                outcome = self.interrupt(process)
                self.assertEqual(outcome.code, CANCELLED, str(outcome))
                self.assertEqual(outcome.error["code"], "CANCELLED")
                self.assertEqual(outcome.out, "")
            agent.close()

    def test_own_agents_end_with_the_command(self):
        status = self.check(DONE, "agents", "status", "--json").json
        self.assertTrue(all(agent["answers"] for agent in status["agents"]))
        support.wait_until(lambda: not (self.home.data / "agents.json").exists(), "the agents have ended")
        published = self.check(DONE, "publish", self.payload, "--class", "c", "--version", "1", "--json").json
        # What one command has published another one, with agents of its own, finds.
        self.assertEqual(self.check(DONE, "update", "list", "--json").json["updates"][0]["transaction"],
                         published["transaction"])

    def publish(self, version):
        return self.check(DONE, "publish", self.payload, "--class", "c", "--version", version, "--json").json

    def test_what_the_readme_says(self):
        block = (support.SOURCE / "README.md").read_text(encoding="utf-8").split("## The main job on the command line")[1]
        lines = [line.strip() for line in block.splitlines() if line.startswith("    imprimaturctl ")]
        self.assertEqual(len(lines), 12)
        self.home.write("firmware.bin", b"firmware")
        self.home.write("firmware-1.1.0.bin", b"firmware of the next version")
        for line in lines:
            with self.subTest(line):
                self.check(DONE, *shlex.split(line)[1:])

    def test_another_log_in_its_place(self):
        self.publish("1")
        self.check(DONE, "ledger", "verify")
        shutil.rmtree(self.home.data / "ledger")
        transaction = self.publish("1")["transaction"]
        self.check_error(NOT_VERIFIED, "NOT_VERIFIED", "ledger", "verify")
        outcome = self.check(NOT_VERIFIED, "ledger", "verify", transaction, "--json")
        self.assertIn("checkpoint", [verdict["id"] for verdict in outcome.json["verdicts"] if not verdict["passed"]])

    def test_older_copy_of_the_log_put_back(self):
        self.publish("1")
        shutil.copytree(self.home.data / "ledger", self.home.path / "older")
        self.publish("2")
        self.check(DONE, "ledger", "verify")
        shutil.rmtree(self.home.data / "ledger")
        shutil.move(self.home.path / "older", self.home.data / "ledger")
        self.check_error(NOT_VERIFIED, "NOT_VERIFIED", "ledger", "verify")

    def test_own_agents_cannot_be_started(self):
        self.check_error(UNREACHABLE, "UNREACHABLE", "agents", "status", env={"IMPRIMATURD": "/nonexistent"})
        outcome = self.home.run("agents", "status", "--json", env={"IMPRIMATURD": "/bin/false"})
        self.assertEqual(outcome.code, UNREACHABLE, str(outcome))

    def test_cancelled_with_own_agents(self):
        payload = self.home.make_payload(36_100_000)
        process = self.home.start("publish", payload, "--class", "c", "--version", "1", "--json")
        support.wait_until(lambda: (self.home.data / "agents.json").exists() or process.poll() is not None,
                           "the agents run")
        if process.poll() is None:
            pid = json.loads((self.home.data / "agents.json").read_text(encoding="utf-8"))["pid"]
            outcome = self.interrupt(process)
            self.assertIn(outcome.code, (CANCELLED, DONE), str(outcome))
            support.wait_until(lambda: not support.is_alive(pid), "its agents have ended")
        # Either the ledger has it or it has nothing of it.
        updates = self.check(DONE, "update", "list", "--json").json["updates"]
        self.assertLessEqual(len(updates), 1)
        self.check(DONE, "ledger", "verify")

    @unittest.skipUnless(shutil.which("strace"), "strace is not installed")
    def test_no_secret_in_an_argument(self):
        log = self.home.path / "strace"
        arguments = [support.CTL, "publish", self.payload, "--class", "c", "--version", "1"]
        result = subprocess.run(["strace", "-f", "-e", "trace=execve", "-s", "100000", "-v", "-o", str(log), *arguments],
                                env=self.home.env, capture_output=True, text=True, check=False, cwd=self.home.path)
        if result.returncode != DONE and "PTRACE" in result.stderr:
            self.skipTest("tracing is not allowed here")
        self.assertEqual(result.returncode, DONE, result.stderr)
        self.assertIn("--embedded", log.read_text(encoding="utf-8"))
        for text in (log.read_text(encoding="utf-8"), result.stdout, result.stderr):
            self.assertNotIn("PRIVATE KEY", text)

    def test_terminated(self):
        agent = support.HangingAgent()
        self.addCleanup(agent.close)
        process = self.home.start("update", "list", "--retrieval", agent.url)
        support.wait_until(agent.connected.is_set, "the command talks to the agent")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=support.TIMEOUT)
        self.assertEqual(process.returncode, CANCELLED)


support.main()
