"""How long an hour of a session takes to analyse on one core, and in how much memory.

The hour is made up (`bench.support.hour`): two terminals with 5 MB of output of all kinds. Each run
is a process of its own, so that its memory is its own: reading and emulating alone, commands and
tags (`jumpseat commands` of a file), and the same with the index that seeking and searching need
(a session's first analysis). Recordings can be given instead. Run with
`python -m bench.analysis [DIRECTORY...]` from the repository's root. Asserts nothing.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from analyzer.index.build import Terminals, index_path
from analyzer.service import analyse, analyse_and_index
from bench.support.hour import write_hour
from bench.terminal import KINDS
from recorder.home import Home
from recorder.recording.reader import RecordingReader

SIZE = 5_000_000


def emulate(directory: Path) -> None:
    """Read a recording and keep its screens."""
    terminals = Terminals()
    with RecordingReader(directory) as reader:
        for event in reader.read():
            terminals.observe(event)


def first_time(directory: Path) -> None:
    """Analyse as if nothing were known of the session."""
    path = index_path(directory)
    if path is not None:
        shutil.rmtree(path.parent, ignore_errors=True)
    analyse_and_index(directory, live=False)


WORK: dict[str, Callable[[Path], object]] = {
    "screens alone": emulate,
    "commands and tags": analyse,
    "and the index": first_time,
}


def run_alone(name: str, directory: Path) -> None:
    """Do one piece of work and print its seconds, and the process's largest size in MB."""
    start = time.process_time()
    WORK[name](directory)
    seconds = time.process_time() - start
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measured(name: str, directory: Path) -> tuple[float, float]:
    """Return seconds of processor time and megabytes of one run."""
    words = [sys.executable, "-m", "bench.analysis", "--alone", name, str(directory)]
    printed = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()
    return float(printed[0]), float(printed[1])


def compare(directory: Path, runs: int) -> None:
    """Print a row for each kind of work."""
    size = sum(each.stat().st_size for each in directory.iterdir())
    print(f"{directory.name}, {size / 1e6:.1f} MB on disk")
    for name in WORK:
        found = [measured(name, directory) for _ in range(runs)]
        seconds = statistics.median(each[0] for each in found)
        print(f"  {name:20} {seconds:6.2f} s {max(each[1] for each in found):7.0f} MB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path, nargs="*")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--alone", metavar="WORK", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        run_alone(options.alone, options.directory[0])
        return
    with tempfile.TemporaryDirectory(prefix="jumpseat-bench-") as place:
        if not options.directory:
            home = Home(Path(place) / "home").ensure()
            write_hour(home.recording("hour0001"), KINDS, size=SIZE)
            options.directory = [home.recording("hour0001")]
        for directory in options.directory:
            compare(directory, options.runs)


if __name__ == "__main__":
    main()
