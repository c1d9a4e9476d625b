"""Keeps what the feed told, and hands out the desk: made anew only where it may have changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.seat.desk.values import Desk
from tui.seat.feed import Findings

if TYPE_CHECKING:
    from recorder.recording.journal import JournalEntry
    from recorder.store.noted import Note
    from tui.seat.desk.chronicle import Chronicle


class Book:
    """The journal and the findings of one session, as far as they were told."""

    def __init__(self) -> None:
        self._chronicle: Chronicle | None = None
        self._findings = Findings()
        self._changes = 0
        self._made_for: tuple[int, int, bool] | None = None
        self._desk = Desk()

    def fold(self, entries: Iterable[JournalEntry]) -> None:
        """Take in what the journal tells next."""
        self._told().fold(entries)
        self._changes += 1

    def _told(self) -> Chronicle:
        # Loaded late, as the first picture need not wait for what a journal's lines are made of.
        from tui.seat.desk.chronicle import Chronicle  # noqa: PLC0415

        if self._chronicle is None:
            self._chronicle = Chronicle()
        return self._chronicle

    def take(self, findings: Findings) -> None:
        """Take in tags, notes and stretches of work, in place of those before."""
        self._findings = findings
        self._changes += 1

    def take_notes(self, notes: tuple[Note, ...]) -> None:
        """Take in the notes alone: one's own are known before the findings tell of them."""
        if notes != self._findings.notes:
            self.take(replace(self._findings, notes=notes))

    def desk(self, t: float, *, live: bool) -> Desk:
        """Return the desk as of the second that ``t`` lies in; what came within it counts too."""
        key = (int(t), self._changes, live)
        if self._changes and key != self._made_for:
            from tui.seat.desk.assembling import desk_at  # noqa: PLC0415 - as above

            self._made_for = key
            self._desk = desk_at(self._told(), self._findings, t, live=live)
        return self._desk
