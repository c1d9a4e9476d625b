"""How the next character will be drawn, and what SGR makes of it.

A `Pen` is a state of an automaton: the same style is the same object, and each pen remembers which
pen the parameters of an SGR lead to, so that a repeated colour change costs one dictionary look-up.
pyte's own SGR keeps colour names, loses dim and conceal and cannot read sub-parameters; this module
takes its place. Nothing of cursor or cells belongs here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyzer.cells import Colour, Style

_KNOWN_MOST = 4096
"""Pens and transitions that are remembered; a hostile stream can ask for any number of colours."""

_EXTENDED = {38: "foreground", 48: "background", 58: ""}
_FLAGS: dict[int, dict[str, bool]] = {
    1: {"bold": True},
    2: {"dim": True},
    3: {"italic": True},
    5: {"blink": True},
    6: {"blink": True},
    7: {"reverse": True},
    8: {"conceal": True},
    9: {"strike": True},
    21: {"underline": True},
    22: {"bold": False, "dim": False},
    23: {"italic": False},
    24: {"underline": False},
    25: {"blink": False},
    27: {"reverse": False},
    28: {"conceal": False},
    29: {"strike": False},
}


class Pen:
    """A style that cells refer to.

    Attributes:
        erased: The pen of the cells that it erases (BCE).
        next: Which pen follows upon an SGR, by the whole sequence, for those that were seen.

    """

    __slots__ = ("erased", "next", "protected", "style")

    def __init__(self, style: Style, *, protected: bool = False) -> None:
        self.style = style
        self.protected = protected
        self.next: dict[str, Pen] = {}
        self.erased: Pen = self


class Pens:
    """Every pen in use, one a style, and one more where it protects what it writes."""

    def __init__(self) -> None:
        self.plain = Pen(Style())
        self._known: dict[tuple[Style, bool], Pen] = {(self.plain.style, False): self.plain}
        self._transitions = 0

    def of(self, style: Style, *, protected: bool = False) -> Pen:
        """Return the one pen of a style."""
        pen = self._known.get((style, protected))
        if pen is None:
            if len(self._known) >= _KNOWN_MOST:
                self._forget()
            pen = self._known[style, protected] = Pen(style, protected=protected)
            if style.background is not None:
                pen.erased = self._background(style.background)
            else:
                pen.erased = self.plain
        return pen

    def _background(self, colour: Colour) -> Pen:
        style = Style(background=colour)
        pen = self._known.get((style, False))
        if pen is None:
            pen = self._known[style, False] = Pen(style)
        return pen

    def after(self, pen: Pen, params: str) -> Pen:
        """Return the pen that ``CSI params m`` leads to."""
        sequence = f"\x1b[{params}m"
        following = pen.next.get(sequence)
        if following is None:
            self._transitions += 1
            if self._transitions > _KNOWN_MOST:
                self._forget()
            if len(pen.next) >= _KNOWN_MOST:
                # One that was forgotten lives on where the cursor was saved with it.
                pen.next.clear()
            style = apply_sgr(pen.style, params)
            following = pen.next[sequence] = self.of(style, protected=pen.protected)
        return following

    def _forget(self) -> None:
        for pen in self._known.values():
            pen.next.clear()
        self._known = {(self.plain.style, False): self.plain}
        self._transitions = 0


def apply_sgr(style: Style, params: str) -> Style:
    """Return the style after Select Graphic Rendition with these parameters.

    Source: ECMA-48 8.3.117, ITU-T T.416 for the colon form, xterm's ctlseqs for 90 to 107. What is
    not known is skipped.
    """
    items = iter(params.split(";"))
    for item in items:
        code, colon, rest = item.partition(":")
        number = int(code or 0)
        if number == 0:
            style = Style()
        elif number in _FLAGS:
            style = replace(style, **_FLAGS[number])
        elif number == 4:  # noqa: PLR2004 - the code of underline
            style = replace(style, underline=rest != "0")
        elif number in _EXTENDED:
            part = rest.split(":") if colon else items
            style = _extended(style, _EXTENDED[number], part)
        else:
            style = _palette(style, number)
    return style


def _palette(style: Style, number: int) -> Style:
    for base, first in ((30, 0), (90, 8)):
        if base <= number < base + 8:
            return replace(style, foreground=number - base + first)
        if base + 10 <= number < base + 18:
            return replace(style, background=number - base - 10 + first)
    if number == 39:  # noqa: PLR2004 - the code of the default foreground
        return replace(style, foreground=None)
    if number == 49:  # noqa: PLR2004 - the code of the default background
        return replace(style, background=None)
    return style


def _extended(style: Style, field: str, part: list[str] | Iterator[str]) -> Style:
    """Read the colour behind 38, 48 or 58, from sub-parameters or from those that follow."""
    items = iter(part)
    colour: Colour = None
    kind = next(items, "")
    if kind == "5":
        index = _channel(items)
        colour = None if index < 0 else index
    elif kind == "2":
        if isinstance(part, list) and len(part) > 4:  # noqa: PLR2004 - a colour space comes first
            next(items)
        channels = (_channel(items), _channel(items), _channel(items))
        colour = None if min(channels) < 0 else channels
    if colour is None or not field:
        return style
    if field == "foreground":
        return replace(style, foreground=colour)
    return replace(style, background=colour)


def _channel(items: Iterator[str]) -> int:
    """Return the next number, -1 where it is missing or no byte; an empty one counts as 0."""
    value = int(next(items, "-1") or 0)
    return value if value <= 255 else -1  # noqa: PLR2004 - the largest byte
