"""A session's screens at any moment, forwards and backwards, live or finished.

Live is a recording that has not ended: `refresh` takes in what is new. Bytes and times are kept as
flat arrays; the emulator runs only as far as somebody looks, and leaves keyframes behind, so that a
jump costs a restore and a few kilobytes of replay. Drawing and what the screens mean do not belong
here; nor do keyframes on disk.
"""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from analyzer.cells import Frame
from analyzer.terminal import Terminal
from recorder.errors import RecordingError
from recorder.recording.events import AnyEvent, Exited, Input, Logged, Output, Resized
from recorder.recording.journal import ChannelClosed, ChannelOpened, SessionOpened
from recorder.recording.reader import RecordingReader

KEYFRAME_EVERY = 24 * 1024
"""Bytes of output between keyframes."""

RESIZE_KEYFRAME_AFTER = 1024
"""Bytes of output after which a resize is worth a keyframe; somebody may drag a window's edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalInfo:
    """One terminal channel; times in seconds since the session's start, ``closed`` None if open."""

    connection: int
    channel: int
    opened: float
    closed: float | None
    command: str | None
    user: str | None


class _Track:
    """Output and sizes of one terminal, and the emulator that stands somewhere in them.

    A step is one output or one resize; `steps` holds their times, `ends` where the data of each
    ends in `data`. The emulator has done the first `_done` of them.
    """

    def __init__(self, info: TerminalInfo, columns: int, lines: int) -> None:
        self.info = info
        self.steps = array("d")
        self.ends = array("Q")
        self.data = bytearray()
        self.sizes: dict[int, tuple[int, int]] = {}
        self.outputs = array("d")
        self.touched = array("d")
        self._terminal = Terminal(columns, lines)
        self._done = 0
        self._frame: Frame | None = None
        self._keyframe_steps = [0]
        self._keyframes = [zlib.compress(self._terminal.snapshot(), 1)]

    def output(self, t: float, data: bytes) -> None:
        self.steps.append(t)
        self.data += data
        self.ends.append(len(self.data))
        self.outputs.append(t)
        self.touched.append(t)

    def input(self, t: float) -> None:
        self.touched.append(t)

    def resize(self, t: float, columns: int, lines: int) -> None:
        self.sizes[len(self.steps)] = (columns, lines)
        self.steps.append(t)
        self.ends.append(len(self.data))

    def at(self, t: float) -> Frame:
        self._go(bisect_right(self.steps, t))
        if self._frame is None:
            self._frame = self._terminal.frame()
        return self._frame

    def _go(self, step: int) -> None:
        """Bring the emulator to the moment after ``step`` steps."""
        if step == self._done:
            return
        self._frame = None
        nearest = bisect_right(self._keyframe_steps, step) - 1
        if not self._keyframe_steps[nearest] <= self._done <= step:
            self._terminal.restore(zlib.decompress(self._keyframes[nearest]))
            self._done = self._keyframe_steps[nearest]
        while self._done < step:
            self._play(step)

    def _play(self, step: int) -> None:
        """Do one resize, or the output up to the next resize, keyframe or ``step``."""
        first = self._done
        if first in self.sizes:
            self._terminal.resize(*self.sizes[first])
            self._done = first + 1
        else:
            start = self._offset(first)
            full = bisect_left(self.ends, start + KEYFRAME_EVERY, first) + 1
            last = min(step, full, self._next_resize(first, min(step, full)))
            self._terminal.feed(bytes(self.data[start : self._offset(last)]))
            self._done = last
        self._keep_keyframe(resized=first in self.sizes)

    def _next_resize(self, first: int, last: int) -> int:
        if not self.sizes:
            return last
        return next((step for step in range(first, last) if step in self.sizes), last)

    def _keep_keyframe(self, *, resized: bool) -> None:
        newest = self._keyframe_steps[-1]
        if self._done <= newest or not self._terminal.at_ground:
            return
        behind = self._offset(self._done) - self._offset(newest)
        if behind >= (RESIZE_KEYFRAME_AFTER if resized else KEYFRAME_EVERY):
            self._keyframe_steps.append(self._done)
            self._keyframes.append(zlib.compress(self._terminal.snapshot(), 1))

    def _offset(self, step: int) -> int:
        return self.ends[step - 1] if step else 0


