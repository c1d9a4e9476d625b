"""Turns rows of cells into strips of Textual's line API, colours resolved, nothing else.

What is drawn is text and style only: control and direction characters never reach the viewer's
terminal, whatever the candidate's program printed. No widget and no time belongs here.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip

from analyzer.cells import Frame, Run, Style
from tui.seat.palette import BACKGROUND, FOREGROUND, blend, resolve

_DIM_SHARE = 0.4
_PLAIN = Style()
_CELLS = {
    **{0x1F1E6 + n: chr(0xFF21 + n) for n in range(26)},
    **dict.fromkeys(range(127995, 128000), "\u3000"),
    0xAD: "-",
}
"""What stands for flags' letters, skin tones and the soft hyphen: as wide as the emulator has them,
on every terminal. On some they join with their neighbours, and move the rest of the row."""

_SHAPING = frozenset("\u200c\u200d\ufe0e\ufe0f")
"""Takes no cell, and may change how many cells its neighbours take."""

_CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})


def harmless(text: str) -> str:
    """Return cells' text without what could act on a terminal or move its neighbours.

    Controls show as U+FFFD; what takes no cell and turns, hides or joins others vanishes.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(filter(None, map(_harmless, text)))


@lru_cache(maxsize=4096)
def _harmless(character: str) -> str:
    category = unicodedata.category(character)
    if category in _CONTROLS:
        return "\N{REPLACEMENT CHARACTER}"
    if character in _SHAPING or (category == "Cf" and _takes_no_cell(character)):
        return ""
    return _CELLS.get(ord(character), character)


def _takes_no_cell(character: str) -> bool:
    from wcwidth import wcwidth  # noqa: PLC0415 - 15 ms that the first picture can do without

    return wcwidth(character) <= 0


@lru_cache(maxsize=4096)
def rich_style(style: Style, *, cursor: bool = False) -> RichStyle:
    """Return the style of cells in fixed colours; under the cursor, a block.

    Reverse stays an attribute, so that it and the cursor are seen where colours are off.
    """
    foreground = resolve(style.foreground, FOREGROUND)
    background = resolve(style.background, BACKGROUND)
    if style.dim:
        foreground = blend(foreground, background, _DIM_SHARE)
    if style.conceal:
        foreground = background
    return RichStyle(
        color=Color.from_rgb(*foreground),
        bgcolor=Color.from_rgb(*background),
        bold=style.bold,
        italic=style.italic,
        underline=style.underline,
        strike=style.strike,
        reverse=style.reverse != cursor,
    )


def draw_row(row: tuple[Run, ...], columns: int, cursor_x: int | None = None) -> Strip:
    """Return one row, exactly ``columns`` cells wide, with the cursor where it is given."""
    segments = [Segment(harmless(run.text), rich_style(run.style)) for run in row]
    strip = Strip(segments).adjust_cell_length(columns, rich_style(_PLAIN))
    if cursor_x is None or not 0 <= cursor_x < columns:
        return strip
    return _with_cursor(strip, row, cursor_x)


def _with_cursor(strip: Strip, row: tuple[Run, ...], cursor_x: int) -> Strip:
    start, width, style = _cell_at(row, cursor_x)
    parts = strip.divide([start, start + width, strip.cell_length])
    before, cell = parts[0], parts[1]
    block = Strip([Segment(cell.text, rich_style(style, cursor=True))], cell.cell_length)
    return Strip.join([before, block, *parts[2:]])


def _cell_at(row: tuple[Run, ...], x: int) -> tuple[int, int, Style]:
    """Return where the character at column ``x`` starts, how wide it is, and its style."""
    column = 0
    for run in row:
        text = harmless(run.text)
        if text.isascii() and column + len(text) > x:
            return x, 1, run.style
        if text.isascii():
            column += len(text)
            continue
        for character in text:
            width = cell_len(character)
            if column <= x < column + width:
                return column, width, run.style
            column += width
    return x, 1, _PLAIN


def draw_frame(frame: Frame) -> list[Strip]:
    """Return every row of a screen, cursor included."""
    empty: tuple[Run, ...] = ()
    return [
        draw_row(
            frame.rows[y] if y < len(frame.rows) else empty,
            frame.columns,
            frame.cursor_x if frame.cursor_visible and y == frame.cursor_y else None,
        )
        for y in range(frame.lines)
    ]


def keep_in_view(offset: int, cursor: int, visible: int, total: int) -> int:
    """Return the first row (or column) to show, moved no further than the cursor demands."""
    if visible >= total:
        return 0
    if cursor < offset:
        offset = cursor
    elif cursor >= offset + visible:
        offset = cursor - visible + 1
    return min(max(offset, 0), total - visible)
