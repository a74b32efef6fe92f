#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints, after a run of meson test, which programs were skipped and how many passed and failed."""

import json
import pathlib
import sys


def main() -> None:
    log = pathlib.Path(sys.argv[1]) / "meson-logs" / "testlog.json"
    passed, failed, skipped = [], [], []
    for line in log.read_text().splitlines():
        test = json.loads(line)
        if test["result"] in ("OK", "EXPECTEDFAIL"):
            passed.append(test["name"])
        elif test["result"] == "SKIP":
            skipped.append(test["name"])
        else:
            failed.append(test["name"])
    for name in skipped:
        print(f"skipped: {name}")
    for name in failed:
        print(f"failed: {name}")
    print(f"{len(passed)} passed, {len(failed)} failed, {len(skipped)} skipped")


main()
