# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the command line share: a home of their own, agents, and TAP."""

import contextlib
import http.server
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

CTL = os.environ["IMPRIMATURCTL"]
DAEMON = os.environ["IMPRIMATURD"]
SOURCE = pathlib.Path(__file__).resolve().parents[2]
TIMEOUT = 60

# What Debian ships; ./dev test installs it.
FIRMWARE = [
    "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin",
    "/usr/lib/u-boot/qemu-riscv64/u-boot.bin",
    "/usr/share/seabios/bios-256k.bin",
    "/usr/share/OVMF/OVMF_CODE.fd",
    "/lib/firmware/ath9k_htc/htc_9271-1.4.0.fw",
]

# Exit statuses, as imprimaturctl(1) has them.
DONE, FAILED, USAGE, REFUSED, UNREACHABLE, NOT_FOUND, NOT_VERIFIED, CANCELLED = 0, 1, 2, 3, 4, 5, 6, 130


class Outcome:
    """What one run of imprimaturctl came to."""

    def __init__(self, arguments, code, out, err):
        self.arguments, self.code, self.out, self.err = arguments, code, out, err

    def __str__(self):
        return f"imprimaturctl {' '.join(self.arguments)}\nstatus {self.code}\nout: {self.out}\nerr: {self.err}"

    @property
    def json(self):
        lines = self.out.splitlines()
        assert len(lines) == 1, f"not one line of JSON: {self}"
        return json.loads(lines[0])

    @property
    def error(self):
        error = json.loads(self.err)
        assert list(error) == ["error"] and sorted(error["error"]) == ["code", "message"], f"{self}"
        assert error["error"]["message"], f"no message: {self}"
        return error["error"]


class Home:
    """A user's home for one test: data, configuration and a keyring file."""

    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="imp-cli-"))
        self.data = self.path / "share" / "imprimatur"
        self.env = {
            name: value for name, value in os.environ.items()
            if name not in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "LANGUAGE")
        }
        self.env |= {
            "HOME": str(self.path),
            "XDG_DATA_HOME": str(self.path / "share"),
            "XDG_CONFIG_HOME": str(self.path / "config"),
            "XDG_RUNTIME_DIR": str(self.path),
            "TMPDIR": str(self.path),
            "LC_ALL": "C.UTF-8",
            "SECRET_BACKEND": "file",
            "SECRET_FILE_TEST_PATH": str(self.path / "keyring"),
            "SECRET_FILE_TEST_PASSWORD": "keyring-password",
            # libsecret's file leaks a string of GIO's each time it is read, with no frame of its own to
            # name it by. The demonstration, which needs no keyring, is looked at for leaks.
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0",
        }
        (self.path / "share").mkdir()

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)

    def start(self, *arguments, **options):
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        env = self.env | options.pop("env", {})
        # A session of its own: no terminal to ask on, unless a test gives it one.
        options.setdefault("start_new_session", True)
        return subprocess.Popen([CTL, *arguments], env=env, cwd=self.path, text=True, **options)

    def run(self, *arguments, **options):
        text = options.pop("input", None)
        if text is not None:
            options["stdin"] = subprocess.PIPE
        process = self.start(*arguments, **options)
        try:
            out, err = process.communicate(text, timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        return Outcome(arguments, process.returncode, out, err)

    def write(self, name, content):
        path = self.path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def make_payload(self, size, seed=None):
        seed = size if seed is None else seed
        return self.write(f"payload-{size}-{seed}.bin", random.Random(seed).randbytes(size))


class Agents:
    """imprimaturd --embedded on a home's data, for as long as a test class needs it."""

    def __init__(self, home):
        self.process = subprocess.Popen(
            [DAEMON, "--embedded", "--data-dir", str(home.data)], env=home.env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        self.urls = json.loads(self.process.stdout.readline())

    def stop(self):
        self.process.stdin.close()
        self.process.stdout.close()
        if self.process.wait(timeout=TIMEOUT) != 0:
            raise AssertionError(f"imprimaturd ended with {self.process.returncode}")


class HangingAgent:
    """An agent that takes every connection and never says a word."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.connected = threading.Event()
        self.connections = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                self.connections.append(self.socket.accept()[0])
                self.connected.set()

    def close(self):
        self.socket.close()
        for connection in self.connections:
            connection.close()


class GarbageAgent:
    """An agent that answers everything with one and the same."""

    def __init__(self, status, content_type, body):
        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = answer

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def closed_port():
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def is_alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(condition, what):
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited too long until {what}")
        time.sleep(0.02)


class TestCase(unittest.TestCase):
    """A test with a home of its own."""

    longMessage = True

    def setUp(self):
        self.home = Home()
        self.addCleanup(self.home.remove)

    def check(self, status, *arguments, **options):
        outcome = self.home.run(*arguments, **options)
        self.assertEqual(outcome.code, status, str(outcome))
        self.assertNotIn("CRITICAL", outcome.err)
        self.assertNotIn("WARNING", outcome.err)
        return outcome

    def check_error(self, status, code, *arguments, **options):
        """The same mistake told to a person and to a program."""
        plain = self.check(status, *arguments, **options)
        self.assertTrue(plain.err.startswith("imprimaturctl: "), str(plain))
        outcome = self.check(status, "--json", *arguments, **options)
        self.assertEqual(outcome.error["code"], code, str(outcome))
        return outcome

    def interrupt(self, process):
        """Ctrl+C, and how the command ends of it."""
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT)
        return Outcome(process.args[1:], process.returncode, out, err)


class AgentsTestCase(TestCase):
    """Tests that share a home and its agents, which run meanwhile, and a key “author”."""

    @classmethod
    def setUpClass(cls):
        cls.home = Home()
        cls.addClassCleanup(cls.home.remove)
        cls.agents = Agents(cls.home)
        cls.addClassCleanup(cls.agents.stop)
        outcome = cls.home.run("key", "generate", "author", "--json")
        assert outcome.code == DONE, str(outcome)
        cls.author = outcome.json

    def setUp(self):
        pass


class TapResult(unittest.TestResult):
    def __init__(self, stream):
        super().__init__()
        self.out, self.count = stream, 0

    def line(self, ok, test, directive="", detail=""):
        self.count += 1
        self.out.write(f"{'ok' if ok else 'not ok'} {self.count} {test.id().split('.', 1)[-1]}{directive}\n")
        for text in detail.splitlines():
            self.out.write(f"# {text}\n")
        self.out.flush()

    def addSuccess(self, test):
        self.line(True, test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.line(False, test, detail=self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self.line(False, test, detail=self.errors[-1][1])

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line(True, test, f" # SKIP {reason}")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.line(False, subtest, detail=self._exc_info_to_string(err, test))


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    if len(sys.argv) > 1:
        suite = unittest.defaultTestLoader.loadTestsFromNames(sys.argv[1:], sys.modules["__main__"])
    result = TapResult(sys.stdout)
    suite.run(result)
    print(f"1..{result.count}")
    sys.exit(0 if result.wasSuccessful() else 1)
