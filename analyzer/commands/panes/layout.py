"""Where the panes of a multiplexer lie on its screen: borders, status lines, captions.

Only the screen as it is drawn now is looked at. Which pane is which is `windows`' to know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from analyzer.terminal import Terminal

Kind = Literal["tmux", "screen"]

_JUNCTIONS = (
    "\u253c\u251c\u2524\u252c\u2534\u254b\u2523\u252b\u2533\u253b\u256c\u2560\u2563\u2566\u2569+"
)
_VERTICAL = frozenset("\u2502\u2503\u2551|" + _JUNCTIONS)
_HORIZONTAL = frozenset("\u2500\u2501\u2550-" + _JUNCTIONS)
_LINES = _VERTICAL | _HORIZONTAL
_DRAWN_MOST = 0.5
"""Part of a horizontal border that must be line, where panes' titles stand in it."""

_BARS_MOST = 5
_CUTS_MOST = 64
"""Cuts within cuts that are looked for: anybody can fill a large screen with what looks like them.
"""

_WINDOWS = re.compile(r"(?:^\s*\[[^\]]+\] *|^|\s)\d+:[^\s:]\S*")
_CURRENT = re.compile(r"(?<!\S)(\d+):\S*\*")
_CAPTION = re.compile(r"\s*(?:(\d+)\s|--\s*\Z)")


@dataclass(frozen=True, slots=True)
class Rect:
    """A pane's cells: rows and columns from 0."""

    top: int
    left: int
    width: int
    height: int

    def holds(self, x: int, y: int) -> bool:
        """Whether a cell lies in it."""
        return self.left <= x < self.left + self.width and self.top <= y < self.top + self.height


@dataclass(frozen=True, slots=True)
class Place:
    """A pane as it lies now; ``window`` is the number that the screen gives it, if any."""

    rect: Rect
    window: int | None


def find(terminal: Terminal, kind: Kind) -> tuple[Place, ...]:
    """Return the panes that a multiplexer's screen shows."""
    whole = Rect(0, 0, terminal.columns, terminal.lines)
    if kind == "screen":
        return tuple(_regions(terminal, whole))
    area, window = _within_bars(terminal)
    return tuple(Place(rect, window) for rect in _split(terminal, area))


def borders_stand(terminal: Terminal, rects: list[Rect]) -> bool:
    """Whether there still is a border, or a caption, wherever two panes meet; one cell of each."""
    if len(rects) == 1:
        return True
    for rect in rects:
        x, y = rect.left + rect.width, rect.top + rect.height
        if y > terminal.lines or x > terminal.columns:
            return False
        if x < terminal.columns and not _is_line(terminal, x, y - 1):
            return False
        if y < terminal.lines and not _is_line(terminal, rect.left, y):
            return False
    return True


def _is_line(terminal: Terminal, x: int, y: int) -> bool:
    return terminal.part(y, x, 1) in _LINES or terminal.shaded(y, x)


def copy_mode(terminal: Terminal, rect: Rect) -> bool:
    """Whether tmux shows at a pane's top right how far it is scrolled back."""
    text = terminal.part(rect.top, rect.left, rect.width).rstrip()
    return text.endswith("]") and _INDICATOR.search(text) is not None


_INDICATOR = re.compile(r"\[\d+/\d+\]\Z|\(\d+ results?\) \[\d+/\d+\]\Z")


def _within_bars(terminal: Terminal) -> tuple[Rect, int | None]:
    """Return the area that status lines leave, and the number of the window that they mark."""
    top, bottom = 0, terminal.lines
    while bottom > 1 and terminal.lines - bottom < _BARS_MOST and _is_bar(terminal, bottom - 1):
        bottom -= 1
    if bottom == terminal.lines:
        while top < min(_BARS_MOST, terminal.lines - 1) and _is_bar(terminal, top):
            top += 1
    bars = (*range(top), *range(bottom, terminal.lines))
    text = " ".join(terminal.row(y) for y in bars)
    match = _CURRENT.search(text)
    return Rect(top, 0, terminal.columns, bottom - top), int(match[1]) if match else None


