"""`jumpseat replay SESSION --beside SESSION`: which two, and how they are kept in step."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import click

from analyzer.models.tasks import Tasks
from recorder.errors import UsageError
from recorder.exercise.loader import load_exercise
from tui.cli.exercise import TEMPLATE
from tui.cli.given import Given, complete_recording, given_recording, path_or_session
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.seat.beside import StepWord, run_beside

Size = tuple[int, int] | None


def beside_options() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the decorator that adds ``--beside`` and ``--step``."""
    options = (
        click.option(
            "--beside",
            metavar="SESSION|FILE|DIR",
            shell_complete=complete_recording,
            help="Another session, to compare them side by side.",
        ),
        click.option(
            "--step",
            type=click.Choice(("clock", "task", "free")),
            help="With --beside: both by the clock (so it is by default), by the tasks of the"
            " exercise, or each by itself; s changes it.",
        ),
    )

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return add


def replay_beside(
    settings: Settings, one: str, other: str, *, step: StepWord | None, size: Size
) -> None:
    """Show two recordings that a person named, side by side, until they leave.

    Raises:
        UsageError: A size was given, and neither is a file.
        JumpseatError: One cannot be found, or neither can be read.

    """
    named = (one, other)
    foreign = [not isinstance(path_or_session(settings, name), Given) for name in named]
    if size is not None and not any(foreign):
        raise UsageError("--size is for files", "a session's recording tells its size")
    with ExitStack() as stack:
        given = [
            stack.enter_context(given_recording(settings, name, size if path else None))
            for name, path in zip(named, foreign, strict=True)
        ]
        engine = None if all(foreign) else stack.enter_context(opened_store(settings))
        left, right = ((each.directory, None if each.foreign else engine) for each in given)
        tasks = Tasks(load_exercise(settings.home, TEMPLATE).plan)
        run_beside(left, right, step=step or "clock", fallback=tasks)
