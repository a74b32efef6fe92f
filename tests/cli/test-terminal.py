# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""On a terminal: progress, passwords that are not shown, questions, Ctrl+C."""

import fcntl
import os
import pty
import select
import shutil
import struct
import subprocess
import termios
import time
import unittest

import support
from support import CANCELLED, DONE, FAILED

PASSWORD = "correct horse battery staple"


class Terminal:
    """imprimaturctl with a terminal of its own."""

    def __init__(self, home, *arguments, env=None, columns=100):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(home.path)
            os.execve(support.CTL, [support.CTL, *arguments], home.env | {"TERM": "xterm"} | (env or {}))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 25, columns, 0, 0))
        self.seen = ""

    def read(self, timeout=0.1):
        if not select.select([self.fd], [], [], timeout)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.seen += data.decode("utf-8", "replace")
        return bool(data)

    def expect(self, text):
        deadline = time.monotonic() + support.TIMEOUT
        while text not in self.seen:
            if not self.read() or time.monotonic() > deadline:
                raise AssertionError(f"“{text}” did not come: {self.seen!r}")

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        deadline = time.monotonic() + support.TIMEOUT
        while self.read():
            if time.monotonic() > deadline:
                raise AssertionError(f"it does not end: {self.seen!r}")
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class OnATerminal(support.TestCase):
    def run_on_terminal(self, *arguments, **options):
        terminal = Terminal(self.home, *arguments, **options)
        return terminal.end(), terminal.seen

    def manifest(self, payload, *arguments):
        return ["manifest", "new", payload, "--class", "c", "--version", "1", "-o", "m.json", "--force", *arguments]

    def test_progress(self):
        payload = self.home.make_payload(36_100_000)
        code, seen = self.run_on_terminal(*self.manifest(payload))
        self.assertEqual(code, DONE, seen)
        self.assertRegex(seen, r"\rReading \[[#-]+\] +\d+% +[\d.]+\s.* of 36\.1\sMB, .*/s, \d+:\d\d left")
        # The bar leaves no trace.
        self.assertIn("\r\033[K", seen)
        self.assertTrue(seen.rstrip().endswith("“m.json”"))

    def test_progress_of_publishing(self):
        self.check(DONE, "key", "generate", "author")
        payload = self.home.make_payload(36_100_000)
        code, seen = self.run_on_terminal("publish", payload, "--class", "c", "--format", "bin")
        self.assertEqual(code, DONE, seen)
        self.assertRegex(seen, r"\rUpload \[[#-]+\] +\d+% +[\d.]+\s.* of 36\.1\sMB, .*/s, \d+:\d\d left")
        self.assertNotIn("\r", seen[seen.rindex("\r\033[K") + 4:].replace("\r\n", ""))

    def test_narrow_terminal(self):
        code, seen = self.run_on_terminal(*self.manifest(self.home.make_payload(36_100_000)), columns=20)
        self.assertEqual(code, DONE, seen)
        self.assertNotIn("[", seen.replace("\033[K", ""))

    def test_no_progress(self):
        payload = self.home.make_payload(36_100_000)
        for arguments, env in (
            (self.manifest(payload, "--quiet"), None),
            (self.manifest(payload, "--json"), None),
            (self.manifest(payload), {"TERM": "dumb"}),
        ):
            with self.subTest(arguments[-1]):
                code, seen = self.run_on_terminal(*arguments, env=env)
                self.assertEqual(code, DONE, seen)
                self.assertNotIn("\033", seen)

    def test_removal_is_asked(self):
        self.check(DONE, "key", "generate", "precious", "-t", "ed25519")
        for answer, status in (("yes\n", CANCELLED), ("\x04", CANCELLED), ("\x03", CANCELLED), ("precious\n", DONE)):
            with self.subTest(answer):
                self.check(DONE, "key", "export", "precious")
                terminal = Terminal(self.home, "key", "remove", "precious")
                terminal.expect("Type its name to remove it: ")
                terminal.type(answer)
                self.assertEqual(terminal.end(), status, terminal.seen)
        self.assertEqual(self.check(DONE, "key", "list", "--json").json, [])


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
class PasswordOnATerminal(support.TestCase):
    def setUp(self):
        super().setUp()
        self.path = str(self.home.path / "locked.pem")
        subprocess.run(["openssl", "genpkey", "-algorithm", "ED25519", "-aes256", "-pass", f"pass:{PASSWORD}",
                        "-out", self.path], check=True)

    def ask(self):
        terminal = Terminal(self.home, "key", "import", self.path)
        terminal.expect("Password of “")
        terminal.expect(": ")
        return terminal

    def test_right(self):
        terminal = self.ask()
        terminal.type(PASSWORD + "\n")
        self.assertEqual(terminal.end(), DONE, terminal.seen)
        self.assertIn("Imported “locked”", terminal.seen)
        self.assertNotIn(PASSWORD, terminal.seen)

    def test_wrong(self):
        terminal = self.ask()
        terminal.type("not it\n")
        self.assertEqual(terminal.end(), FAILED, terminal.seen)
        self.assertNotIn("not it", terminal.seen)
        self.assertEqual(self.check(DONE, "key", "list", "--json").json, [])

    def test_cancelled(self):
        terminal = self.ask()
        terminal.type("half a passw")
        terminal.type("\x03")
        self.assertEqual(terminal.end(), CANCELLED, terminal.seen)
        self.assertNotIn("half", terminal.seen)
        self.assertEqual(self.check(DONE, "key", "list", "--json").json, [])

    def test_echo_is_back_afterwards(self):
        controller, terminal = pty.openpty()
        before = termios.tcgetattr(terminal)
        process = subprocess.Popen(
            ["setsid", "--ctty", support.CTL, "key", "import", self.path], env=self.home.env, stdin=terminal,
            stdout=terminal, stderr=terminal, cwd=self.home.path)
        support.wait_until(lambda: not termios.tcgetattr(terminal)[3] & termios.ECHO, "nothing is echoed")
        os.write(controller, b"\x03")
        process.wait(timeout=support.TIMEOUT)
        self.assertEqual(termios.tcgetattr(terminal), before)
        os.close(controller)
        os.close(terminal)


support.main()
