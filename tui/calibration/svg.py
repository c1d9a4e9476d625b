"""Figures with their intervals as a dot plot in SVG, for the HTML report. Pure.

Says by words and place what it shows, so that it prints, and reads, without colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from analyzer.calibration.leniency import Leniency
from analyzer.calibration.overview import Agreement, Overview
from analyzer.calibration.ratings import Figure
from analyzer.visible import plain
from tui.calibration.plot import reach

_LABELS = 170
"""Pixels left of the axis, for names."""
_AXIS = 320
_RIGHT = 150
"""Pixels right of it, for the figure in digits."""
_ROW = 24
_TOP = 30
_LONGEST = 24
"""Characters of a name."""

_WIDTH = _LABELS + _AXIS + _RIGHT

Row = tuple[str, Figure]


def overview_svg(found: Overview) -> str:
    """Return both plots under each other, for a file of its own."""
    upper, lower = agreement_svg(found.agreement), leniency_svg(found.leniency)
    middle, height = _height(len(found.agreement)), _height(len(found.leniency))
    whole = middle + height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {whole}" '
        f'width="{_WIDTH}" height="{whole}">\n'
        f'<rect width="{_WIDTH}" height="{whole}" fill="white"/>\n'
        f'{upper}<g transform="translate(0 {middle})">{lower}</g></svg>\n'
    )


def leniency_svg(found: Sequence[Leniency]) -> str:
    """Return who rates higher or lower than the others of a session, in levels."""
    rows = [(each.rater, each.figure) for each in found]
    end = reach([figure for _, figure in rows])
    return dot_plot("Leniency, in levels above the others of a session", rows, (-end, 0.0, end))


def agreement_svg(found: Sequence[Agreement]) -> str:
    """Return Krippendorff's alpha of each competency, from what chance gives to perfect."""
    rows = [(each.name, each.alpha) for each in found]
    lows = [figure.low for _, figure in rows if figure.low is not None]
    values = [figure.value for _, figure in rows if figure.value is not None]
    worst = min([0.0, *lows, *values])
    ticks = (0.0, 0.5, 1.0) if worst >= 0 else (-1.0, -0.5, 0.0, 0.5, 1.0)
    return dot_plot("Agreement per competency (Krippendorff's alpha, ordinal)", rows, ticks)


def dot_plot(title: str, rows: Sequence[Row], ticks: Sequence[float]) -> str:
    """Return a plot of figures under each other on one axis.

    Args:
        title: What is drawn; also told to those who cannot see it.
        rows: Names, which may come from outside, and figures.
        ticks: Values that are marked on the axis, ascending; the ends are the axis' ends.

    """
    height = _height(len(rows))
    scale = _Scale(ticks[0], ticks[-1])
    bottom = _TOP + _ROW * len(rows) + _ROW // 2
    marks = "".join(_tick(tick, scale, bottom) for tick in ticks)
    body = "".join(
        _row(name, figure, scale, _TOP + _ROW * (index + 1)) for index, (name, figure) in
        enumerate(rows)
    )  # fmt: skip
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" font-family="sans-serif" font-size="12" '
        f'fill="currentColor" stroke="none">\n<title>{escape(title)}</title>\n'
        f'<text x="0" y="14" font-weight="bold">{escape(title)}</text>\n{marks}{body}</svg>\n'
    )


def _height(rows: int) -> int:
    return _TOP + _ROW * (rows + 2)


class _Scale:
    def __init__(self, low: float, high: float) -> None:
        self._low = low
        self.signed = low < 0
        self._span = (high - low) or 1.0

    def x(self, value: float) -> float:
        share = (value - self._low) / self._span
        return _LABELS + min(1.0, max(0.0, share)) * _AXIS


def _tick(value: float, scale: _Scale, bottom: int) -> str:
    x = scale.x(value)
    weight = "1" if value == 0 else "0.35"
    return (
        f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{bottom}" stroke="currentColor" '
        f'stroke-opacity="{weight}" stroke-width="1"/>\n'
        f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{value:g}</text>\n'
    )


def _row(name: str, figure: Figure, scale: _Scale, y: int) -> str:
    label = plain(name)
    short = label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"
    text = f'<text x="{_LABELS - 10}" y="{y + 4}" text-anchor="end">{escape(short)}</text>\n'
    sign = "+" if scale.signed else ""
    if figure.value is None:
        why = f'<text x="{_LABELS + 6}" y="{y + 4}" font-style="italic">{escape(figure.why)}</text>'
        return f"{text}{why}\n"
    digits = f"{figure.value:{sign}.2f}"
    if figure.low is not None and figure.high is not None:
        digits += f" ({figure.low:{sign}.2f} to {figure.high:{sign}.2f})"
        text += (
            f'<line x1="{scale.x(figure.low):.1f}" y1="{y}" x2="{scale.x(figure.high):.1f}" '
            f'y2="{y}" stroke="currentColor" stroke-width="2"/>\n'
        )
    return (
        f'{text}<circle cx="{scale.x(figure.value):.1f}" cy="{y}" r="5"/>\n'
        f'<text x="{_LABELS + _AXIS + 10}" y="{y + 4}">{digits}</text>\n'
    )
