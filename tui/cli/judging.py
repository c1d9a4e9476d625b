"""What people say of tags: the options of `jumpseat tags`, and what was said, printed.

Which tag is meant is `analyzer.judging`'s, keeping it `analyzer.judgements`'. Who said what is
shown where it is asked for, beside no list of tags: another's word would colour one's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine

from analyzer.judgements import (
    Judgement,
    Saying,
    Verdict,
    is_orphaned,
    judge,
    judgeable,
    judgements_of,
    of_tag,
    standing,
)
from analyzer.judging import checked_label, find_tag
from analyzer.records import Tag
from analyzer.service import ensure_analysed, session_of
from analyzer.signals.loader import active_rules
from recorder.errors import UsageError
from recorder.trace.actions import Action
from tui.books import check_sees_tags
from tui.cli.given import Given, path_or_session
from tui.cli.output import moment, print_json, print_table, say
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.times import parse_time
from tui.cli.traced import trace_reading, trace_saying
from tui.cli.verbs import Decorator, together
from tui.person import person
from tui.wall_clock import local_time

_VERDICTS: dict[str, Verdict] = {
    "confirm": "confirmed",
    "reject": "rejected",
    "relabel": "relabelled",
    "withdraw": "withdrawn",
}

Said = dict[str, Any]
"""The options as click gives them, by their names."""


def judging_options() -> Decorator:
    """Return the decorator that adds what can be said of tags, and the list of what was said."""
    several = partial(click.option, multiple=True)
    return together(
        several("--confirm", metavar="ID", help="That tag is right; SIGNAL@TIME names one too."),
        several("--reject", metavar="ID", help="That tag is wrong."),
        several("--relabel", metavar="ID=SIGNAL", help="That tag is wrong, and should be this."),
        several("--withdraw", metavar="ID", help="Take back what was said of that tag."),
        click.option("--reason", metavar="TEXT", help="Why; kept with what is said."),
        click.option("--judgements", is_flag=True, help="Print what was said of tags, by whom."),
    )


def is_said(said: Said) -> bool:
    """Whether anything was said of tags, or is asked of what was said."""
    return bool(said["judgements"] or said["reason"] or any(said[each] for each in _VERDICTS))


def judge_or_list(settings: Settings, recording: str, said: Said, *, as_json: bool) -> None:
    """Keep what was said of a session's tags, or print all that was.

    Raises:
        UsageError: A tag cannot be told, what is said of it makes no sense, or a path was given.
        JumpseatError: The session, its recording or the store cannot be used.

    """
    speaks = any(said[each] for each in _VERDICTS)
    if speaks and said["judgements"]:
        raise UsageError("--judgements only prints", "say what you think of tags without it")
    if said["reason"] and not speaks:
        raise UsageError("--reason of what?", "give it with --confirm, --reject or --relabel")
    directory = session_directory(settings, recording)
    with opened_store(settings) as engine:
        check_sees_tags(settings.home, engine, directory.name, person())
        tags = judgeable(ensure_analysed(directory, engine).tags)
        session = session_of(directory)
        if speaks:
            added = judge(engine, session, list(_sayings(tags, said)), person())
            trace_judged(settings, engine, session, added)
            tell_judgements(added)
            return
        trace_reading(settings, engine, session)
        found = judgements_of(engine, session)
    _print(found, tags, as_json=as_json)


def _sayings(tags: Sequence[Tag], said: Said) -> Iterator[Saying]:
    """Yield what was said, in the order of the options.

    Raises:
        UsageError: A tag cannot be told, or was named twice.

    """
    named: set[str] = set()
    for option, verdict in _VERDICTS.items():
        for words in said[option]:
            label: str | None = None
            place = words
            if verdict == "relabelled":
                place, equals, label = words.rpartition("=")
                if not equals:
                    raise UsageError(f"not ID=SIGNAL: {words!r}", "say what the tag should be")
            tag = find_tag(tags, place, parse_time, moment)
            if tag.id in named:
                raise UsageError(f"{tag.id} is named twice", "say one thing of a tag")
            named.add(tag.id)
            if label is not None:
                label = checked_label(tag, label, [each.id for each in active_rules().signal])
            yield of_tag(tag, verdict, label=label, reason=said["reason"])


def session_directory(settings: Settings, recording: str) -> Path:
    """Return where the session lies that something is said of.

    Raises:
        UsageError: A file was given, which no store holds.
        SessionNotFoundError: There is no such session.

    """
    found = path_or_session(settings, recording)
    if isinstance(found, Given):
        return found.directory
    raise UsageError(
        "what people say is kept in the store, and a file is in none",
        "`jumpseat session import` makes a session of it",
    )


def trace_judged(
    settings: Settings, engine: Engine, session: str, added: Sequence[Judgement]
) -> None:
    """Note in the trace that something was said of tags or stretches, and of how many."""
    if added:
        detail = f"judgement {', '.join(str(each.number) for each in added)}"
        trace_saying(settings, engine, Action.JUDGED, session, detail)


def tell_judgements(added: Sequence[Judgement]) -> None:
    """Print what was kept, a line each."""
    for each in added:
        words = f"{each.verdict}: {_subject(each)}"
        click.echo(words if each.label is None else f"{words} is {each.label}")
    if not added:
        say("nothing new: you had said so already")


def _subject(judgement: Judgement) -> str:
    if judgement.tag is not None:
        return f"{judgement.signal}@{moment(judgement.start)}"
    return f"{moment(judgement.start)}-{moment(judgement.until or judgement.start)}"


def _print(found: Sequence[Judgement], tags: Sequence[Tag], *, as_json: bool) -> None:
    counting = {each.number for each in standing(found)}
    known = {tag.id for tag in tags}
    if as_json:
        print_json([judgement_json(each, counting, known) for each in found])
        return
    if not found:
        say("nobody said anything of this session's tags")
        return
    rows = [_row(each, counting, known) for each in found]
    print_table(("said", "who", "what", "judgement", "counts", "reason"), rows)


def judgement_json(judgement: Judgement, counting: set[int], known: set[str]) -> dict[str, object]:
    """Return a judgement as `jumpseat tags --judgements --json` prints it; a contract."""
    return {
        "number": judgement.number,
        "tag": judgement.tag,
        "signal": judgement.signal,
        "start": judgement.start,
        "until": judgement.until,
        "verdict": judgement.verdict,
        "label": judgement.label,
        "who": judgement.who,
        "said": judgement.said.isoformat(),
        "reason": judgement.reason,
        "counts": judgement.number in counting,
        "orphaned": is_orphaned(judgement, known),
    }


def _row(judgement: Judgement, counting: set[int], known: set[str]) -> tuple[str, ...]:
    verdict = judgement.verdict + (f" as {judgement.label}" if judgement.label else "")
    if judgement.verdict == "withdrawn":
        counts = "-"
    elif judgement.number not in counting:
        counts = "no: replaced"
    else:
        counts = "yes, orphaned: the tag is gone" if is_orphaned(judgement, known) else "yes"
    said = f"{local_time(judgement.said):%Y-%m-%d %H:%M}"
    reason = judgement.reason or ""
    return said, judgement.who, _subject(judgement), verdict, counts, reason
