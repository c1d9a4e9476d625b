"""Runs the examples beside the rules, and says which give other tags than they should.

Signals are independent of each other here, so they are spread over processes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

from analyzer.records import Tag
from analyzer.signals.schema import Example, Rules, Signal
from analyzer.signals.transcript import run_example

_FEW = 8
"""Pieces of work below which one process is quicker."""

Piece = TypeVar("Piece")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How one example went; ``fault`` says what it gave instead, None where all is well."""

    signal: str
    number: int
    title: str
    fault: str | None


def fault_of(example: Example, tags: Sequence[Tag]) -> str | None:
    """Say how tags differ from what an example asks for; None where they do not."""
    if len(tags) != example.tags:
        found = "; ".join(f"{tag.t:.1f} s {tag.outcome}" for tag in tags) or "none"
        return f"gives {len(tags)} tags instead of {example.tags} ({found})"
    outcomes = {tag.outcome for tag in tags}
    if example.outcome is not None and outcomes != {example.outcome}:
        return f"the outcome is {', '.join(sorted(outcomes))} instead of {example.outcome}"
    return None


def results_of(rules: Rules, ids: Sequence[str], jobs: int | None = None) -> Iterator[list[Result]]:
    """Run the examples of some signals; give the results of each signal, in order."""
    yield from spread(partial(_of_signal, rules), ids, jobs)


def spread(
    work: Callable[[Piece], Made], pieces: Iterable[Piece], jobs: int | None = None
) -> Iterator[Made]:
    """Do the same to each piece, on all cores; give what comes of each, in their order.

    Args:
        work: Can be sent to another process.
        pieces: Likewise.
        jobs: Processes at most; by default one a core.

    """
    waiting = list(pieces)
    workers = min(jobs or os.cpu_count() or 1, len(waiting))
    if workers <= 1 or len(waiting) < _FEW:
        yield from map(work, waiting)
        return
    # Started afresh: a forked copy of threads and locks may never wake up.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, waiting)


def _of_signal(rules: Rules, name: str) -> list[Result]:
    signal = named(rules, name)
    return [
        Result(
            signal=name,
            number=number,
            title=example.title,
            fault=fault_of(example, run_example(rules, signal, example)),
        )
        for number, example in enumerate(signal.example)
    ]


def named(rules: Rules, name: str) -> Signal:
    """Return the signal of a name that there is."""
    return next(signal for signal in rules.signal if signal.id == name)
