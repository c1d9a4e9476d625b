"""`jumpseat replay SESSION --beside SESSION`: which two; the store is opened once, when needed."""

from __future__ import annotations

from contextlib import ExitStack

from analyzer.models.tasks import Tasks
from recorder.errors import UsageError
from recorder.exercise.loader import load_exercise
from tui.cli.exercise import TEMPLATE
from tui.cli.found import found_recording
from tui.cli.given import Given, path_or_session
from tui.cli.settings import Settings
from tui.seat.beside import StepWord, run_beside


def replay_beside(
    settings: Settings,
    named: tuple[str, str],
    *,
    step: StepWord | None,
    size: tuple[int, int] | None,
) -> None:
    """Show two recordings that a person named, side by side, until they leave.

    Raises:
        UsageError: A size was given, and neither is a file.
        JumpseatError: One cannot be found, or neither can be read.

    """
    foreign = [not isinstance(path_or_session(settings, name), Given) for name in named]
    if size is not None and not any(foreign):
        raise UsageError("--size is for files", "a session's recording tells its size")
    with ExitStack() as stack:
        left, right = (
            found_recording(stack, settings, name, size if is_file else None)
            for name, is_file in zip(named, foreign, strict=True)
        )
        tasks = Tasks(load_exercise(settings.home, TEMPLATE).plan)
        run_beside(left, right, step=step or "clock", fallback=tasks)
