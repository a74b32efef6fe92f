# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys: each command works, is refused, is cancelled; and no secret is ever seen."""

import os
import shutil
import stat
import subprocess
import tempfile
import unittest

import support
from support import DONE, FAILED, NOT_FOUND, USAGE

PASSWORD = "correct horse battery staple"


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True).stdout


class Keys(support.TestCase):
    def test_generate_list_export_remove(self):
        made = self.check(DONE, "key", "generate", "first", "--json").json
        self.assertEqual(made["label"], "first")
        self.assertEqual(made["algorithm"], "RSA-2048")
        self.assertRegex(made["fingerprint"], "^[0-9a-f]{64}$")

        self.assertIn(made, self.check(DONE, "key", "list", "--json").json)
        listing = self.check(DONE, "key", "list").out
        self.assertIn("NAME", listing)
        self.assertIn(made["fingerprint"], listing)

        self.assertEqual(self.check(DONE, "key", "export", "first").out, made["publicKey"])
        # By its fingerprint, and eight digits of it.
        self.assertEqual(self.check(DONE, "key", "export", made["fingerprint"]).out, made["publicKey"])
        self.assertEqual(self.check(DONE, "key", "export", made["fingerprint"][:8]).out, made["publicKey"])

        self.assertEqual(self.check(DONE, "key", "remove", "first", "--yes", "--json").json, made)
        self.assertNotIn(made, self.check(DONE, "key", "list", "--json").json)
        self.check_error(NOT_FOUND, "NOT_FOUND", "key", "export", "first")

    def test_every_type(self):
        for name, algorithm in (("rsa-3072", "RSA-3072"), ("ec-p256", "EC P-256"), ("ec-p384", "EC P-384"),
                                ("ed25519", "Ed25519")):
            with self.subTest(name):
                made = self.check(DONE, "key", "generate", f"of-{name}", "-t", name, "--json").json
                self.assertEqual(made["algorithm"], algorithm)

    def test_name_is_taken(self):
        self.check(DONE, "key", "generate", "twice", "-t", "ed25519")
        self.check_error(FAILED, "EXISTS", "key", "generate", "twice", "-t", "ed25519")

    def test_export_to_a_file(self):
        made = self.check(DONE, "key", "generate", "to-file", "-t", "ed25519", "--json").json
        path = self.home.path / "to-file.pem"
        self.check(DONE, "key", "export", "to-file", "-o", str(path))
        self.assertEqual(path.read_text(encoding="utf-8"), made["publicKey"])
        path.write_text("mine", encoding="utf-8")
        self.check_error(FAILED, "EXISTS", "key", "export", "to-file", "-o", str(path))
        self.assertEqual(path.read_text(encoding="utf-8"), "mine")
        self.check(DONE, "key", "export", "to-file", "-o", str(path), "--force")
        self.assertEqual(path.read_text(encoding="utf-8"), made["publicKey"])

    def test_removing_wants_a_word(self):
        self.check(DONE, "key", "generate", "kept", "-t", "ed25519")
        self.check_error(USAGE, "USAGE", "key", "remove", "kept")
        self.check(DONE, "key", "export", "kept")
        self.check_error(NOT_FOUND, "NOT_FOUND", "key", "remove", "never-made", "--yes")

    def test_name_that_would_move_the_cursor(self):
        self.check(FAILED, "key", "generate", "evil\033[2Jname", "-t", "ed25519")
        # And one that is looked for is told without being obeyed.
        outcome = self.check(NOT_FOUND, "key", "export", "evil\033[2Jname")
        self.assertNotIn("\033", outcome.err)
        self.assertIn("evil\\u001b[2Jname", outcome.err)

    def test_keyring_that_cannot_be_had(self):
        # No session bus and no file backend: there is no keyring service.
        env = {"SECRET_BACKEND": "service", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
        self.check_error(FAILED, "FAILED", "key", "list", env=env)

    def test_keyring_file_that_is_not_one(self):
        path = self.home.write("broken-keyring", b"GnomeKeyring" + os.urandom(200))
        outcome = self.home.run("key", "list", "--json", env={"SECRET_FILE_TEST_PATH": path})
        self.assertNotEqual(outcome.code, DONE, str(outcome))
        self.assertTrue(outcome.error["message"])


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
class Import(support.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = tempfile.mkdtemp(prefix="imp-cli-keys-")
        cls.addClassCleanup(shutil.rmtree, cls.files)
        cls.rsa = f"{cls.files}/release.pem"
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", cls.rsa)
        cls.encrypted = f"{cls.files}/locked.pem"
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-aes256",
                "-pass", f"pass:{PASSWORD}", "-out", cls.encrypted)

    def import_with_fd(self, content, *arguments):
        """With the password in a pipe, as a pipeline would."""
        read, write = os.pipe()
        os.write(write, content)
        os.close(write)
        try:
            return self.home.run("key", "import", self.encrypted, "--password-fd", str(read), *arguments,
                                 pass_fds=[read])
        finally:
            os.close(read)

    def test_plain(self):
        made = self.check(DONE, "key", "import", self.rsa, "--json").json
        self.assertEqual((made["label"], made["algorithm"]), ("release", "RSA-2048"))
        self.assertEqual(made["publicKey"], openssl("pkey", "-in", self.rsa, "-pubout"))
        # It is there now, whatever it is called.
        self.check_error(FAILED, "EXISTS", "key", "import", self.rsa, "--label", "again")

    def test_standard_input(self):
        pem = openssl("genpkey", "-algorithm", "ED25519")
        made = self.check(DONE, "key", "import", "-", "--label", "piped", "--json", input=pem).json
        self.assertEqual(made["algorithm"], "Ed25519")

    def test_password_from_a_descriptor(self):
        outcome = self.import_with_fd(f"{PASSWORD}\n".encode(), "--json", "--label", "unlocked")
        self.assertEqual(outcome.code, DONE, str(outcome))
        self.assertEqual(outcome.json["algorithm"], "EC P-256")

    def test_password_from_standard_input(self):
        path = str(self.home.path / "locked-too.pem")
        openssl("genpkey", "-algorithm", "ED25519", "-aes256", "-pass", f"pass:{PASSWORD}", "-out", path)
        self.check(DONE, "key", "import", path, "--password-fd", "0", input=PASSWORD)

    def test_wrong_password(self):
        for content in (b"wrong\n", b"", b"\n", b"x" * 2000, b"zero\0byte\n"):
            with self.subTest(content[:10]):
                outcome = self.import_with_fd(content, "--json", "--label", "never")
                self.assertEqual(outcome.code, FAILED, str(outcome))
                self.assertTrue(outcome.error["message"])
        self.check(NOT_FOUND, "key", "export", "never")

    def test_no_way_to_ask(self):
        self.check_error(USAGE, "USAGE", "key", "import", self.encrypted, "--label", "never")

    def test_descriptor_that_is_not_open(self):
        self.check_error(FAILED, "FAILED", "key", "import", self.encrypted, "--label", "never",
                         "--password-fd", "99")

    def test_files_that_are_no_keys(self):
        public = self.home.write("public.pem", openssl("pkey", "-in", self.rsa, "-pubout"))
        small = str(self.home.path / "small.pem")
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-out", small)
        for name, path in (
            ("empty", self.home.write("empty.pem", b"")),
            ("garbage", self.home.write("garbage.pem", os.urandom(1000))),
            ("cut", self.home.write("cut.pem", open(self.rsa, "rb").read()[:700])),
            ("large", self.home.write("large.pem", b"-----BEGIN PRIVATE KEY-----\n" + b"A" * 100000)),
            ("public", public),
            ("small", small),
            ("folder", str(self.home.path)),
        ):
            with self.subTest(name):
                outcome = self.check(FAILED, "key", "import", path, "--label", "never", "--json")
                self.assertTrue(outcome.error["message"])
        self.check(NOT_FOUND, "key", "export", "never")
        self.check_error(NOT_FOUND, "NOT_FOUND", "key", "import", "/nonexistent.pem")

    def test_no_secret_is_seen(self):
        self.import_with_fd(f"{PASSWORD}\n".encode(), "--label", "secret")
        secrets = [PASSWORD]
        for line in openssl("pkey", "-in", self.rsa).splitlines()[1:-1]:
            secrets.append(line)
        said = ""
        for arguments in (["key", "list"], ["key", "export", "secret"], ["key", "list", "--json"],
                          ["key", "import", self.rsa], ["key", "import", self.rsa, "--label", "x", "--json"],
                          ["key", "import", self.encrypted, "--label", "y"]):
            outcome = self.home.run(*arguments)
            said += outcome.out + outcome.err
        for secret in secrets:
            self.assertNotIn(secret, said)
        self.assertNotIn("PRIVATE KEY", said)
        keyring = self.home.path / "keyring"
        self.assertEqual(stat.S_IMODE(keyring.stat().st_mode) & 0o077, 0)
        for secret in secrets:
            self.assertNotIn(secret.encode(), keyring.read_bytes())


support.main()
