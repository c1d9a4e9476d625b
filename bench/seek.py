"""Going back in time: seeks, opening, and what the index costs, over an hour of 5 MB.

The hour is made up (`bench.support.hour`): two terminals, 120x40 and 200x50, all kinds of output,
resizes on the way. A seek is a moment chosen at random on a terminal chosen at random: restore a
keyframe, replay up to the moment, draw. "Cold" opens the index anew for each look, so that nothing
is remembered. Run with `python -m bench.seek` from the repository's root. Asserts nothing.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from analyzer.index.build import build, index_path
from analyzer.playback import Playback
from bench.support.hour import SECONDS, write_hour
from bench.terminal import KINDS

SIZE = 5_000_000


def timed(work: Callable[[], object]) -> float:
    """Return the milliseconds that something took."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def told(name: str, values: list[float]) -> None:
    """Print median, 95th percentile and worst."""
    ordered = sorted(values)
    share = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    middle = statistics.median(ordered)
    print(f"{name:34} {middle:8.2f} {share:8.2f} {ordered[-1]:8.2f}")


def seeks(directory: Path, count: int, source: random.Random) -> list[float]:
    """Return what seeks to random moments cost in one opened session."""
    playback = Playback(directory)
    found = []
    for _ in range(count):
        t, terminal = source.uniform(0, SECONDS), source.choice(playback.terminals)
        found.append(timed(lambda t=t, terminal=terminal: playback.at(t, terminal)))
    playback.close()
    return found


def cold_looks(directory: Path, count: int, source: random.Random) -> list[float]:
    """Return what opening and one look cost together, each with nothing remembered."""

    def look() -> None:
        playback = Playback(directory)
        playback.at(source.uniform(0, SECONDS), source.choice(playback.terminals))
        playback.close()

    return [timed(look) for _ in range(count)]


def steps(directory: Path, count: int) -> tuple[list[float], list[float]]:
    """Return what steps by one output cost, on and then back."""
    playback = Playback(directory)
    on, back, t = [], [], SECONDS / 2
    playback.at(t)
    for _ in range(count):
        t = playback.next_output(t) or t
        on.append(timed(lambda t=t: playback.at(t)))
    for _ in range(count):
        t = playback.previous_output(t) or t
        back.append(timed(lambda t=t: playback.at(t)))
    playback.close()
    return on, back


def opened(directory: Path) -> None:
    """Open and close a session."""
    Playback(directory).close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the looks")
    options = parser.parse_args()
    looks = 100 if options.quick else 1000
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch) / "recordings" / "hour"
        write_hour(directory, KINDS, size=SIZE)
        path = index_path(directory)
        if path is None:
            return
        print(f"{'ms':34} {'median':>8} {'p95':>8} {'worst':>8}")
        told("open, without an index", [timed(lambda: opened(directory)) for _ in range(3)])
        made = [timed(lambda: build(directory, path)) for _ in range(1 if options.quick else 3)]
        told("make the index", made)
        told("open", [timed(lambda: opened(directory)) for _ in range(20)])
        told("seek", seeks(directory, looks, random.Random(1)))
        told("open and seek, cold", cold_looks(directory, looks // 5, random.Random(2)))
        on, back = steps(directory, looks // 2)
        told("step to the next output", on)
        told("step to the output before", back)
        recorded = sum(each.stat().st_size for each in directory.iterdir())
        print(f"recording {recorded / 1e6:.1f} MB, index {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
