# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manifests: new, check, sign; none of them needs an agent."""

import hashlib
import json
import os
import time

import support
from support import DONE, FAILED, NOT_FOUND, NOT_VERIFIED, USAGE

SIZES = [1, 256 * 1024 + 1]


class Manifest(support.TestCase):
    def new(self, payload, *arguments):
        return self.check(DONE, "manifest", "new", payload, "--class", "board", "--version", "1.0.0", "--json",
                          *arguments).json

    def sign(self):
        """A payload, its signed update in a file, and the key “release”."""
        self.check(DONE, "key", "generate", "release", "-t", "ec-p256")
        payload = self.home.make_payload(1000)
        manifest = self.home.write("manifest.json", json.dumps(self.new(payload)))
        update = str(self.home.path / "update.json")
        self.check(DONE, "manifest", "sign", manifest, "--key", "release", "-o", update)
        return payload, update

    def test_new_for_every_size(self):
        for size in SIZES:
            with self.subTest(size):
                path = self.home.make_payload(size)
                content = open(path, "rb").read()
                manifest = self.new(path)
                self.assertEqual(manifest["size"], size)
                self.assertEqual(manifest["payloadDigest"], hashlib.sha384(content).hexdigest())
                self.assertEqual(manifest["classID"], "board")
                self.assertEqual(manifest["storageLocation"], os.path.basename(path))
                self.assertEqual(manifest["dependencies"], [])
                self.assertLess(abs(manifest["monotonicSequenceNumber"] - time.time() * 1000), 60_000)

    def test_new_of_real_firmware(self):
        found = [path for path in support.FIRMWARE if os.path.exists(path)]
        if not found:
            self.skipTest("no Debian firmware is installed")
        for path in found:
            with self.subTest(path):
                manifest = self.new(path)
                self.assertEqual(manifest["payloadDigest"],
                                 hashlib.sha384(open(path, "rb").read()).hexdigest())

    def test_new_with_every_field(self):
        manifest = self.new(
            self.home.make_payload(10), "--vendor", "v", "--sequence", "7", "--depends", "0.9", "--depends", "other:2",
            "--storage", "a/b", "--format", "elf", "--processing", "xz", "--indicator", "https://example.org/f",
            "--instructions", "reboot", "--encryption", "none", "--expires", "2099-01-01T00:00:00.000Z",
            "--component", "radio", "--requires", "0.8", "--precursor", "ab" * 48)
        expected = {
            "vendorID": "v", "monotonicSequenceNumber": 7, "dependencies": ["0.9", "other:2"], "storageLocation": "a/b",
            "payloadFormat": "elf", "payloadProcessing": "xz", "payloadIndicator": "https://example.org/f",
            "aditionalInstructions": "reboot", "encryptionWrapper": "none", "expirationTime": "2099-01-01T00:00:00.000Z",
            "componentIdentifier": "radio", "requiredImageVersionList": ["0.8"], "precursorImageDigest": "ab" * 48,
        }
        self.assertEqual({key: manifest[key] for key in expected}, expected)

    def test_new_from_an_older_one(self):
        older = self.home.write("older.json", json.dumps(
            self.new(self.home.make_payload(10), "--vendor", "v", "--sequence", "7")))
        newer = self.check(DONE, "manifest", "new", self.home.make_payload(11), "-m", older, "--version", "1.1.0",
                           "--json").json
        self.assertEqual((newer["versionID"], newer["vendorID"], newer["classID"]), ("1.1.0", "v", "board"))
        self.assertEqual(newer["size"], 11)
        self.assertGreater(newer["monotonicSequenceNumber"], 7)

    def test_new_refused(self):
        payload = self.home.make_payload(10)
        for name, arguments, word in (
            ("version", ["--version", "a" * 300], "version"),
            ("class", ["--class", "with\nnewline"], "class"),
            ("precursor", ["--precursor", "xyz"], "precursor"),
            ("expires", ["--expires", "tomorrow"], "expiration"),
            ("sequence", ["--sequence", "soon"], "sequence"),
        ):
            with self.subTest(name):
                outcome = self.check(FAILED, "manifest", "new", payload, "--class", "c", "--version", "1", "--json",
                                     *arguments)
                self.assertEqual(outcome.error["code"], "ERR_INCORRECT_MANIFEST_FORMAT")
                self.assertIn(word, outcome.error["message"].lower())
        self.check_error(USAGE, "USAGE", "manifest", "new", payload, "--class", "c", "--version", "1",
                         "--sequence", "9" * 30)
        self.check_error(NOT_FOUND, "NOT_FOUND", "manifest", "new", "/nonexistent", "--class", "c", "--version", "1")
        self.check(FAILED, "manifest", "new", str(self.home.path), "--class", "c", "--version", "1")

    def test_new_into_a_file(self):
        payload, path = self.home.make_payload(10), str(self.home.path / "m.json")
        arguments = ["manifest", "new", payload, "--class", "c", "--version", "1", "-o", path]
        self.assertEqual(self.check(DONE, *arguments).out, "")
        written = json.load(open(path, encoding="utf-8"))
        self.assertEqual(written["classID"], "c")
        self.check_error(FAILED, "EXISTS", *arguments)
        self.assertEqual(self.check(DONE, *arguments, "--force", "--json").json,
                         json.load(open(path, encoding="utf-8")))

    def test_check(self):
        payload, update = self.sign()
        outcome = self.check(DONE, "manifest", "check", update, "--key", "release", "--payload", payload)
        self.assertEqual([line.split()[0] for line in outcome.out.splitlines()], ["passed"] * 6)
        public = str(self.home.path / "public.pem")
        self.check(DONE, "key", "export", "release", "-o", public)
        verdicts = self.check(DONE, "manifest", "check", update, "--public-key", public, "--json").json
        self.assertTrue(verdicts["verified"])
        self.assertEqual([verdict["id"] for verdict in verdicts["verdicts"]],
                         ["format", "manifest-digest", "manifest-signature", "payload-signature"])

    def test_check_finds_what_is_wrong(self):
        payload, path = self.sign()
        self.check(DONE, "key", "generate", "other", "-t", "ec-p256")
        update = json.load(open(path, encoding="utf-8"))
        changed = json.loads(json.dumps(update))
        changed["manifest"]["versionID"] = "6.6.6"
        swapped = update | {"authorSign": update["authorManifestSign"]}
        for name, document, arguments, failed in (
            ("changed field", changed, ["--key", "release"], ["manifest-digest", "manifest-signature"]),
            ("other signature", swapped, ["--key", "release"], ["payload-signature"]),
            ("other key", update, ["--key", "other"], ["manifest-signature", "payload-signature"]),
            ("longer payload", update, ["--payload", self.home.make_payload(1001)], ["size", "payload"]),
            ("other payload", update, ["--payload", self.home.make_payload(1000, 5)], ["payload"]),
        ):
            with self.subTest(name):
                file = self.home.write("wrong.json", json.dumps(document))
                outcome = self.check(NOT_VERIFIED, "manifest", "check", file, *arguments, "--json")
                self.assertFalse(outcome.json["verified"])
                self.assertEqual([verdict["id"] for verdict in outcome.json["verdicts"] if not verdict["passed"]], failed)
                self.assertEqual(outcome.error["code"], "NOT_VERIFIED")
                self.assertIn("FAILED", self.check(NOT_VERIFIED, "manifest", "check", file, *arguments).out)

    def test_check_of_no_manifest(self):
        manifest = self.new(self.home.make_payload(10))
        del manifest["classID"]
        for name, content in (
            ("empty", b""),
            ("garbage", os.urandom(100)),
            ("array", b"[]"),
            ("deep", b"[" * 100_000),
            ("twice", b'{"versionID":"1","versionID":"2"}'),
            ("field missing", json.dumps(manifest).encode()),
            ("unknown field", json.dumps(manifest | {"classID": "c", "more": 1}).encode()),
            ("large", b" " * 10_000_000),
        ):
            with self.subTest(name):
                path = self.home.write("wrong.json", content)
                outcome = self.check(NOT_VERIFIED, "manifest", "check", path, "--json")
                self.assertIn("wrong.json", outcome.error["message"])
        self.check_error(NOT_FOUND, "NOT_FOUND", "manifest", "check", "/nonexistent")

    def test_check_of_an_unsigned_one_with_a_key(self):
        self.check(DONE, "key", "generate", "release", "-t", "ed25519")
        path = self.home.write("m.json", json.dumps(self.new(self.home.make_payload(10))))
        self.check_error(USAGE, "USAGE", "manifest", "check", path, "--key", "release")

    def test_sign(self):
        self.check(DONE, "key", "generate", "release", "-t", "rsa-2048")
        manifest = self.new(self.home.make_payload(10))
        path = self.home.write("m.json", json.dumps(manifest))
        update = self.check(DONE, "manifest", "sign", path, "--json").json
        self.assertEqual(update["manifest"], manifest)
        self.assertEqual(json.loads(self.check(DONE, "manifest", "sign", path).out)["manifest"], manifest)
        # Standard input is a file too.
        self.check(DONE, "manifest", "sign", "-", input=json.dumps(manifest))

    def test_sign_refused(self):
        path = self.home.write("m.json", json.dumps(self.new(self.home.make_payload(10))))
        self.check_error(NOT_FOUND, "NOT_FOUND", "manifest", "sign", path)
        self.check(DONE, "key", "generate", "one", "-t", "ed25519")
        self.check(DONE, "key", "generate", "two", "-t", "ed25519")
        self.check_error(USAGE, "USAGE", "manifest", "sign", path)
        self.check_error(NOT_FOUND, "NOT_FOUND", "manifest", "sign", path, "--key", "three")
        manifest = json.load(open(path, encoding="utf-8")) | {"versionID": "2"}
        changed = self.home.write("changed.json", json.dumps(manifest))
        self.check_error(NOT_VERIFIED, "ERR_MANIFEST_NOT_VERIFIABLE", "manifest", "sign", changed, "--key", "one")


support.main()
