"""What one command line or one written file says of the work: weights for topics, a kind of work.

The tables are data, `evidence.toml`. Only text is looked at here; what came before and after, and
how it all adds up, is `by_rules.py`'s. Nothing raises on whatever a candidate types.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import cast

from analyzer.models.words import Activity, Topic
from analyzer.shell import Redirect, SimpleCommand

LONGEST = 2000
"""Characters of a line, or of a file's changed lines, that are looked at."""

MOST = 40
"""Simple commands of a line, and words of a command, that are looked at."""

Weights = Mapping[Topic, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a text says.

    Attributes:
        weights: How much more likely it is in work on a topic than in other work (log).
        activity: What kind of work it is by itself, None where it does not say.
        inside: A person works within the program that it starts.
        around: It only opens or leaves a place to work in.

    """

    weights: Weights = field(default_factory=dict)
    activity: Activity | None = None
    inside: bool = False
    around: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A row of the tables; ``pattern`` is None for programs."""

    topic: Topic | None
    weight: float
    activity: Activity | None
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """`evidence.toml`, read."""

    programs: Mapping[str, _Entry]
    forms: tuple[_Entry, ...]
    mentions: tuple[_Entry, ...]
    naming: frozenset[str]
    naming_share: float
    naming_from: float
    naming_rest: float
    lends: Mapping[Topic, Mapping[Topic, float]]
    lends_before: float
    inside: frozenset[str]
    around: frozenset[str]
    tag_weight: float
    tag_topics: Mapping[str, Topic]
    tag_activities: Mapping[str, Activity]


@lru_cache(maxsize=1)
def tables() -> Tables:
    """Return the tables that ship.

    Raises:
        ValueError: A program stands in two tables; a test reads them, so no user sees this.

    """
    raw = tomllib.loads(files("analyzer.models").joinpath("evidence.toml").read_text("utf-8"))
    programs: dict[str, _Entry] = {}
    for row in raw["program"]:
        for name in row["names"]:
            if name in programs:
                raise ValueError(f"{name} is told twice")
            programs[name] = _entry(row)
    return Tables(
        programs=programs,
        forms=tuple(_entry(row) for row in raw["form"]),
        mentions=tuple(_entry(row) for row in raw["mention"]),
        naming=frozenset(raw["names"]["of"]),
        naming_share=raw["names"]["share"],
        naming_from=raw["mentioned-beside"]["from"],
        naming_rest=raw["mentioned-beside"]["share"],
        lends=raw["lends"]["to"],
        lends_before=raw["lends"]["before"],
        inside=frozenset(raw["inside"]["programs"]),
        around=frozenset(raw["around"]["programs"]),
        tag_weight=raw["tags"]["weight"],
        tag_topics=raw["tags"]["topics"],
        tag_activities=raw["tags"]["activities"],
    )


def _entry(row: Mapping[str, object]) -> _Entry:
    matches = row.get("matches")
    return _Entry(
        topic=cast("Topic | None", row.get("topic")),
        weight=float(cast("float", row.get("weight", 0.0))),
        activity=cast("Activity | None", row.get("activity")),
        pattern=re.compile(str(matches)) if matches is not None else None,
    )


@lru_cache(maxsize=8192)
def of_command(text: str, simple: tuple[SimpleCommand, ...]) -> Told:
    """Return what a command line says, of which ``simple`` is what bash makes of it."""
    weights: dict[Topic, float] = {}
    activity: Activity | None = None
    inside, around = False, True
    for command in simple[:MOST]:
        told = _of_simple(command)
        _raise_to(weights, told.weights)
        # What the earlier commands of a line lead to; behind a pipe something is only shown.
        piped = command.operator in {"|", "|&"}
        activity = activity or told.activity if piped else told.activity or activity
        inside = inside or told.inside
        around = around and told.around
    strongest = max(weights.values(), default=0.0)
    named = mentioned(text)
    if strongest >= tables().naming_from:
        # What is run counts more than what it is told about.
        named = {t: w if t in weights else w * tables().naming_rest for t, w in named.items()}
    _raise_to(weights, named)
    around = around and not weights
    if any(redirect.writes and redirect.target != "/dev/null" for redirect in _redirects(simple)):
        activity = "configuring" if activity in {None, "looking-around"} else activity
    return Told(weights=weights, activity=activity, inside=inside, around=around)


@lru_cache(maxsize=4096)
def mentioned(text: str) -> Weights:
    """Return the topics that a text names, wherever in it."""
    weights: dict[Topic, float] = {}
    for entry in tables().mentions:
        if entry.topic and entry.pattern and entry.pattern.search(text[:LONGEST]):
            _raise_to(weights, {entry.topic: entry.weight})
    return weights


def _of_simple(command: SimpleCommand) -> Told:
    """Return what one command says by its program and its arguments."""
    if not command.argv:
        return Told(around=False)
    known = tables()
    name = command.argv[0].rsplit("/", 1)[-1]
    line = " ".join((name, *command.argv[1:MOST]))[:LONGEST]
    weights: dict[Topic, float] = {}
    activity: Activity | None = None
    for entry, share in _programs(name, command.argv[1:MOST]):
        if entry.topic:
            _raise_to(weights, {entry.topic: entry.weight * share})
        activity = activity or (entry.activity if share == 1 else None)
    form: Activity | None = None
    for entry in known.forms:
        if entry.pattern and entry.pattern.search(line):
            if entry.topic:
                _raise_to(weights, {entry.topic: entry.weight})
            form = form or entry.activity
    return Told(
        weights=weights,
        activity=form or activity,
        inside=name in known.inside,
        around=name in known.around,
    )


def _programs(name: str, words: Iterable[str]) -> Iterator[tuple[_Entry, float]]:
    """Give what is known of a program, and of those that its arguments name."""
    known = tables()
    if name in known.programs:
        yield known.programs[name], 1.0
    if name in known.naming:
        for word in words:
            entry = known.programs.get(word.removesuffix(".service"))
            # What everybody has is named for other reasons.
            if entry is not None and entry.weight > 1:
                yield entry, known.naming_share


def _redirects(simple: Iterable[SimpleCommand]) -> Iterator[Redirect]:
    return (redirect for command in simple for redirect in command.redirects)


def _raise_to(weights: dict[Topic, float], more: Weights) -> None:
    """Let each topic have the strongest of what is said for it: repetition is no second reason."""
    for topic, weight in more.items():
        weights[topic] = max(weight, weights.get(topic, 0.0))
