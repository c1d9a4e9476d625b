"""What people say of stretches of a session: the options of `jumpseat phases`.

Which stretch and which words are meant is `analyzer.judging`'s, keeping it `analyzer.judgements`'.
Printing what was said is `jumpseat tags --judgements`', beside what was said of tags.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

from analyzer.judgements import Saying, judge
from analyzer.judging import parse_span, parse_stretch
from analyzer.records import Phase
from analyzer.service import ensure_analysed, session_of
from recorder.errors import UsageError
from tui.cli.judging import session_directory, tell_judgements, trace_judged
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.times import parse_time
from tui.cli.verbs import Decorator, together
from tui.person import person

Said = dict[str, Any]
"""The options as click gives them, by their names."""


def stretch_options() -> Decorator:
    """Return the decorator that adds what can be said of stretches."""
    return together(
        click.option(
            "--relabel",
            metavar="FROM-UNTIL=WORD",
            multiple=True,
            help="What that stretch was: TOPIC/ACTIVITY, one of them, stuck or rabbit-hole.",
        ),
        click.option(
            "--withdraw", metavar="FROM-UNTIL", multiple=True, help="Take back what was said of it."
        ),
        click.option("--reason", metavar="TEXT", help="Why; kept with what is said."),
    )


def is_said(said: Said) -> bool:
    """Whether anything was said of stretches."""
    return any(said.values())


def judge_stretches(settings: Settings, recording: str, said: Said) -> None:
    """Keep what was said of a session's stretches.

    Raises:
        UsageError: What is said makes no sense, or a path was given.
        JumpseatError: The session, its recording or the store cannot be used.

    """
    if not (said["relabel"] or said["withdraw"]):
        raise UsageError("--reason of what?", "give it with --relabel")
    directory = session_directory(settings, recording)
    with opened_store(settings) as engine:
        phases = ensure_analysed(directory, engine).phases
        sayings = list(_sayings(phases, said))
        added = judge(engine, session_of(directory), sayings, person())
        trace_judged(settings, engine, session_of(directory), added)
        tell_judgements(added)


def _sayings(phases: Sequence[Phase], said: Said) -> Iterator[Saying]:
    for words in said["relabel"]:
        spoken = parse_stretch(words, phases, parse_time)
        yield Saying(
            tag=None,
            signal=None,
            start=spoken.start,
            until=spoken.until,
            verdict="relabelled",
            label=spoken.label,
            reason=said["reason"],
        )
    for words in said["withdraw"]:
        start, until = parse_span(words, parse_time)
        yield Saying(
            tag=None,
            signal=None,
            start=start,
            until=until,
            verdict="withdrawn",
            reason=said["reason"],
        )
