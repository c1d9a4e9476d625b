"""What `jumpseat model evaluate` prints: a table a kind, calibration in bars, the same as SVG.

Nothing is measured here, and scikit-learn is not imported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import click

from analyzer.models.measures import Bin
from recorder.errors import JumpseatError
from tui.cli.output import print_table

if TYPE_CHECKING:
    from analyzer.models.trained.evaluation import Split
    from analyzer.models.trained.measuring import Measured

_WIDE = 40
"""Cells of a bar that stands for 1."""

_SIDE = 220
"""Pixels of a picture's axes, the margin around them, and how far pictures are apart."""
_MARGIN = 40
_STEP = _SIDE + 2 * _MARGIN
_TICKS = (0.0, 0.5, 1.0)


def print_measures(measured: Measured) -> None:
    """Print a table of one kind's figures, and how its probabilities go with reality."""
    entry = measured.entry
    click.echo(f"{entry.name}: {entry.title} ({measured.examples} examples)")
    names = list(dict.fromkeys(name for split in measured.splits for name in split.model))
    rows = [
        (f"{split.by} ({split.groups})", who, *(_figure(figures, name) for name in names))
        for split in measured.splits
        for who, figures in (
            ("model", split.model),
            ("rules", split.rules),
            ("majority", split.majority),
        )
    ]
    print_table(("split by", "who", *names), rows)
    for split in measured.splits[:1]:
        _print_bins(split)
    click.echo("")


def _figure(figures: Mapping[str, float], name: str) -> str:
    return f"{figures[name]:.3f}" if name in figures else "-"


def _print_bins(split: Split) -> None:
    click.echo(f"  said with   was right (by {split.by}; | where it should be)")
    for each in split.bins:
        bar = list("#" * round(each.right * _WIDE) + "." * (_WIDE - round(each.right * _WIDE)))
        bar[min(_WIDE - 1, round(each.score * _WIDE))] = "|"
        click.echo(f"  {each.score:9.2f}   {each.right:.2f} {''.join(bar)} {each.count:6}")


def measures_json(measured: Measured) -> dict[str, Any]:
    """Return one kind's figures as values."""
    return {
        "kind": measured.entry.name,
        "examples": measured.examples,
        "thresholds": measured.thresholds,
        "splits": [asdict(split) for split in measured.splits],
    }


def write_plot(path: Path, measured: Sequence[Measured]) -> None:
    """Draw how probabilities go with reality, a picture for each kind, and write it.

    Raises:
        JumpseatError: It cannot be written.

    """
    try:
        path.write_text(calibration_svg(measured), encoding="utf-8")
    except OSError as error:
        raise JumpseatError(
            f"cannot write {path} ({error.strerror})", "choose another file with --plot"
        ) from error


def calibration_svg(measured: Sequence[Measured]) -> str:
    """Return an SVG of what was right over the probability it was said with."""
    parts = [_axes(number, each) for number, each in enumerate(measured)]
    width, height = _STEP * len(measured), _STEP + _MARGIN // 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">\n'
        f'<rect width="{width}" height="{height}" fill="white"/>\n' + "".join(parts) + "</svg>\n"
    )


def _axes(number: int, measured: Measured) -> str:
    split = measured.splits[0]
    title = escape(f"{measured.entry.name}, by {split.by}")
    left, top = number * _STEP + _MARGIN, _MARGIN
    ticks = "".join(
        f'<text x="{tick * _SIDE:.0f}" y="{_SIDE + 16}" text-anchor="middle">{tick:g}</text>'
        f'<text x="-6" y="{(1 - tick) * _SIDE + 4:.0f}" text-anchor="end">{tick:g}</text>'
        for tick in _TICKS
    )
    return (
        f'<g transform="translate({left} {top})">\n'
        f'<text x="0" y="-12" font-weight="bold">{title}</text>\n'
        f'<rect width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#888"/>\n'
        f'<line x1="0" y1="{_SIDE}" x2="{_SIDE}" y2="0" stroke="#bbb" stroke-dasharray="4"/>\n'
        f'{ticks}\n<text x="{_SIDE // 2}" y="{_SIDE + 34}" text-anchor="middle">said with</text>\n'
        f"{_line(split.bins)}</g>\n"
    )


def _line(bins: Sequence[Bin]) -> str:
    total = sum(each.count for each in bins) or 1
    points = [(each.score * _SIDE, (1 - each.right) * _SIDE, each.count / total) for each in bins]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3 + 9 * share**0.5:.1f}" fill="#1f6feb" '
        f'fill-opacity="0.6"><title>{share:.0%} of all answers</title></circle>\n'
        for x, y, share in points
    )
    return f'<polyline points="{path}" fill="none" stroke="#1f6feb"/>\n{dots}'
