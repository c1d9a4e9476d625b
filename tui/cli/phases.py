"""`jumpseat phases`: what was worked on when, and how long on each task.

Which exercise's tasks are meant, and how phases are printed; what a phase is, is the analyzer's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from analyzer.models.tasks import Tasks, seconds_by
from analyzer.records import Phase
from analyzer.service import phases_json
from recorder.exercise.loader import DEFAULT, load_exercise
from recorder.exercise.recorded import followed
from tui.cli.exercise import complete_exercise
from tui.cli.findings import analysis_of
from tui.cli.given import Given, path_or_session, recording_argument
from tui.cli.output import moment, print_json, print_table, say, span
from tui.cli.settings import Settings
from tui.cli.stretches import is_said, judge_stretches, stretch_options
from tui.cli.verbs import Verb, pass_settings


@click.command(
    cls=Verb,
    examples=(
        ("jumpseat phases latest", "A table, and the time for each task."),
        ("jumpseat phases latest --json", "For programs."),
        ("jumpseat phases latest --relabel 12:00-15:30=database", "What that really was."),
        ("jumpseat phases ./interview/ --exercise ours", "By the tasks of an exercise."),
    ),
)
@recording_argument()
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract.")
@click.option(
    "--exercise",
    "exercise",
    metavar="EXERCISE",
    shell_complete=complete_exercise,
    help="Whose tasks are meant: a name, or a file's path; by default the one that the recording"
    f" was made with, else `{DEFAULT}`.",
)
@stretch_options()
@pass_settings
def phases(
    settings: Settings,
    /,
    recording: str,
    as_json: bool,
    exercise: str | None,
    size: tuple[int, int] | None,
    **said: Any,
) -> None:
    """Print what was worked on when: stretches of time, each with its task and its activity.

    They are told by what was run and when. An observation, never a verdict; what a person says that
    a stretch was is kept beside it.
    """
    if is_said(said):
        judge_stretches(settings, recording, said)
        return
    if exercise is not None:
        # What is wrong with it is told before the work, and not behind it.
        load_exercise(settings.home, exercise)
    found = analysis_of(settings, recording, size, shown="phases").phases
    tasks = _tasks(settings, recording, exercise)
    if as_json:
        print_json(phases_json(found, tasks))
    elif found:
        _print(found, tasks)
    else:
        say("nothing happened")


def _tasks(settings: Settings, recording: str, exercise: str | None) -> Tasks | None:
    """Return the tasks that topics serve; None, and a word of it, where that is not known.

    Raises:
        SessionNotFoundError: There is no such recording.
        ExerciseNotFoundError: There is no such exercise.
        ExerciseError: It cannot be read.

    """
    given = path_or_session(settings, recording)
    if exercise is not None:
        return _told(exercise, Tasks(load_exercise(settings.home, exercise).plan))
    kept = followed(given.directory if isinstance(given, Given) else Path(given))
    if kept is None:
        say(f"no exercise is recorded: tasks are those of {DEFAULT!r}; --exercise names another")
        return Tasks(load_exercise(settings.home, DEFAULT).plan)
    return _told(kept.name, Tasks(kept.plan) if kept.plan is not None else None)


def _told(name: str, tasks: Tasks | None) -> Tasks | None:
    if tasks is not None and tasks.known:
        return tasks
    say(f"{name} does not say which topics serve its tasks; --exercise names one that does")
    return None


def _print(found: Sequence[Phase], tasks: Tasks | None) -> None:
    words = [tasks.of(phase.topic) if tasks else "-" for phase in found]
    print_table(
        ("from", "until", "task", "topic", "activity", "sure"),
        [_row(phase, task) for phase, task in zip(found, words, strict=True)],
    )
    click.echo()
    by = "task" if tasks else "topic"
    named = words if tasks else [phase.topic for phase in found]
    busy = [phase.activity != "idle" for phase in found]
    total = seconds_by(zip(named, found, strict=True))
    idle = seconds_by((n, p) for n, p, at in zip(named, found, busy, strict=True) if not at)
    rows = [(each, span(total[each]), span(idle.get(each, 0.0))) for each in total]
    print_table((by, "time", "of it idle"), rows)


def _row(phase: Phase, task: str) -> tuple[str, ...]:
    sure = f"{phase.confidence:.0%}"
    return moment(phase.start), moment(phase.until), task, phase.topic, phase.activity or "-", sure
