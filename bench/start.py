"""How long the command line takes to start: the median of several runs, in milliseconds."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 9
LINES = (
    ("--help",),
    ("--version",),
    ("session", "list"),
    ("db", "current"),
)


def measure(home: str, *args: str) -> float:
    """Return the seconds that one run takes."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "tui.main", "--home", home, *args], check=True, capture_output=True
    )
    return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        for line in LINES:
            measure(home, *line)  # the first run compiles, and makes the store
            took = statistics.median(measure(home, *line) for _ in range(RUNS))
            print(f"jumpseat {' '.join(line):<14} {took * 1000:7.0f} ms")


if __name__ == "__main__":
    main()
