"""How fast the hop is beside its peers, all measured in one run on one machine.

The ways to the same stock sshd: `direct`; `two legs`, an sshd whose ForceCommand is ssh; `script`,
the same with `script` around it (tee for data without a terminal), as a home-made recording jump
host; `hop`, `jumpseat serve` as it is, recording and analysis included. Each measure goes through
all ways in turn, several rounds of them, so that what else the machine does hits all alike. Figures
are medians of rounds, except percentiles, which are over the keys of all rounds.

Needs root, OpenSSH's server and client, and `script`. Asserts nothing but that data arrives whole.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from bench.support import bulk, memory
from bench.support.keys import Crowd, Typist, floods, strokes
from bench.support.table import Figures, percentile
from bench.support.ways import (
    DIRECT,
    HOP,
    OTHERS,
    TWO_LEGS,
    CannotMeasureError,
    Way,
    Ways,
    open_ways,
)

LATE = 0.05
"""Seconds: the 99th percentile of echoes that a crowd must stay below."""

FLOODS = OTHERS
LOGINS = 30

P50, P99 = "echo p50, ms", "echo p99, ms"
FLOODED_P50, FLOODED_P99 = f"{P50}, {FLOODS} floods", f"{P99}, {FLOODS} floods"
OWN_P50, OWN_P99 = f"{P50}, {FLOODS} floods of one's own", f"{P99}, {FLOODS} floods of one's own"
DOWN, UP = "down, MB/s", "up, MB/s"
AT_ONCE = f"{LOGINS} logins at once, s"
IDLE = "memory of an idle login, MiB"
CROWD = f"typing at once, p99 < {LATE * 1000:.0f} ms"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: the sizes of a run."""

    rounds: int
    keys: int
    megabytes: int
    idle: int
    crowd: tuple[int, ...]
    seconds: float


FULL = Plan(5, 200, 200, 20, (4, 8, 16, 24, 32, 48, 64, 96, 128), 6.0)
QUICK = Plan(2, 80, 64, 8, (4, 8, 16, 32), 3.0)


