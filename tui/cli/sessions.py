"""`jumpseat session`: which sessions there are, and what one consists of."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Engine, func, select

from analyzer.tables import TagRow
from analyzer.visible import plain
from recorder.errors import RecordingError
from recorder.recording.journal import JOURNAL_NAME
from recorder.store.catalogue import SessionSummary, find_session, list_sessions
from recorder.store.engine import store_errors
from tui.cli.outline import Outline, outline
from tui.cli.output import print_json, print_table, say, span
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.traced import trace_reading
from tui.cli.verbs import Entry, Verb, VerbGroup, pass_settings, session_argument
from tui.person import person
from tui.seat.home.blind import Blindness
from tui.wall_clock import local_time


def _tag_counts(engine: Engine) -> dict[str, int]:
    query = (
        select(TagRow.session, func.count())
        .where(TagRow.state == "established")
        .group_by(TagRow.session)
    )
    with store_errors(engine), engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


_CONTROL = (
    Entry("new", "tui.cli.session_control:new", "Open a session in the running `serve`."),
    Entry("allow", "tui.cli.session_control:allow", "Let the candidate's address in."),
    Entry("start", "tui.cli.session_control:start", "Start a session's clock."),
    Entry("extend", "tui.cli.session_control:extend", "Give a session's clock more minutes."),
    Entry("close", "tui.cli.session_control:close", "Close a session in order."),
    Entry("repin", "tui.cli.session_repin:repin", "Trust another host key of a target."),
)
_RECORDINGS = (
    Entry("like", "tui.cli.likeness:like", "Sessions like one, and what makes them alike."),
    Entry("verify", "tui.cli.recordings:verify", "Is a recording as it was signed?"),
    Entry("export", "tui.cli.exports:export", "Put a session into one file, or copy a terminal."),
    Entry("import", "tui.cli.recordings:import_command", "Take a session out of such a file."),
    Entry("purge", "tui.cli.recordings:purge", "Delete sessions for good."),
)


@click.command(cls=VerbGroup, first=("list", "show"), entries=(*_CONTROL, *_RECORDINGS))
def session() -> None:
    """Open, steer and close sessions; list and show them; check, move and delete recordings."""


@session.command(
    "list",
    cls=Verb,
    examples=(
        ("jumpseat session list", "A table, live sessions first."),
        ("jumpseat session list --json", "The same for programs."),
    ),
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract.")
@pass_settings
def list_command(settings: Settings, as_json: bool) -> None:
    """Print the sessions, live ones first, then the youngest."""
    print_sessions(settings, as_json=as_json)


def print_sessions(settings: Settings, *, as_json: bool) -> None:
    """Print the sessions as a table, or as JSON."""
    with opened_store(settings) as engine:
        found = list_sessions(engine, settings.home)
        counts = _tag_counts(engine)
        hidden = Blindness(settings.home, person()).hidden(engine, [row.id for row in found])
    if as_json:
        print_json([summary_json(row) for row in found])
    elif found:
        titles = ("session", "state", "started", "length", "tags", "candidate", "target")
        print_table(
            titles,
            [_cells(row, None if row.id in hidden else counts.get(row.id, 0)) for row in found],
        )
    else:
        say("no sessions yet; `jumpseat demo` makes one, `jumpseat serve` records one")


def _cells(row: SessionSummary, tags: int | None) -> tuple[str, ...]:
    return (
        row.id,
        row.state,
        f"{local_time(in_utc(row.started)):%Y-%m-%d %H:%M}",
        span(row.duration),
        "-" if tags is None else str(tags),
        row.candidate or "-",
        row.target,
    )


def summary_json(row: SessionSummary) -> dict[str, object]:
    """Return a session as `session list --json` prints it; times in ISO 8601, lengths in s."""
    return {
        "id": row.id,
        "state": row.state,
        "start": in_utc(row.started).isoformat(),
        "port": row.port,
        "candidate": row.candidate,
        "target": row.target,
        "listen": row.listen,
        "duration": row.duration,
        "exercise": row.exercise,
        "consent": row.consent,
        "clock_started": row.clock_started,
        "clock_length": row.clock_length,
    }


def in_utc(moment: datetime) -> datetime:
    """Return a moment with its zone: SQLite keeps none, and what is stored is in UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@session.command(
    "show",
    cls=Verb,
    examples=(("jumpseat session show latest", "Its connections, logins and channels."),),
)
@session_argument()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def show(settings: Settings, session: str, as_json: bool) -> None:
    """Print what a session consists of, and where its recording lies."""
    directory = find_session(settings.home, session)
    with opened_store(settings) as engine:
        rows = list_sessions(engine, settings.home)
        trace_reading(settings, engine, directory.name)
    found = next((row for row in rows if row.directory == directory), None)
    if found is None:
        raise RecordingError(f"the first line of {directory / JOURNAL_NAME} cannot be read")
    content = outline(directory)
    if as_json:
        print_json(summary_json(found) | {"recording": str(directory)} | content.as_json())
        return
    _print_outline(found, directory, content)


def _clock_words(found: SessionSummary) -> str:
    if found.clock_started is None:
        return "not started"
    return f"{span(found.clock_length)} from {span(found.clock_started)} on"


def _print_outline(found: SessionSummary, directory: Path, content: Outline) -> None:
    facts = {
        "session": found.id,
        "state": found.state,
        "started": f"{local_time(in_utc(found.started)):%Y-%m-%d %H:%M:%S %Z}",
        "length": span(found.duration),
        "candidate": found.candidate or "-",
        "exercise": found.exercise or "-",
        "clock": _clock_words(found),
        "target": found.target,
        "listened on": found.listen or "-",
        "recording": str(directory),
    }
    for name, value in facts.items():
        click.echo(f"{click.style(f'{name:<12}', bold=True)}{plain(value)}")
    for title, (titles, rows) in content.tables().items():
        click.echo()
        click.echo(click.style(title, bold=True))
        print_table(titles, rows)
    for problem in content.problems:
        say(problem)
