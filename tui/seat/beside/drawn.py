"""Draws what is said of each session and of both as rows of text, exactly as wide as asked.

Pure: a value and a width in, text out. What gives way where it is narrow is decided here.
"""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text

from tui.seat.beside.views import CommonView, HalfView, signed_clock
from tui.seat.look import (
    ACCENT,
    FAINT,
    INK,
    LINE,
    OUTCOME_COLOURS,
    OUTCOME_MARKS,
    STATE_COLOURS,
    STATE_MARKS,
)
from tui.seat.moments import Moment
from tui.seat.timeline.scale import Scale
from tui.seat.transport import State, clock_words, speed_words

WIDE = 70
"""Columns from which time and task share a row."""


def draw_title(view: HalfView, width: int) -> Text:
    """Return the row above a screen: which side, whose session, and when it was."""
    text = Text(no_wrap=True, end="")
    sign = "▸" if view.active else " "
    text.append(f" {sign} {view.name} ", f"bold reverse {ACCENT}" if view.active else FAINT)
    text.append(f" {view.who}", f"bold {INK}" if view.active else INK)
    when = f"  {view.when}" if view.when else ""
    if view.target and text.cell_len + cell_len(f" on {view.target}{when}") <= width:
        text.append(f" on {view.target}", FAINT)
    if text.cell_len + len(when) <= width:
        text.append(when, FAINT)
    return _fitted(text, width)


def draw_track(view: HalfView, width: int) -> Text:
    """Return a session's timeline: stretches of the task in bold, tags, the position."""
    scale = Scale(view.duration, width)
    kinds = [False] * width
    for start, until in view.busy:
        first, last = (scale.column(t) for t in (start, until))
        kinds[first : last + 1] = [True] * (last + 1 - first)
    head = scale.column(view.position)
    marks = {scale.column(mark.t): mark for mark in view.marks}
    text = Text(no_wrap=True, end="")
    for column, busy in enumerate(kinds):
        mark = marks.get(column)
        if column == head:
            text.append(" " if mark is None else OUTCOME_MARKS[mark.outcome], f"bold {INK} reverse")
        elif mark is not None:
            text.append(OUTCOME_MARKS[mark.outcome], f"bold {OUTCOME_COLOURS[mark.outcome]}")
        else:
            text.append("━" if busy else "─", ACCENT if busy else LINE)
    return text


def facts_height(width: int) -> int:
    """Return how many rows `draw_facts` takes."""
    return 3 if width >= WIDE else 4


def draw_facts(view: HalfView, width: int) -> Text:
    """Return the rows below a session's timeline: time, task, last command, last tag."""
    time, room = _time(view, width), width - 1
    if width >= WIDE:
        rows = [_joined(time, _doing(view, room - time.cell_len - 2))]
    else:
        rows = [time, _doing(view, room)]
    rows += [_moment(view.command, "$", room), _moment(view.tag, "", room)]
    return Text("\n", end="").join(_fitted(each, width) for each in rows)


def _time(view: HalfView, width: int) -> Text:
    text = Text(no_wrap=True, end="")
    if view.state is State.READING and not view.duration:
        return text.append(f" {view.note or 'reading …'}", FAINT)
    text.append(f" {clock_words(view.position)}", f"bold {INK}")
    text.append(f" / {clock_words(view.duration)}", FAINT)
    if view.clock is not None:
        text.append(f"  clock {signed_clock(view.clock)}", FAINT)
    if view.state is State.READING:
        text.append("  reading …", FAINT)
    elif view.note:
        text.append(f"  {view.note}", f"bold {INK}")
    if view.clipped and text.cell_len + cell_len(view.clipped) + 2 <= width:
        text.append(f"  {view.clipped}", FAINT)
    return text


def _doing(view: HalfView, width: int) -> Text:
    text = Text(no_wrap=True, end="")
    for index, words in enumerate(view.doing):
        if index and text.cell_len + cell_len(words) + 3 > width:
            continue
        text.append(" " if index == 0 else " · ", FAINT)
        text.append(words, INK if index == 0 else FAINT)
    return text


def _joined(time: Text, doing: Text) -> Text:
    text = time.copy()
    if doing.cell_len:
        text.append("  ")
        text.append_text(doing)
    return text


def _moment(moment: Moment | None, sign: str, width: int) -> Text:
    text = Text(no_wrap=True, end="")
    if moment is None:
        return text
    colour = OUTCOME_COLOURS[moment.outcome]
    if sign and moment.outcome in {"ok", "unknown"}:
        colour = FAINT
    mark = sign if sign and colour == FAINT else OUTCOME_MARKS[moment.outcome]
    text.append(f" {mark} ", colour)
    tail = "" if moment.outcome == "ok" or colour == FAINT else f"  {moment.outcome}"
    time = f"  {clock_words(moment.t)}"
    text.append(moment.words, INK if not sign else FAINT)
    text.truncate(max(width - len(tail) - len(time), 0), overflow="ellipsis")
    text.append(tail, colour)
    text.append(time, FAINT)
    return text


def draw_common(view: CommonView, width: int, *, hint: str = "") -> Text:
    """Return the two rows of both: state, step, place, speed; and when each reached the task."""
    name = view.state.value
    top = Text(no_wrap=True, end="")
    top.append(f" {STATE_MARKS[name]} {name} ", f"bold reverse {STATE_COLOURS[name]}")
    top.append(f" {speed_words(view.speed)} ", INK)
    top.append(f" {view.step} ", f"bold {INK}")
    for words in (view.place, *view.extras):
        if words and top.cell_len + len(words) + 3 + len(hint) <= width:
            top.append(f"· {words} ", FAINT)
    top.truncate(width - len(hint), pad=True)
    top.append(hint, FAINT)
    below = Text(no_wrap=True, end="")
    below.append(f" {view.task}", f"bold {INK}")
    room = width - len(view.reached) - 4
    if view.reached and room >= _LEAST:
        below.truncate(room, overflow="ellipsis")
    below.append(f":  {view.reached}" if view.reached else "", INK)
    return Text("\n", end="").join([_fitted(top, width), _fitted(below, width)])


_LEAST = 12
"""Cells of a task's title below which it says nothing."""


def _fitted(text: Text, width: int) -> Text:
    text.truncate(width, overflow="ellipsis", pad=True)
    return text
