"""A terminal's state as bytes, and back: JSON, so that reading one can run nothing.

Holds both screens, cursor, pen, modes, margins, saved cursors, character sets, tab stops, title and
what the parser has half read; not the lines that scrolled off. Rows are told in runs of pens.
Snapshots are only read by the version that wrote them; the recording stays the source of truth.
"""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import groupby
from typing import Any

from analyzer.cells import Colour, Style
from analyzer.emulator.pen import Pen
from analyzer.emulator.rows import Row
from analyzer.emulator.screen import Screen
from analyzer.emulator.sizes import Saved
from analyzer.emulator.stream import Stream

VERSION = 3
"""Raised with every change of what a snapshot holds or of what the emulator makes of bytes."""


_FLAGS = ("bold", "dim", "italic", "underline", "blink", "reverse", "conceal", "strike")


class _Palette:
    """Numbers for pens, in order of appearance."""

    def __init__(self) -> None:
        self.numbers: dict[Pen, int] = {}

    def number(self, pen: Pen) -> int:
        return self.numbers.setdefault(pen, len(self.numbers))

    def row(self, row: Row) -> list[Any]:
        cells, pens = row.cells, row.pens
        text = "".join(cells)
        plain = len(text) == len(cells) and "" not in cells
        runs: list[int] = []
        if pens.count(pens[0]) == len(pens):
            runs += (self.number(pens[0]), len(pens))
        else:
            for pen, group in groupby(pens):
                runs += (self.number(pen), len(list(group)))
        return [text.rstrip(" ") if plain else cells, runs, (row.wrapped, row.gap)]

    def saved(self, saved: Saved) -> list[Any]:
        pen = None if saved.pen is None else self.number(saved.pen)
        return [saved.x, saved.y, pen, saved.sets, saved.charset, saved.origin]


def dump_screen(screen: Screen, stream: Stream, held: bytes) -> bytes:
    """Return everything as one line of JSON; ``held`` are bytes of a character half read."""
    palette = _Palette()
    state: dict[str, Any] = {
        "version": VERSION,
        "size": (screen.columns, screen.lines),
        "rows": [palette.row(row) for row in screen.rows],
        "others": [palette.row(row) for row in screen.others],
        "pen": palette.number(screen.pen),
        "saved": palette.saved(screen.saved),
        "other_saved": palette.saved(screen.other_saved),
        "cursor": (screen.cursor.x, screen.cursor.y, screen.cursor.hidden),
        "alternate": screen.alternate,
        "mode": sorted(screen.mode),
        "margins": (screen.top, screen.bottom, screen.left, screen.right, screen.margin_wrap),
        "guarded": screen.guarded,
        "sets": screen.sets,
        "charset": (screen.charset, screen.shifted_once),
        "tabstops": sorted(screen.tabstops),
        "title": screen.title,
        "last_drawn": screen.last_drawn,
        "scrolled": screen.scrolled,
        "parser": (stream.pending, stream.string, stream.payload, stream.faults),
        "held": held.hex(),
    }
    state["pens"] = [_told(pen) for pen in palette.numbers]
    return json.dumps(state, separators=(",", ":")).encode()


def load_screen(snapshot: bytes) -> tuple[Screen, Stream, bytes]:
    """Return the screen, its parser and the bytes of a character half read.

    Raises:
        ValueError: These bytes are not a snapshot of this version of the emulator.

    """
    try:
        state = json.loads(snapshot)
        if state["version"] != VERSION:
            raise ValueError(f"a snapshot of version {state['version']!r}, not {VERSION}")
        columns, lines = state["size"]
        screen = Screen(columns, 1)
        screen.lines = lines
        _fill(screen, state)
        stream = Stream(screen)
        stream.pending, stream.string, stream.payload, stream.faults = state["parser"]
        return screen, stream, bytes.fromhex(state["held"])
    except (KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise ValueError("not a snapshot of a terminal") from error


def _fill(screen: Screen, state: dict[str, Any]) -> None:
    pens = [_pen(screen, *told) for told in state["pens"]]
    screen.rows = _rows(state["rows"], pens, screen)
    screen.others = _rows(state["others"], pens, screen)
    screen.pen = pens[state["pen"]]
    screen.saved = _saved(state["saved"], pens)
    screen.other_saved = _saved(state["other_saved"], pens)
    screen.cursor.x, screen.cursor.y, screen.cursor.hidden = state["cursor"]
    screen.alternate = state["alternate"]
    screen.mode = set(state["mode"])
    screen.top, screen.bottom, left, right, screen.margin_wrap = state["margins"]
    screen.narrow(left, right)
    screen.guarded = state["guarded"]
    screen.tabstops = set(state["tabstops"])
    screen.title, screen.last_drawn = state["title"], state["last_drawn"]
    screen.scrolled = state["scrolled"]
    screen.choose_sets(state["sets"], state["charset"][0])
    screen.shifted_once = state["charset"][1]


def _rows(told: list[list[Any]], pens: list[Pen], screen: Screen) -> list[Row]:
    rows = [_row(each, pens, screen.columns) for each in told]
    sizes = {(len(row.cells), len(row.pens)) for row in rows}
    if len(rows) != screen.lines or sizes != {(screen.columns, screen.columns)}:
        raise ValueError("a snapshot whose rows do not fill its screen")
    return rows


def _row(told: list[Any], pens: list[Pen], columns: int) -> Row:
    cells, runs, (wrapped, gap) = told
    row = Row(0, pens[0])
    row.cells = list(cells.ljust(columns)) if isinstance(cells, str) else cells
    for number, count in zip(runs[::2], runs[1::2], strict=True):
        row.pens += [pens[number]] * count
    row.wrapped, row.gap = wrapped, gap
    return row


def _saved(told: list[Any], pens: list[Pen]) -> Saved:
    x, y, pen, sets, charset, origin = told
    return Saved(x, y, None if pen is None else pens[pen], tuple(sets), charset, origin)


def _told(pen: Pen) -> tuple[Colour, Colour, int, bool]:
    style = pen.style
    flags = sum(1 << bit for bit, name in enumerate(_FLAGS) if getattr(style, name))
    return style.foreground, style.background, flags, pen.protected


def _pen(screen: Screen, foreground: Any, background: Any, flags: int, protected: bool) -> Pen:
    style = _style(_colour(foreground), _colour(background), flags)
    return screen.pens.of(style, protected=protected)


@lru_cache(4096)
def _style(foreground: Colour, background: Colour, flags: int) -> Style:
    chosen = {name: bool(flags >> bit & 1) for bit, name in enumerate(_FLAGS)}
    return Style(foreground=foreground, background=background, **chosen)


def _colour(told: Any) -> Colour:
    return (told[0], told[1], told[2]) if isinstance(told, list) else told
