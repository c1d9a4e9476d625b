"""How soon the seat shows what happens, starts, opens an hour, and what it costs to let it run.

Everything is real: `jumpseat serve` with a practice server, the stock ssh on a terminal of the
bench's own, `jumpseat watch` on another, whose output is emulated. Run from the repository's root
with ``python -m bench.seat [screen|tag|start|hour|idle|flood] [--samples N]``; without a name all
are measured. Asserts nothing.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.support import seat_measures
from bench.support.table import percentile

MEASURES: dict[str, Callable[[Path, int], list[tuple[str, list[float]]]]] = {
    "screen": seat_measures.screen,
    "tag": seat_measures.tag,
    "start": seat_measures.start,
    "hour": seat_measures.hour,
    "idle": seat_measures.idle,
    "flood": seat_measures.flood,
}


def show(title: str, values: Sequence[float]) -> None:
    """Print one row: how many, the median, the 95th percentile, the largest."""
    middle, late = statistics.median(values), percentile(values, 0.95)
    print(f"{title:58} {len(values):4} {middle:8.1f} {late:8.1f} {max(values):8.1f}", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*MEASURES, []], default=list(MEASURES))
    parser.add_argument("--samples", type=int, default=200)
    options = parser.parse_args()
    print(f"{'':58} {'n':>4} {'median':>8} {'p95':>8} {'most':>8}")
    for name in options.names or list(MEASURES):
        with tempfile.TemporaryDirectory(prefix="jumpseat-bench-") as place:
            for title, values in MEASURES[name](Path(place), options.samples):
                show(title, values)


if __name__ == "__main__":
    main()
