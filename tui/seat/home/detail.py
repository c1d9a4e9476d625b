"""The strip below the list: what an interviewer needs of the marked session, in four lines.

Pure text: a session, what was looked up of it, and the present in; lines out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.text import Text

from analyzer.visible import plain
from tui.seat.feed import HIDDEN
from tui.seat.home.clocks import read_clock
from tui.seat.home.columns import cut, last_parts, state_parts
from tui.seat.home.sittings import Detail, Sitting
from tui.seat.look import ACCENT, FAINT, INK
from tui.wall_clock import local_time

Facts = Sequence[tuple[str, str]]


def draw_detail(row: Sitting | None, detail: Detail | None, now: datetime, width: int) -> Text:
    """Return the strip's lines; ``detail`` is None while it is being looked up."""
    if row is None:
        return Text()
    if row.problem:
        head = Text.assemble(("cannot be read  ", "$caution"), (plain(row.problem), INK))
        lines = [head, Text(plain(row.id), FAINT)]
        lines.append(Text("`jumpseat session verify` tells more", FAINT))
        for line in lines:
            line.truncate(width, overflow="ellipsis")
        return Text("\n", no_wrap=True).join(lines)
    if detail is None or detail.id != row.id:
        detail = Detail(id=row.id, exercise=row.exercise or "")
    lines = [_head(row, width), *(_line(facts, width) for facts in _facts(row, detail, now))]
    if row.last is not None:
        last = Text("last tag ", FAINT, no_wrap=True)
        for words, style in last_parts(row, now, max(width - 9, 20)):
            last.append(words, style)
        lines.append(last)
    else:
        lines.append(Text(HIDDEN if row.hidden else "no tags", FAINT))
    return Text("\n", no_wrap=True, overflow="ellipsis").join(lines)


def _head(row: Sitting, width: int) -> Text:
    words, style = state_parts(row)
    text = Text.assemble((words, style), "  ", no_wrap=True)
    text.append(plain(row.candidate or "nobody named"), f"bold {INK}")
    text.append(" on ", FAINT)
    text.append(plain(row.target), INK)
    text.append(f"  {plain(row.id)}", FAINT)
    text.truncate(width, overflow="ellipsis")
    return text


def _facts(row: Sitting, detail: Detail, now: datetime) -> tuple[Facts, Facts]:
    """Return two lines: of a live session where it is to be reached, then what it is about."""
    reading = read_clock(row, now)
    clock = reading.words + (f" · {plain(reading.phase)}" if reading.phase else "")
    about = [("exercise", plain(detail.exercise) or "none")]
    local = f"{local_time(row.started):%Y-%m-%d %H:%M}"
    facts = [("started", local), ("length", clock), ("notes", str(detail.notes))]
    if row.live:
        facts = [("candidate's port", plain(row.listen or "-"))]
        facts += [("connections", _connections(detail)), ("notes", str(detail.notes))]
        about = [("clock", clock), *about]
    return facts, about


def _connections(detail: Detail) -> str:
    if not detail.connections:
        return "none now"
    users = ", ".join(plain(user) for user in detail.users[:3])
    return f"{detail.connections} now" + (f" ({users})" if users else "")


def _line(facts: Facts, width: int) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    for name, value in facts:
        style = f"bold {ACCENT}" if name == "candidate's port" else INK
        room = max(width - text.cell_len - len(name) - 1, 0)
        if room <= len(name) // 2:
            break
        text.append(f"{name} ", FAINT)
        text.append(cut(value, room).rstrip(), style)
        text.append("   ")
    return text