def _is_bar(terminal: Terminal, y: int) -> bool:
    if all(terminal.shaded(y, x) for x in range(terminal.columns)):
        return True
    text = terminal.row(y)
    return _WINDOWS.match(text) is not None and _CURRENT.search(text) is not None


def _split(terminal: Terminal, area: Rect, cuts: int = _CUTS_MOST) -> list[Rect]:
    """Cut an area at the borders that cross all of it."""
    if not cuts:
        return [area]
    for x in range(area.left + 1, area.left + area.width - 1):
        if all(terminal.part(y, x, 1) in _VERTICAL for y in _rows(area)):
            return _halves(terminal, area, cuts - 1, x=x)
    for y in _rows(area):
        if area.height > 1 and _is_border(terminal.part(y, area.left, area.width)):
            return _halves(terminal, area, cuts - 1, y=y)
    return [area]


def _is_border(text: str) -> bool:
    if text[:1] not in _HORIZONTAL or text[-1:] not in _HORIZONTAL:
        return False
    drawn = sum(character in _HORIZONTAL for character in text)
    plain = text.count("-") + text.count("+")
    if plain:
        return drawn == len(text)
    return drawn >= _DRAWN_MOST * len(text) and len(text) > 1


def _halves(
    terminal: Terminal, area: Rect, cuts: int, *, x: int | None = None, y: int = 0
) -> list[Rect]:
    if x is not None:
        left = Rect(area.top, area.left, x - area.left, area.height)
        right = Rect(area.top, x + 1, area.left + area.width - x - 1, area.height)
        return _split(terminal, left, cuts) + _split(terminal, right, cuts)
    above = Rect(area.top, area.left, area.width, y - area.top)
    below = Rect(y + 1, area.left, area.width, area.top + area.height - y - 1)
    # Titles may stand in a border over the uppermost pane, or under the lowest.
    halves = [half for half in (above, below) if half.height]
    return [rect for half in halves for rect in _split(terminal, half, cuts)]


def _rows(area: Rect) -> range:
    return range(area.top, area.top + area.height)


def _regions(terminal: Terminal, area: Rect, cuts: int = _CUTS_MOST) -> list[Place]:
    """Cut an area of GNU screen's at captions, which lie under regions, and at what parts them."""
    bottom = area.top + area.height
    captions = [y for y in _rows(area)[1:] if _is_caption(terminal, area, y)]
    if not captions or captions[-1] != bottom - 1:
        return [Place(area, None)]
    found: list[Place] = []
    top = area.top
    for y in captions:
        if y > top:
            found += _beside(terminal, Rect(top, area.left, area.width, y - top), y, cuts)
        top = y + 1
    return found


def _is_caption(terminal: Terminal, area: Rect, y: int) -> bool:
    if not all(terminal.shaded(y, x) for x in range(area.left, area.left + area.width)):
        return False
    last = y == area.top + area.height - 1
    return last or _CAPTION.match(terminal.part(y, area.left, area.width)) is not None


def _beside(terminal: Terminal, area: Rect, caption: int, cuts: int) -> list[Place]:
    for x in range(area.left + 1, area.left + area.width - 1) if cuts else ():
        if all(terminal.shaded(y, x) for y in _rows(area)):
            left = Rect(area.top, area.left, x - area.left, area.height)
            right = Rect(area.top, x + 1, area.left + area.width - x - 1, area.height)
            halves = (left, right)
            return [p for half in halves for p in _beside_rows(terminal, half, caption, cuts - 1)]
    return [Place(area, _window(terminal, area, caption))]


def _beside_rows(terminal: Terminal, area: Rect, caption: int, cuts: int) -> list[Place]:
    whole = Rect(area.top, area.left, area.width, caption + 1 - area.top)
    return _regions(terminal, whole, cuts)


def _window(terminal: Terminal, area: Rect, caption: int) -> int | None:
    match = _CAPTION.match(terminal.part(caption, area.left, area.width))
    return int(match[1]) if match and match[1] else None
