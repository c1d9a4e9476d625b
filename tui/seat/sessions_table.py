"""The rows of the list of sessions: their order, their columns, what gives way when narrow.

Pure text. The app around it is `tui.seat.sessions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from analyzer.visible import plain
from tui.seat import SessionSummary
from tui.seat.look import FAINT, INK, STATE_COLOURS, STATE_MARKS
from tui.seat.transport import clock_words

_STATE, _DURATION, _TAGS = 7, 7, 4
_GAP = 2
_LEAST_NAME = 8
_NAME = 14
"""Cells of a name or a target that are worth more than the rest of an id."""

_LONGEST_ID = 26
_WIDE = 100
"""Columns from which the year of a session's start has room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Widths:
    """Cells of the columns whose width depends on what is in them and on the terminal."""

    started: int
    id: int
    candidate: int
    target: int


def in_order(rows: Sequence[SessionSummary]) -> tuple[SessionSummary, ...]:
    """Return live sessions first, the youngest first among each."""
    return tuple(sorted(rows, key=lambda row: (not row.live, -row.started.timestamp(), row.id)))


def widths_for(rows: Sequence[SessionSummary], columns: int) -> Widths:
    """Share the room of a terminal: names and targets first, then ids."""
    started = 16 if columns >= _WIDE else 11
    fixed = _STATE + started + _DURATION + _TAGS + 6 * _GAP
    room = max(columns - fixed, 3 * _LEAST_NAME)
    longest_candidate = max([cell_len(row.candidate or "-") for row in rows], default=0)
    longest_target = max([cell_len(row.target) for row in rows], default=0)
    longest_id = max([cell_len(row.id) for row in rows], default=0)
    names = max(longest_candidate, cell_len("candidate")), max(longest_target, cell_len("target"))
    kept = sum(min(name, _NAME) for name in names)
    width_id = max(min(longest_id, _LONGEST_ID, room - kept), _LEAST_NAME)
    rest = room - width_id
    candidate = min(names[0], max(rest // 2, rest - names[1]))
    return Widths(
        started=started, id=width_id, candidate=candidate, target=max(rest - candidate, 0)
    )


def _cut(text: str, width: int) -> str:
    if cell_len(text) > width:
        return set_cell_size(text, max(width - 1, 0)) + "…"
    return set_cell_size(text, width)


def _join(parts: Sequence[tuple[str, str]]) -> Text:
    text = Text(no_wrap=True, overflow="crop", end="")
    for index, (words, style) in enumerate(parts):
        text.append(words + " " * _GAP * (index < len(parts) - 1), style)
    return text


def draw_header(widths: Widths) -> Text:
    """Return the row of column names."""
    names = (
        ("state", _STATE),
        ("started", widths.started),
        ("candidate", widths.candidate),
        ("target", widths.target),
        ("length", _DURATION),
        ("tags", _TAGS),
        ("session", widths.id),
    )
    right = {"length", "tags"}
    return _join(
        [
            (name.rjust(width) if name in right else _cut(name, width), FAINT)
            for name, width in names
        ]
    )


def draw_session(row: SessionSummary, widths: Widths) -> Text:
    """Return one session on one row, its start in local time."""
    state = f"{STATE_MARKS['LIVE']} LIVE" if row.live else row.state
    length = "-" if row.duration is None else clock_words(row.duration)
    return _join(
        (
            (_cut(state, _STATE), f"bold {STATE_COLOURS['LIVE']}" if row.live else FAINT),
            (f"{row.started.astimezone():%Y-%m-%d %H:%M}"[-widths.started :], INK),
            (_cut(plain(row.candidate or "-"), widths.candidate), f"bold {INK}"),
            (_cut(plain(row.target), widths.target), INK),
            (length.rjust(_DURATION), INK),
            (str(row.tags).rjust(_TAGS), INK),
            (_cut(row.id, widths.id), FAINT),
        )
    )
