"""What a drawn screen is made of: runs of text in one style. Shared by the emulator and viewers.

Only values. A viewer renders these and nothing else of a recording, so that no byte that a
candidate sent can act on the viewer's own terminal.
"""

from __future__ import annotations

from dataclasses import dataclass

Colour = int | tuple[int, int, int] | None
"""A palette index 0 to 255, red-green-blue each 0 to 255, or None for the terminal's default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a run of cells is drawn."""

    foreground: Colour = None
    background: Colour = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    blink: bool = False
    reverse: bool = False
    conceal: bool = False
    strike: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring cells of one row in one style; wide characters count as two cells."""

    text: str
    style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One screen as it was seen: rows of runs, cursor from 0, size in cells."""

    columns: int
    lines: int
    rows: tuple[tuple[Run, ...], ...]
    cursor_x: int
    cursor_y: int
    cursor_visible: bool
    title: str = ""
