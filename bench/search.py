"""Searching an hour of a session, and fifty of them: how long until the hits are there.

Makes recordings of 5 MB of output each in a directory of its own, indexes them, and prints medians
and the slowest of several runs: warm, and with the index dropped from the page cache before each
question. Run with `python -m bench.search` from the repository's root. Asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from analyzer.index import file
from analyzer.index.build import build
from analyzer.search.query import Matcher, Query
from analyzer.search.sessions import search_session
from analyzer.search.sink import SearchSink
from bench.support.hour import write_hour
from bench.terminal import KINDS
from recorder.home import Home
from recorder.recording.reader import RecordingReader

LIMIT = 100

QUERIES: tuple[tuple[str, Query], ...] = (
    ("a frequent word", Query(text="served")),
    ("part of a number", Query(text="3729")),
    ("two letters", Query(text="zq")),
    ("no hit", Query(text="kubernetes")),
    ("a regular expression", Query(text=r"app\[77\d\d\]: .*time$", regex=True)),
    ("one without a hit", Query(text=r"(?:fatal|panic): \w+ \d{3,}", regex=True)),
)


def rare_word(directory: Path) -> Query:
    """Return a word that was typed once in a session."""
    typed = Query(text=r"restart web-\d{6}$", regex=True)
    hits = search_session(directory, Matcher(typed)).hits
    return Query(text=hits[len(hits) // 2].text.split()[-1])


def drop(paths: Sequence[Path]) -> None:
    """Let the system forget what it holds of some files in memory."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def measure(work: Callable[[], int], before: Callable[[], None], runs: int) -> tuple[str, int]:
    """Return median and slowest run in words, and what the work returned."""
    seconds, count = [], 0
    for _ in range(runs):
        before()
        start = time.perf_counter()
        count = work()
        seconds.append((time.perf_counter() - start) * 1e3)
    return f"{statistics.median(seconds):8.1f} {max(seconds):8.1f}", count


def ask(directories: Sequence[Path], runs: int) -> None:
    """Print how long each question takes over some sessions, warm and cold."""
    home = Home(directories[0].parent.parent)
    indexes = [home.index(each.name) for each in directories]
    print(f"{'':22} {'hits':>7} {'warm':>8} {'slowest':>8} {'cold':>8} {'slowest':>8}   ms")
    rare = ("a rare word", rare_word(directories[0]))
    for name, query in (*QUERIES, rare, ("all hits of the first", QUERIES[0][1])):
        limit = None if name.startswith("all hits") else LIMIT

        def work(query: Query = query, limit: int | None = limit) -> int:
            matcher = Matcher(query)
            return sum(len(search_session(each, matcher, limit=limit).hits) for each in directories)

        warm, count = measure(work, lambda: None, runs)
        cold, _ = measure(work, lambda: drop(indexes), runs)
        print(f"{name:22} {count:7} {warm} {cold}")


def make(home: Home, count: int, size: int) -> list[Path]:
    """Record one session, index it, and copy both as often as is asked for."""
    first = home.recording("hour0001")
    write_hour(first, KINDS, size=size, seed=1)
    others = [home.recording(f"hour{number:04}") for number in range(2, count + 1)]
    for number, other in enumerate(others, 2):
        write_hour(other, KINDS, size=size, seed=number)
    return [first, *others]


def index_cost(directory: Path, path: Path) -> None:
    """Print what the search index costs to make, in time and in bytes."""
    start = time.perf_counter()
    with RecordingReader(directory) as reader:
        events = list(reader.read())
    read = time.perf_counter() - start
    sink = SearchSink()
    start = time.perf_counter()
    for event in events:
        sink.observe(event, None)
    noted = time.perf_counter() - start
    alone = path.with_name("alone.sqlite")
    connection = sqlite3.connect(alone, isolation_level=None)
    start = time.perf_counter()
    with file.transaction(connection):
        sink.create(connection)
        sink.finish()
        sink.flush(connection)
    written = time.perf_counter() - start
    lines, shown = connection.execute(
        "SELECT count(*), (SELECT sum(length(data)) FROM search_blocks) FROM search_lines"
    ).fetchone()
    connection.close()
    print(f"reading the recording          {read:6.2f} s")
    print(f"emulating and noting its lines {noted:6.2f} s")
    print(f"writing them                   {written:6.2f} s")
    print(f"lines noted                    {lines:6} ({shown / 1e6:.2f} MB of text)")
    print(f"search index                   {alone.stat().st_size / 1e6:6.2f} MB")
    print(f"all of the index               {path.stat().st_size / 1e6:6.2f} MB")
    alone.unlink()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=5.0)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="jumpseat-bench-"))
    try:
        home = Home(place).ensure()
        directories = make(home, options.sessions, int(options.megabytes * 1e6))
        start = time.perf_counter()
        for number, each in enumerate(directories, 1):
            build(each, home.index(each.name))
            if number == 1:
                print(f"index of an hour made in {time.perf_counter() - start:.1f} s")
        index_cost(directories[0], home.index(directories[0].name))
        print(f"\n{options.megabytes:g} MB, one session; {LIMIT} lines at most")
        ask(directories[:1], options.runs)
        print(f"\n{len(directories)} sessions, {LIMIT} lines of each at most")
        ask(directories, max(2, options.runs // 2))
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    random.seed(1)
    main()
