"""`jumpseat exercise`: which exercises there are, what is in one and wrong with it, a new one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from analyzer.visible import plain
from recorder.errors import HomeError, UsageError
from recorder.exercise.loader import (
    DEFAULT,
    ExerciseError,
    Loaded,
    exercise_files,
    find_exercise,
    is_exercise_name,
    load_exercise,
    read_exercise,
)
from recorder.home import PRIVATE_FILE, Home, make_private_directory
from recorder.toml_lines import Fault
from tui.cli.exercise_shown import show_exercise
from tui.cli.output import print_json, print_table, say
from tui.cli.settings import Settings
from tui.cli.verbs import Verb, VerbGroup, pass_settings
from tui.cli.verbs import settings as settings_of


def complete_exercise(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the exercises that have a name."""
    names = exercise_files(settings_of(ctx).home)
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


@click.command(cls=VerbGroup)
def exercise() -> None:
    """Exercises: plans of what a candidate is asked to do, and how the hour is divided.

    A team's own are TOML files in `exercises` in the home; any other file is given by its path.
    """


@exercise.command(
    "list",
    cls=Verb,
    examples=(("jumpseat exercise list", "Those that ship, and a team's own."),),
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def list_command(settings: Settings, as_json: bool) -> None:
    """Print the exercises that have a name; those with faults are told of on stderr."""
    found: list[Loaded] = []
    for path in exercise_files(settings.home).values():
        try:
            found.append(read_exercise(settings.home, path))
        except ExerciseError as error:
            say(str(error))
    if as_json:
        print_json([_summary(each) for each in found])
        return
    titles = ("exercise", "from", "minutes", "tasks", "title")
    print_table(titles, [tuple(str(value) for value in _row(each)) for each in found])


def _summary(loaded: Loaded) -> dict[str, object]:
    keys = ("name", "origin", "minutes", "tasks", "title")
    return dict(zip(keys, _row(loaded), strict=True)) | {"path": str(loaded.path)}


def _row(loaded: Loaded) -> tuple[object, ...]:
    plan = loaded.plan
    return (loaded.name, loaded.origin, plan.clock.minutes, len(plan.task), plan.title)


@exercise.command(
    "show",
    cls=Verb,
    examples=(
        ("jumpseat exercise show ghost", "What is read out, and when; the tasks; the probes."),
        ("jumpseat exercise show ./ours.toml --json", "A file of your own, for programs."),
    ),
)
@click.argument(
    "name", metavar="EXERCISE", shell_complete=complete_exercise, help="A name, or a file's path."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, keys as in the file.")
@pass_settings
def show(settings: Settings, name: str, as_json: bool) -> None:
    """Print an exercise as an interviewer uses it: what to say, to tell and to rate, in order."""
    loaded = load_exercise(settings.home, name)
    if as_json:
        plan = loaded.plan.model_dump(mode="json", by_alias=True)
        print_json(_summary(loaded) | {"plan": plan})
        return
    show_exercise(loaded)


@exercise.command(
    "check",
    cls=Verb,
    examples=(
        ("jumpseat exercise check ./ours.toml", "All that is wrong in a file, a line for each."),
        ("jumpseat exercise check", "Every exercise that has a name."),
    ),
)
@click.argument(
    "names",
    metavar="[EXERCISE]...",
    nargs=-1,
    shell_complete=complete_exercise,
    help="Names, or files' paths.",
)
@pass_settings
def check(settings: Settings, names: Sequence[str]) -> int:
    """Name all that is wrong in exercises as FILE:LINE: KEY: WORDS; exit 1 if anything is."""
    paths = [find_exercise(settings.home, name) for name in names]
    paths = paths or list(exercise_files(settings.home).values())
    faults = [fault for path in paths for fault in _faults_of(settings.home, path)]
    for fault in faults:
        click.echo(plain(str(fault)))
    if faults:
        say(f"{len(faults)} fault{'s' if len(faults) > 1 else ''} found")
        return 1
    say(f"{len(paths)} exercise{'s' if len(paths) > 1 else ''} checked, nothing is wrong")
    return 0


def _faults_of(home: Home, path: Path) -> Sequence[Fault]:
    from tui.cli.exercise_checks import faults_beside  # noqa: PLC0415 - the rules take long

    try:
        return faults_beside(read_exercise(home, path))
    except ExerciseError as error:
        return error.faults


@exercise.command(
    "new",
    cls=Verb,
    examples=(
        ("jumpseat exercise new ours", "A copy, to be changed in an editor."),
        ("jumpseat exercise new night-call --from outage", "A copy of another one."),
    ),
)
@click.argument("name", metavar="NAME", help="Small letters, digits and hyphens.")
@click.option(
    "--from",
    "template",
    metavar="EXERCISE",
    default=DEFAULT,
    show_default=True,
    shell_complete=complete_exercise,
    help="What to begin with.",
)
@pass_settings
def new(settings: Settings, name: str, template: str) -> None:
    """Make an exercise of your own in the home, as a copy of another; prints its path."""
    if not is_exercise_name(name):
        raise UsageError(
            f"{name!r} cannot be an exercise's name", "take small letters, digits and hyphens"
        )
    source = load_exercise(settings.home, template).path
    click.echo(_write_new(settings.home, name, source.read_bytes()))
    say("change it in an editor, then `jumpseat exercise check` it")


def _write_new(home: Home, name: str, content: bytes) -> Path:
    make_private_directory(home.exercises)
    path = home.exercises / f"{name}.toml"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except FileExistsError as error:
        raise UsageError(
            f"{path} is there already", "choose another name, or change that file"
        ) from error
    except OSError as error:
        raise HomeError(
            f"cannot write {path} ({error.strerror})", "mend the permissions of the home"
        ) from error
    return path
