# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two versions side by side, from the real agents."""

import os
import pathlib
import unittest

import support
from support import DONE, NOT_FOUND, UNREACHABLE, USAGE

ELF = ["/usr/lib/u-boot/qemu-riscv64/uboot.elf", "/usr/lib/u-boot/qemu-riscv64_smode/uboot.elf"]


class Compare(support.AgentsTestCase):

    def publish(self, payload, class_id, version, *arguments):
        return self.check(DONE, "publish", payload, "--key", "author", "--class", class_id, "--version", version,
                          "--json", *arguments).json["transaction"]

    def compare(self, *arguments):
        return self.check(DONE, "compare", *arguments, "--json").json

    @staticmethod
    def changes(items):
        return {item["name"]: item["change"] for item in items}

    def test_strings(self):
        old = self.home.write("old.bin", b"\0same in both\0only in the old one\0" + bytes(100))
        new = self.home.write("new.bin", b"\0same in both\0only in the new one\n" + bytes(200))
        a = self.publish(old, "Strings", "1.0.0", "--vendor", "Example")
        b = self.publish(new, "Strings", "1.1.0", "--instructions", "slowly")

        result = self.compare(a, b)
        self.assertEqual([(s["change"], s["name"]) for s in result["strings"]],
                         [("gone", "only in the old one"), ("added", "only in the new one")])
        self.assertEqual((result["stringsGone"], result["stringsAdded"], result["stringsShare"]), (1, 1, 1))
        self.assertEqual(result["sections"], [])
        self.assertEqual((result["a"]["version"], result["b"]["version"]), ("1.0.0", "1.1.0"))
        fields = self.changes(result["fields"])
        self.assertEqual(fields["classID"], "same")
        self.assertEqual(fields["versionID"], "changed")
        self.assertEqual(fields["size"], "changed")
        self.assertEqual(fields["vendorID"], "gone")
        self.assertEqual(fields["aditionalInstructions"], "added")

        self.assertEqual(self.compare("--class", "Strings", "1.0.0", "1.1.0"), result)
        text = self.check(DONE, "compare", a, b).out
        for line in ("= classID  Strings", "≠ versionID  1.0.0 → 1.1.0", "− only in the old one",
                     "+ only in the new one"):
            self.assertIn(line, text.splitlines())

    def test_same_payload(self):
        payload = self.home.make_payload(5000)
        result = self.compare(self.publish(payload, "Same", "1.0.0"), self.publish(payload, "Same", "2.0.0"))
        self.assertEqual(result["strings"], [])
        self.assertIn("same payload", result["notes"][0])

    @unittest.skipUnless(all(map(os.path.exists, ELF)), "u-boot-qemu is not installed")
    def test_sections(self):
        a, b = (self.publish(path, "Boot", version) for path, version in zip(ELF, ("1.0.0", "1.1.0")))
        result = self.compare(a, b)
        sections = self.changes(result["sections"])
        self.assertIn(".text", sections)
        self.assertTrue({"grown", "shrunk"} & set(sections.values()))
        for section in result["sections"]:
            if section["change"] == "grown":
                self.assertLess(int(section["a"]), int(section["b"]))
        self.assertIn("RISC-V", result["a"]["format"])
        self.assertGreater(result["stringsAdded"], 0)

    def test_damaged_elf(self):
        old = self.home.write("damaged.elf", b"\x7fELF\x02\x01\x01" + b"\xff" * 100)
        new = self.home.write("other.bin", b"something else")
        result = self.compare(self.publish(old, "Damaged", "1.0.0"), self.publish(new, "Damaged", "1.1.0"))
        self.assertIn("1.0.0: ", result["notes"][0])
        self.assertEqual([s["name"] for s in result["strings"]], ["something else"])

    def test_large(self):
        """Random bytes have strings too, and a payload in the cache is not believed."""
        a = self.publish(self.home.make_payload(36_100_000, seed=1), "Large", "1.0.0")
        b = self.publish(self.home.make_payload(36_100_000, seed=2), "Large", "1.1.0")
        result = self.compare(a, b)
        self.assertGreater(result["stringsAdded"], 10_000)
        self.assertEqual(len(result["strings"]), 20_000)
        self.assertIn("10000", " ".join(result["notes"]))
        cached = self.home.path / ".cache" / "imprimatur" / "payloads" / result["a"]["cid"]
        self.assertEqual(cached.stat().st_size, 36_100_000)
        cached.write_bytes(bytes(36_100_000))
        self.assertEqual(self.compare(a, b), result)

    def test_terminal(self):
        """What a payload says is not obeyed by a terminal."""
        old = self.home.write("esc-old.bin", b"nothing at all")
        new = self.home.write("esc-new.bin", b"\x1b]0;title\x07 and more text")
        a, b = self.publish(old, "Escape", "1.0.0"), self.publish(new, "Escape", "1.1.0")
        self.assertNotIn("\x1b", self.check(DONE, "compare", a, b).out)

    def test_mistakes(self):
        self.check_error(USAGE, "USAGE", "compare", "0" * 64)
        self.check(NOT_FOUND, "compare", "0" * 64, "1" * 64)
        self.check(NOT_FOUND, "compare", "--class", "Nothing", "1.0.0", "1.1.0")
        self.check(UNREACHABLE, "compare", "0" * 64, "1" * 64, "--retrieval", support.closed_port())


support.main()
