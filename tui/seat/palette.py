"""The colours in which a candidate's screen is drawn, the same on every viewer's terminal.

A recording names colours by number; what they look like depends on somebody's terminal. Here each
number gets one fixed colour. The first sixteen are ours, chosen to be told apart and to be read on
the background (contrast at least 4.5, WCAG 2.1, 1.4.3, but for black). Only colours belong here.
"""

from __future__ import annotations

from analyzer.cells import Colour

Rgb = tuple[int, int, int]

FOREGROUND: Rgb = (0xD3, 0xD7, 0xDE)
BACKGROUND: Rgb = (0x12, 0x14, 0x19)

SIXTEEN: tuple[Rgb, ...] = (
    (0x2B, 0x2F, 0x38),  # black
    (0xE4, 0x70, 0x6C),  # red
    (0x88, 0xBE, 0x76),  # green
    (0xD8, 0xB2, 0x5C),  # yellow
    (0x6E, 0xA2, 0xE2),  # blue
    (0xC4, 0x8A, 0xD8),  # magenta
    (0x5F, 0xB8, 0xBE),  # cyan
    (0xC6, 0xCB, 0xD4),  # white
    (0x80, 0x88, 0x98),  # bright black
    (0xF6, 0x9B, 0x95),  # bright red
    (0xAC, 0xDD, 0x99),  # bright green
    (0xF1, 0xD1, 0x84),  # bright yellow
    (0x98, 0xC2, 0xF7),  # bright blue
    (0xDE, 0xB0, 0xF2),  # bright magenta
    (0x8B, 0xD8, 0xDD),  # bright cyan
    (0xF4, 0xF6, 0xFA),  # bright white
)

_CUBE_START = 16
_GREY_START = 232
_CUBE_LEVELS = (0, 95, 135, 175, 215, 255)


def indexed(index: int) -> Rgb:
    """Return the colour of an index from 0 to 255.

    From 16 on as xterm has them: a cube of six levels, then a ramp of greys (xterm's 256colres.h).
    """
    if index < _CUBE_START:
        return SIXTEEN[index]
    if index < _GREY_START:
        red, rest = divmod(index - _CUBE_START, 36)
        green, blue = divmod(rest, 6)
        return _CUBE_LEVELS[red], _CUBE_LEVELS[green], _CUBE_LEVELS[blue]
    grey = 8 + 10 * (index - _GREY_START)
    return grey, grey, grey


def resolve(colour: Colour, default: Rgb) -> Rgb:
    """Return red, green and blue of a cell's colour, ``default`` where it names none."""
    match colour:
        case None:
            return default
        case int():
            return indexed(min(max(colour, 0), 255))
        case _:
            return colour


def blend(colour: Rgb, towards: Rgb, share: float) -> Rgb:
    """Return ``colour`` with so much of it, from 0 to 1, replaced by another."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, towards, strict=True))
    return red, green, blue
