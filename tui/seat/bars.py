"""The two rows below the screen: the timeline with its marks, and the status bar.

Each draws one frozen value; what gives way in a narrow terminal is decided here. No playing, no
feed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual import events
from textual.message import Message
from textual.widget import Widget

from recorder.store.noted import Kind
from tui.seat.look import (
    ACCENT,
    FAINT,
    INK,
    LINE,
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
    """A tag, or a note of some ``kind``, on timeline or status bar; ``t`` in seconds."""

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
class Line:
    """What the timeline shows; times in seconds."""

    position: float = 0.0
    duration: float = 0.0
    marks: tuple[Mark, ...] = ()
    notes: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What the status bar shows.

    The words of ``extras`` give way from the last one on; ``hint`` stands at the right end.
    """

    state: State = State.READING
    position: float = 0.0
    duration: float = 0.0
    speed: float = 1.0
    extras: tuple[str, ...] = ()
    mark: Mark | None = None
    hint: str = "? help"


def column_of(t: float, duration: float, width: int) -> int:
    """Return the column, from 0, of a moment on a line of so many columns."""
    if duration <= 0 or width <= 1:
        return 0
    return min(max(round(t / duration * (width - 1)), 0), width - 1)


def moment_of(column: int, duration: float, width: int) -> float:
    """Return the moment in seconds that a column stands for."""
    return 0.0 if width <= 1 else min(max(column / (width - 1), 0.0), 1.0) * duration


def draw_timeline(line: Line, width: int) -> Text:
    """Return the line: played, to come, the marks of tags and notes, the position.

    A note hides a tag in the same place: a person put it there.
    """
    head = column_of(line.position, line.duration, width)
    text = Text(no_wrap=True, end="")
    drawn = (*line.marks, *line.notes)
    marks = {column_of(mark.t, line.duration, width): mark for mark in drawn}
    for column in range(width):
        mark = marks.get(column)
        if column == head:
            text.append(" " if mark is None else mark.look[0], f"bold {INK} reverse")
        elif mark is not None:
            character, colour = mark.look
            text.append(character, f"bold {colour}")
        elif column < head:
            text.append("━", ACCENT)
        else:
            text.append("─", LINE)
    return text


def draw_status(status: Status, width: int) -> Text:
    """Return the status bar, exactly ``width`` cells wide."""
    name = status.state.value
    badge = f" {STATE_MARKS[name]} {name} "
    times, speed = _times(status)
    hint = f" {status.hint} " if status.hint else ""
    room = width - sum(map(cell_len, (badge, times, speed, hint)))
    extras, room = _fit_extras(status.extras, room, reserve=_wanted(status.mark))
    text = Text(no_wrap=True, end="")
    text.append(badge, f"bold reverse {STATE_COLOURS[name]}")
    text.append(times, f"bold {INK}")
    text.append(speed, INK)
    text.append(extras, FAINT)
    _append_mark(text, status.mark, room)
    text.append(hint, FAINT)
    text.truncate(width, pad=True)
    return text


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


class Timeline(Widget):
    """The whole session on one row; a click goes to that moment."""

    class Clicked(Message):
        """Somebody clicked a moment, in seconds."""

        def __init__(self, t: float) -> None:
            super().__init__()
            self.t = t

    def __init__(self) -> None:
        super().__init__(id="timeline")
        self.line = Line()
        self._drawn = Text()

    def show_line(self, line: Line) -> None:
        """Draw another value, if it looks different."""
        self.line = line
        if draw_timeline(line, self.size.width) != self._drawn:
            self.refresh()

    def render(self) -> Text:
        """Return the row."""
        self._drawn = draw_timeline(self.line, self.size.width)
        return self._drawn

    def on_click(self, event: events.Click) -> None:
        """Turn the column into a moment."""
        self.post_message(self.Clicked(moment_of(event.x, self.line.duration, self.size.width)))


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
