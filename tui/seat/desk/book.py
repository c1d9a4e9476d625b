"""Keeps what the feed told, and hands out the desk: made anew only where it may have changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from recorder.recording.journal import JournalEntry
from recorder.store.notes import Note
from tui.seat.desk.assembling import desk_at
from tui.seat.desk.chronicle import Chronicle
from tui.seat.desk.values import Desk
from tui.seat.feed import Findings


class Book:
    """The journal and the findings of one session, as far as they were told."""

    def __init__(self) -> None:
        self._chronicle = Chronicle()
        self._findings = Findings()
        self._changes = 0
        self._made_for: tuple[int, int, bool] | None = None
        self._desk = Desk()

    def fold(self, entries: Iterable[JournalEntry]) -> None:
        """Take in what the journal tells next."""
        self._chronicle.fold(entries)
        self._changes += 1

    def take(self, findings: Findings) -> None:
        """Take in tags, notes and stretches of work, in place of those before."""
        self._findings = findings
        self._changes += 1

    def take_notes(self, notes: tuple[Note, ...]) -> None:
        """Take in the notes alone: what was noted just now is known before it is found."""
        if notes != self._findings.notes:
            self._findings = replace(self._findings, notes=notes)
            self._changes += 1

    def desk(self, t: float, *, live: bool) -> Desk:
        """Return the desk as of the second that ``t`` lies in; what came within it counts too."""
        key = (int(t), self._changes, live)
        if key != self._made_for:
            self._made_for = key
            self._desk = desk_at(self._chronicle, self._findings, t, live=live)
        return self._desk
