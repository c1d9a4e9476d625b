"""A report of an hour: how long it takes to make, how large it is, how soon a browser plays it.

The hour is made up (`bench.support.hour`): 5 MB of output on two terminals. The first report also
analyses it; else `serve` has done that while the session went on. Each is made by the command line
in a process of its own. Where Chromium and the player are there, it also opens the page, offline,
and goes to moments at random. Run with `python -m bench.report` from the repository's root. Asserts
nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.support.hour import SECONDS, write_hour
from bench.terminal import KINDS
from recorder.home import Home
from tui.player.finding import find_player

SIZE = 5_000_000
FORMS = (("html",), ("html", "--candidate"), ("html", "--no-replay"), ("md",), ("json",))
JUMPS = 20


def make(home: Home, out: Path, form: str, *more: str) -> tuple[float, float]:
    """Return the seconds that making one report takes: by the clock, and of a processor."""
    out.unlink(missing_ok=True)
    start, spent = time.perf_counter(), _spent()
    subprocess.run(
        [sys.executable, "-m", "tui.main", "--home", str(home.path), "report", "latest",
         "--to", form, "-o", str(out), *more],
        check=True, capture_output=True,
    )  # fmt: skip
    return time.perf_counter() - start, _spent() - spent


def _spent() -> float:
    """Return the seconds of a processor that processes started here have used."""
    times = os.times()
    return times.children_user + times.children_system


def forms(home: Home, out: Path, runs: int) -> None:
    """Print what each form takes, and its size."""
    print(f"{'':24} {'s':>6} {'cpu s':>6} {'MB':>7}")
    took, spent = make(home, out, "html")
    print(f"{'html, analysed first':24} {took:6.1f} {spent:6.1f}")
    for form, *more in FORMS:
        made = [make(home, out, form, *more) for _ in range(runs)]
        took, spent = (statistics.median(values) for values in zip(*made, strict=True))
        size = out.stat().st_size / 1e6
        print(f"{' '.join((form, *more)):24} {took:6.1f} {spent:6.1f} {size:7.2f}")


def browser(page: Path) -> None:
    """Print how soon Chromium shows and plays the page, offline."""
    chromium = shutil.which("chromium")
    if chromium is None or find_player() is None:
        print("no Chromium, or no player: not opened")
        return
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    arguments = ["--disable-gpu", "--no-sandbox"]
    source = random.Random(1)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=arguments)
        tab = started.new_context(offline=True).new_page()
        start = time.perf_counter()
        tab.goto(page.as_uri())
        shown = time.perf_counter() - start
        tab.evaluate("replay.ready")
        ready = time.perf_counter() - start
        print(f"page shown after {shown:.2f} s, replay ready after {ready:.2f} s")
        for name in ("c1-1", "c1-2"):
            taken = []
            for _ in range(JUMPS):
                start = time.perf_counter()
                tab.evaluate(f"replay.jump({source.uniform(5, SECONDS - 60)}, '{name}', false)")
                taken.append((time.perf_counter() - start) * 1e3)
            middle, worst = statistics.median(taken), max(taken)
            print(f"jump in {name}: median {middle:.0f} ms, slowest {worst:.0f} ms")
        started.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=SIZE / 1e6)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jumpseat-bench-") as place:
        home = Home(Path(place) / "home").ensure()
        write_hour(home.recording("hour0001"), KINDS, size=int(options.megabytes * 1e6))
        out = Path(place) / "report"
        forms(home, out, options.runs)
        page = Path(place) / "page.html"
        make(home, page, "html")
        browser(page)


if __name__ == "__main__":
    main()
