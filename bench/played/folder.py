"""Writes a played session down in the corpus' shape, with played times in all its files.

`script`'s timing has differences; they are made anew from played moments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.played.clock import Clock


def stretched(timing: str, start: float, clock: Clock) -> str:
    """Return a timing file whose differences are those of played time."""
    moment, before = start, clock.played(start)
    lines: list[str] = []
    for line in timing.splitlines():
        kind, seconds, rest = line.split(" ", 2)
        moment += float(seconds)
        now = clock.played(moment)
        lines.append(f"{kind} {max(now - before, 0.0):.6f} {rest}")
        before = now
    return "\n".join(lines) + "\n"


def key_moments(timing: str, start: float) -> Iterator[float]:
    """Yield the moments of a timing's input."""
    moment = start
    for line in timing.splitlines():
        kind, seconds, _ = line.split(" ", 2)
        moment += float(seconds)
        if kind == "I":
            yield moment


def write_terminal(source: Path, to: Path, name: str, clock: Clock) -> list[float]:
    """Write one terminal's files; return the played moments of its keys."""
    start = float((source / f"{name}.start").read_text())
    timing = (source / f"{name}.timing").read_text()
    played = stretched(timing, start, clock)
    end = clock.played(float((source / f"{name}.end").read_text()))
    begun = clock.played(start)
    played = re.sub(r"(?m)^H \S+ DURATION .*$", f"H 0.000000 DURATION {end - begun:.6f}", played)
    (to / f"{name}.timing").write_text(played)
    (to / f"{name}.start").write_text(f"{begun:.9f}\n")
    (to / f"{name}.end").write_text(f"{end:.9f}\n")
    for suffix in ("in", "out", "rc"):
        (to / f"{name}.{suffix}").write_bytes((source / f"{name}.{suffix}").read_bytes())
    return list(key_moments(played, begun))


def write_log(log: str, to: Path, clock: Clock) -> None:
    """Write what shells logged, in played time; a locale may have put commas into moments."""
    rows = []
    for line in log.splitlines():
        moment, rest = line.split("\t", 1)
        rows.append(f"{clock.played(float(moment.replace(',', '.'))):.6f}\t{rest}\n")
    (to / "bash.tsv").write_text("".join(rows))


def write_truth(truth: dict[str, Any], to: Path) -> None:
    """Write the observer's notes."""
    (to / "truth.json").write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n")
