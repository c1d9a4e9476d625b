"""`jumpseat trace` and `jumpseat trace verify`: who did what, printed; whether it is whole.

What is kept and how is `recorder.trace`'s, who may see it `recorder.trace.roles`'.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy import Engine

from recorder.errors import SessionNotFoundError, UsageError
from recorder.store.catalogue import find_session
from recorder.trace.actions import Action
from recorder.trace.entries import Entry as TraceEntry
from recorder.trace.keeping import Wanted, entries
from recorder.trace.remembering import Memory, recall
from recorder.trace.verifying import Verified
from recorder.trace.verifying import verify as verify_trace
from tui.cli.output import print_json, print_table, say
from tui.cli.retention import AGE_WORDS, parse_age
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.verbs import Verb, VerbGroup, complete_session, pass_settings
from tui.person import must_have
from tui.tracing import take_waiting, trace_look
from tui.wall_clock import local_time

_HEAD = re.compile(r"[0-9a-f]{64}")


@click.command(
    cls=VerbGroup,
    default="list",
    subcommand_metavar="[SESSION] | verify",
    examples=(
        ("jumpseat trace", "All of it."),
        ("jumpseat trace latest", "Who saw, judged, noted, exported the youngest session."),
        ("jumpseat trace --action exported --since 30d", "What left in the last thirty days."),
        ("jumpseat trace verify", "Is it whole? Prints the head, to be noted elsewhere."),
    ),
)
def trace() -> None:
    """Print who did what to which session, and when; check that nothing of it was changed.

    Never what was seen or said: numbers, formats and kinds only. See docs/trace.md.
    """


@trace.command(
    "list",
    cls=Verb,
    examples=(
        ("jumpseat trace list k7", "Of one session, also of one that is gone."),
        ("jumpseat trace list --who anna --json", "What one person did, for programs."),
        ("jumpseat trace list --since '2026-11-01 09:00'", "From a moment on, by the local clock."),
    ),
)
@click.argument(
    "session",
    metavar="[SESSION]",
    required=False,
    shell_complete=complete_session,
    help="An id, the beginning of one, or `latest`; also one that was deleted.",
)
@click.option("--who", metavar="NAME", help="Only what this interviewer or system user did.")
@click.option(
    "--action",
    metavar="ACTION",
    type=click.Choice([each.value for each in Action]),
    help="Only this: watched, exported, purged and others, see docs/trace.md.",
)
@click.option("--since", metavar="AGE|TIME", help=f"{AGE_WORDS}; or a date, with or without time.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract.")
@pass_settings
def list_command(
    settings: Settings,
    session: str | None,
    who: str | None,
    action: str | None,
    since: str | None,
    as_json: bool,
) -> None:
    """Print the trace, or what of it is about a session, a person or a kind of deed.

    That it was printed is an entry too. A facilitator sees it by session, an admin all of it.
    """
    must_have("see the whole trace" if session is None else "see the trace of a session")
    moment = None if since is None else _moment(since, datetime.now(UTC))
    with opened_store(settings) as engine:
        about = None if session is None else _id(settings, engine, session)
        trace_look(settings.home, engine, Action.TRACE_READ, about, warn=say)
        found = entries(engine, Wanted(about=about, who=who, action=action, since=moment))
    if as_json:
        print_json([entry_json(each) for each in found])
    elif found:
        print_table(
            ("n", "when", "who", "door", "action", "session", "detail"),
            [_row(each) for each in found],
        )
    else:
        say("the trace tells of nothing like that")


def _moment(words: str, now: datetime) -> datetime:
    """Return the moment that is meant, with its zone; one without a zone is of the local clock.

    Raises:
        UsageError: It is neither an age nor a time.

    """
    try:
        return now - parse_age(words)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(words.strip()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"since when is {words!r}?", f"{AGE_WORDS}; or 2026-11-01, or '2026-11-01 09:00'"
        ) from error


def _id(settings: Settings, engine: Engine, name: str) -> str:
    """Return the id of a session that is here, or that the trace remembers.

    Raises:
        SessionNotFoundError: None, or more than one, answers to it.

    """
    try:
        return find_session(settings.home, name).name
    except SessionNotFoundError:
        known = {each.about for each in entries(engine) if each.about}
        found = [each for each in known if each == name] or [
            each for each in known if name and each.startswith(name)
        ]
        if len(found) == 1:
            return found[0]
        raise


def entry_json(entry: TraceEntry) -> dict[str, object]:
    """Return an entry as `jumpseat trace --json` prints it; a contract."""
    return {
        "number": entry.number,
        "said": entry.said.isoformat(timespec="microseconds"),
        "who": entry.who,
        "door": entry.door,
        "action": entry.action,
        "about": entry.about,
        "detail": entry.detail,
        "before": entry.before,
        "hash": entry.hash,
    }


def _row(entry: TraceEntry) -> tuple[str, ...]:
    return (
        str(entry.number),
        f"{local_time(entry.said):%Y-%m-%d %H:%M:%S}",
        entry.who,
        entry.door,
        entry.action,
        entry.about or "-",
        entry.detail,
    )


@trace.command(
    "verify",
    cls=Verb,
    examples=(
        ("jumpseat trace verify", "Is every entry as it was written?"),
        ("jumpseat trace verify --head 3f9c...", "And is it the trace whose head you noted then?"),
    ),
)
@click.option("--head", metavar="HASH", help="A head that was printed earlier and noted elsewhere.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract.")
@pass_settings
def verify_command(settings: Settings, head: str | None, as_json: bool) -> int:
    """Check that no entry was changed, is missing or stands elsewhere; print the head.

    Who can write the database's files can make a whole new trace: only a head that was noted where
    they cannot write tells. Exit status 0: it is whole, and holds the head that was given and the
    one that this home remembers; 1: not.
    """
    must_have("see the whole trace")
    if head is not None and not _HEAD.fullmatch(head.strip().lower()):
        raise UsageError(f"{head[:80]!r} is no head", "it has 64 hexadecimal digits")
    with opened_store(settings) as engine:
        take_waiting(settings.home, engine, say)
        found = verify_trace(engine, None if head is None else head.strip().lower())
        memory = recall(settings.home, engine)
    if as_json:
        print_json(verified_json(found, memory))
    else:
        for line in _words(found, head, memory):
            click.echo(line)
    is_that = (head is None or found.found is not None) and (memory is None or memory.found)
    return 0 if found.fault is None and is_that else 1


def verified_json(found: Verified, memory: Memory | None) -> dict[str, Any]:
    """Return what `jumpseat trace verify --json` prints; a contract."""
    fault = found.fault
    return {
        "whole": fault is None,
        "entries": found.entries,
        "head": found.head,
        "found": found.found,
        "remembered": None
        if memory is None
        else {"number": memory.head.number, "hash": memory.head.hash, "found": memory.found},
        "fault": None if fault is None else {"number": fault.number, "words": fault.words},
    }


def _words(found: Verified, head: str | None, memory: Memory | None) -> list[str]:
    lines = []
    if found.fault is None:
        lines.append(f"the trace is whole: {found.entries} entries")
    else:
        lines.append(f"the trace is NOT whole; entry {found.fault.number}: {found.fault.words}")
        lines.append(f"the {found.entries} before are as they were written")
    if head is not None and found.found is None:
        lines.append("the head that you noted is NOT in it: its end was cut off, or it is another")
    elif head is not None:
        lines.append(f"the head that you noted is entry {found.found}")
    lines.append(f"head {found.head}")
    if memory is not None:
        lines += _memory_words(memory)
    return lines


def _memory_words(memory: Memory) -> list[str]:
    if memory.found:
        return [f"entry {memory.head.number} is the one that this home remembers"]
    return [
        f"entry {memory.head.number} is NOT the one that this home remembers: {memory.head.hash}",
        "the end of the trace was cut off, or it is another: a backup that was restored does that",
        f"too; if you know that it was one, remove {memory.file}",
    ]
