# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of PKCS#11 tokens: real tokens of SoftHSM, the real command, real agents."""

import os
import shutil
import subprocess
import unittest

import support
from support import DONE, FAILED, NOT_FOUND

PIN = "a PIN of this test"


def find_missing():
    missing = [name for name in ("softhsm2-util", "p11tool", "openssl") if shutil.which(name) is None]
    return f"not installed: {missing}" if missing else None


class SoftHsm:
    """Tokens in a folder of a home. Everything that runs in that home sees them."""

    def __init__(self, home):
        self.home = home
        tokens = home.path / "tokens"
        tokens.mkdir(mode=0o700)
        home.env["SOFTHSM2_CONF"] = home.write(
            "softhsm2.conf", f"directories.tokendir = {tokens}\nobjectstore.backend = file\n")

    def run(self, *arguments):
        return subprocess.run(arguments, env=self.home.env, check=True, capture_output=True, text=True).stdout

    def make_token(self, label):
        self.run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "4321")

    def put_key(self, token, label, key_id, *genpkey):
        path = str(self.home.path / f"{token}-{label}.pem")
        self.run("openssl", "genpkey", "-out", path, "-algorithm", *genpkey)
        self.run("softhsm2-util", "--import", path, "--token", token, "--label", label, "--id", key_id, "--pin", PIN)
        return self.run("openssl", "pkey", "-in", path, "-pubout")


@unittest.skipIf(find_missing(), find_missing())
class Tokens(support.AgentsTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hsm = SoftHsm(cls.home)
        cls.hsm.make_token("vault")
        cls.hsm.make_token("workshop")
        cls.public = cls.hsm.put_key("vault", "release", "01", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
        cls.hsm.put_key("vault", "curve", "02", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
        cls.hsm.put_key("vault", "author", "03", "ED25519")
        cls.hsm.put_key("vault", "old", "04", "EC", "-pkeyopt", "ec_paramgen_curve:P-521")

    def with_pin(self, pin, *arguments):
        read, write = os.pipe()
        os.write(write, pin.encode() + b"\n")
        os.close(write)
        try:
            return self.home.run(*arguments, "--pin-fd", str(read), pass_fds=[read])
        finally:
            os.close(read)

    def test_list(self):
        keys = {key["label"]: key for key in self.check(DONE, "key", "list", "--json").json
                if key.get("token") == "vault"}
        self.assertEqual(sorted(keys), ["author", "curve", "release"])
        self.assertEqual((keys["release"]["algorithm"], keys["release"]["location"]),
                         ("RSA-2048", "PKCS#11 token “vault”"))
        self.assertEqual(keys["release"]["publicKey"], self.public)
        self.assertTrue(keys["release"]["url"].startswith("pkcs11:"))
        self.assertIn("“old”", self.check(DONE, "key", "list").err)

    def test_same_name_in_two_places(self):
        self.check_error(FAILED, "MALFORMED", "key", "export", "author")
        self.assertEqual(self.check(DONE, "key", "export", self.author["fingerprint"]).out,
                         self.author["publicKey"])

    def test_publish(self):
        payload = self.home.make_payload(100_000)
        for key in ("release", "curve"):
            with self.subTest(key):
                outcome = self.with_pin(PIN, "author", "register", "--key", key, "--json")
                self.assertEqual(outcome.code, DONE, str(outcome))
                outcome = self.with_pin(PIN, "publish", payload, "--key", key, "--class", f"class-{key}",
                                        "--version", "1.0.0", "--json")
                self.assertEqual(outcome.code, DONE, str(outcome))
                # Anybody can check it, without the token.
                self.check(DONE, "update", "download", outcome.json["transaction"], "--output",
                           str(self.home.path / f"{key}.bin"), "--json")
                self.assertNotIn(PIN, outcome.out + outcome.err)

    def test_wrong_pin(self):
        outcome = self.with_pin("wrong", "author", "register", "--key", "release", "--json")
        self.assertEqual(outcome.code, FAILED, str(outcome))
        self.assertIn("wrong", outcome.error["message"])
        self.assertIn("“vault”", outcome.error["message"])

    def test_nobody_to_ask(self):
        outcome = self.check(FAILED, "author", "register", "--key", "release", "--json")
        self.assertIn("--pin-fd", outcome.error["message"])

    def test_no_keyring_service(self):
        """A build machine has a token and no keyring."""
        env = {"SECRET_BACKEND": "service", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
        outcome = self.check(DONE, "key", "list", "--json", env=env)
        labels = {key["label"] for key in outcome.json}
        self.assertLessEqual({"author", "curve", "release"}, labels)

    def test_generate(self):
        outcome = self.with_pin(PIN, "key", "generate", "made", "--token", "workshop", "--type", "ec-p384", "--json")
        self.assertEqual(outcome.code, DONE, str(outcome))
        self.assertEqual((outcome.json["token"], outcome.json["algorithm"]), ("workshop", "EC P-384"))
        listed = self.hsm.run("p11tool", "--list-all", "pkcs11:token=workshop;object=made")
        self.assertIn("SECP384R1", listed)
        self.check_error(FAILED, "EXISTS", "key", "generate", "made", "--token", "workshop")
        self.check_error(NOT_FOUND, "NOT_FOUND", "key", "generate", "other", "--token", "no-such-token")

    def test_remove(self):
        self.check(FAILED, "key", "remove", "release", "--yes", "--json")
        self.check(DONE, "key", "export", "release")


support.main()
