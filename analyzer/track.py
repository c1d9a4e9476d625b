"""One terminal of a playback: its times, and an emulator that stands somewhere in them.

What an index covers is read from disk when somebody looks; what came later, or has no index, is
kept in memory, and leaves keyframes behind there. Opening recordings is `analyzer.playback`'s.
"""

from __future__ import annotations

import time
import zlib
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from analyzer.cells import Frame
from analyzer.index.file import UnusableIndexError
from analyzer.index.past import Past
from analyzer.index.times import Times
from analyzer.skim import TAIL, Step, skimmed
from analyzer.terminal import Terminal
from recorder.recording.events import Input, Output, Resized

KEYFRAME_EVERY = 24 * 1024
"""Bytes of output between keyframes in memory."""

RESIZE_KEYFRAME_AFTER = 1024
"""Bytes of output after which a resize is worth a keyframe; somebody may drag a window's edge."""


_STEPS_AT_ONCE = 16
"""Outputs that are drawn between two looks at the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalInfo:
    """One terminal channel; times in seconds since the session's start, ``closed`` None if open."""

    connection: int
    channel: int
    opened: float
    closed: float | None
    command: str | None
    user: str | None


class Track:
    """Outputs and sizes of one terminal, and the emulator; a step is one output or one resize.

    The emulator has done the first `_done` steps. Of the steps behind those that the index covers,
    `_ends` holds where the data of each ends in `_data`.
    """

    def __init__(
        self, info: TerminalInfo, columns: int, lines: int, past: Past | None = None
    ) -> None:
        self.info = info
        self.past = past
        self._first_size = (columns, lines)
        self._covered = 0 if past is None else past.terminal.steps
        self.times = Times() if past is None else past.times
        self._sizes: dict[int, tuple[int, int]] = {}
        self._ends = array("Q")
        self._data = bytearray()
        self._done = 0
        self._frame: Frame | None = None
        self._keyframe_steps: list[int] = []
        self._keyframes: list[bytes] = []

    @cached_property
    def _terminal(self) -> Terminal:
        """The emulator; most terminals of a session are not looked at."""
        return Terminal(*self._first_size)

    def close(self) -> None:
        """Close the files."""
        if self.past is not None:
            self.past.close()

    def take(self, event: Output | Input | Resized) -> None:
        """Append an event that no index covers."""
        match event:
            case Output():
                self.output(event.t, event.data)
            case Input():
                self.input(event.t)
            case Resized():
                self.resize(event.t, event.columns, event.lines)

    def output(self, t: float, data: bytes) -> None:
        """Append an output that no index covers; times in seconds, never going back."""
        self.times.output(t)
        self._data += data
        self._ends.append(len(self._data))

    def input(self, t: float) -> None:
        """Append an input."""
        self.times.inputs.append(t)

    def resize(self, t: float, columns: int, lines: int) -> None:
        """Append a resize."""
        self._sizes[len(self.times.steps)] = (columns, lines)
        self.times.resize(t)
        self._ends.append(len(self._data))

    def at(self, t: float) -> Frame:
        """Return the screen after everything up to ``t``.

        Raises:
            UnusableIndexError: The index, or the recording under it, is not what it was.

        """
        self._go(bisect_right(self.times.steps, t))
        if self._frame is None:
            self._frame = self._terminal.frame()
        return self._frame

    @property
    def undrawn(self) -> int:
        """Bytes of output that no index covers and the emulator has not come to."""
        return len(self._data) - self._offset(max(self._done, self._covered))

    def newest(self, tail: list[Step], seconds: float) -> Frame:
        """Return the screen as its end makes it, and draw for so long towards the exact one.

        Args:
            tail: The last output and sizes; where it is empty, what was taken in last.
            seconds: How long to draw.

        """
        until = time.monotonic() + seconds
        while self._done < len(self.times.steps) and time.monotonic() < until:
            self._go(min(self._done + _STEPS_AT_ONCE, len(self.times.steps)))
        return skimmed(self._terminal.snapshot(), tail or [bytes(self._data[-TAIL:])])

    def touched(self, t: float) -> float | None:
        """Return when the last output or input up to ``t`` came."""
        found = []
        for times in (self.times.outputs, self.times.inputs):
            index = bisect_right(times, t)
            if index:
                found.append(times[index - 1])
        return max(found, default=None)

    def next_output(self, t: float) -> float | None:
        """Return when the first output after ``t`` came."""
        index = bisect_right(self.times.outputs, t)
        return self.times.outputs[index] if index < len(self.times.outputs) else None

    def previous_output(self, t: float) -> float | None:
        """Return when the last output before ``t`` came."""
        index = bisect_left(self.times.outputs, t)
        return self.times.outputs[index - 1] if index else None

    def _go(self, step: int) -> None:
        """Bring the emulator to the moment after ``step`` steps."""
        if step == self._done:
            return
        self._frame = None
        nearest = self._nearest(step)
        if not nearest <= self._done <= step:
            self._restore(nearest)
        while self._done < step:
            if self._done < self._covered:
                self._replay(min(step, self._covered))
            else:
                self._play(step)

    def _nearest(self, step: int) -> int:
        """Return after how many steps the last keyframe up to ``step`` stands."""
        index = bisect_right(self._keyframe_steps, step) - 1
        if index >= 0:
            return self._keyframe_steps[index]
        return 0 if self.past is None else self.past.keyframe(min(step, self._covered))

    def _restore(self, keyframe: int) -> None:
        # Until it is done the emulator stands nowhere that could be gone on from.
        self._done = len(self.times.steps) + 1
        index = bisect_left(self._keyframe_steps, keyframe)
        snapshot: bytes | None = None
        if index < len(self._keyframe_steps) and self._keyframe_steps[index] == keyframe:
            snapshot = zlib.decompress(self._keyframes[index])
        elif self.past is not None:
            snapshot = self.past.snapshot(keyframe)
        if snapshot is None:
            self._terminal = Terminal(*self._first_size)
        else:
            try:
                self._terminal.restore(snapshot)
            except ValueError as error:
                raise UnusableIndexError(f"a keyframe is damaged ({error})") from error
        self._done = keyframe

    def _replay(self, last: int) -> None:
        """Do some of the steps up to ``last`` that the index covers."""
        if self.past is None:
            return
        steps = self.past.steps(self._done, last)
        output: list[bytes] = []
        for step in steps:
            if isinstance(step, bytes):
                output.append(step)
                continue
            self._terminal.feed(b"".join(output))
            output = []
            self._terminal.resize(*step)
        self._terminal.feed(b"".join(output))
        self._done += len(steps)

    def _play(self, step: int) -> None:
        """Do one resize, or the output up to the next resize, keyframe or ``step``."""
        first = self._done
        if first in self._sizes:
            self._terminal.resize(*self._sizes[first])
            self._done = first + 1
        else:
            start = self._offset(first)
            behind = bisect_left(self._ends, start + KEYFRAME_EVERY, first - self._covered)
            full = behind + self._covered + 1
            last = min(step, full, self._next_resize(first, min(step, full)))
            self._terminal.feed(bytes(self._data[start : self._offset(last)]))
            self._done = last
        self._keep_keyframe(resized=first in self._sizes)

    def _next_resize(self, first: int, last: int) -> int:
        if not self._sizes:
            return last
        return next((step for step in range(first, last) if step in self._sizes), last)

    def _keep_keyframe(self, *, resized: bool) -> None:
        newest = self._keyframe_steps[-1] if self._keyframe_steps else self._covered
        if self._done <= newest or not self._terminal.at_ground:
            return
        behind = self._offset(self._done) - self._offset(newest)
        if behind >= (RESIZE_KEYFRAME_AFTER if resized else KEYFRAME_EVERY):
            self._keyframe_steps.append(self._done)
            self._keyframes.append(zlib.compress(self._terminal.snapshot(), 1))

    def _offset(self, step: int) -> int:
        """Return where the data of the steps up to ``step`` ends in `_data`."""
        index = step - self._covered
        return self._ends[index - 1] if index > 0 else 0
