"""What is known of a session from outside: what bash ran, and what a careful observer marked.

A folder holds `bash.tsv` (epoch at the return to the prompt, shell's process, user, exit status,
directory, base64 of the command), `truth.json` (marks with epoch) and a `*.start` for each
terminal. All times here are seconds since the earliest start. Nothing is compared here.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOT_SCORED = ("ambiguous", "borderline")
"""Lists of truth.json whose entries count neither way."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One line of bash's own log; ``artefact``: the history that a new shell loaded."""

    t: float
    shell: str
    user: str
    status: int
    text: str
    artefact: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """One occurrence that the observer marked, acceptable from ``first`` to ``last``."""

    signal: str
    t: float
    first: float
    last: float
    scored: bool


def start_of(directory: Path) -> float:
    """Return the epoch of a session's time zero: the earliest start of its terminals."""
    return min(float(path.read_text()) for path in directory.glob("*.start"))


def ran(directory: Path) -> list[Ran]:
    """Return what bash ran, in the order of the log."""
    zero = start_of(directory)
    rows: list[Ran] = []
    shells: set[str] = set()
    for line in (directory / "bash.tsv").read_text().splitlines():
        epoch, shell, user, status, _, encoded = line.split("\t")
        text = b64decode(encoded).decode("utf-8", "replace")
        # A shell that was left by `exit` hands that line to the next one by the history file.
        loaded = shell not in shells and text.strip() in {"exit", "logout"}
        shells.add(shell)
        if text.strip():
            rows.append(Ran(float(epoch) - zero, shell, user, int(status), text, loaded))
    return rows


def marked(directory: Path) -> list[Marked]:
    """Return what was marked, with what is not to be scored among it."""
    zero = start_of(directory)
    truth = json.loads((directory / "truth.json").read_text())
    found = [_marked(each, zero, scored=_is_scored(each)) for each in truth.get("signals") or ()]
    for name in NOT_SCORED:
        found += [_marked(each, zero, scored=False) for each in _with_moment(truth.get(name))]
    return sorted(found, key=lambda each: each.t)


def whole_ids_not_scored(directory: Path) -> frozenset[str]:
    """Return signals that the observer left undecided without naming a moment."""
    truth = json.loads((directory / "truth.json").read_text())
    undecided = (each for name in NOT_SCORED for each in truth.get(name) or ())
    return frozenset(each["id"] for each in undecided if "id" in each and "at" not in each)


def _with_moment(entries: list[dict[str, Any]] | None) -> Iterator[dict[str, Any]]:
    return (each for each in entries or () if "id" in each and "at" in each)


def _is_scored(entry: Mapping[str, Any]) -> bool:
    return not any(entry.get(key) for key in ("optional", "borderline", "ambiguous"))


def _marked(entry: Mapping[str, Any], zero: float, *, scored: bool) -> Marked:
    at = float(entry["at"])
    span = entry.get("span") or (entry.get("from", at), entry.get("to", at))
    times = [at, *(float(each) for each in span if each is not None)]
    first = min([*times, float(entry.get("earliest_acceptable") or at)])
    last = max([*times, float(entry.get("latest_acceptable") or at)])
    return Marked(str(entry["id"]), at - zero, first - zero, last - zero, scored)
