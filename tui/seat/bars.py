"""The status bar: it draws one frozen value, and decides what gives way in a narrow terminal.

No playing, no feed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.widget import Widget

from recorder.store.noted import Kind
from tui.seat.look import (
    FAINT,
    INK,
    NOTE_COLOURS,
    NOTE_MARKS,
    OUTCOME_COLOURS,
    OUTCOME_MARKS,
    STATE_COLOURS,
    STATE_MARKS,
)
from tui.seat.transport import State, clock_words, speed_words

_TITLE = 26
"""Cells of a title that are worth more than any extra."""

_LEAST_TITLE = 10
"""Cells below which a title says nothing, and is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A tag, or a note of some ``kind``, in the status bar; ``t`` in seconds."""

    t: float
    title: str
    outcome: str
    kind: Kind | None = None

    @property
    def look(self) -> tuple[str, str]:
        """Its character and its colour."""
        if self.kind is not None:
            return NOTE_MARKS[self.kind], NOTE_COLOURS[self.kind]
        return OUTCOME_MARKS[self.outcome], OUTCOME_COLOURS[self.outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What the status bar shows.

    ``behind``: seconds that a viewer of a live session is behind its present, None at the present.
    The words of ``extras`` give way from the last one on; ``hint`` stands at the right end. Where
    there is something to ``say``, it takes the place of extras and mark.
    """

    state: State = State.READING
    position: float = 0.0
    duration: float = 0.0
    speed: float = 1.0
    extras: tuple[str, ...] = ()
    mark: Mark | None = None
    say: str = ""
    hint: str = "? help"
    behind: float | None = None


def draw_status(status: Status, width: int) -> Text:
    """Return the status bar, exactly ``width`` cells wide."""
    name = status.state.value
    badge = f" {STATE_MARKS[name]} {name} "
    colour = STATE_COLOURS[name]
    if status.behind is not None:
        badge = f" {STATE_MARKS[name]} {clock_words(status.behind)} BEHIND · l: live "
        colour = "$caution"
    times, speed = _times(status)
    hint = f" {status.hint} " if status.hint else ""
    room = width - sum(map(cell_len, (badge, times, speed, hint)))
    mark = None if status.say else status.mark
    extras, room = _fit_extras(() if status.say else status.extras, room, reserve=_wanted(mark))
    text = Text(no_wrap=True, end="")
    text.append(badge, f"bold reverse {colour}")
    text.append(times, f"bold {INK}")
    text.append(speed, INK)
    text.append(extras, FAINT)
    if status.say:
        text.append(_cut(f" {status.say}", room), INK)
    else:
        _append_mark(text, mark, room)
    text.append(hint, FAINT)
    text.truncate(width, pad=True)
    return text


def _cut(words: str, room: int) -> str:
    """Return words on exactly so many cells."""
    if cell_len(words) > room > 0:
        return set_cell_size(words, room - 1) + "…"
    return set_cell_size(words, max(room, 0))


def _times(status: Status) -> tuple[str, str]:
    """Return position and speed; at the live end there is one time, and only its own pace."""
    if status.state is State.LIVE:
        return f" {clock_words(status.duration)} ", ""
    times = f" {clock_words(status.position)} / {clock_words(status.duration)} "
    return times, f" {speed_words(status.speed)} "


def _fit_extras(extras: Sequence[str], room: int, *, reserve: int) -> tuple[str, int]:
    """Return the extras that fit beside a tag's title, and the room that is left."""
    shown = ""
    for extra in extras:
        piece = f" {extra} "
        if cell_len(piece) > room - reserve:
            break
        shown += piece
        room -= cell_len(piece)
    return shown, room


def _wanted(mark: Mark | None) -> int:
    """Return the cells that a tag gets before any extra does."""
    return 0 if mark is None else cell_len(_mark_start(mark)) + min(cell_len(mark.title), _TITLE)


def _mark_start(mark: Mark) -> str:
    return f" {clock_words(mark.t)} {OUTCOME_MARKS[mark.outcome]} "


def _append_mark(text: Text, mark: Mark | None, room: int) -> None:
    if mark is None or room <= 0:
        text.append(" " * max(room, 0))
        return
    start = _mark_start(mark)
    left = room - cell_len(start)
    if left < _LEAST_TITLE:
        text.append(" " * room)
        return
    title = mark.title if mark.outcome == "ok" else f"{mark.title} · {mark.outcome}"
    if cell_len(title) > left:
        title = mark.title
    if cell_len(title) > left:
        title = set_cell_size(title, left - 1) + "…"
    text.append(start, OUTCOME_COLOURS[mark.outcome])
    text.append(set_cell_size(title, left), INK)


class StatusBar(Widget):
    """State, time, speed, terminal, the last tag."""

    def __init__(self) -> None:
        super().__init__(id="status")
        self.status = Status()
        self._drawn = Text()

    def show_status(self, status: Status) -> None:
        """Draw another value, if it looks different."""
        self.status = status
        if draw_status(status, self.size.width) != self._drawn:
            self.refresh()

    def render(self) -> Text:
        """Return the row."""
        self._drawn = draw_status(self.status, self.size.width)
        return self._drawn
