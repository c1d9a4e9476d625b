"""`jumpseat session export`: which copy of which terminal, from when, and into which file.

The formats are in `recorder.transfer`, `analyzer.casts` and `tui.export`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypedDict, Unpack

import click

from analyzer.recorded import RecordedTerminal
from recorder.errors import RecordingError, UsageError
from recorder.recording.reader import is_locked
from recorder.recording.verify import verify_recording
from recorder.signers import read_signers
from recorder.store.catalogue import find_session
from recorder.trace.actions import Action
from recorder.transfer import export_session
from tui.cli.output import say
from tui.cli.progress import progress
from tui.cli.recordings import tell
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.times import parse_time
from tui.cli.verbs import Verb, pass_settings, session_argument
from tui.export.copies import Copies
from tui.export.places import STDOUT, make_directory, refuse_existing, write_new
from tui.person import must_have
from tui.tracing import must_trace

_KINDS = ("archive", "cast", "cast2", "txt", "svg")


class Choice(TypedDict):
    """What is to be written, as the options say it."""

    kind: Literal["archive", "cast", "cast2", "txt", "svg"]
    terminal: str | None
    at: str | None
    times: bool


@click.command(
    cls=Verb,
    examples=(
        ("jumpseat session export latest", "All of it into SESSION.jumpseat.tar.gz, here."),
        ("jumpseat session export abcd2345 -o interview.tar.gz", "Into a file of that name."),
        (
            "jumpseat session export latest --to cast --terminal c1-1",
            "One terminal as an asciicast v3, for asciinema's players.",
        ),
        ("jumpseat session export latest --to cast2 -o casts/", "All terminals, as version 2."),
        (
            "jumpseat session export latest --to txt --times -o -",
            "What the candidate saw, as text with the time of each line.",
        ),
        (
            "jumpseat session export latest --to svg --at 12:34 -o moment.svg",
            "The screen at a moment, as a picture for a report.",
        ),
    ),
)
@session_argument()
@click.option(
    "--to",
    "kind",
    type=click.Choice(_KINDS),
    default="archive",
    show_default=True,
    help="What to write: all of the session for `session import`; or a copy of one terminal:"
    " asciicast v3 or v2, the text that was seen, or a screen as a picture.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="The file, which must not exist; - is standard output, DIR/ takes a file for each"
    " terminal. By default a name made of the session's.",
)
@click.option("--terminal", metavar="cN-M", help="Which terminal: connection and channel, as c1-2.")
@click.option("--at", metavar="TIME", help="svg: the moment, as 12:34 or in seconds; the end.")
@click.option("--times", is_flag=True, help="txt: the time of each line before it.")
@click.option("--as-is", is_flag=True, help="Even if the recording is altered or not signed.")
@pass_settings
def export(
    settings: Settings, session: str, output: str | None, as_is: bool, **choice: Unpack[Choice]
) -> None:
    """Put a session into one file, or copy what was on a terminal for other programs.

    `jumpseat session import` takes an archive out elsewhere, and checks that nothing was altered on
    the way. The other copies are outside of what is signed, and say so. Moments count from the
    session's start; in a cast, which other programs play, from the terminal's.
    """
    must_have("export")
    directory = find_session(settings.home, session)
    kind, at = choice["kind"], choice["at"]
    _refuse_idle(choice)
    if kind == "archive":
        _export_archive(settings, directory, output, as_is=as_is)
        return
    t = None if at is None else parse_time(at)
    with Copies(directory=directory, kind=kind, at=t, times=choice["times"]) as copies:
        chosen = _chosen(copies, choice["terminal"], output)
        if not is_locked(directory):
            _check(settings, directory, as_is=as_is)
        detail = " ".join([kind, *(one.name for one, _ in chosen)])
        with opened_store(settings) as engine:
            must_trace(settings.home, engine, Action.EXPORTED, directory.name, detail)
        _export_copies(copies, chosen)
        _tell_problems(copies)


def _refuse_idle(choice: Choice) -> None:
    """Refuse options that would do nothing."""
    kind = choice["kind"]
    idle = {
        "--terminal": choice["terminal"] is not None and kind == "archive",
        "--at": choice["at"] is not None and kind != "svg",
        "--times": choice["times"] and kind != "txt",
    }
    for name in (name for name, is_idle in idle.items() if is_idle):
        raise UsageError(f"{name} means nothing with --to {kind}", "leave one of them out")


def _export_archive(
    settings: Settings, directory: Path, output: str | None, *, as_is: bool
) -> None:
    if output == str(STDOUT):
        raise UsageError("an archive is not written to standard output", "name a file")
    out = Path(output or f"{directory.name}.jumpseat.tar.gz")
    signers = read_signers(settings.home.allowed_signers)
    with opened_store(settings) as engine:
        found = export_session(
            engine,
            directory,
            out,
            signers.check,
            as_is=as_is,
            agree=lambda: must_trace(
                settings.home, engine, Action.EXPORTED, directory.name, "archive"
            ),
        )
    if not found.unaltered:
        tell(found)
    if found.signer:
        say(f"signed by {found.signer}: whoever imports it elsewhere will ask for this")
    click.echo(out)


def _check(settings: Settings, directory: Path, *, as_is: bool) -> None:
    """Refuse to copy what is not as it was signed: a copy would not show it any more."""
    found = verify_recording(directory, read_signers(settings.home.allowed_signers).check)
    if found.unaltered:
        return
    if not as_is:
        raise RecordingError(
            f"session {found.session} is not as it was signed ({found.findings[0].words})",
            "`jumpseat session verify` tells all; --as-is copies it nevertheless",
        )
    tell(found)


def _chosen(
    copies: Copies, terminal: str | None, output: str | None
) -> list[tuple[RecordedTerminal, Path]]:
    """Return what is to be copied where; nothing of it is there already."""
    if output is not None and output != str(STDOUT) and _is_directory(output):
        place = Path(output)
        each = copies.terminals if terminal is None else [copies.one(terminal)]
        chosen = [(one, place / copies.file_name(one)) for one in each]
        make_directory(place)
    else:
        one = copies.one(terminal)
        chosen = [(one, Path(output or copies.file_name(one)))]
    refuse_existing(path for _, path in chosen)
    if output == str(STDOUT) and copies.kind in ("cast", "cast2") and sys.stdout.isatty():
        raise UsageError("a cast holds what acts on terminals", "name a file, or a pipe")
    return chosen


def _is_directory(output: str) -> bool:
    return output.endswith("/") or Path(output).is_dir()


def _export_copies(copies: Copies, chosen: list[tuple[RecordedTerminal, Path]]) -> None:
    for terminal, path in chosen:
        with progress(f"copying {terminal.name}") as tell_share:
            write_new(path, copies.lines(terminal, _counting(terminal.size, tell_share)))
        if path != STDOUT:
            click.echo(path)


def _counting(size: int, tell_share: Callable[[float], None] | None) -> Callable[[int], None]:
    """Return what is told of each further part that was read, in bytes."""
    read = 0

    def advance(length: int) -> None:
        nonlocal read
        read += length
        if tell_share is not None:
            tell_share(min(1.0, read / max(1, size)))

    return advance


def _tell_problems(copies: Copies) -> None:
    for problem in copies.problems:
        say(f"{problem.place.file}: {problem.words}, at byte {problem.place.offset}")
