"""How many conformance cases of other emulators stock pyte and ours pass, file by file.

Run with `python -m bench.conformance DIRECTORY [--failed]` from the repository's root, where
DIRECTORY holds *.jsonl: one case a line with name, cols, rows, data_b64, expected (a list of rows,
null where nothing is said), cursor ([row, column] from 0, or null) and tier. A case passes when no
exception is raised, the rows are equal up to trailing blanks, and the cursor is where it is said to
be. Asserts nothing; `tests/analyzer/test_terminal_cases.py` holds floors.
"""

from __future__ import annotations

import argparse
import json
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyte

from analyzer.terminal import Terminal

Shown = tuple[list[str], list[int]]


def ours(columns: int, lines: int, data: bytes) -> Shown:
    """Return rows and cursor of our terminal."""
    terminal = Terminal(columns, lines)
    terminal.feed(data)
    if terminal.faults:
        raise RuntimeError("a control function raised")
    return terminal.display, [terminal.cursor.y, terminal.cursor.x]


def stock(columns: int, lines: int, data: bytes) -> Shown:
    """Return rows and cursor of stock pyte; its pending wrap is seen in the last column."""
    screen = pyte.Screen(columns, lines)
    pyte.ByteStream(screen).feed(data)
    return screen.display, [screen.cursor.y, min(screen.cursor.x, columns - 1)]


def passes(case: dict[str, Any], run: Callable[[int, int, bytes], Shown]) -> bool:
    """Return whether a terminal draws a case as it is expected."""
    try:
        rows, cursor = run(case["cols"], case["rows"], b64decode(case["data_b64"]))
    except Exception:  # noqa: BLE001 - to raise is to fail
        return False
    wanted = case["expected"]
    right = all(
        want is None or want.rstrip() == got.rstrip()
        for want, got in zip(wanted, rows, strict=True)
    )
    return right and case["cursor"] in (None, cursor)


def cases(directory: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each case with its file's name."""
    for path in sorted(directory.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            yield path.name, json.loads(line)


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--failed", action="store_true", help="name what fails")
    options = parser.parse_args()
    counts: Counter[tuple[str, str]] = Counter()
    failed: list[str] = []
    files: list[str] = []
    for name, case in cases(options.directory):
        key = f"{name} {case['tier']}"
        if key not in files:
            files.append(key)
        counts[key, "all"] += 1
        counts[key, "stock"] += passes(case, stock)
        if passes(case, ours):
            counts[key, "ours"] += 1
        else:
            failed.append(f"{key}: {case['name']}")
    total = [f"all {tier}" for tier in sorted({key.rsplit(" ", 1)[1] for key in files})]
    for key in files:
        for column in ("all", "stock", "ours"):
            counts[f"all {key.rsplit(' ', 1)[1]}", column] += counts[key, column]
    print(f"{'file and tier':26} {'cases':>6} {'stock':>13} {'ours':>13}")
    for key in [*sorted(files), *total]:
        number = counts[key, "all"]
        shares = (
            f"{counts[key, who]} {counts[key, who] / number:7.1%}" for who in ("stock", "ours")
        )
        print(f"{key:26} {number:6} " + " ".join(f"{share:>13}" for share in shares))
    if options.failed:
        print(*failed, sep="\n")


if __name__ == "__main__":
    main()
