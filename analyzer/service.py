"""Analyses recordings, as far as the store lacks what they mean.

Recordings are the truth: rows can be dropped and computed again. Watching a file grow is the
follower's, rows are `analyzer.rows`', what is printed of them `analyzer.contract`'s.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from analyzer.analysis import Collected, Pipeline
from analyzer.contract import commands_json, tags_json
from analyzer.index.build import indexing, is_indexed
from analyzer.index.writer import IndexWriter
from analyzer.models.scorers import active_troubles
from analyzer.records import COMPLETE, Analysis, by_time
from analyzer.rows import covers, store_analysis, stored_analysis
from analyzer.signals.loader import active_rules
from recorder.errors import JumpseatError, RecordingError
from recorder.recording.events import Problem
from recorder.recording.reader import RecordingReader
from recorder.store.sync import sync_session

__all__ = [
    "Analysis",
    "AnalysisCancelledError",
    "analyse",
    "analyse_and_index",
    "commands_json",
    "ensure_analysed",
    "recorded_bytes",
    "session_of",
    "tags_json",
]

STEPS = 200
"""Calls of `progress` at most, however long the recording is."""

_TELL_EVERY = 64
"""Events between two looks at how far the files were read."""

_BLOCK = 1 << 16


class AnalysisCancelledError(JumpseatError):
    """Whoever asked for an analysis no longer wants it; nothing of it was stored."""

    def __init__(self) -> None:
        super().__init__("the analysis was cancelled")


class _Watcher:
    """Tells the caller how far an analysis is, and asks it whether to go on."""

    def __init__(
        self,
        total: int,
        progress: Callable[[float], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self._total = max(1, total)
        self._progress = progress
        self._cancelled = cancelled
        self._told = -1

    def ask(self) -> None:
        if self._cancelled is not None and self._cancelled():
            raise AnalysisCancelledError

    def tell(self, read: int | None = None) -> None:
        """Say how many bytes were read, or that all were, unless that was said."""
        step = STEPS if read is None else min(STEPS, STEPS * read // self._total)
        if self._progress is not None and step > self._told:
            self._told = step
            self._progress(step / STEPS)


def analyse(
    directory: Path,
    *,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    index: IndexWriter | None = None,
) -> Analysis:
    """Analyse all that a recording holds now.

    What is open in a session that still runs stays open; else it ends with the recording.

    Args:
        directory: Where the recording lies.
        index: Filled on the way; it is complete if the session has ended.
        progress: Called in the caller's thread with the share of the bytes that were read, from 0
            to 1, never smaller than before, 1 at the end.
        cancelled: Asked before each event whether to give up; must be cheap.

    Raises:
        SessionNotFoundError: There is no recording in the directory.
        RulesError: The rules cannot be read.
        AnalysisCancelledError: ``cancelled`` said so.

    """
    rules = active_rules()
    pipeline = Pipeline(rules, troubles=active_troubles(rules))
    collected = Collected()
    with RecordingReader(directory) as reader:
        watcher = _Watcher(recorded_bytes(directory), progress, cancelled)
        abandoned = not reader.is_live
        for count, event in enumerate(reader.read()):
            watcher.ask()
            if count % _TELL_EVERY == 0:
                watcher.tell(sum(reader.covered.values()))
            collected.add(pipeline.observe(event))
            if index is not None:
                index.observe(event, pipeline.terminal(event))
        covered = reader.covered
        if abandoned or reader.closed is not None:
            collected.add(pipeline.finish())
            if index is not None:
                index.finish(covered)
            covered[COMPLETE] = 1
        watcher.tell()
        return _analysis(collected, covered, tuple(reader.problems))


def _analysis(
    collected: Collected, covered: dict[str, int], problems: tuple[Problem, ...]
) -> Analysis:
    return Analysis(
        commands=tuple(sorted(collected.commands.values(), key=by_time)),
        tags=tuple(sorted(collected.tags.values(), key=by_time)),
        covered=covered,
        problems=problems,
    )


def ensure_analysed(
    directory: Path,
    engine: Engine,
    *,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Analysis:
    """Return a session's commands and tags after analysing what the store lacks.

    ``progress`` and ``cancelled`` are those of `analyse`; where the store has all, neither is
    called.

    Raises:
        SessionNotFoundError: There is no recording in the directory.
        RecordingError: Its journal does not say which session it is.
        StoreError: The store cannot be used.
        RulesError: The rules cannot be read.
        AnalysisCancelledError: ``cancelled`` said so; the store is as it was.

    """
    session, live = _look(directory)
    sync_session(engine, directory)
    stored = stored_analysis(engine, session)
    wanted = _sizes(directory) | ({} if live else {COMPLETE: 1})
    if stored is not None and covers(stored.covered, wanted):
        return stored
    analysis = analyse_and_index(directory, live=live, progress=progress, cancelled=cancelled)
    store_analysis(engine, session, analysis)
    return analysis


def analyse_and_index(
    directory: Path,
    *,
    live: bool,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Analysis:
    """Analyse; where the index is missing too, the same pass over the recording makes it.

    All that is given and raised is as for `analyse`; ``live``: the recording goes on.
    """
    if live or is_indexed(directory):
        return analyse(directory, progress=progress, cancelled=cancelled)
    with indexing(directory) as index:
        return analyse(directory, progress=progress, cancelled=cancelled, index=index)


def session_of(directory: Path) -> str:
    """Return the id of the session that was recorded in a directory.

    Raises:
        SessionNotFoundError: There is no recording in the directory.
        RecordingError: Its journal does not say.

    """
    return _look(directory)[0]


def _look(directory: Path) -> tuple[str, bool]:
    """Return a recording's session, and whether it still goes on."""
    with RecordingReader(directory) as reader:
        for _ in reader.read():
            # The whole journal is read before the first event is given.
            if reader.opened is not None:
                return reader.opened.session, reader.is_live
    raise RecordingError(f"the journal in {directory} does not begin with a session")


def recorded_bytes(directory: Path) -> int:
    """Return how many bytes an analysis of a recording reads."""
    return sum(_sizes(directory).values())


def _sizes(directory: Path) -> dict[str, int]:
    """Return the bytes of each file that analysis reads, without a torn last line."""
    found = {}
    for path in directory.iterdir():
        if path.suffix in {".jsonl", ".cast"}:
            found[path.name] = _whole_lines(path)
    return found


def _whole_lines(path: Path) -> int:
    """Return the offset behind the last line end of a file."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        while end > 0:
            start = max(0, end - _BLOCK)
            file.seek(start)
            place = file.read(end - start).rfind(b"\n")
            if place >= 0:
                return start + place + 1
            end = start
    return 0
