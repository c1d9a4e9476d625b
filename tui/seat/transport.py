"""Where a replay stands and how it moves: position, speed, live end, silences skipped.

Pure arithmetic on seconds of the recording, so that every rule of playing is tested without a
screen. No clock, no files and no drawing belong here; a recording's own times are never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""How many seconds of the recording pass in one second."""

NORMAL_SPEED = 1.0
LEAD = 2.0
"""Seconds before a moment at which a jump to it lands, so that one sees how it came about."""

QUIET_LIMIT = 3.0
"""Seconds of silence that are played before the rest of it is skipped."""

QUIET_LEAD = 0.3
"""Seconds before the next output at which a skipped silence ends."""

_REPEAT_GRACE = 1.5
"""Seconds after a moment within which "previous", while playing, goes to the one before it."""

_EPSILON = 1e-6


class State(Enum):
    """What the status bar says; the value is the word shown."""

    READING = "READING"
    PLAYING = "PLAYING"
    PAUSED = "PAUSED"
    ENDED = "ENDED"
    LIVE = "LIVE"


@dataclass(slots=True)
class Transport:
    """The state of playing; times in seconds since the session's start.

    Attributes:
        position: The moment shown.
        duration: The session's end as far as it is known; of a live session its present.
        live: The session has not ended.
        playing: Time passes, at ``speed``.
        at_live_end: The position moves with the present of a live session.
        skips_silence: Long silences are skipped while playing.
        landed: Where the last jump went to; a silence is played from there as from an output,
            so that whoever jumps into one is not thrown out of it at once.

    """

    position: float = 0.0
    duration: float = 0.0
    live: bool = False
    playing: bool = True
    at_live_end: bool = False
    speed: float = NORMAL_SPEED
    skips_silence: bool = True
    landed: float = 0.0

    @property
    def state(self) -> State:
        """Return what to call this."""
        if self.at_live_end:
            return State.LIVE
        if self.at_end and not self.playing and not self.live and self.duration > 0:
            return State.ENDED
        return State.PLAYING if self.playing else State.PAUSED

    @property
    def at_end(self) -> bool:
        """Whether nothing comes after the position."""
        return self.position >= self.duration - _EPSILON

    def extend(self, duration: float, *, live: bool) -> None:
        """Take in that the session has grown, or has ended."""
        self.duration = max(duration, 0.0)
        ended = self.live and not live
        self.live = live
        if self.at_live_end:
            self.position = self.duration
        if ended and self.at_live_end:
            self.at_live_end = self.playing = False
        self.position = min(self.position, self.duration)

    def advance(self, elapsed: float) -> None:
        """Let so many seconds of the viewer's time pass."""
        if self.at_live_end or not self.playing:
            return
        self.position = min(self.position + max(elapsed, 0.0) * self.speed, self.duration)
        if self.at_end:
            self._arrive()

    def _arrive(self) -> None:
        self.position = self.duration
        if self.live:
            self.go_live()
        else:
            self.playing = False

    def go_live(self) -> None:
        """Follow the present of a live session, at its own pace."""
        self.at_live_end = self.playing = True
        self.speed = NORMAL_SPEED
        self.position = self.duration

    def toggle(self) -> None:
        """Play or pause; a finished replay that stands at its end plays from the beginning."""
        if self.at_live_end:
            self.at_live_end = self.playing = False
        elif self.playing:
            self.playing = False
        elif self.at_end and not self.live:
            self.position, self.landed, self.playing = 0.0, 0.0, True
        else:
            self.playing = True

    def seek(self, t: float) -> None:
        """Go to a moment; whoever leaves the live end goes on playing behind it."""
        t = min(max(t, 0.0), self.duration)
        if self.at_live_end and t < self.duration - _EPSILON:
            self.at_live_end = False
        self.position = self.landed = t

    def end(self) -> None:
        """Go to the end: of a live session, follow it."""
        if self.live:
            self.go_live()
        else:
            self.position, self.playing = self.duration, False

    def change_speed(self, steps: int) -> None:
        """Go so many steps up or down in `SPEEDS`; the live end has only its own pace."""
        if self.at_live_end:
            return
        index = SPEEDS.index(self.speed) + steps
        self.speed = SPEEDS[min(max(index, 0), len(SPEEDS) - 1)]

    def skip_silence(self, previous: float | None, following: float | None) -> bool:
        """Skip the rest of a long silence; return whether the position moved.

        Args:
            previous: The last output at or before the position; None counts as the beginning.
            following: The next output; None counts as the end.

        """
        if not self.skips_silence or not self.playing or self.at_live_end:
            return False
        since = max(previous or 0.0, self.landed if self.landed <= self.position else 0.0)
        until = self.duration if following is None else following
        target = min(until - QUIET_LEAD, self.duration)
        if self.position < since + QUIET_LIMIT or target <= self.position:
            return False
        self.position = target
        return True

    def next_moment(self, times: Sequence[float]) -> float | None:
        """Return the first of these times that a jump has not reached yet, None after the last."""
        reached = self.position + _EPSILON
        return next((t for t in times if landing(t) > reached), None)

    def previous_moment(self, times: Sequence[float]) -> float | None:
        """Return the last of these times that lies before the jump to it, None before the first."""
        grace = _REPEAT_GRACE * self.speed if self.playing and not self.at_live_end else 0.0
        passed = self.position - grace - _EPSILON
        return next((t for t in reversed(times) if landing(t) < passed), None)


def first_position(opened: Iterable[float]) -> float:
    """Return where a replay begins, in seconds: a candidate may take minutes to connect.

    Args:
        opened: When each terminal was opened.

    """
    first = min(opened, default=0.0)
    return first if first > QUIET_LIMIT else 0.0


def landing(t: float) -> float:
    """Return the moment at which a jump to ``t`` lands."""
    return max(t - LEAD, 0.0)


def clock_words(t: float) -> str:
    """Return seconds as ``mm:ss``, from a hundred minutes on as ``h:mm:ss``."""
    whole = max(int(t + _EPSILON), 0)
    minutes, seconds = divmod(whole, 60)
    if minutes < 100:  # noqa: PLR2004 - what two digits hold
        return f"{minutes:02}:{seconds:02}"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


def speed_words(speed: float) -> str:
    """Return a speed as it is shown: ``1x``, ``0.25x``."""
    return f"{speed:g}x"
