# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Usage: help, mistakes, and that the manual page and the completion know of every command and option."""

import re
import shutil
import subprocess
import unittest

import support
from support import DONE, FAILED, NOT_FOUND, SOURCE, USAGE

MANUAL = SOURCE / "data" / "man" / "imprimaturctl.1"
COMPLETION = SOURCE / "data" / "completions" / "imprimaturctl"


class Usage(support.TestCase):
    def test_version(self):
        outcome = self.check(DONE, "--version")
        self.assertRegex(outcome.out, r"^imprimaturctl \d+\.\d+\.\d+\n$")

    def test_help_is_the_same_by_every_way(self):
        by_word = self.check(DONE, "help", "key", "import").out
        self.assertEqual(by_word, self.check(DONE, "key", "import", "--help").out)
        self.assertEqual(by_word, self.check(DONE, "key", "import", "-h").out)
        self.assertEqual(by_word, self.check(DONE, "--help", "key", "import").out)
        self.assertEqual(self.check(DONE, "help").out, self.check(DONE, "--help").out)
        self.assertEqual(self.check(DONE, "help", "key").out, self.check(DONE, "key", "--help").out)

    def test_mistakes(self):
        for arguments in (
            [],
            ["nothing"],
            ["key"],
            ["key", "nothing"],
            ["key", "generate"],
            ["key", "list", "more"],
            ["key", "generate", "a", "--type", "dsa"],
            ["key", "generate", "a", "--nothing"],
            ["key", "generate", ""],
            ["key", "import", "-"],
            ["key", "import", "-", "--label", "a", "--password-fd", "0"],
            ["key", "import", "a.pem", "--password-fd", "three"],
            ["help", "nothing"],
            ["manifest", "new", "file"],
            ["publish"],
            ["update", "show", "0" * 64, "--class", "c"],
            ["update", "list", "--limit", "-1"],
            ["update", "list", "--limit", "1001"],
            ["update", "list", "--before", "yesterday"],
            ["ledger", "verify", "--payload"],
            ["ledger", "show"],
            ["device", "new"],
            ["device", "new", "--class", "c", "--count", "0"],
            ["device", "new", "--class", "c", "--slot-size", "-1"],
            ["device", "new", "--class", "c", "--key", "k", "--public-key", "f"],
            ["device", "update"],
            ["device", "update", "a", "--all"],
            ["agents", "status", "--retrieval", "ftp://127.0.0.1/"],
            ["agents", "status", "--retrieval", "nothing"],
            ["demo", "--data-dir", "there"],
        ):
            with self.subTest(arguments):
                self.check_error(USAGE, "USAGE", *arguments)

    def test_options_stand_anywhere(self):
        self.assertEqual(self.check(DONE, "--json", "key", "list").json, [])
        self.assertEqual(self.check(DONE, "key", "list", "--json").json, [])
        self.check(NOT_FOUND, "key", "export", "--", "--json")

    def test_unknown_connection(self):
        self.check_error(NOT_FOUND, "NOT_FOUND", "agents", "status", "--connection", "elsewhere")

    def test_full_standard_output(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            outcome = self.check(FAILED, "help", stdout=full)
        self.assertIn("could not be written", outcome.err)


class Documents(support.TestCase):
    """Everything that --help tells is in the manual page and in the completion."""

    def read_commands(self):
        listing = self.check(DONE, "help").out.split("Commands:\n")[1].split("\n\n")[0]
        names = [re.split(r"\s{2,}", line.strip())[0] for line in listing.splitlines()]
        return [name for name in names if not name.startswith("help")]

    def read_options(self, command):
        return re.findall(r"^\s+(?:-\w, )?(--[a-z-]+)", self.check(DONE, "help", *command.split()).out, re.M)

    def read_manual(self):
        return MANUAL.read_text(encoding="utf-8").replace("\\-", "-")

    def read_section(self, command):
        """What the manual page says of one command: from its tag to the next tag of that kind."""
        manual = self.read_manual()
        begin = re.search(rf'^\.TP\n\.BI? "?{command}\b.*$', manual, re.M)
        self.assertIsNotNone(begin, f"the manual page has no “{command}”")
        rest = manual[begin.end():]
        end = re.search(r'^\.TP\n\.BI? "?[a-z]+|^\.SH', rest, re.M)
        return rest[: end.start()] if end else rest

    def test_commands(self):
        commands = self.read_commands()
        self.assertGreater(len(commands), 20)
        completion = COMPLETION.read_text(encoding="utf-8")
        for command in commands:
            with self.subTest(command):
                self.read_section(command)
                group, _, name = command.rpartition(" ")
                pattern = rf"{group}\|'help {group}'\).*\b{name}\b" if group else rf"''\|help\).*\b{name}\b"
                self.assertRegex(completion, pattern)

    def test_options(self):
        manual = self.read_manual()
        common = set(self.read_options("key list"))
        self.assertEqual(len(common), 10)
        for command in self.read_commands():
            own = [option for option in self.read_options(command) if option not in common]
            offered = self.completions(command)
            for option in own:
                with self.subTest(f"{command} {option}"):
                    self.assertIn(option, self.read_manual_of(command))
                    self.assertIn(option, offered)
            with self.subTest(f"{command}: nothing else"):
                self.assertEqual(sorted(offered), sorted(own + sorted(common)))
        for option in common:
            self.assertIn(option, manual)

    def read_manual_of(self, command):
        # Options that several commands share are described once.
        described = {
            "manifest new": "publish ", "update show": "update list", "update download": "update list",
            "ledger log": "update list",
        }
        text = self.read_section(command)
        if command in described:
            text += self.read_section(described[command].strip())
        return text

    def completions(self, command):
        """What bash offers for an option of the command."""
        script = """source "$0"
            COMP_WORDS=(imprimaturctl "$@" --) COMP_CWORD=$(($# + 1))
            _imprimaturctl
            printf '%s\\n' "${COMPREPLY[@]}" """
        result = subprocess.run(["bash", "--norc", "-c", script, str(COMPLETION), *command.split()],
                                capture_output=True, text=True, check=True, env=self.home.env)
        return [word.rstrip("=") for word in result.stdout.split()]

    def test_exit_statuses(self):
        section = self.read_manual().split(".SH EXIT STATUS")[1].split(".SH")[0]
        self.assertEqual([int(tag) for tag in re.findall(r"^\.TP\n\.B (\d+)$", section, re.M)],
                         [support.DONE, support.FAILED, support.USAGE, support.REFUSED, support.UNREACHABLE,
                          support.NOT_FOUND, support.NOT_VERIFIED, support.CANCELLED])

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_manual_page_is_well_formed(self):
        result = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", str(MANUAL)],
                                capture_output=True, text=True, check=True)
        self.assertEqual(result.stderr, "")

    def test_completion_is_bash(self):
        subprocess.run(["bash", "-n", str(COMPLETION)], check=True)


