"""The figures of one run: collected by measure and way, printed as a table with ratios."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.support.ways import DIRECT, HOP, SCRIPT, TWO_LEGS

_WAYS = (DIRECT, TWO_LEGS, SCRIPT, HOP)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(slots=True)
class Figures:
    """Rows by their title; each holds the values that a way showed."""

    rows: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    maxima: dict[tuple[str, str], bool] = field(default_factory=dict)

    def add(self, title: str, way: str, *values: float) -> None:
        """Keep values; the row shows their median."""
        self.rows.setdefault(title, {}).setdefault(way, []).extend(values)

    def at_least(self, title: str, way: str) -> None:
        """Mark a figure as one that would be larger if the measurement went on."""
        self.maxima[title, way] = True

    def value(self, title: str, way: str) -> float:
        """Return the figure of one cell, NaN where there is none."""
        values = self.rows.get(title, {}).get(way)
        return statistics.median(values) if values else math.nan

    def print(self) -> None:
        """Print the table."""
        width = max(map(len, self.rows), default=0)
        heads = [*_WAYS, "hop/direct", "hop/two legs", "hop/script"]
        print(f"{'':{width}} " + " ".join(f"{head:>12}" for head in heads))
        for title in self.rows:
            cells = [self._cell(title, way) for way in _WAYS]
            own = self.value(title, HOP)
            for peer in _WAYS[:-1]:
                other = self.value(title, peer)
                cells.append(f"{own / other:.2f}" if other and not math.isnan(own / other) else "-")
            print(f"{title:{width}} " + " ".join(f"{cell:>12}" for cell in cells))

    def _cell(self, title: str, way: str) -> str:
        value = self.value(title, way)
        if math.isnan(value):
            return "-"
        digits = 2 if abs(value) < 100 else 0  # noqa: PLR2004 (more digits mean nothing)
        return (">= " if self.maxima.get((title, way)) else "") + f"{value:.{digits}f}"