def tell(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def echoes(ways: Ways, plan: Plan, figures: Figures) -> None:
    """Time single keys, on a quiet way, beside floods of others, and beside one's own."""
    kinds = ((0, P50, P99), (FLOODS, FLOODED_P50, FLOODED_P99), (FLOODS, OWN_P50, OWN_P99))
    for count, p50, p99 in kinds:
        took: dict[str, list[float]] = {way.name: [] for way in ways.all}
        for turn in range(plan.rounds):
            for way in ways.all:
                tell(f"keys beside {count} floods, round {turn + 1}, {way.name}")
                with Typist(way) as typist, floods(way, count, own=p99 == OWN_P99):
                    typist.await_ready()
                    strokes(typist, 5, plan.seconds)
                    took[way.name] += strokes(typist, plan.keys, 2 * plan.seconds)
                ways.quiet()
        for name, seconds in took.items():
            tell(f"{len(seconds)} keys beside {count} floods, {name}")
            figures.add(p50, name, percentile(seconds, 0.5) * 1000)
            figures.add(p99, name, percentile(seconds, 0.99) * 1000)


def throughput(ways: Ways, plan: Plan, figures: Figures) -> None:
    """Move one file down and up."""
    blob = ways.account.scratch / "blob"
    bulk.make_blob(blob, plan.megabytes * 1_000_000, ways.account.uid)
    for turn in range(plan.rounds):
        for way in ways.all:
            tell(f"{plan.megabytes} MB both ways, round {turn + 1}, {way.name}")
            figures.add(DOWN, way.name, bulk.download(way, blob))
            figures.add(UP, way.name, bulk.upload(way, blob))


def parallel_logins(ways: Ways, plan: Plan, figures: Figures) -> None:
    """Log in many times at once."""
    for turn in range(plan.rounds):
        for way in ways.all:
            tell(f"{LOGINS} logins at once, round {turn + 1}, {way.name}")
            figures.add(AT_ONCE, way.name, bulk.logins(way, LOGINS))


def idle_memory(ways: Ways, plan: Plan, figures: Figures) -> None:
    """Weigh logins that do nothing."""
    for way in ways.all:
        tell(f"memory of {plan.idle} idle logins, {way.name}")
        figures.add(IDLE, way.name, memory.of_idle_session(way, plan.idle) / 2**20)


def crowds(ways: Ways, plan: Plan, figures: Figures) -> None:
    """Let more and more people type at once, until echoes come late."""
    for way in ways.all:
        held, late = largest_crowd(way, plan)
        figures.add(CROWD, way.name, held)
        if not late:
            figures.at_least(CROWD, way.name)


def largest_crowd(way: Way, plan: Plan) -> tuple[int, bool]:
    """Return the largest crowd whose echoes came in time, and whether a larger one failed."""
    held = 0
    with ExitStack() as stack:
        crowd = Crowd(way, stack)
        for count in plan.crowd:
            crowd.grow(count)
            # The machine may have had something else to do: only twice late is late.
            p99 = min(percentile(crowd.type(plan.seconds), 0.99) for _ in range(2))
            tell(f"{count} typing at once, {way.name}: p99 {p99 * 1000:.1f} ms")
            if p99 > LATE:
                return held, True
            held = count
    return held, False


MEASURES: dict[str, Callable[[Ways, Plan, Figures], None]] = {
    "throughput": throughput,
    "logins": parallel_logins,
    "memory": idle_memory,
    "echo": echoes,
    "crowd": crowds,
}


def goals(figures: Figures) -> None:
    """Print what was hoped for beside what is."""
    added = figures.value(P50, HOP) - figures.value(P50, DIRECT)
    late = figures.value(FLOODED_P99, HOP) / figures.value(FLOODED_P99, DIRECT)
    lines = [
        ("echo p50 added to direct", added, "ms", "at most 0.5", added <= 0.5),  # noqa: PLR2004
        ("echo p99 beside floods, of direct", late, "x", "at most 3", late <= 3),  # noqa: PLR2004
    ]
    for title in (DOWN, UP):
        ratio = figures.value(title, HOP) / figures.value(title, TWO_LEGS)
        lines.append((f"{title}, of two legs", ratio, "x", "at least 0.9", ratio >= 0.9))  # noqa: PLR2004
    for title, value, unit, goal, met in lines:
        if not math.isnan(value):
            print(f"{title}: {value:.2f} {unit} (goal: {goal}; {'met' if met else 'not met'})")


def measure(plan: Plan, chosen: list[str], figures: Figures) -> None:
    """Start everything, and measure."""
    for name in chosen:
        # Each with servers of its own: the analysis of floods must not be part of the next measure.
        with open_ways() as ways:
            MEASURES[name](ways, plan, figures)
            process = memory.settled(ways.all[-1].server)
            own = memory.share(ways.session_process)
    print(
        f"hop at the end: {process / 2**20:.0f} MiB in all with the analysis, for {1 + OTHERS}"
        f" sessions; the process that relays and records one of them {own / 2**20:.0f} MiB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of the hop beside its peers.")
    parser.add_argument("--quick", action="store_true", help="about a minute and a half; rougher")
    parser.add_argument("--only", choices=MEASURES, action="append", help="may be repeated")
    options = parser.parse_args()
    # So that everything is ended and removed when somebody loses patience.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    plan = QUICK if options.quick else FULL
    figures = Figures()
    try:
        measure(plan, options.only or list(MEASURES), figures)
    except CannotMeasureError as error:
        sys.exit(f"bench.relay: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        # Also what was measured until somebody lost patience.
        report(plan, figures)


def report(plan: Plan, figures: Figures) -> None:
    """Print the table, the sizes that stand behind it, and the goals."""
    if not figures.rows:
        return
    figures.print()
    print(
        f"{plan.rounds} rounds of {plan.keys} keys, {plan.megabytes} MB,"
        f" crowds of up to {plan.crowd[-1]}"
    )
    with contextlib.suppress(ZeroDivisionError):
        goals(figures)


if __name__ == "__main__":
    main()
