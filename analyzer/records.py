"""What the analyzer concludes, as values: commands, tags, and all of a recording's.

The field names are the contract of `jumpseat commands|tags --json`; the detectors make these, the
store and the viewers take them. No logic belongs here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from recorder.recording.events import Problem

Outcome = Literal["ok", "failed", "interrupted", "unknown"]
Source = Literal["pasted", "recalled", "completed", "typed", "exec"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command line, or one line typed into a program's own prompt (``repl``).

    ``t`` is when it was entered, in seconds since the session's start, ``duration`` seconds until
    the prompt came back; ``id`` derives from its place in the recording and stays the same.
    """

    id: str
    kind: Literal["command", "repl"]
    connection: int
    channel: int
    t: float
    duration: float | None
    user: str | None
    host: str | None
    cwd: str | None
    text: str
    source: Source
    confidence: float
    outcome: Outcome
    exit_status: int | None
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that a tag rests on; null where it belongs to no channel."""

    kind: Literal["command", "output", "input", "login", "probe", "edit", "silence"]
    t: float
    text: str
    connection: int | None = None
    channel: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One occurrence of a signal; ``t`` is the moment at which it was established."""

    id: str
    signal: str
    topic: str
    t: float
    until: float | None
    outcome: Literal["ok", "failed", "unknown"]
    confidence: float
    detector: Literal["rule", "model", "inferred"]
    evidence: tuple[Evidence, ...]
    state: Literal["established", "withdrawn", "undetermined"] = "established"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of the session: what it served and what kind of work it was.

    Times are seconds since the session's start; stretches follow each other without gaps. The words
    are those of `analyzer.models.words`; which task of an exercise a topic serves, that one says.
    """

    start: float
    until: float
    topic: str
    activity: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What a recording means: commands and tags in order of t, then id, and phases of work.

    Attributes:
        commands: Command lines.
        tags: Occurrences of signals, withdrawn and undetermined ones too.
        phases: Stretches of work, in order; empty where no model could tell them.
        covered: Bytes that were read of each file; `COMPLETE` once nothing more will come.
        problems: What could not be read.

    """

    commands: tuple[Command, ...]
    tags: tuple[Tag, ...]
    covered: dict[str, int]
    phases: tuple[Phase, ...] = ()
    problems: tuple[Problem, ...] = ()


COMPLETE = "."
"""Stands among the covered files, with 1, once what is open was ended with the recording."""


def by_time(row: Command | Tag) -> tuple[float, str]:
    """Order commands and tags as every list shows them."""
    return row.t, row.id
