"""Draws the timeline: up to four rows from one value, and the position over them.

Pure. What does not depend on the position is drawn once (`draw_base`), so that playing costs no
more than putting the position over it. Nothing is told by colour alone: tasks begin with their
sign, columns in which somebody typed are brighter, and the pointer says so. No widget belongs here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from tui.seat.cell_rows import BLANK, Row, fit, put, restyle
from tui.seat.feed import Period
from tui.seat.look import (
    ACCENT,
    BAR,
    FAINT,
    INK,
    LINE,
    MARKED,
    NOTE_COLOURS,
    NOTE_MARKS,
    OUTCOME_COLOURS,
    OUTCOME_MARKS,
    PRINTED,
    SHADES,
    TYPED,
)
from tui.seat.timeline.course import OFF, Segment
from tui.seat.timeline.scale import Scale
from tui.seat.timeline.values import Tick, TimelineData
from tui.seat.transport import clock_words

MOST_ROWS = 4

_BARS = " ▁▂▃▄▅▆▇█"
_STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
"""Seconds between two clock labels."""

_LABEL_ROOM = 13
"""Columns between two clock labels, at least on average."""

_HEAD = f"bold {INK} reverse"
_UNDER_HEAD = f"bold {INK} on {MARKED}"
_BEHIND_END = "·"
_SHORTENED = "⋯"


@dataclass(frozen=True, slots=True)
class Run:
    """Columns from ``first`` up to ``last``, the end behind it, that show one stretch of work."""

    first: int
    last: int
    segment: Segment


@dataclass(frozen=True, slots=True)
class Base:
    """The rows without the position; they are copied, never written to.

    ``line`` is which row the position's line is, the last one.
    """

    rows: tuple[Row, ...]
    runs: tuple[Run, ...]
    has_ribbon: bool

    @property
    def line(self) -> Row:
        """The row of the line itself."""
        return self.rows[-1]


def draw_base(data: TimelineData, scale: Scale, rows: int) -> Base:
    """Return the timeline without its position.

    Args:
        data: The session.
        scale: Its columns.
        rows: How many there is room for: from two on there is a ribbon of tasks, from three on the
            activity, with four the ticks have a row of their own.

    """
    runs = tuple(runs_of(data.segments, scale))
    line = _line(data, scale, labelled=rows >= MOST_ROWS)
    ticks = line
    found: list[Row] = []
    if rows >= 2:  # noqa: PLR2004 - said above
        found.append(_ribbon(runs, scale.width))
    if rows >= 3:  # noqa: PLR2004
        found.append(_activity(data, scale))
    if rows >= MOST_ROWS:
        ticks = [BLANK] * scale.width
        found.append(ticks)
    _put_ticks(ticks, data.ticks, scale)
    if rows < 2:  # noqa: PLR2004
        _put_signs(line, runs)
    found.append(line)
    return Base(tuple(found), runs, has_ribbon=len(found) > 1)


def draw_position(base: Base, head: int, activity: str = "") -> list[Row]:
    """Return the rows with the position over them.

    Args:
        base: What does not depend on it.
        head: Its column.
        activity: The kind of work at the position, named in the ribbon where there is room.

    """
    rows = [list(row) for row in base.rows]
    line = rows[-1]
    for column in range(min(head, len(line))):
        if line[column][0] == "─":
            line[column] = ("━", ACCENT)
    if base.has_ribbon:
        run = next((each for each in base.runs if each.first <= head < each.last), None)
        if run is not None:
            _put_run(rows[0], run, activity, bold=True)
        restyle(rows[0], head, _HEAD)
    for row in rows[1:-1]:
        restyle(row, head, _UNDER_HEAD)
    if line[head][0] in {"─", "━", _BEHIND_END}:
        line[head] = (" ", _HEAD)
    restyle(line, head, _HEAD)
    return rows


def runs_of(segments: Sequence[Segment], scale: Scale) -> list[Run]:
    """Return which columns show which stretch: in each column the one that has most of it."""
    found: list[Run] = []
    at = 0
    for column in range(scale.width):
        start, until = scale.edge(column), scale.edge(column + 1)
        while at < len(segments) and segments[at].until <= start:
            at += 1
        best, most, look = None, 0.0, at
        while look < len(segments) and segments[look].start < until:
            share = min(segments[look].until, until) - max(segments[look].start, start)
            if share > most:
                best, most = segments[look], share
            look += 1
        if best is None:
            continue
        if found and found[-1].segment is best and found[-1].last == column:
            found[-1] = Run(found[-1].first, column + 1, best)
        else:
            found.append(Run(column, column + 1, best))
    return found


def _ribbon(runs: Sequence[Run], width: int) -> Row:
    row = [BLANK] * width
    for run in runs:
        _put_run(row, run)
    return row


def _put_run(row: Row, run: Run, activity: str = "", *, bold: bool = False) -> None:
    """Fill a stretch's columns: its sign first, as much of its name as there is room for."""
    segment, room = run.segment, run.last - run.first
    off = segment.number == OFF
    shade = SHADES[(segment.number - 1) % len(SHADES)] if not off else BAR
    style = f"{FAINT if off else INK} on {shade}"
    if bold:
        style = f"bold {INK} on {shade}"
    put(row, run.first, ("·" if off else " ") * room, style)
    put(row, run.first, label_of(segment, room, activity), style)


