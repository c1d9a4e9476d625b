"""Analyses many recordings at once, one process each: as many as there are cores.

The processes read recordings and fill their indexes; what they find comes back here and is stored
by whoever asked, so that one process alone writes to the store. Each result is that of
`analyzer.service.analyse`; what is said to a person does not belong here.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.sharedctypes import SynchronizedArray
from multiprocessing.synchronize import Event
from pathlib import Path

from analyzer.records import Analysis
from analyzer.service import AnalysisCancelledError, analyse_and_index, recorded_bytes
from recorder.errors import JumpseatError

_TELL_EVERY = 0.1
"""Seconds between two looks at how far the processes are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysed:
    """One recording's result, or why there is none."""

    directory: Path
    analysis: Analysis | None
    error: JumpseatError | None = None


class _Shared:
    """What a process shares with the others, set once in each."""

    read: SynchronizedArray[float]
    stop: Event


def analyse_many(
    directories: Sequence[Path],
    *,
    jobs: int,
    progress: Callable[[float], None] | None = None,
) -> Generator[Analysed]:
    """Analyse recordings that have ended, and yield each as it is done, in no certain order.

    Closing the generator, or an exception in whoever iterates, stops the processes; what they were
    at is given up.

    Args:
        directories: The recordings.
        jobs: How many processes at most.
        progress: Called with the share of all bytes that were read, from 0 to 1.

    """
    if not directories:
        return
    sizes = [max(1, recorded_bytes(each)) for each in directories]
    context = multiprocessing.get_context("spawn")
    read = context.Array("d", len(directories))
    stop = context.Event()
    with _pool(min(jobs, len(directories)), read, stop) as pool:
        waiting = {
            pool.submit(_analyse, index, directory): directory
            for index, directory in enumerate(directories)
        }
        while waiting:
            done, _ = wait(waiting, timeout=_TELL_EVERY, return_when=FIRST_COMPLETED)
            for future in done:
                yield _result(waiting.pop(future), future)
            if progress is not None:
                done_bytes = sum(read[index] * size for index, size in enumerate(sizes))
                progress(done_bytes / sum(sizes))


@contextmanager
def _pool(jobs: int, read: SynchronizedArray[float], stop: Event) -> Iterator[ProcessPoolExecutor]:
    """Give the processes, and end them whatever happens."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(read, stop))
    try:
        yield pool
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _result(directory: Path, future: Future[Analysis]) -> Analysed:
    """Return what a process gave; its own death is an error like another."""
    try:
        return Analysed(directory=directory, analysis=future.result())
    except JumpseatError as error:
        return Analysed(directory=directory, analysis=None, error=error)
    except OSError as error:
        words = f"it cannot be read ({error.strerror or error})"
        return Analysed(directory=directory, analysis=None, error=JumpseatError(words))
    except RuntimeError as error:
        # BrokenProcessPool: killed from outside, for want of memory perhaps.
        words = f"its process ended early ({error})"
        remedy = "try again, with fewer --jobs if memory is short"
        return Analysed(directory=directory, analysis=None, error=JumpseatError(words, remedy))


def _begin(read: SynchronizedArray[float], stop: Event) -> None:
    """Prepare a process: whoever presses Ctrl-C is heard by the one that asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Shared.read, _Shared.stop = read, stop


def _analyse(index: int, directory: Path) -> Analysis:
    def tell(share: float) -> None:
        _Shared.read[index] = share

    if _Shared.stop.is_set():
        raise AnalysisCancelledError
    return analyse_and_index(directory, live=False, progress=tell, cancelled=_Shared.stop.is_set)
