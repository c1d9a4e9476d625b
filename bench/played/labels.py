"""What an observer says of a session while it is played: tags, phases, stretches; with moments.

The moments are played ones. What is written down has the shape of the corpus' truth.json.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from bench.played.clock import Clock

IDLE = 180.0
"""Seconds without a key after which somebody was idle, by the catalogue's words."""


class Labels:
    """The observer's notes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._signals: list[dict[str, Any]] = []
        self._not: list[dict[str, Any]] = []
        self._undecided: list[dict[str, Any]] = []
        self._phases: list[tuple[float, str]] = []
        self._activities: list[tuple[float, str]] = []
        self._begun: dict[str, tuple[float, str]] = {}
        self.persona = ""
        self.panes: dict[str, str] = {}

    def tag(self, pane: str, words: str, since: float, *, optional: bool = False) -> None:
        """Note signals that were established between the last line's Enter and now."""
        names, _, evidence = words.partition(": ")
        now = self._clock.now()
        for name in names.split():
            signal, _, outcome = name.partition("=")
            entry: dict[str, Any] = {"id": signal, "at": now, "pane": pane, "evidence": evidence}
            entry |= {"from": since, "to": now}
            entry |= {"outcome": outcome} if outcome else {}
            entry |= {"optional": True} if optional else {}
            self._signals.append(entry)

    def phase(self, name: str) -> None:
        """Note which task is worked on from now on."""
        self._phases.append((self._clock.now(), name))

    def activity(self, name: str) -> None:
        """Note what kind of work is done from now on."""
        self._activities.append((self._clock.now(), name))

    def begin(self, signal: str, why: str) -> None:
        """Note that a stretch begins."""
        self._begun[signal] = (self._clock.now(), why)

    def end(self, signal: str, pane: str) -> None:
        """Note that a stretch ends."""
        since, why = self._begun.pop(signal)
        entry = {"id": signal, "at": since, "pane": pane, "evidence": why}
        self._signals.append(entry | {"from": since, "to": self._clock.now()})

    def leave_out(self, words: str) -> None:
        """Note a signal that did not happen, and why."""
        signal, _, why = words.partition(": ")
        self._not.append({"id": signal, "why": why})

    def undecided(self, words: str) -> None:
        """Note a signal that counts neither way in this session."""
        signal, _, why = words.partition(": ")
        self._undecided.append({"id": signal, "evidence": why})

    def truth(self, name: str, keys: Sequence[float], end: float) -> dict[str, Any]:
        """Return the notes; ``keys`` are the moments of all key presses, for who was idle."""
        gaps = [(before, after) for before, after in pairwise(keys) if after - before >= IDLE]
        idle = [
            {"id": "idle-gap", "at": first + IDLE, "evidence": "no key", "from": first, "to": last}
            for first, last in gaps
        ]
        return {
            "candidate": name,
            "persona": self.persona,
            "panes": self.panes,
            "signals": sorted([*self._signals, *idle], key=lambda each: each["at"]),
            "ambiguous": self._undecided,
            "not": self._not,
            "phases": _with_idleness(_stretches(self._phases, end), gaps),
            "activities": [
                {"from": first, "to": last, "activity": what}
                for first, last, what in _stretches(self._activities, end)
            ],
            "notes": "Played from a script on a booted target. Pauses of more than two seconds "
            "were put into the times afterwards, in all files alike.",
        }


def _stretches(marks: Sequence[tuple[float, str]], end: float) -> list[tuple[float, float, str]]:
    ends = [*(moment for moment, _ in marks), end][1:]
    return [(first, last, name) for (first, name), last in zip(marks, ends, strict=True)]


def _with_idleness(
    stretches: Sequence[tuple[float, float, str]], gaps: Sequence[tuple[float, float]]
) -> list[dict[str, Any]]:
    """Return phases, cut where nobody was there."""
    found: list[tuple[float, float, str]] = []
    for first, last, task in stretches:
        begin = first
        for away, back in gaps:
            if begin <= away and back <= last:
                found += [(begin, away, task), (away, back, "idle")]
                begin = back
        found.append((begin, last, task))
    return [
        {"from": first, "to": last, "task": task} for first, last, task in found if last > first
    ]