def label_of(segment: Segment, room: int, activity: str = "") -> str:
    """Return the fullest name of a stretch that so many cells hold; its sign in any case.

    Where the kind of work is given, naming it comes before the task's full title.
    """
    sign = segment.sign
    names = [f"{sign} {segment.title}", f"{sign} {segment.short}"]
    if activity:
        names = [*(f"{name} · {activity}" for name in names), f"{sign} {activity}", *names]
    # One cell stays free, so that names do not run into each other.
    return next((name for name in names if cell_len(name) < room), sign)


def _activity(data: TimelineData, scale: Scale) -> Row:
    """Return a histogram of outputs, by their square roots; brighter where there was input."""
    counts = [_counted(data, scale, column) for column in range(scale.width)]
    most = max((out for out, _ in counts), default=0)
    row = [BLANK] * scale.width
    for column, (out, typed) in enumerate(counts):
        if not out and not typed:
            continue
        # Roots keep a flood from flattening everything else.
        level = math.ceil(8 * math.sqrt(out / most)) if out else 0
        style = TYPED if typed else PRINTED
        row[column] = (_BARS[min(level, 8)], style)
    for piece in scale.shortened:
        put(row, piece.first, _SHORTENED, FAINT)
    return row


def _counted(data: TimelineData, scale: Scale, column: int) -> tuple[int, int]:
    """Return outputs and inputs of a column; a step belongs where it begins."""
    activity = data.activity
    first = math.ceil(scale.edge(column) / activity.step - 1e-9)
    last = math.ceil(scale.edge(column + 1) / activity.step - 1e-9)
    if column == scale.width - 1:
        last = len(activity.outputs)
    if last <= first:
        # Columns are shorter than a step: it shows in each of them.
        first = int(scale.edge(column) / activity.step)
        last = first + 1
    return sum(activity.outputs[first:last]), sum(activity.inputs[first:last])


def _put_ticks(row: Row, ticks: Sequence[Tick], scale: Scale) -> None:
    """Put the ticks in, what somebody noted over tags, what failed over what did not."""
    for tick in sorted(ticks, key=_weight):
        put(row, scale.column(tick.t), *sign_of_tick(tick))


def _weight(tick: Tick) -> int:
    if tick.kind is not None:
        return 3
    return {"failed": 2, "interrupted": 2, "unknown": 1}.get(tick.outcome, 0)


def sign_of_tick(tick: Tick) -> tuple[str, str]:
    """Return the character and the style of a tick."""
    if tick.kind is None:
        return OUTCOME_MARKS[tick.outcome], f"bold {OUTCOME_COLOURS[tick.outcome]}"
    return NOTE_MARKS[tick.kind], f"bold {NOTE_COLOURS[tick.kind]}"


def _line(data: TimelineData, scale: Scale, *, labelled: bool) -> Row:
    """Return the line: to come, shortened silences, the clock's phases, times at some steps."""
    row: Row = [("─", LINE)] * scale.width
    if data.live:
        for column in range(scale.column(data.duration) + 1, scale.width):
            row[column] = (_BEHIND_END, LINE)
    taken: list[tuple[int, int]] = []
    for piece in scale.shortened:
        put(row, piece.first, _SHORTENED, FAINT)
        taken.append((piece.first, piece.first))
    for period in data.periods:
        _put_period(row, period, scale, taken, labelled=labelled)
    if labelled:
        _put_clock(row, scale, taken)
    return row


def _put_period(
    row: Row, period: Period, scale: Scale, taken: list[tuple[int, int]], *, labelled: bool
) -> None:
    """Show where a phase of the clock begins, and where the last of them ends."""
    for t, words in ((period.until, ""), (period.start, period.title)):
        if not 0 <= t < scale.end:
            continue
        column = scale.column(t)
        room = scale.column(min(period.until, scale.end)) - column - 1
        shown = fit(words, min(room, 14)) if labelled and room > 1 else ""
        end = put(row, column, f"┃{shown}", f"bold {INK}")
        taken.append((column, end))


def _put_clock(row: Row, scale: Scale, taken: list[tuple[int, int]]) -> None:
    """Write times at steps that leave room between them."""
    loud = scale.end - sum(piece.until - piece.start for piece in scale.shortened)
    wanted = loud * _LABEL_ROOM / scale.width
    step = next((each for each in _STEPS if each >= wanted), _STEPS[-1])
    # Of a session of months not every day is named.
    for number in range(1, min(int(scale.end / step), 200) + 1):
        column = scale.column(number * step)
        words = f"┼{clock_words(number * step)}"
        end = column + len(words)
        free = all(end < first or column > last for first, last in taken)
        if free and end <= scale.width:
            put(row, column, words, FAINT)
            taken.append((column, end))


def _put_signs(row: Row, runs: Sequence[Run]) -> None:
    """Write on the line itself which task begins where, as there is no ribbon."""
    last = ""
    for run in runs:
        sign = run.segment.sign
        at = next((c for c in range(run.first, run.last) if row[c][0] == "─"), None)
        if sign != last and at is not None:
            put(row, at, sign, f"bold {FAINT if run.segment.number == OFF else ACCENT}")
            last = sign
