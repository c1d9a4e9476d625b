"""Leniency as a row of characters: a dot on an axis, its interval around it. Pure.

Told by place and by words, never by colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from analyzer.calibration.leniency import Leniency
from analyzer.calibration.ratings import Figure

WIDE = 29
"""Cells of the axis; odd, so that 0 has one of its own."""

_STEP = 0.5
"""The axis ends at a multiple of it, in levels."""


def reach(figures: Sequence[Figure]) -> float:
    """Return where the axis ends on either side, in levels: past all that is drawn."""
    ends = [
        abs(end) for each in figures for end in (each.value, each.low, each.high) if end is not None
    ]
    return max(_STEP, math.ceil(max(ends, default=0) / _STEP) * _STEP)


def axis(end: float, wide: int = WIDE) -> str:
    """Return the axis' title: its two ends and 0 where they are."""
    left, right = f"-{end:g}", f"+{end:g}"
    half = wide // 2
    return f"{left:<{half}}0{right:>{half}}"


def dots(figure: Figure, end: float, wide: int = WIDE) -> str:
    """Return a figure on an axis from -end to +end; empty where it has no value.

    The line at 0 shows through where nothing covers it: an interval that leaves it out leaves 0
    out.
    """
    if figure.value is None:
        return ""
    cells = ["\N{MIDDLE DOT}"] * wide
    if figure.low is not None and figure.high is not None:
        low, high = (_cell(each, end, wide) for each in (figure.low, figure.high))
        cells[low : high + 1] = ["\N{BOX DRAWINGS LIGHT HORIZONTAL}"] * (high - low + 1)
    if cells[wide // 2] == "\N{MIDDLE DOT}":
        cells[wide // 2] = "\N{BOX DRAWINGS LIGHT VERTICAL}"
    else:
        cells[wide // 2] = "\N{BOX DRAWINGS LIGHT VERTICAL AND HORIZONTAL}"
    cells[_cell(figure.value, end, wide)] = "\N{BLACK CIRCLE}"
    return "".join(cells)


def words(leniency: Leniency) -> str:
    """Return what a rater's figure says in words, as far as it says anything."""
    value = leniency.figure.value
    if value is None:
        return leniency.figure.why
    if not leniency.sided:
        return "as the others"
    return "rates higher" if value > 0 else "rates lower"


def _cell(value: float, end: float, wide: int) -> int:
    place = (value + end) / (2 * end) * (wide - 1)
    return min(wide - 1, max(0, round(place)))
