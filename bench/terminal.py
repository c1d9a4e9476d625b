"""Speed of the emulator beside stock pyte's, on the four kinds of output that sessions have.

Prints MB/s (medians of several runs, 4 KiB chunks) and their ratio, then the cost of a keyframe and
of a jump. Run with `python -m bench.terminal` from the repository's root. Asserts nothing.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable

import pyte

from analyzer.terminal import Terminal

COLUMNS, LINES, CHUNK = 200, 50, 4096


def logs(source: random.Random) -> bytes:
    """Return a line of a log."""
    words = b"request served in time " * source.randrange(1, 5)
    stamp = source.randrange(86400)
    return b"Jan 01 %05d web app[%d]: %s\r\n" % (stamp, source.randrange(9999), words)


def listing(source: random.Random) -> bytes:
    """Return a line of a coloured directory listing."""
    n = source.randrange(99999)
    return b"\x1b[0m\x1b[01;34mdir%05d\x1b[0m  \x1b[01;32mrun%05d.sh\x1b[0m  file%05d.txt\r\n" % (
        n,
        n,
        n,
    )


def redraw(source: random.Random) -> bytes:
    """Return a piece of an editor's redraw."""
    y, x = source.randrange(1, LINES), source.randrange(1, 150)
    colour = source.randrange(256)
    return b"\x1b[%d;%dH\x1b[38;5;%dmword\x1b[m of a line\x1b[K\x1b[%d;1H~" % (y, x, colour, y)


def spinner(source: random.Random) -> bytes:
    """Return a step of a progress bar."""
    done = source.randrange(40)
    return b"\r\x1b[K| %d%% [%s]" % (done, b"#" * done)


KINDS = (logs, listing, redraw, spinner)


def stock() -> Callable[[bytes], None]:
    """Return the feed of a new stock pyte."""
    return pyte.ByteStream(pyte.Screen(COLUMNS, LINES)).feed


def ours() -> Callable[[bytes], None]:
    """Return the feed of a new terminal of ours."""
    return Terminal(COLUMNS, LINES).feed


def seconds(feed: Callable[[bytes], None], data: bytes) -> float:
    """Return how long a terminal takes for some output."""
    start = time.perf_counter()
    for place in range(0, len(data), CHUNK):
        feed(data[place : place + CHUNK])
    return time.perf_counter() - start


def speeds(data: bytes, runs: int) -> tuple[float, float]:
    """Return the median speeds of stock and ours in MB/s; each run measures one after the other."""
    taken = [(seconds(stock(), data), seconds(ours(), data)) for _ in range(runs)]
    medians = (statistics.median(each) for each in zip(*taken, strict=True))
    theirs, own = (len(data) / median / 1e6 for median in medians)
    return theirs, own


def keyframes(data: bytes, runs: int) -> None:
    """Print what one snapshot, restore and frame cost."""
    terminal = Terminal(COLUMNS, LINES)
    terminal.feed(data)
    snapshot = terminal.snapshot()
    for name, work in (
        ("snapshot", terminal.snapshot),
        ("restore", lambda: terminal.restore(snapshot)),
        ("frame", terminal.frame),
    ):
        taken = []
        for _ in range(runs * 5):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
        print(f"{name:9} {statistics.median(taken) * 1e3:6.2f} ms")
    print(f"snapshot  {len(snapshot) / 1024:6.1f} KiB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kilobytes", type=int, default=500)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print(f"{'output':9} {'stock':>7} {'ours':>7} {'ratio':>6}   MB/s, {COLUMNS}x{LINES}")
    data = b""
    for kind in KINDS:
        source = random.Random(1)
        pieces, size = [], 0
        while size < options.kilobytes * 1000:
            pieces.append(kind(source))
            size += len(pieces[-1])
        data = b"".join(pieces)
        theirs, own = speeds(data, options.runs)
        print(f"{kind.__name__:9} {theirs:7.2f} {own:7.2f} {own / theirs:6.1f}")
    keyframes(data, options.runs)


if __name__ == "__main__":
    main()
