"""The language of `signals.toml`, as types. What a rule means is said here, once.

A signal fires where one of its ``when`` patterns is seen, if the rest of it allows that: ``after``,
``unless``, ``then`` and so on. Regular expressions are Python's; they match a whole word of the
command line, or any part of an output line. ``@name`` in a list of them stands for a list under
``[lists]``. Patterns are `analyzer.signals.patterns`'; files, lines and engines do not belong here.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from analyzer.signals.patterns import Pattern
from analyzer.signals.words import Duration, Identifier, Part, Regex, Words

FORMAT = 1
LEAST_EXAMPLES = 2
"""Examples that each signal needs of either kind."""

Role = Literal["when", "after", "unless", "withdrawn-by", "then", "then-not", "reset-by"]
ROLES: tuple[Role, ...] = (
    "when",
    "after",
    "unless",
    "withdrawn-by",
    "then",
    "then-not",
    "reset-by",
)


Model = Literal["stuck", "rabbit-hole"]
"""The models that a signal can ask for: the troubles of `analyzer.models.words`."""


class Program(Part):
    """Names that count as one program."""

    names: tuple[Words, ...] = Field(min_length=1)
    """Without a slash, those of the file; with one, the whole path."""
    valued: tuple[str, ...] = ()
    """Options that take the next word as their value."""
    lists_directory: bool = False
    """Where no argument says which directory it is to look at, it is the one that it runs in."""
    begins: Regex | None = None
    """What each run of it prints near its start. Where it stands as often as the program runs in a
    command line, each run has the output from its own on."""


class Count(Part):
    """How often `when` must be seen; the match that completes the count is the moment."""

    at_least: int = Field(ge=2, le=1000)
    within: Duration | None = None
    """All of them lie in a stretch as long as this."""
    same: Literal["text", "program"] | None = None
    """They must be alike in this."""
    distinct: Literal["text", "program"] | None = None
    """So many that differ in this are needed."""
    reset_by: tuple[Pattern, ...] = ()
    """Seeing one of these starts the count again."""

    @model_validator(mode="after")
    def _either(self) -> Self:
        if self.same and self.distinct:
            raise ValueError("matches cannot be both the same and distinct")
        return self


class Stretch(Part):
    """Matches of `when` that go on for long enough, without a gap that is too long."""

    at_least: Duration
    gap: Duration
    """Matches belong together while no more than this lies between two of them."""


class Example(Part):
    """A short transcript, and how many tags of the signal it must give."""

    title: Words
    tags: int = Field(ge=0)
    outcome: Literal["ok", "failed", "unknown"] | None = None
    """The outcome that all of its tags must have."""
    transcript: Words


class Signal(Part):
    """One behaviour, what it rests on, and what an interviewer is told about it."""

    id: Identifier
    topic: Identifier
    title: Words
    reason: Words
    question: Words
    false_positives: tuple[Words, ...] = Field(min_length=1)
    fires: Literal["every", "first"] = "every"
    """Every time it is seen, or only the first."""
    with_tasks: tuple[Identifier, ...] = ()
    """Only where the exercise has tasks for all of these topics of work; it may not say any."""
    unasked: bool = False
    """What an exercise's tasks are known by (its ``names``) is no `when`."""
    when: tuple[Pattern, ...] = Field(min_length=1)
    """Any one of these is the moment."""
    after: tuple[Pattern, ...] = ()
    """Any one of these must have been seen before."""
    after_within: Duration | None = None
    """No longer ago than this."""
    after_once: bool = False
    """Each of these counts for one tag: the next needs another."""
    unless: tuple[Pattern, ...] = ()
    """If one of these was seen before, it does not fire."""
    unless_since: Literal["start", "after", "stretch"] | None = None
    """From when on that counts: the session's start (as without it), the `after`, the stretch."""
    withdrawn_by: tuple[Pattern, ...] = ()
    """If one of these is seen later, the tag is taken back."""
    withdrawn_within: Duration | None = None
    """Only so long after the moment."""
    then: tuple[Pattern, ...] = ()
    """One of these must follow; the tag comes with it."""
    then_not: tuple[Pattern, ...] = ()
    """None of these may follow; the tag comes when the time is over."""
    then_within: Duration | None = None
    """How long `then` and `then-not` wait."""
    count: Count | None = None
    stretch: Stretch | None = None
    cooldown: Duration | None = None
    """What is seen again within this time belongs to the same tag."""
    model: Model | None = None
    """The model that tags what the rule does not, where that model is there."""
    example: tuple[Example, ...] = ()

    def patterns(self, role: Role) -> tuple[Pattern, ...]:
        """Return the patterns that play a role in it."""
        if role == "reset-by":
            return self.count.reset_by if self.count else ()
        found: tuple[Pattern, ...] = getattr(self, role.replace("-", "_"))
        return found

    @model_validator(mode="after")
    def _enough_examples(self) -> Self:
        hits = sum(example.tags > 0 for example in self.example)
        misses = len(self.example) - hits
        if hits < LEAST_EXAMPLES or misses < LEAST_EXAMPLES:
            raise ValueError(
                f"needs {LEAST_EXAMPLES} examples that fire and {LEAST_EXAMPLES} that must not"
            )
        return self


class Rules(Part):
    """A whole file."""

    format: Literal[1]
    silence: tuple[Identifier, ...] = ()
    """In a file that is laid over another: signals of that one that are not wanted."""
    lists: dict[str, tuple[Regex, ...]] = Field(default_factory=dict)
    programs: dict[str, Program] = Field(default_factory=dict)
    macros: dict[str, tuple[Pattern, ...]] = Field(default_factory=dict)
    """Patterns that several signals share, by name."""
    signal: tuple[Signal, ...] = ()

    def only(self, ids: frozenset[str]) -> Rules:
        """Return these rules with some of their signals, and what those rest on."""
        wanted = set(ids)
        for signal in reversed(self.in_order()):
            if signal.id in wanted:
                wanted |= cited(self, signal)
        kept = tuple(signal for signal in self.signal if signal.id in wanted)
        return self.model_copy(update={"signal": kept})

    def in_order(self) -> tuple[Signal, ...]:
        """Return the signals so that each comes behind those that it rests on."""
        done: dict[str, Signal] = {}
        known = {signal.id: signal for signal in self.signal}

        def visit(signal: Signal, above: frozenset[str]) -> None:
            if signal.id in done or signal.id in above:
                return
            for name in sorted(cited(self, signal)):
                if name in known:
                    visit(known[name], above | {signal.id})
            done[signal.id] = signal

        for signal in self.signal:
            visit(signal, frozenset())
        return tuple(done.values())


def expanded(rules: Rules, patterns: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    """Put the patterns of macros in their places; a macro that is not there is nothing."""
    found: list[Pattern] = []
    for pattern in patterns:
        found += rules.macros.get(pattern.use, ()) if pattern.use else (pattern,)
    return tuple(found)


def cited(rules: Rules, signal: Signal) -> set[str]:
    """Return the ids of the signals that a signal rests on directly."""
    return {
        name
        for role in ROLES
        for pattern in expanded(rules, signal.patterns(role))
        for name in pattern.signal
    }
