"""The demo from its first to its last line: live view and replay, or tables without a terminal."""

from __future__ import annotations

import shlex
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from sqlalchemy import Engine

from analyzer.service import Analysis, ensure_analysed
from recorder.errors import JumpseatError
from recorder.home import Home
from recorder.store.catalogue import list_sessions
from recorder.store.engine import open_engine
from recorder.store.migrations import upgrade
from tui.cli.errors import DemoError
from tui.cli.findings import print_commands, print_tags
from tui.cli.output import say
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.demo.script import SIGNALS
from tui.demo.stage import Stage, staged
from tui.seat import run_replay

_LIVE_GREETING = "Live: a scripted candidate types into a real ssh. The replay follows."
_REPLAY_GREETING = "Replay: n jumps to the next tag, ? shows the keys, q leaves."


def demo_settings(settings: Settings) -> Settings:
    """Return where the demo keeps its recordings: a home of its own unless one was asked for."""
    if settings.home_given:
        return settings
    home = Home(settings.home.path.with_name(settings.home.path.name + "-demo"))
    return replace(settings, home=home, database_url=home.database_url)


def run_demo(settings: Settings, *, unconfined: bool, terminal: bool) -> None:
    """Show everything at work.

    Raises:
        DemoError: A part did not start, or a promised signal is missing.
        JumpseatError: Whatever else a user can do something about.

    """
    with _terminated_as_interrupted(), demo_store(settings) as engine:
        with staged(settings, unconfined=unconfined, watched=terminal) as stage:
            directory = _directory(engine, settings.home, stage)
            finished = _watch(stage, directory, engine) if terminal else _follow(stage)
        if terminal and finished:
            run_replay(directory, engine, greeting=_REPLAY_GREETING)
        if finished:
            _report(ensure_analysed(directory, engine))
        program = "jumpseat" if shutil.which("jumpseat") else sys.argv[0]
        words = (program, "replay", directory.name, "--home", str(settings.home.path))
        say(f"see it again with `{shlex.join(words)}`")


@contextmanager
def demo_store(settings: Settings) -> Iterator[Engine]:
    """Give the store; the demo's own is brought to this program's schema without a question."""
    if not settings.home_given and settings.home.database.exists():
        engine = open_engine(settings.database_url)
        try:
            upgrade(engine)
        finally:
            engine.dispose()
    with opened_store(settings) as engine:
        yield engine


def _follow(stage: Stage) -> bool:
    stage.play()
    return True


def _watch(stage: Stage, directory: Path, engine: Engine) -> bool:
    """Show the live view; False where the person left it before the end.

    Raises:
        DemoError: The candidate got stuck, or the jump host did not end well.

    """
    failures: list[JumpseatError] = []

    def play() -> None:
        try:
            stage.play()
        except JumpseatError as error:
            failures.append(error)

    player = threading.Thread(target=play, name="demo")
    player.start()
    try:
        run_replay(directory, engine, live=True, until_closed=True, greeting=_LIVE_GREETING)
    finally:
        finished = stage.is_over
        stage.close()
        player.join()
    # Whoever leaves early ends the candidate, which then did not get to the end either.
    if failures and finished:
        raise failures[0]
    return finished


def _directory(engine: Engine, home: Home, stage: Stage) -> Path:
    for row in list_sessions(engine, home):
        if row.state == "live" and row.listen == stage.address:
            return row.directory
    raise DemoError(f"the session on {stage.address} is not to be found")


def _report(analysis: Analysis) -> None:
    print_commands(analysis.commands)
    click.echo()
    found = [tag for tag in analysis.tags if tag.state == "established"]
    print_tags(found)
    missing = [name for name in SIGNALS if name not in {tag.signal for tag in found}]
    if missing:
        raise DemoError(f"the demo did not show {', '.join(missing)}")


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end the demo as Ctrl-C does: with everything put away."""

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
