"""Keeps what the feed told, and hands out the desk: made anew only where it may have changed."""

from __future__ import annotations

from bisect import bisect_right
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
        self._made_for: tuple[int, ...] | None = None
        self._desk = Desk()
        self._told_at: list[float] = []
        self._found_at: list[float] = []
        """When anything was told, and found, in order."""

    def fold(self, entries: Iterable[JournalEntry]) -> None:
        """Take in what the journal tells next."""
        entries = tuple(entries)
        self._told().fold(entries)
        for each in entries:
            # A time that goes back is damage, as `History` has it.
            self._told_at.append(max((each.t, *self._told_at[-1:])))
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
        moments = [each.t for each in findings.tags]
        moments += [each.t for each in findings.notes]
        moments += [each.start for each in findings.phases]
        self._found_at = sorted(moments)
        self._changes += 1

    def take_notes(self, notes: tuple[Note, ...]) -> None:
        """Take in the notes alone: one's own are known before the findings tell of them."""
        if notes != self._findings.notes:
            self.take(replace(self._findings, notes=notes))

    def desk(self, t: float, *, live: bool) -> Desk:
        """Return the desk as of ``t``; its clock may be up to a second behind, nothing else is."""
        come = (bisect_right(self._told_at, t), bisect_right(self._found_at, t))
        key = (int(t), self._changes, live, *come)
        if self._changes and key != self._made_for:
            from tui.seat.desk.assembling import desk_at  # noqa: PLC0415 - as above

            self._made_for = key
            self._desk = desk_at(self._told(), self._findings, t, live=live)
        return self._desk
