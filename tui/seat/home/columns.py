"""The rows of home as text: columns, what gives way when it is narrow, what each cell says.

Pure: a session and the present in, text out. Which sessions, and in which order, is said in
`tui.seat.home.rows`; what gives way is decided here alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from analyzer.visible import plain
from tui.seat.home.clocks import age_of, ago_words, read_clock
from tui.seat.home.sittings import Sitting
from tui.seat.look import ACCENT, FAINT, INK
from tui.seat.transport import clock_words
from tui.wall_clock import local_time

GAP = 2
SELDOM = 300.0
"""Seconds of a clock from which on it asks to be looked at."""

STATES: Mapping[str, tuple[str, str, str]] = {
    "live": ("●", "live", "bold $bad"),
    "closed": ("■", "closed", FAINT),
    "cut-off": ("▲", "cut off", "$caution"),
    "failed": ("\N{MULTIPLICATION SIGN}", "failed", "$bad"),
    "unreadable": ("?", "damaged", "$caution"),
}
"""Sign, word and style of each state; one of another program's version is shown as it is."""

_LONGEST_NAME = 26
"""Cells of a damaged recording's name: the reason stands behind it."""

Parts = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: between ``least`` and ``most`` cells; the highest ``rank`` gives way first.

    ``draw`` gives a cell's pieces of text with their styles for so many cells; what is too long is
    cut.
    """

    name: str
    rank: int
    least: int
    most: int
    draw: Callable[[Sitting, datetime, int], Parts]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A column and the cells that it gets."""

    column: Column
    width: int


def state_parts(row: Sitting) -> tuple[str, str]:
    """Return a session's state, sign and word, and its style."""
    sign, word, style = STATES.get(row.state, ("○", plain(row.state), FAINT))
    return f"{sign} {word}", style


def _state(row: Sitting, now: datetime, width: int) -> Parts:
    del now, width
    return [state_parts(row)]


def _candidate(row: Sitting, now: datetime, width: int) -> Parts:
    del now, width
    return [(plain(row.candidate), f"bold {INK}") if row.candidate else ("-", FAINT)]


def _clock(row: Sitting, now: datetime, width: int) -> Parts:
    reading = read_clock(row, now)
    style = INK
    if reading.left is not None:
        style = "bold $caution" if reading.left < SELDOM else f"bold {INK}"
    parts = [(reading.words, style)]
    phase = f" · {plain(reading.phase)}"
    if reading.phase and cell_len(reading.words + phase) <= width:
        parts.append((phase, FAINT))
    return parts


def _started(row: Sitting, now: datetime, width: int) -> Parts:
    local = local_time(row.started)
    if local.date() == local_time(now).date():
        return [(f"today {local:%H:%M}", INK)]
    # A part of a year would be read as another.
    return [(f"{local:%Y-%m-%d %H:%M}" if width >= _LONG else f"{local:%m-%d %H:%M}", INK)]


_SHORT = len("11-20 13:00")
_LONG = len("2026-11-20 13:00")


def _tags(row: Sitting, now: datetime, width: int) -> Parts:
    del now
    if not row.topics:
        return [("hidden" if row.hidden else "-", FAINT)]
    parts: list[tuple[str, str]] = []
    used = 0
    for index, (topic, count) in enumerate(row.topics):
        words = f"{GAP * ' ' if parts else ''}{plain(topic)} "
        others = len(row.topics) - index - 1
        more = len(f"  +{others}") if others else 0
        if parts and used + cell_len(words) + len(str(count)) + more > width:
            parts.append((f"  +{others + 1}", FAINT))
            break
        parts += [(words, FAINT), (str(count), f"bold {INK}")]
        used += cell_len(words) + len(str(count))
    return parts


def last_parts(row: Sitting, now: datetime, width: int) -> Parts:
    """Return the last tag and when it was: how long ago of a live session, else at what time."""
    if row.last is None:
        return [("hidden" if row.hidden else "-", FAINT)]
    when = clock_words(row.last.t)
    if row.live:
        when = ago_words(age_of(row, now) - row.last.t)
    title = cut(plain(row.last.title), width - len(when) - GAP).rstrip()
    return [(title, INK), (f"{GAP * ' '}{when}", FAINT)]


def _target(row: Sitting, now: datetime, width: int) -> Parts:
    del now, width
    return [(plain(row.target), INK)]


