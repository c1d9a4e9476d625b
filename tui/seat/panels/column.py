"""All panels above each other in one column: what `--sidebar` is, and what stands beside a screen.

Pure: a desk in, lines out, and which tag lies on which line, for the mouse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from rich.text import Text

from tui.seat.desk.values import Desk
from tui.seat.feed import HIDDEN
from tui.seat.look import INK
from tui.seat.panels.asked import draw_asked
from tui.seat.panels.clock import draw_alarms, draw_clock
from tui.seat.panels.connections import draw_connections
from tui.seat.panels.paper import Times, filled, heading, wrapped
from tui.seat.panels.probes import draw_probes
from tui.seat.panels.room import LEAST_COLUMNS, LEAST_ROWS, ORDER, Name, Wish, allot
from tui.seat.panels.tags import draw_tags
from tui.seat.panels.tasks import draw_tasks

_SHORT = 24
"""Rows below which the large number gives way to the other panels."""

_AMPLE = 52
"""Rows from which details are told unasked."""

_ALL = 200
"""More rows than any panel has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How somebody looks at the desk: the marked tag, whether keys go to the tags, details."""

    marked: str | None = None
    choosing: bool = False
    details: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """What is drawn; ``tags`` has of each line which tag, counted from the newest, it shows."""

    lines: list[Text]
    tags: list[int | None]


def draw_column(desk: Desk, width: int, rows: int, view: View, times: Times) -> Column:
    """Return so many lines of so many cells each."""
    if width < LEAST_COLUMNS or rows < LEAST_ROWS:
        words = f"needs {LEAST_COLUMNS}x{LEAST_ROWS}, has {width}x{rows}"
        return Column(filled(wrapped(words, max(width, 1), rows, INK), width, rows), [None] * rows)
    view = replace(view, details=view.details or rows >= _AMPLE)
    given = allot(rows, wishes_of(desk, width, rows, view, times))
    lines: list[Text] = []
    owners: list[int | None] = []
    for name in ORDER:
        if name in given:
            drawn, tags = _panel(name, desk, width, given[name], view, times)
            lines += drawn
            owners += tags
    return Column(filled(lines, width, rows), [*owners, *[None] * rows][:rows])


def wishes_of(desk: Desk, width: int, rows: int, view: View, times: Times) -> list[Wish]:
    """Return what the panels want, the most important first."""

    def full(draw: Callable[..., list[Text]]) -> int:
        return _height(draw(desk, width, _ALL, times, details=view.details))

    alarms = _height(draw_alarms(desk, width, 4, times))
    few = 3 if view.details else 1
    return [
        Wish(name="clock", least=_least_clock(desk), most=3 if rows < _SHORT else 5),
        Wish(name="alarms", least=1, most=alarms, headed=False),
        Wish(name="tags", least=2, most=min(4, 2 + len(desk.tags)) if rows < _SHORT else 6),
        Wish(name="tasks", least=min(len(desk.tasks), 2), most=len(desk.tasks)),
        Wish(name="probes", least=min(len(desk.probes), few), most=full(draw_probes)),
        Wish(name="connections", least=1, most=full(draw_connections)),
        Wish(name="asked", least=1, most=max(len(desk.asked), 1)),
    ]


def _least_clock(desk: Desk) -> int:
    return 2 if desk.clock.started is None and desk.live else 1


def _height(lines: list[Text]) -> int:
    return len([line for line in lines if line.plain.strip()])


def _panel(
    name: Name, desk: Desk, width: int, rows: int, view: View, times: Times
) -> tuple[list[Text], list[int | None]]:
    """Return a panel with its heading, and which tag each line shows."""
    if name == "tags":
        lines, tags = draw_tags(
            desk.tags,
            width,
            rows,
            times,
            marked=view.marked,
            choosing=view.choosing,
            none=HIDDEN if desk.hidden else "nothing noticed yet",
        )
        title = heading(width, f"Tags {len(desk.tags) or ''}".strip(), "t", lit=view.choosing)
        return [title, *lines], [None, *tags]
    lines = _lines(name, desk, width, rows, view, times)
    return lines, [None] * len(lines)


def _lines(name: Name, desk: Desk, width: int, rows: int, view: View, times: Times) -> list[Text]:
    match name:
        case "alarms":
            return draw_alarms(desk, width, rows, times)
        case "clock":
            title = heading(width, "Clock", times.exactly(desk.now))
            return [title, *draw_clock(desk, width, rows, times)]
        case "tasks":
            ticked = sum(task.ticked is not None for task in desk.tasks)
            title = heading(width, "Tasks", f"{ticked} of {len(desk.tasks)} ticked")
            return [title, *draw_tasks(desk, width, rows, times)]
        case "probes":
            title = heading(width, "From outside", "d")
            return [title, *draw_probes(desk, width, rows, times, details=view.details)]
        case "connections":
            title = heading(width, "Connections", _counts(desk))
            return [title, *draw_connections(desk, width, rows, times, details=view.details)]
        case "asked":
            title = heading(width, f"They asked {len(desk.asked) or ''}".strip(), "o")
            return [title, *draw_asked(desk, width, rows, times)]
        case "tags":
            return []


def _counts(desk: Desk) -> str:
    inside = sum(each.open for each in desk.connections)
    failed = f", {desk.refused} refused" if desk.refused else ""
    return f"{inside} open{failed}"
