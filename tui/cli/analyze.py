"""`jumpseat analyze`: commands and tags computed again, of many sessions at once.

A run over all sessions that was stopped goes on where it was; what is noted for that is a list of
ids beside the other things that can be made again. How it is computed is the analyzer's business.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy import Engine

from analyzer.many import Analysed, analyse_many
from analyzer.rows import store_analysis, version
from analyzer.service import session_of
from recorder.errors import JumpseatError, UsageError
from recorder.home import PRIVATE_DIR, PRIVATE_FILE
from recorder.recording.reader import is_locked
from recorder.store.catalogue import find_session, session_directories
from recorder.store.sync import sync_session
from tui.cli.output import say
from tui.cli.progress import progress
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.verbs import Verb, complete_session, pass_settings


@click.command(
    cls=Verb,
    examples=(
        ("jumpseat analyze latest", "Compute the youngest session's commands and tags again."),
        ("jumpseat analyze --all", "Of every session; stopped with Ctrl-C, it goes on later."),
        ("jumpseat analyze --all --jobs 1", "Leave the other cores to a session that is live."),
    ),
)
@click.argument(
    "sessions",
    metavar="[SESSION]...",
    nargs=-1,
    shell_complete=complete_session,
    help="Ids, beginnings of ids, `latest`.",
)
@click.option("--all", "every", is_flag=True, help="Every session that has ended.")
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="How many sessions at once; by default as many as there are cores.",
)
@click.option("--restart", is_flag=True, help="With --all: forget how far a stopped run came.")
@pass_settings
def analyze(
    settings: Settings,
    /,
    sessions: tuple[str, ...],
    every: bool,
    jobs: int | None,
    restart: bool,
) -> int:
    """Compute commands and tags again, from the recordings, and store them.

    For rules that changed, or a store that was lost. What people wrote (marks, notes, cards)
    stays. A session that is live is left to the process that follows it.

    Exit status 0: all are done; 1: a session could not be analysed.
    """
    directories = _directories(settings, sessions, every=every)
    run = _Run(settings.home.analysed_again if every else None, restart=restart)
    ended = [each for each in directories if not _is_live(each)]
    left = [each for each in ended if each.name not in run.done]
    if len(left) < len(ended):
        say(f"goes on where it was stopped: {len(ended) - len(left)} of {len(ended)} are done")
    with opened_store(settings) as engine:
        try:
            _analyse(left, engine, run, jobs or _cores())
        except KeyboardInterrupt:
            finished = len(left) - run.left(left)
            say(f"stopped: {finished} of {len(left)} are stored; the same command goes on")
            raise
    run.finish()
    say(f"{len(left) - run.failed} of {len(left)} sessions analysed")
    return 1 if run.failed else 0


def _directories(settings: Settings, sessions: Sequence[str], *, every: bool) -> list[Path]:
    """Return the recordings that were asked for, each once.

    Raises:
        UsageError: None was named, or some beside --all.
        SessionNotFoundError: A name is no session's, or may be more than one's.

    """
    if every == bool(sessions):
        raise UsageError(
            "which sessions are to be analysed is not said"
            if not every
            else "--all is every session",
            "name some, or give --all",
        )
    if every:
        return list(session_directories(settings.home).values())
    return list(dict.fromkeys(find_session(settings.home, name) for name in sessions))


def _is_live(directory: Path) -> bool:
    live = is_locked(directory)
    if live:
        say(f"{directory.name} is live: the process that follows it analyses it")
    return live


def _cores() -> int:
    return len(os.sched_getaffinity(0))


class _Run:
    """How far this run is; with a file, a later one can go on."""

    def __init__(self, file: Path | None, *, restart: bool) -> None:
        self.failed = 0
        self._file = file
        self.done = set() if file is None or restart else _read(file)

    def left(self, directories: Sequence[Path]) -> int:
        """Return how many of some recordings are not done."""
        return sum(each.name not in self.done for each in directories)

    def note(self, session: str) -> None:
        """Keep that a session is done, also for a run after this one."""
        self.done.add(session)
        if self._file is not None:
            _write(self._file, self.done)

    def finish(self) -> None:
        """Forget how far it was: all is done that could be."""
        if self._file is not None:
            self._file.unlink(missing_ok=True)


def _read(file: Path) -> set[str]:
    """Return what a stopped run had done by the same rules; nothing where that cannot be read."""
    try:
        noted = json.loads(file.read_bytes())
        return set(noted["done"]) if noted["version"] == version() else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _write(file: Path, done: set[str]) -> None:
    """Note what is done, whole or not at all; where that cannot be, a later run begins anew."""
    fresh = file.with_suffix(".new")
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=PRIVATE_DIR, exist_ok=True)
        fresh.touch(PRIVATE_FILE)
        fresh.write_text(json.dumps({"version": version(), "done": sorted(done)}))
        fresh.replace(file)


def _analyse(directories: Sequence[Path], engine: Engine, run: _Run, jobs: int) -> None:
    label = directories[0].name if len(directories) == 1 else f"analysing {len(directories)}"
    with (
        progress(label) as tell,
        closing(analyse_many(directories, jobs=jobs, progress=tell)) as results,
    ):
        for each in results:
            _store(each, engine, run)


def _store(each: Analysed, engine: Engine, run: _Run) -> None:
    """Store one session's result, or say why there is none."""
    try:
        if each.error is not None:
            raise each.error
        if each.analysis is not None:
            sync_session(engine, each.directory)
            store_analysis(engine, session_of(each.directory), each.analysis)
    except JumpseatError as error:
        run.failed += 1
        say(f"{each.directory.name}: {error}")
        return
    run.note(each.directory.name)