def _session(row: Sitting, now: datetime, width: int) -> Parts:
    del now, width
    return [(plain(row.id), FAINT)]


COLUMNS = (
    Column(name="state", rank=1, least=9, most=12, draw=_state),
    Column(name="candidate", rank=0, least=12, most=28, draw=_candidate),
    Column(name="clock", rank=2, least=11, most=26, draw=_clock),
    Column(name="started", rank=4, least=_SHORT, most=_LONG, draw=_started),
    Column(name="tags", rank=3, least=14, most=56, draw=_tags),
    Column(name="last tag", rank=5, least=28, most=48, draw=last_parts),
    Column(name="target", rank=6, least=20, most=34, draw=_target),
    Column(name="session", rank=7, least=15, most=26, draw=_session),
)
_GROWS = (
    ("state", 12), ("candidate", 15), ("tags", 21), ("clock", 26), ("last tag", 38),
    ("candidate", 28), ("tags", 32), ("target", 34), ("session", 26), ("last tag", 48),
    ("tags", 56), ("started", _LONG),
)  # fmt: skip
"""Whose wish for more room is heard first, and up to how many cells."""


def wishes(rows: Iterable[Sitting], now: datetime) -> dict[str, int]:
    """Return how many cells the longest cell of each column would like."""
    wanted = {column.name: cell_len(column.name) for column in COLUMNS}
    for row in rows:
        for column in COLUMNS:
            if wanted[column.name] < column.most:
                length = sum(cell_len(words) for words, _ in column.draw(row, now, column.most))
                wanted[column.name] = min(max(wanted[column.name], length), column.most)
    return wanted


def fit(wanted: Mapping[str, int], room: int) -> tuple[Fitted, ...]:
    """Share the room of a line: columns of the highest rank go first, the rest get what is left."""
    kept = list(COLUMNS)
    while len(kept) > 1 and _least(kept) > room:
        kept.remove(max(kept, key=lambda column: column.rank))
    widths = {column.name: column.least for column in kept}
    spare = max(room - _least(kept), 0)
    for name, limit in _GROWS:
        if name in widths:
            wish = min(wanted.get(name, 0), limit)
            more = min(max(wish - widths[name], 0), spare)
            widths[name] += more
            spare -= more
    return tuple(Fitted(column, widths[column.name]) for column in kept)


def _least(columns: Sequence[Column]) -> int:
    return sum(column.least for column in columns) + GAP * (len(columns) - 1)


def cut(words: str, width: int) -> str:
    """Return words in exactly so many cells, with an ellipsis where they are longer."""
    if cell_len(words) > width:
        return set_cell_size(words, max(width - 1, 0)) + ("…" if width > 0 else "")
    return set_cell_size(words, width)


def draw_header(fitted: Sequence[Fitted], *, sort: str) -> Text:
    """Return the row of column names; the one that is sorted by has an arrow."""
    text = Text(no_wrap=True, overflow="crop", end="")
    for each in fitted:
        sorts = each.column.name == sort
        name = f"{each.column.name} ↓" if sorts else each.column.name
        text.append(cut(name, each.width) + GAP * " ", ACCENT if sorts else FAINT)
    return text


def draw_row(row: Sitting, fitted: Sequence[Fitted], now: datetime) -> Text:
    """Return one session on one line."""
    text = Text(no_wrap=True, overflow="crop", end="")
    if row.problem:
        return _draw_problem(row, fitted)
    for each in fitted:
        room = each.width
        for words, style in each.column.draw(row, now, each.width):
            piece = words if cell_len(words) <= room else cut(words, room)
            text.append(piece, style)
            room -= cell_len(piece)
        text.append(" " * (room + GAP))
    return text


def _draw_problem(row: Sitting, fitted: Sequence[Fitted]) -> Text:
    """Return the line of a session that cannot be read: its name, and why."""
    words, style = state_parts(row)
    first, room = fitted[0].width, sum(each.width + GAP for each in fitted)
    text = Text(cut(words, first) + GAP * " ", style, no_wrap=True, overflow="crop", end="")
    name = plain(row.id)
    name = cut(name, _LONGEST_NAME) if cell_len(name) > _LONGEST_NAME else name
    why = cut(f"{name}: {plain(row.problem)}", max(room - first - GAP, 0))
    return Text(no_wrap=True, overflow="crop", end="").append_text(text).append(why, FAINT)