class Completion(support.TestCase):
    """Values come from what the program itself says."""

    def complete(self, *words):
        script = """source "$0"
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
            _imprimaturctl
            printf '%s\\n' "${COMPREPLY[@]}" """
        result = subprocess.run(["bash", "--norc", "-c", script, str(COMPLETION), support.CTL, *words],
                                capture_output=True, text=True, check=True, env=self.home.env)
        return [line for line in result.stdout.split("\n") if line]

    def test_commands(self):
        self.assertEqual(self.complete("k"), ["key"])
        self.assertEqual(self.complete("--json", "--data-dir", "d", "key", "g"), ["generate"])

    def test_keys(self):
        self.check(DONE, "key", "generate", "release", "--type", "ed25519")
        self.check(DONE, "key", "generate", 'a "strange" $name', "--type", "ed25519")
        self.assertEqual(self.complete("publish", "--key", "rel"), ["release"])
        self.assertEqual(self.complete("publish", "--key=rel"), ["release"])
        self.assertEqual(self.complete("key", "remove", ""), [r"a\ \"strange\"\ \$name", "release"])

    def test_devices_and_classes(self):
        self.check(DONE, "key", "generate", "devices", "--type", "ed25519")
        self.check(DONE, "device", "new", "board-1", "--class", "router", "--key", "devices")
        self.assertEqual(self.complete("device", "show", "b"), ["board-1"])
        self.assertEqual(self.complete("device", "new", "--class", "r"), ["router"])


support.main()
