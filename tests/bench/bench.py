#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures Imprimatur against floors: what the same bytes cost with the system's own tools.

Both sides of a ratio take turns in one run, on the same file system, with the same file; the order
changes every time. Medians. A payload is new and random each time, and has been written and synced before, so it is in
the page cache for both. The agents, the client and nginx run all the while (warm); sha384sum, cp, curl and sync start
anew each time, as they do in a script.
"""

import argparse
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import bench_fleet
import bench_window

SIZES = {"552 KB": 552_000, "9.5 MB": 9_500_000, "15.4 MB": 15_400_000, "36.1 MB": 36_100_000}
LIMITED = "36.1 MB"
PUBLISH_LIMIT, INSTALL_LIMIT, GROWTH_LIMIT, MEMORY_LIMIT = 1.25, 1.1, 1.2, 64.0
FEW, MANY, CLASSES = 100, 100_000, 100
HUGE = 1 << 30
TRANSACTIONS, FEW_TRANSACTIONS = 1_000_000, 1000


class Daemon:
    """imprimaturd --embedded on a data directory."""

    def __init__(self, build, data):
        self.process = subprocess.Popen(
            [build / "src/agents/imprimaturd", "--embedded", "--data-dir", data],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"bench: imprimaturd does not start on {data}")
        self.urls = json.loads(line)

    def peak_memory(self):
        return peak_memory(self.process.pid)

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Client:
    """The long-running client: one command a line, answered with its milliseconds."""

    def __init__(self, build, daemon, key=None):
        urls = [daemon.urls[role] for role in ("author", "register", "retrieval", "verification")]
        self.process = subprocess.Popen(
            [build / "tests/bench/bench-client", *urls, *([key] if key else [])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.read()

    def read(self):
        line = self.process.stdout.readline().strip()
        try:
            return float(line)
        except ValueError:
            raise SystemExit(f"bench: {line or 'the client has ended'}") from None

    def do(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return self.read()

    def peak_memory(self):
        return peak_memory(self.process.pid)

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Nginx:
    """A plain static server on loopback."""

    def __init__(self, folder):
        self.root = folder / "www"
        self.root.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        configuration = folder / "nginx.conf"
        user = "user root;" if os.geteuid() == 0 else ""
        configuration.write_text(f"""
            {user} daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
            events {{ }}
            http {{
              access_log off; sendfile on;
              client_body_temp_path {folder}/nginx-body; proxy_temp_path {folder}/nginx-proxy;
              fastcgi_temp_path {folder}/nginx-fastcgi; uwsgi_temp_path {folder}/nginx-uwsgi;
              scgi_temp_path {folder}/nginx-scgi;
              server {{ listen 127.0.0.1:{self.port}; root {self.root}; }}
            }}""", encoding="utf-8")
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        self.process = subprocess.Popen([program, "-c", str(configuration)], stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit("bench: nginx does not start")

    def url(self, name):
        return f"http://127.0.0.1:{self.port}/{name}"

    def stop(self):
        self.process.terminate()
        self.process.wait()


def peak_memory(pid):
    """MiB"""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise SystemExit(f"bench: process {pid} has ended")


def run(*command):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)


def measure(function):
    started = time.perf_counter()
    function()
    return (time.perf_counter() - started) * 1000


def in_turn(number, ours, floor):
    """Both, the one first this time and the other the next time."""
    if number % 2:
        low = floor()
        return ours(), low
    return ours(), floor()


def write_random(path, size):
    with open(path, "wb") as file:
        while size > 0:
            file.write(os.urandom(min(size, 1 << 22)))
            size -= 1 << 22
        file.flush()
        os.fsync(file.fileno())


class Report:
    def __init__(self, as_json):
        self.as_json, self.missed = as_json, []
        if not as_json:
            print(f"{'figure':44} {'ours':>12} {'floor':>12} {'ratio':>7} {'limit':>7}   n")

    def add(self, name, unit, ours, floor, ratio, limit, n):
        figure = ratio if ratio is not None else ours
        met = limit is None or figure <= limit
        if not met:
            self.missed.append(name)
        if self.as_json:
            print(json.dumps({"name": name, "unit": unit, "ours": ours, "floor": floor, "ratio": ratio, "limit": limit,
                              "n": n, "met": met}))
        else:
            def show(value, suffix=""):
                return "—" if value is None else f"{value:.2f}{suffix}"
            print(f"{name:44} {show(ours, ' ' + unit):>12} {show(floor, ' ' + unit):>12} {show(ratio):>7} "
                  f"{show(limit):>7} {n:3}{'' if met else '   MISSED'}")
        sys.stdout.flush()

    def add_stall(self, name, probe):
        self.add(name, "ms", probe["stall"], None, None, bench_window.STALL_LIMIT, probe["frames"])

    def add_pairs(self, name, pairs, limit):
        ours = statistics.median(pair[0] for pair in pairs)
        floor = statistics.median(pair[1] for pair in pairs)
        self.add(name, "ms", ours, floor, ours / floor, limit, len(pairs))


def bench_payloads(build, folder, n, report):
    """Publishing and installing, in one run: each payload that was published is then installed."""
    daemon, nginx = Daemon(build, folder / "data"), Nginx(folder)
    client = Client(build, daemon)
    copy, fetched = folder / "copy", folder / "fetched"

    for name, size in SIZES.items():
        class_id, published, installed = f"class-{size}", [], []
        client.do("device", folder / f"device-{size}", class_id)
        # The first round warms up and is not counted.
        for number in range(n + 1):
            payload = nginx.root / f"{size}-{number}"
            write_random(payload, size)

            def floor_of_publishing():
                run("sha384sum", payload)
                run("cp", payload, copy)
                run("sync", copy)

            def floor_of_installing():
                run("curl", "-s", "-o", fetched, nginx.url(payload.name))
                run("sync", fetched)
                run("sha384sum", fetched)

            pair = in_turn(number, lambda: client.do("publish", payload, class_id, f"1.0.{number}"),
                           lambda: measure(floor_of_publishing))
            published.append(pair)
            installed.append(in_turn(number, lambda: client.do("update"), lambda: measure(floor_of_installing)))
            for path in (payload, copy, fetched):
                path.unlink()
        limited = name == LIMITED
        report.add_pairs(f"publish {name}", published[1:], PUBLISH_LIMIT if limited else None)
        report.add_pairs(f"retrieve, verify, install {name}", installed[1:], INSTALL_LIMIT if limited else None)

    client.stop()
    nginx.stop()
    daemon.stop()


def bench_growth(build, folder, n, many, report):
    """The same two questions at two heights of the ledger."""
    sides = []
    for height in (many, FEW):
        data, key = folder / f"data-{height}", folder / f"key-{height}.pem"
        data.mkdir(mode=0o700)
        subprocess.run([build / "tests/bench/bench-make-ledger", data / "ledger", key, str(height), str(CLASSES)],
                       check=True)
        daemon = Daemon(build, data)
        sides.append((daemon, Client(build, daemon, key)))
    (_, ours), (_, floor) = sides
    payload, queries, registrations = folder / "small", [], []

    for number in range(max(n, 20) * 10):
        question = ("version", f"class-{number % CLASSES}")
        queries.append(in_turn(number, lambda: ours.do(*question), lambda: floor.do(*question)))
    for number in range(max(n, 20) * 2):
        payload.write_bytes(os.urandom(1000))
        answer = ("publish", payload, f"class-{number % CLASSES}", f"2.0.{number}")
        registrations.append(in_turn(number, lambda: ours.do(*answer), lambda: floor.do(*answer)))
    report.add_pairs(f"version query at {many:,} updates against {FEW}", queries, GROWTH_LIMIT)
    report.add_pairs(f"registration at {many:,} updates against {FEW}", registrations, GROWTH_LIMIT)

    for daemon, client in sides:
        client.stop()
        daemon.stop()


def bench_memory(build, folder, report):
    daemon = Daemon(build, folder / "data-huge")
    client = Client(build, daemon)
    payload = folder / "huge"
    write_random(payload, HUGE)
    client.do("publish", payload, "huge", "1.0.0")
    report.add("peak memory of imprimaturd, 1 GiB published", "MiB", daemon.peak_memory(), None, None, MEMORY_LIMIT, 1)
    report.add("peak memory of the client, 1 GiB published", "MiB", client.peak_memory(), None, None, MEMORY_LIMIT, 1)
    payload.unlink()
    client.stop()
    daemon.stop()


def make_ledger(build, transactions):
    """A data directory whose ledger has so many transactions: made once, and kept in the build directory."""
    data = build / f"bench-ledger-{transactions}"
    if not (data / "made").exists():
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(mode=0o700)
        subprocess.run([build / "tests/ledger/make-ledger", "--count", str(transactions), "--classes", str(CLASSES),
                        "--concurrency", "256", data / "ledger"], check=True, stdout=subprocess.DEVNULL)
        (data / "made").touch()
    return data


def bench_the_window(build, folder, n, transactions, report):
    payload = folder / "huge"
    heights = transactions, FEW_TRANSACTIONS
    ledgers = [make_ledger(build, height) for height in heights]
    write_random(payload, HUGE)

    with bench_window.desktop(build) as desktop:
        bench_window.bench_first_frame(build, folder, n, report)
        bench_window.bench_ledger(build, ledgers, heights, n, report)
        bench_window.bench_upload(build, folder, payload, report)
        daemon = Daemon(build, folder / "data-flood-agents")
        bench_window.bench_events(build, folder, pathlib.Path(desktop.path("config")), daemon, report)
        daemon.stop()
    payload.unlink()


def main():
    parser = argparse.ArgumentParser(description="Figures against their floors, a line each.")
    parser.add_argument("build", type=pathlib.Path, help="the build directory")
    parser.add_argument("--json", action="store_true", help="a line of JSON a figure")
    parser.add_argument("--check", action="store_true", help="fail where a limit is missed")
    parser.add_argument("--only", choices=["payloads", "growth", "memory", "window", "fleet"], help="only these figures")
    parser.add_argument("-n", type=int, default=20, help="how often each side is measured (default: 20)")
    parser.add_argument("--updates", type=int, default=MANY, help=f"height of the tall ledger (default: {MANY})")
    parser.add_argument("--transactions", type=int, default=TRANSACTIONS,
                        help=f"height of the ledger that the window shows (default: {TRANSACTIONS}; made once, and kept)")
    parser.add_argument("--folder", type=pathlib.Path, default=None,
                        help="where to work (default: in the build directory, so that no RAM disk answers fsync)")
    options = parser.parse_args()
    build = options.build.resolve()
    report = Report(options.json)

    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder or build) as folder:
        folder = pathlib.Path(folder)
        if options.only in (None, "payloads"):
            bench_payloads(build, folder, options.n, report)
        if options.only in (None, "growth"):
            bench_growth(build, folder, options.n, options.updates, report)
        if options.only in (None, "memory"):
            bench_memory(build, folder, report)
        if options.only in (None, "fleet"):
            def start_agents(key):
                daemon = Daemon(build, folder / "data-fleet-agents")
                return daemon, Client(build, daemon, key)
            bench_fleet.bench_fleet(build, folder, start_agents, report)
        if options.only in (None, "window"):
            bench_the_window(build, folder, min(options.n, 10), options.transactions, report)

    if not options.json:
        print("Payloads are new, random and in the page cache; agents, client and nginx run (warm), "
              "sha384sum, cp, curl and sync start each time.")
        for name in report.missed:
            print(f"missed: {name}")
    return 1 if options.check and report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
