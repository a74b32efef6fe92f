# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's figures: its first frame, the ledger at size, and how long the main loop is ever away.

The console runs with a probe in its main loop (bench-console), on an X server of its own, without a window manager and with
the software renderer. A stall is the longest turn of the main loop, from one poll to the next, less what the renderer
took of it: without a graphics card that is the processor's time, and as long for any window of that size.
"""

import contextlib
import http.client
import http.server
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "ui"))
import console as ui  # noqa: E402

FIRST_FRAME_LIMIT, LEDGER_LIMIT, STALL_LIMIT, SCROLL_MEMORY_LIMIT = 1.3, 1.3, 16.0, 1.5
SCROLL_FRAMES = 600
EVENTS_A_SECOND, FLOOD_SECONDS = 1000, 10
SETTLE_MS = 1500
CID = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnvJmp"


class Window:
    """A program with a window that tells of its first frame, and answers commands."""

    def __init__(self, program, *arguments):
        environment = dict(os.environ, BENCH_STARTED=str(time.monotonic_ns() // 1000))
        self.process = subprocess.Popen([str(word) for word in (program, *arguments)], env=environment, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.first_frame = float(self.read())

    def read(self):
        line = self.process.stdout.readline().strip()
        if not line or line.startswith("error"):
            raise SystemExit(f"bench: {line or 'the window has ended'}")
        return line

    def do(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return json.loads(self.read())

    def memory(self):
        """MiB, resident now"""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise SystemExit("bench: the window has ended")

    def close(self):
        self.process.terminate()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


@contextlib.contextmanager
def desktop(build):
    with ui.Desktop() as place:
        os.environ.update(IMPRIMATURD=str(build / "src/agents/imprimaturd"),
                          GSETTINGS_SCHEMA_DIR=str(build / "data"))
        yield place


def bench_first_frame(build, folder, n, report):
    pairs = []
    for _ in range(n + 1):
        with Window(build / "tests/bench/bench-bare-window") as bare:
            floor = bare.first_frame
        with Window(build / "tests/bench/bench-console", "--data-dir", folder / "data-empty") as console:
            pairs.append((console.first_frame, floor))
    report.add_pairs("start to first frame against a bare window", pairs[1:], FIRST_FRAME_LIMIT)


def open_ledger(build, data):
    with Window(build / "tests/bench/bench-console", "--data-dir", data) as console:
        console.do("open", "overview")
        console.do("wait", SETTLE_MS)
        return console.do("open", "ledger")


def bench_ledger(build, ledgers, heights, n, report):
    """ledgers: the tall data directory, and the short one; heights: how many transactions each has."""
    tall, short = ledgers
    pairs = [(open_ledger(build, tall), open_ledger(build, short)) for _ in range(n + 1)]
    report.add_pairs(f"opening Ledger at {heights[0]:,} against {heights[1]:,}", pairs[1:], LEDGER_LIMIT)

    with Window(build / "tests/bench/bench-console", "--data-dir", tall) as console:
        console.do("open", "overview")
        console.do("open", "ledger")
        console.do("wait", SETTLE_MS)
        before = console.memory()
        console.do("begin")
        console.do("scroll", SCROLL_FRAMES)
        report.add_stall(f"stall while scrolling {heights[0]:,}", console.do("end"))
        console.do("wait", SETTLE_MS)
        report.add(f"memory after scrolling {heights[0]:,} against before", "MiB", console.memory(), before,
                   console.memory() / before, SCROLL_MEMORY_LIMIT, 1)


def bench_upload(build, folder, payload, report):
    with Window(build / "tests/bench/bench-console", "--data-dir", folder / "data-upload") as console:
        console.do("open", "activity")
        console.do("wait", SETTLE_MS)
        console.do("begin")
        console.do("publish", payload, "huge", "1.0.0")
        report.add_stall("stall while 1 GiB is hashed and uploaded", console.do("end"))


class Flood(http.server.BaseHTTPRequestHandler):
    """An agent that has a thousand things to say a second: all else it passes on to a real one."""

    protocol_version = "HTTP/1.1"
    agent = None      # the address of the real one
    sent = 0

    def do_GET(self):
        if urllib.parse.urlsplit(self.path).path == "/v1/events":
            self.send_events()
        else:
            self.pass_on()

    def do_POST(self):
        self.pass_on()

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.agent).netloc)
        connection.request(self.command, self.path, body or None, {"Content-Type": "application/json"} if body else {})
        reply = connection.getresponse()
        content = reply.read()
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.headers.get("Content-Type", "application/json"))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        connection.close()

    def send_events(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        began, n = time.monotonic(), 0
        with contextlib.suppress(OSError):
            while True:
                due = int((time.monotonic() - began) * EVENTS_A_SECOND)
                self.wfile.write("".join(self.make_event(number) for number in range(n, due)).encode())
                self.wfile.flush()
                Flood.sent += due - n
                n = due
                time.sleep(0.01)

    @staticmethod
    def make_event(number):
        """A fetch and a transaction by turns."""
        named = {"class": f"class-{number % 10}", "version": "1.0.0", "cid": CID,
                 "time": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())}
        if number % 2:
            name = "fetch"
            data = named | {"id": number + 1, "device": f"device-{number % 1000:06x}", "bytes": 36100000, "ms": 140.2,
                            "outcome": "complete"}
        else:
            name = "transaction"
            data = named | {"sequence": number, "transaction": f"{number:064x}", "contract": "update",
                            "function": "registerUpdate", "creator": "register", "author": "ab" * 32}
        return f"id: {number + 1}\nevent: {name}\ndata: {json.dumps(data)}\n\n"

    def log_message(self, *_):
        pass


def write_connection(config, urls):
    """A connection of that name, in use."""
    (config / "imprimatur").mkdir(exist_ok=True)
    lines = ["[console]", "active=Flood", "[connection Flood]"] + [f"{role}={url}" for role, url in urls.items()]
    (config / "imprimatur/connections.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")


def bench_events(build, folder, config, daemon, report):
    Flood.agent = daemon.urls["retrieval"]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Flood)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    urls = {role: daemon.urls[role] for role in ("author", "register", "verification")}
    write_connection(config, urls | {"retrieval": f"http://127.0.0.1:{server.server_port}"})

    with Window(build / "tests/bench/bench-console", "--data-dir", folder / "data-flood") as console:
        for place in ("overview", "devices", "ledger"):
            console.do("open", place)
            console.do("wait", SETTLE_MS)
            sent = Flood.sent
            console.do("begin")
            console.do("wait", FLOOD_SECONDS * 1000)
            probe = console.do("end")
            report.add_stall(f"stall while {(Flood.sent - sent) // FLOOD_SECONDS:,} events a second come, in {place}", probe)
    server.shutdown()
