#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lays out the bodies of C functions with clang-format, and checks what holds for every line.

Usage: format.py [--check] FILE…

Everything outside of a body (prototypes, aligned parameters, fields) is the author's.
"""

import concurrent.futures
import difflib
import pathlib
import re
import subprocess
import sys

MAX_COLUMNS = 120


def bodies(lines: list[str]) -> list[tuple[int, int]]:
    """Finds the line ranges, from 1, from a `{` in the first column after `)` to its `}`."""
    found, start = [], None
    for number, line in enumerate(lines, 1):
        if start is None and line == "{" and lines[number - 2].endswith(")"):
            start = number
        elif start is not None and line == "}":
            found.append((start, number))
            start = None
    return found


def disguise(text: str) -> str:
    """Dresses what clang-format takes for a call (it would put a space before the parenthesis) as
    something else of the same length."""
    text = re.sub(r"\bg_auto(\w*)\((\w+)\)", r"g_auto\1_\2_", text)
    text = re.sub(r"\bN_\(", "-+(", text)
    return re.sub(r"(?<![\w+])_\(", "+(", text)


def undisguise(text: str) -> str:
    text = re.sub(r"\bg_auto(ptr|list|slist|queue|)_(\w+)_(?= )", r"g_auto\1(\2)", text)
    text = re.sub(r"(?<![\w+])\+\(", "_(", text.replace("-+(", "N_("))
    return re.sub(r"\)\{(?=\s)", ") {", text)


def keep_breaks(ours: list[str], theirs: list[str]) -> list[str]:
    """Takes clang-format's spaces, but where it would only break lines elsewhere, the author's lines."""
    lines = []
    matcher = difflib.SequenceMatcher(None, [x.strip() for x in ours], [x.strip() for x in theirs], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        same = " ".join(" ".join(ours[a:b]).split()) == " ".join(" ".join(theirs[c:d]).split())
        lines += ours[a:b] if tag == "replace" and same else theirs[c:d]
    return lines


def lay_out(path: pathlib.Path, text: str) -> str:
    lines = text.splitlines()
    ranges = bodies(lines) if path.suffix == ".c" else []
    if not ranges:
        return text
    command = ["clang-format", f"--assume-filename={path}"]
    command += [f"--lines={first}:{last}" for first, last in ranges]
    laid_out = subprocess.run(command, input=disguise(text), capture_output=True, text=True, check=True).stdout
    return "\n".join(keep_breaks(lines, undisguise(laid_out).splitlines())) + "\n"


def complaints(path: pathlib.Path, text: str) -> list[str]:
    found = []
    if not text.endswith("\n") or text.endswith("\n\n"):
        found.append(f"{path}: must end in exactly one newline")
    if "SPDX-License-Identifier" not in text[:400]:
        found.append(f"{path}: has no SPDX lines")
    for number, line in enumerate(text.splitlines(), 1):
        if "\t" in line:
            found.append(f"{path}:{number}: tab")
        if line != line.rstrip():
            found.append(f"{path}:{number}: space at the end of the line")
        if len(line) > MAX_COLUMNS:
            found.append(f"{path}:{number}: {len(line)} columns, at most {MAX_COLUMNS}")
    return found


def treat(path: pathlib.Path, check: bool) -> list[str]:
    text = path.read_text(encoding="utf-8")
    wanted = lay_out(path, text)
    if not check:
        if wanted != text:
            path.write_text(wanted, encoding="utf-8")
        return complaints(path, wanted)
    diff = difflib.unified_diff(text.splitlines(), wanted.splitlines(), str(path), "as wanted", lineterm="", n=1)
    return list(diff) + complaints(path, text)


def main() -> int:
    check = "--check" in sys.argv
    paths = [pathlib.Path(name) for name in sys.argv[1:] if name != "--check"]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = [line for lines in pool.map(lambda path: treat(path, check), paths) for line in lines]
    print("\n".join(found[:400]), end="\n" if found else "")
    return 1 if found else 0


sys.exit(main())
