"""Quotes of what was on a screen, and pictures of it, at the moments that a report points at.

One recording, opened once. Which moments these are is others' to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analyzer.cells import Frame
from analyzer.index.build import ensure_indexed
from analyzer.playback import Playback, TerminalInfo
from analyzer.records import Evidence
from recorder.errors import JumpseatError
from tui.report.values import Quote
from tui.seat.evidence import ON_SCREEN, find_evidence

ROWS = 7
"""Rows of a screen that a quote has at most."""

_AROUND = 2
"""Rows before what is meant."""

_AT_ONCE = 0.05
"""Seconds after a moment in which what it caused is still drawn: packets come in parts."""

_ANSWERED = 2.0
"""Seconds after a command: the first of what it printed is there."""


class Screens:
    """The screens of one recording."""

    def __init__(self, playback: Playback) -> None:
        self._playback = playback
        self._infos = {f"c{e.connection}-{e.channel}": e for e in playback.terminals}

    @property
    def names(self) -> tuple[str, ...]:
        """The terminals, in the order in which they were opened."""
        return tuple(self._infos)

    @property
    def duration(self) -> float:
        """Seconds from the session's start to its last event."""
        return self._playback.duration

    def opened(self, terminal: str) -> float:
        """Return when a terminal was opened."""
        return self._infos[terminal].opened

    def active(self, t: float) -> str | None:
        """Return the terminal in which something happened last at a moment."""
        info = self._playback.active(t)
        return None if info is None else _name(info)

    def frame(self, t: float, terminal: str) -> Frame | None:
        """Return the screen of a terminal at a moment; None where there is none."""
        info = self._infos.get(terminal)
        try:
            return None if info is None else self._playback.at(t, info)
        except JumpseatError:
            # A damaged file: what else is known is still worth a report, which names the damage.
            return None

    def quote(
        self, t: float, terminal: str | None, evidence: Evidence | None = None
    ) -> Quote | None:
        """Return the rows around a piece of evidence, else the last rows that were written on.

        None where there is no terminal, or nothing on it.
        """
        name = terminal or self.active(t)
        if name is None:
            return None
        ran = evidence is not None and evidence.kind == "command"
        frame = self.frame(t + (_ANSWERED if ran else _AT_ONCE), name)
        meant = _meant(frame, evidence)
        if ran and not meant:
            # What it printed has moved it out of sight already.
            frame = self.frame(t + _AT_ONCE, name)
            meant = _meant(frame, evidence)
        if frame is None:
            return None
        rows = ["".join(run.text for run in row).rstrip() for row in frame.rows]
        first, last = _stretch(rows, meant, frame.cursor_y, 0 if ran else _AROUND)
        if not any(rows[first:last]):
            return None
        marked = tuple(row - first for row in meant if first <= row < last)
        return Quote(t=t, terminal=name, rows=tuple(rows[first:last]), marked=marked)


def _meant(frame: Frame | None, evidence: Evidence | None) -> list[int]:
    """Return the rows of a screen on which a piece of evidence stands."""
    if frame is None or evidence is None or evidence.kind not in ON_SCREEN:
        return []
    return sorted({mark.row for mark in find_evidence(frame, evidence, newest=True)})


def _stretch(rows: list[str], meant: list[int], cursor: int, before: int) -> tuple[int, int]:
    """Return from where to where a screen is quoted, blank rows at both ends left out.

    Args:
        rows: The screen's.
        meant: Those that are meant; without any, the last ones down to the cursor are.
        cursor: The cursor's row.
        before: Rows before what is meant.

    """
    if meant:
        first = max(0, meant[0] - before)
        last = min(len(rows), first + ROWS)
    else:
        last = min(len(rows), cursor + 1)
        while last > 1 and not rows[last - 1]:
            last -= 1
        first = max(0, last - ROWS)
    while first < last - 1 and not rows[first]:
        first += 1
    while last - 1 > first and not rows[last - 1]:
        last -= 1
    return first, last


@contextmanager
def opened_screens(directory: Path) -> Iterator[Screens]:
    """Open a recording's screens; an index is made first, where there is none.

    Raises:
        SessionNotFoundError: There is no recording in the directory.
        RecordingError: It has no readable beginning.

    """
    ensure_indexed(directory)
    playback = Playback(directory)
    try:
        yield Screens(playback)
    finally:
        playback.close()


def _name(info: TerminalInfo) -> str:
    return f"c{info.connection}-{info.channel}"
