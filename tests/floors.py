#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails when a room of the house includes a header of a room that it must not know."""

import pathlib
import re
import sys

# A room, and the rooms below it whose headers it may include.
FLOORS = {
    "core": set(),
    "http": {"core"},
    "contracts": {"core"},
    "ledger": {"core", "contracts"},
    "store": {"core"},
    "agents": {"core", "http", "contracts", "ledger", "store"},
    "device": {"core", "http"},
    "backend": {"core", "http", "device"},
    "cli": {"core", "backend", "device"},
    "ui": {"core", "backend", "device"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def main() -> int:
    source = pathlib.Path(sys.argv[1])
    rooms = sorted(path.name for path in source.iterdir() if path.is_dir())
    broken = [f"{room}/ is a room without a floor: name it in {__file__}" for room in rooms if room not in FLOORS]
    home: dict[str, str] = {}

    for room in rooms:
        for header in sorted((source / room).rglob("*.h")):
            if header.name in home:
                broken.append(f"{header}: {home[header.name]} has a header of that name too")
            home[header.name] = room

    for room in FLOORS:
        for path in sorted((source / room).rglob("*.[ch]")):
            for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
                other = home.get(pathlib.PurePath(name).name, room)
                if other != room and other not in FLOORS[room]:
                    broken.append(f"{path}: {room} must not include {name}, which belongs to {other}")

    for line in broken:
        print(line)
    return 1 if broken else 0


sys.exit(main())
