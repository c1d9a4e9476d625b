"""`jumpseat transcript`: what was spoken, attached to a session, printed, moved in time, removed.

Formats and storing are `recorder.transcripts`', the ways to say where one lies in time
`tui.cli.transcript_times`'.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine, select

from recorder.errors import StoreError, UsageError
from recorder.store.engine import store_errors
from recorder.store.rows import in_utc
from recorder.store.sync import sync_session
from recorder.store.tables import SessionRow
from recorder.trace.actions import Action
from recorder.transcripts.keeping import (
    attach,
    find_transcript,
    lines_of,
    shift,
    transcripts_of,
    withdraw,
)
from recorder.transcripts.reading import read_file
from recorder.transcripts.values import FORMATS, Format, SpokenLine, Transcript
from tui.cli.judging import session_directory
from tui.cli.output import print_json, print_table, say, signed_moment
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.terminal import is_terminal
from tui.cli.traced import trace_reading, trace_saying
from tui.cli.transcript_printing import own_lines, print_transcripts, tell, transcript_json
from tui.cli.transcript_times import Placing, offset_of, placing_options
from tui.cli.verbs import Verb, VerbGroup, pass_settings, session_argument
from tui.person import person
from tui.tracing import must_trace


@dataclass(frozen=True, slots=True)
class _Sitting:
    """A session whose transcripts are meant; ``duration`` in seconds, None while it goes on."""

    engine: Engine
    id: str
    started: datetime
    duration: float | None


@contextmanager
def _sitting(settings: Settings, session: str) -> Iterator[_Sitting]:
    directory = session_directory(settings, session)
    with opened_store(settings) as engine:
        sync_session(engine, directory)
        query = select(SessionRow.started, SessionRow.duration).where(
            SessionRow.id == directory.name
        )
        with store_errors(engine), engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise StoreError(f"the store does not know session {directory.name}")
        yield _Sitting(engine, directory.name, in_utc(row.started), row.duration)


@click.command(cls=VerbGroup)
def transcript() -> None:
    """Attach a call's transcript to a session; print it, move it in time, remove it.

    It shows beside the replay (key P) and is found by `jumpseat search`.
    """


@transcript.command(
    "attach",
    cls=Verb,
    examples=(
        ("jumpseat transcript attach latest call.vtt", "Both began at the same moment."),
        (
            "jumpseat transcript attach k7 call.vtt --began 2026-11-22T09:58:00Z",
            "The call's recording began at that time; the session's start is known.",
        ),
        (
            "jumpseat transcript attach k7 call.srt --offset -2:00",
            "The call's recording began two minutes before the session.",
        ),
        (
            "jumpseat transcript attach k7 call.txt --at 0:45",
            "The first thing that has a time was said 45 seconds into the session.",
        ),
    ),
)
@session_argument()
@click.argument(
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="WebVTT, SRT, or lines of `Speaker: text`, with times or without.",
)
@placing_options()
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="What FILE is; by default told from what stands in it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract.")
@pass_settings
def attach_command(
    settings: Settings,
    /,
    session: str,
    file: Path,
    form: Format | None,
    as_json: bool,
    **placing: Any,
) -> None:
    """Attach a transcript to a session.

    Its text is kept in the store with the session: it travels with an export, is deleted with a
    purge, and the file is not needed any more. What looks wrong in it is said, and kept.
    """
    parsed = read_file(file, form)
    with _sitting(settings, session) as sitting:
        offset = offset_of(Placing(**placing), parsed.lines, sitting.started)
        made = attach(
            sitting.engine, sitting.id, parsed, name=file.name, offset=offset, who=person()
        )
        count = len(parsed.lines)
        lines = f"{count} line{'' if count == 1 else 's'}"
        told = f"transcript {made.number}, {made.format}, {lines}"
        trace_saying(settings, sitting.engine, Action.TRANSCRIPT_ATTACHED, sitting.id, told)
        tell(made, _lines(sitting, made), sitting.duration, parsed.warnings, as_json=as_json)


@transcript.command(
    "show",
    cls=Verb,
    examples=(
        ("jumpseat transcript show latest", "All that was spoken, with the session's times."),
        ("jumpseat transcript show k7 --json", "The same for programs."),
    ),
)
@session_argument()
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract.")
@pass_settings
def show_command(settings: Settings, session: str, as_json: bool) -> None:
    """Print a session's transcripts, each under its number, with the session's times."""
    with _sitting(settings, session) as sitting:
        trace_reading(settings, sitting.engine, sitting.id)
        stand = _standing(sitting)
        lines = lines_of(sitting.engine, sitting.id)
    if as_json:
        print_json([transcript_json(each, own_lines(each, lines)) for each in stand])
        return
    if not stand:
        say("no transcript is attached to this session; `jumpseat transcript attach` does that")
        return
    print_transcripts(stand, lines)
    for each in stand:
        click.echo()
        rows = [
            (line.id, signed_moment(line.t), line.speaker or "", line.text)
            for line in own_lines(each, lines)
        ]
        print_table(("line", "time", "speaker", "words"), rows)


@transcript.command(
    "shift",
    cls=Verb,
    examples=(
        ("jumpseat transcript shift k7 1 --offset -1:58", "Its 0:00 was 1:58 before the session."),
        (
            "jumpseat transcript shift k7 1 --line 12 --at 14:05",
            "What is line 12 was said at 14:05: all others move along.",
        ),
    ),
)
@session_argument()
@click.argument("number", metavar="N", type=int, help="The transcript's number, see `show`.")
@placing_options()
@pass_settings
def shift_command(settings: Settings, /, session: str, number: int, **given: Any) -> None:
    """Move a transcript in time, as a whole; lines keep their numbers."""
    placing = Placing(**given)
    if not placing.is_given:
        raise UsageError("where to is not said", "give --offset, --began or --at")
    with _sitting(settings, session) as sitting:
        old = find_transcript(sitting.engine, sitting.id, number)
        lines = sorted(_lines(sitting, old), key=lambda each: each.number)
        own = [_on_own_clock(each, old) for each in lines]
        offset = offset_of(placing, own, sitting.started)
        moved = shift(sitting.engine, sitting.id, number, offset)
        told = f"transcript {number}"
        trace_saying(settings, sitting.engine, Action.TRANSCRIPT_MOVED, sitting.id, told)
        tell(moved, _lines(sitting, moved), sitting.duration)


@transcript.command(
    "remove",
    cls=Verb,
    examples=(("jumpseat transcript remove k7 1", "Delete its text for good, after a question."),),
)
@session_argument()
@click.argument("number", metavar="N", type=int, help="The transcript's number, see `show`.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_settings
def remove_command(settings: Settings, session: str, number: int, yes: bool) -> None:
    """Delete a transcript's text for good; its number is not given to another.

    What was quoted of it on a card stays there. What you exported or backed up is not reached.
    Where others kept the store busy, once more clears what it still remembers.
    """
    with _sitting(settings, session) as sitting:
        found = find_transcript(sitting.engine, sitting.id, number, withdrawn=True)
        if not yes and not found.withdrawn:
            if not is_terminal():
                raise UsageError("there is nobody to ask whether to delete", "give --yes")
            print_transcripts([found], lines_of(sitting.engine, sitting.id))
            click.confirm("Delete this transcript for good?", abort=True, err=True)
        told = f"transcript {number}"
        must_trace(settings.home, sitting.engine, Action.TRANSCRIPT_WITHDRAWN, sitting.id, told)
        withdraw(sitting.engine, sitting.id, number)
    click.echo(f"removed: transcript {number}")


def _standing(sitting: _Sitting) -> list[Transcript]:
    found = transcripts_of(sitting.engine, sitting.id)
    return [each for each in found if not each.withdrawn]


def _lines(sitting: _Sitting, transcript: Transcript) -> list[SpokenLine]:
    return own_lines(transcript, lines_of(sitting.engine, sitting.id))


def _on_own_clock(line: SpokenLine, transcript: Transcript) -> SpokenLine:
    if line.t is None:
        return line
    return SpokenLine(**{**asdict(line), "t": line.t - transcript.offset})