class Playback:
    """One recording's terminals, and their screens at any moment.

    Attributes:
        live: Whether the recording has not ended, as of the last `refresh`.

    """

    def __init__(self, directory: Path) -> None:
        """Open the recording in ``directory`` and take in what is there.

        Raises:
            SessionNotFoundError: There is no recording in the directory.
            RecordingError: It has no readable beginning.

        """
        self._reader = RecordingReader(directory)
        self._tracks: dict[tuple[int, int], _Track] = {}
        self._last = 0.0
        self.live = True
        self.refresh()
        if self.opened is None and not self.live:
            self.close()
            raise RecordingError(
                f"the recording in {directory} has no readable beginning",
                f"look at its first line in {directory / 'session.jsonl'}",
            )

    def close(self) -> None:
        """Close the files."""
        self._reader.close()

    @property
    def opened(self) -> SessionOpened | None:
        """The session's first line; None while a live session has not written it."""
        return self._reader.opened

    @property
    def duration(self) -> float:
        """Seconds from the session's start to its last event, or to now while it is live."""
        now = self._reader.now() if self.live else None
        return self._last if now is None else max(self._last, now)

    @property
    def terminals(self) -> tuple[TerminalInfo, ...]:
        """The terminal channels, in the order in which they were opened."""
        return tuple(track.info for track in self._tracks.values())

    def refresh(self) -> bool:
        """Take in what is new; return whether anything changed. Costs nothing once it has ended."""
        if not self.live:
            return False
        live = self._reader.is_live
        changed = live != self.live
        for event in self._reader.poll():
            self._take(event)
            changed = True
        self.live = live
        return changed

    def active(self, t: float) -> TerminalInfo | None:
        """Return the terminal with the latest output or input up to ``t``, else the first one."""
        track = self._active(t)
        return None if track is None else track.info

    def at(self, t: float, terminal: TerminalInfo | None = None) -> Frame | None:
        """Return the screen of a terminal, or of the active one, after all output up to ``t``.

        None where there is no terminal; before a terminal was opened, its empty screen.
        """
        track = self._active(t) if terminal is None else self._track(terminal)
        return None if track is None else track.at(t)

    def next_output(self, t: float, terminal: TerminalInfo | None = None) -> float | None:
        """Return when a terminal, or any of them, first had output after ``t``."""
        found = []
        for track in self._chosen(terminal):
            index = bisect_right(track.outputs, t)
            if index < len(track.outputs):
                found.append(track.outputs[index])
        return min(found, default=None)

    def previous_output(self, t: float, terminal: TerminalInfo | None = None) -> float | None:
        """Return when a terminal, or any of them, last had output before ``t``."""
        found = []
        for track in self._chosen(terminal):
            index = bisect_left(track.outputs, t)
            if index:
                found.append(track.outputs[index - 1])
        return max(found, default=None)

    def _track(self, terminal: TerminalInfo) -> _Track | None:
        return self._tracks.get((terminal.connection, terminal.channel))

    def _chosen(self, terminal: TerminalInfo | None) -> Iterable[_Track]:
        if terminal is None:
            return self._tracks.values()
        track = self._track(terminal)
        return () if track is None else (track,)

    def _active(self, t: float) -> _Track | None:
        latest, found = -1.0, next(iter(self._tracks.values()), None)
        for track in self._tracks.values():
            index = bisect_right(track.touched, t)
            if index and track.touched[index - 1] >= latest:
                latest, found = track.touched[index - 1], track
        return found

    def _take(self, event: AnyEvent) -> None:
        self._last = max(self._last, event.t)
        match event:
            case Logged(entry=ChannelOpened() as opened) if opened.pty is not None:
                self._open(opened)
            case Logged(entry=ChannelClosed() as closed):
                track = self._tracks.get((closed.connection, closed.channel))
                if track is not None:
                    track.info = replace(track.info, closed=closed.t)
            case Logged() | Exited():
                pass
            case Output() | Input() | Resized():
                track = self._tracks.get((event.connection, event.channel))
                if track is not None:
                    _add(track, event)

    def _open(self, opened: ChannelOpened) -> None:
        if opened.pty is None:
            return
        info = TerminalInfo(
            connection=opened.connection,
            channel=opened.channel,
            opened=opened.t,
            closed=None,
            command=opened.command,
            user=opened.user,
        )
        key = (opened.connection, opened.channel)
        self._tracks[key] = _Track(info, opened.pty.columns, opened.pty.lines)


def _add(track: _Track, event: Output | Input | Resized) -> None:
    match event:
        case Output():
            track.output(event.t, event.data)
        case Input():
            track.input(event.t)
        case Resized():
            track.resize(event.t, event.columns, event.lines)
