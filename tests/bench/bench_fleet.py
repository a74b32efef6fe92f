# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet that polls, and what it costs: a thousand emulated devices, each looking for an update every five seconds.

First the command line lets them poll, which tells how long answers take; then the console does, with the probe in its
main loop (see bench_window.py). Each time a new version is published, and all of them update themselves. How many have
it is read from the agent's own count of fetches. It ends by itself: no wait is longer than WAIT_SECONDS.
"""

import json
import os
import pathlib
import re
import subprocess
import time
import urllib.request

import bench_window

DEVICES, INTERVAL, JITTER, PAYLOAD = 1000, 5, 10, 64 * 1024
CLASS = "fleet"
STEADY_SECONDS, WAIT_SECONDS = 20, 180


class Agents:
    """What the agents' process says of itself, and the system of it."""

    def __init__(self, daemon):
        self.daemon, self.url = daemon, daemon.urls["retrieval"]

    def count(self, metric, label=""):
        with urllib.request.urlopen(self.url + "/metrics", timeout=60) as reply:
            text = reply.read().decode()
        pattern = rf"^{metric}\{{[^}}]*{re.escape(label)}[^}}]*\}} (\d+)"
        return sum(int(n) for n in re.findall(pattern, text, re.MULTILINE))

    def fetches(self):
        return self.count("imprimatur_fetches_total", 'outcome="complete"')

    def requests(self):
        return self.count("imprimatur_requests_total")

    def wait_for_fetches(self, wanted):
        """Seconds until the agent has sent so many payloads."""
        began = time.monotonic()
        while self.fetches() < wanted:
            if time.monotonic() - began > WAIT_SECONDS:
                raise SystemExit(f"bench: {self.fetches()} of {wanted} payloads were fetched in {WAIT_SECONDS} s")
            time.sleep(0.1)
        return time.monotonic() - began


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def control(build, agents, data, *words):
    """imprimaturctl, with the agents of the trial; what it prints as JSON."""
    urls = [f"--{role}={agents.daemon.urls[role]}" for role in ("author", "register", "retrieval", "verification")]
    done = subprocess.run([build / "src/cli/imprimaturctl", "--json", "--data-dir", data, *urls, *map(str, words)],
                          check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def make_key(folder):
    """A private key, and the public half of it."""
    private, public = folder / "fleet.pem", folder / "fleet.pub"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", private], check=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True)
    return private, public


def publish(client, folder, version):
    payload = folder / "fleet.bin"
    payload.write_bytes(os.urandom(PAYLOAD))
    client.do("publish", payload, CLASS, version)


def bench_command_line(build, folder, agents, client, report):
    data = folder / "data-fleet-ctl"
    _, public = folder / "fleet.pem", folder / "fleet.pub"
    began = time.monotonic()
    control(build, agents, data, "device", "new", "unit", "--class", CLASS, "--public-key", public, "--count", DEVICES,
            "--interval", INTERVAL, "--jitter", JITTER)
    report.add(f"making {DEVICES:,} devices", "s", time.monotonic() - began, None, None, None, 1)

    told = control(build, agents, data, "device", "poll", "--all", "--for", WAIT_SECONDS, "--until", "1.0.0")
    report.add("until all have updated themselves", "s", told["allUpdatedSeconds"], None, None, None, told["installed"])
    before = cpu_seconds(agents.daemon.process.pid)
    told = control(build, agents, data, "device", "poll", "--all", "--for", STEADY_SECONDS)
    report.add("requests a second of a fleet that polls", "/s", told["requestsPerSecond"], None, None, None, told["requests"])
    report.add("an answer, half of them within", "ms", told["p50Ms"], None, None, None, told["requests"])
    report.add("an answer, 99 % of them within", "ms", told["p99Ms"], None, None, None, told["requests"])
    report.add("processor of the devices while they poll", "s/s", told["cpuSeconds"] / told["seconds"], None, None, None, 1)
    report.add("processor of the agents meanwhile", "s/s",
               (cpu_seconds(agents.daemon.process.pid) - before) / told["seconds"], None, None, None, 1)
    assert told["failed"] == told["unreachable"] == told["refused"] == 0, told
    assert client.process.poll() is None


def bench_console(build, folder, agents, client, config, report):
    data = folder / "data-fleet"
    bench_window.write_connection(config, agents.daemon.urls)
    control(build, agents, data, "device", "new", "unit", "--class", CLASS, "--public-key", folder / "fleet.pub",
            "--count", DEVICES, "--interval", INTERVAL, "--jitter", JITTER, "--poll")

    fetched = agents.fetches()
    with bench_window.Window(build / "tests/bench/bench-console", "--data-dir", data) as console:
        console.do("open", "devices")
        agents.wait_for_fetches(fetched + DEVICES)
        console.do("wait", 2 * INTERVAL * 1000)

        began, cpu, asked = time.monotonic(), cpu_seconds(console.process.pid), agents.requests()
        console.do("begin")
        console.do("wait", STEADY_SECONDS * 1000)
        report.add_stall(f"stall while {DEVICES:,} devices poll", console.do("end"))
        took = time.monotonic() - began
        report.add("processor of the console meanwhile", "s/s", (cpu_seconds(console.process.pid) - cpu) / took, None, None,
                   None, 1)
        report.add("requests a second of the console's fleet", "/s", (agents.requests() - asked) / took, None, None, None, 1)

        console.do("begin")
        publish(client, folder, "2.0.0")
        seconds = agents.wait_for_fetches(fetched + 2 * DEVICES)
        report.add_stall(f"stall while {DEVICES:,} devices update themselves", console.do("end"))
        report.add("until the console's fleet has a new version", "s", seconds, None, None, None, DEVICES)

        console.do("begin")
        console.do("scroll", bench_window.SCROLL_FRAMES)
        report.add_stall(f"stall while scrolling {DEVICES:,} devices that poll", console.do("end"))
        report.add("memory of the console with its fleet", "MiB", console.memory(), None, None, None, 1)
    report.add("peak memory of the agents", "MiB", agents.daemon.peak_memory(), None, None, None, 1)


def bench_fleet(build, folder, start_agents, report):
    """start_agents: makes the agents and a client of theirs, given the file of a key."""
    private, _ = make_key(folder)
    daemon, client = start_agents(private)
    agents = Agents(daemon)
    publish(client, folder, "1.0.0")

    bench_command_line(build, folder, agents, client, report)
    with bench_window.desktop(build) as desktop:
        bench_console(build, folder, agents, client, pathlib.Path(desktop.path("config")), report)

    client.stop()
    daemon.stop()
