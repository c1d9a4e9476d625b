"""Foreign recordings on their way into one session: opened, and put in their places in time.

What becomes of their events is `recorder.formats.convert`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from recorder.errors import RecordingError
from recorder.formats.detect import Found
from recorder.formats.events import Began, Foreign
from recorder.formats.flaws import Flaws
from recorder.formats.moments import MOST_GAP
from recorder.formats.opening import Opened

StartKnown = Literal["recording", "file", "unknown"]
"""Who says when a recording began; as in `recorder.recording.journal.Imported`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One foreign recording that becomes a connection; ``started`` is Unix time, if it is known."""

    found: Found
    started: float | None = None
    status: int | None = None


class Track:
    """One recording on its way; ``offset`` is its start in seconds of the session."""

    def __init__(self, part: Part, opened: Opened) -> None:
        self.part = part
        self.opened = opened
        first = next(opened.events, Began())
        self.began = first if isinstance(first, Began) else Began()
        self.offset = 0.0
        self.start: StartKnown = "unknown"

    @property
    def started(self) -> float | None:
        """Unix time of its start, where it is known."""
        return self.began.started if self.part.started is None else self.part.started

    def timed(self, number: int) -> Iterator[tuple[float, int, Foreign | None]]:
        """Yield its events in the session's time, None at the end; ``number`` tells it apart."""
        t = self.offset
        yield t, number, self.began
        for event in self.opened.events:
            if not isinstance(event, Began):
                t = self.offset + event.t
                yield t, number, event
        yield t, number, None


def open_tracks(parts: Sequence[Part], flaws: Flaws, stack: ExitStack) -> list[Track]:
    """Open all that can be; one that cannot is told.

    Raises:
        RecordingError: None can be.

    """
    tracks: list[Track] = []
    for part in parts:
        try:
            tracks.append(Track(part, Opened(part.found, flaws, stack)))
        except RecordingError as error:
            if len(parts) == 1:
                raise
            flaws.add(part.found.main.name, "", f"{error.cause}: left out")
    if not tracks:
        raise RecordingError(f"nothing can be read: {flaws.lines()[0]}")
    return tracks


def place_in_time(tracks: list[Track], flaws: Flaws) -> datetime:
    """Give each recording its offset, and the tracks their order; return when the first began."""
    starts = [track.started for track in tracks if track.started is not None]
    latest = max(starts, default=0.0)
    zero = min((start for start in starts if latest - start <= MOST_GAP), default=None)
    for track in tracks:
        start = track.started
        if start is None:
            continue
        if zero is None or not 0 <= start - zero <= MOST_GAP:
            words = "its start is more than a year off: it is taken to begin with the first"
            flaws.add(track.part.found.name, "", words)
            continue
        track.offset, track.start = round(start - zero, 6), "recording"
    # As connections are numbered where they are recorded: in the order in which they came.
    tracks.sort(key=lambda track: (track.offset, track.part.found.name))
    if zero is not None and (moment := _moment(zero)) is not None:
        return moment
    try:
        changed = _moment(tracks[0].part.found.main.stat().st_mtime)
    except OSError:
        changed = None
    for track in tracks:
        track.start = "unknown" if changed is None else "file"
    return changed or datetime.now(UTC)


def _moment(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
