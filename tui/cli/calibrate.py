"""`jumpseat calibrate`: how alike interviewers judge, over sessions; and training for new ones.

Options and printing; which sessions count is `tui.calibration`'s, figures are
`analyzer.calibration`'s.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy import Engine

from analyzer.calibration.overview import Overview, overview
from recorder.errors import JumpseatError, UsageError
from recorder.home import PRIVATE_FILE
from recorder.trace.actions import Action
from tui.books import session_named
from tui.calibration.gathering import Gathered, gather, sessions_with_cards
from tui.calibration.svg import overview_svg
from tui.cli.calibration_printing import print_overview, tell_left_out
from tui.cli.output import counted, print_json, say
from tui.cli.progress import progress
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.verbs import Entry, Verb, VerbGroup, complete_session, pass_settings
from tui.person import person
from tui.tracing import trace_look

_ALONE = "overview"
"""The verb that is meant where none is named."""


@click.command(
    cls=VerbGroup,
    default=_ALONE,
    entries=(
        Entry(_ALONE, "tui.cli.calibrate:overview_command", "Agreement; also without this word."),
        Entry(
            "train", "tui.cli.calibrate_train:train", "Score a past session blind, for practice."
        ),
    ),
    examples=(
        ("jumpseat calibrate --all", "How alike everybody judges, over all sessions."),
        ("jumpseat calibrate overview --all --json", "The same for a program."),
    ),
)
def calibrate() -> None:
    """Look across sessions: who agrees, who rates high or low, what is read differently.

    Figures of cards as they were first submitted, before anybody saw another's. Nothing has a
    figure that rests on too few sessions.
    """


@click.command(
    _ALONE,
    cls=Verb,
    examples=(
        ("jumpseat calibrate --all", "Over all sessions whose cards are open to you."),
        ("jumpseat calibrate --all --exercise ghost", "Over those of one exercise."),
        ("jumpseat calibrate overview k7 k9 --json", "Over two, for a program."),
        ("jumpseat calibrate --all --plot raters.svg", "With a picture for the meeting."),
    ),
)
@click.argument(
    "sessions",
    metavar="[SESSION]...",
    nargs=-1,
    shell_complete=complete_session,
    help="Ids, beginnings of ids, `latest`.",
)
@click.option("--all", "every", is_flag=True, help="Every session that has cards.")
@click.option("--exercise", metavar="NAME", help="Only sessions of this exercise.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract.")
@click.option(
    "--plot",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write agreement and leniency as a picture (SVG).",
)
@pass_settings
def overview_command(
    settings: Settings,
    /,
    sessions: tuple[str, ...],
    every: bool,
    exercise: str | None,
    as_json: bool,
    plot: Path | None,
) -> None:
    """Print how alike interviewers judge: per competency, per rater, per session.

    Only sessions whose debrief is open, and whose cards you may see; what is left out is said.
    """
    with opened_store(settings) as engine:
        names = _named(settings, engine, sessions, every=every, exercise=exercise)
        with progress("reading cards") as tell:
            gathered = gather(settings, engine, names, person(), tell)
        detail = counted(len(gathered.sessions), "session")
        trace_look(settings.home, engine, Action.CALIBRATED, None, detail, warn=say)
    with progress("computing") as tell:
        found = overview(gathered.sessions, tell)
    if plot is not None:
        _write(plot, overview_svg(found))
    _print(found, gathered, as_json=as_json)


def _write(path: Path, picture: str) -> None:
    """Write what tells of people by their names: for its owner alone, unless it was there."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(path, flags, PRIVATE_FILE), "w", encoding="utf-8") as file:
            file.write(picture)
    except OSError as error:
        raise JumpseatError(
            f"cannot write {path} ({error.strerror})", "choose another file with --plot"
        ) from error


def _named(
    settings: Settings,
    engine: Engine,
    sessions: Sequence[str],
    *,
    every: bool,
    exercise: str | None,
) -> list[str]:
    """Return the ids of the sessions that were asked for, each once.

    Raises:
        UsageError: None was named, or some beside --all, or no session is of that exercise.
        SessionNotFoundError: A name is no session's, or may be more than one's.

    """
    if every == bool(sessions):
        cause = "--all is every session" if every else "which sessions is not said"
        raise UsageError(cause, "name some, or give --all")
    known = sessions_with_cards(engine)
    names = (
        list(known)
        if every
        else [session_named(settings.home, engine, name, settings.card_key) for name in sessions]
    )
    if exercise is None:
        return list(dict.fromkeys(names))
    kept = [name for name in dict.fromkeys(names) if known.get(name) == exercise]
    if not kept:
        others = sorted({each for each in known.values() if each})
        raise UsageError(
            f"none of these sessions has cards and is of the exercise {exercise!r}",
            f"there are cards of {', '.join(others)}" if others else "there are no cards yet",
        )
    return kept


def _print(found: Overview, gathered: Gathered, *, as_json: bool) -> None:
    if as_json:
        print_json(found.as_json() | {"left_out": dict(gathered.left_out), "late": gathered.late})
        return
    if found.sessions:
        print_overview(found)
    else:
        say("no cards to look at; `jumpseat debrief SESSION --open` puts them on the table")
    tell_left_out(gathered.left_out, gathered.late)
