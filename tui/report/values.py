"""A report as frozen values: what is said of a session, in whatever form it is written.

Their fields are the contract of ``jumpseat report --to json`` (docs/report.md). Only values: where
they come from and how they look does not belong here. Moments are seconds since the session's
start; times of the day are ISO 8601 in UTC; a terminal is named ``c1-2``: connection and channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FORMAT = 1
"""Raised with every change of the fields that a reader would misread."""

Copy = Literal["team", "candidate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """A terminal that the candidate had open."""

    name: str
    opened: float
    closed: float | None
    user: str | None
    columns: int
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who, where and when. ``state`` is ended, live, cut-off or failed; lengths are seconds."""

    id: str
    candidate: str | None
    target: str
    started: str
    duration: float
    state: str
    exercise: str | None
    exercise_title: str | None
    clock_started: float | None
    clock_length: float | None
    logins: int
    refused: int
    terminals: tuple[Terminal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Rows of a screen as they were seen; ``marked`` are those that are meant, from 0."""

    t: float
    terminal: str
    rows: tuple[str, ...]
    marked: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Something that a tag or a rating rests on; ``kind`` as in tags, or of a card's evidence."""

    kind: str
    t: float
    until: float | None
    text: str
    terminal: str | None
    quote: Quote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What somebody said of a tag: confirmed, rejected or relabelled, and as what, and why."""

    who: str
    verdict: str
    label: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One tag: an observation, with what it rests on and what people said of it."""

    id: str
    signal: str
    title: str
    topic: str
    t: float
    until: float | None
    outcome: str
    confidence: float
    detector: str
    question: str | None
    evidence: tuple[Piece, ...]
    opinions: tuple[Opinion, ...]

    @property
    def terminal(self) -> str | None:
        """The terminal of its latest evidence that has one."""
        named = [each.terminal for each in self.evidence if each.terminal]
        return named[-1] if named else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What was seen of one topic; ``seconds`` were worked on it, idle ones left out."""

    id: str
    title: str
    seconds: float
    seen: tuple[Seen, ...]


Reached = Literal["worked-on", "ticked", "not-seen", "untold"]
"""Work on it was seen; an interviewer ticked it; neither, though work on it would be seen; nothing
that a terminal shows could tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task; ``topics`` are what work on it counts as, ``ticked`` when an interviewer did."""

    id: str
    title: str
    text: str
    topics: tuple[str, ...]
    reached: Reached
    seconds: float
    first: float | None
    last: float | None
    ticked: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of work on one task; ``task`` is None where it served none.

    ``activities`` are the kinds of work; for readers who are blind to tags, rests alone.
    """

    start: float
    until: float
    task: str | None
    title: str
    activities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A phase of the exercise's clock."""

    start: float
    until: float
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one probe saw from outside, from when to when; ``good`` is as it should be."""

    start: float
    until: float
    words: str
    good: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Looks of one probe; ``must_hold``: the exercise says that its page must stay as it was."""

    id: str
    title: str
    must_hold: bool
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the timeline.

    ``kind`` is login, refused, task, tag, probe, note, question, mark, announced, clock, ended.
    """

    t: float
    kind: str
    text: str
    terminal: str | None = None
    who: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command line that was run."""

    t: float
    duration: float | None
    terminal: str
    text: str
    outcome: str
    exit_status: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One interviewer's rating of one competency.

    ``first`` is what was submitted, where ``level`` is another one now; ``words`` are the
    exercise's for the level.
    """

    who: str
    level: int | None
    words: str
    first: int | None
    reason: str
    evidence: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Competency:
    """What was judged of one competency; ``spread`` is the highest level less the lowest.

    Level 0 says that there was not enough to see: it counts in no spread. None where fewer than two
    have rated it.
    """

    id: str
    title: str
    question: str
    levels: tuple[str, ...]
    spread: int | None
    ratings: tuple[Rating, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One interviewer's card, but for its ratings.

    ``first`` is the recommendation that was submitted, where it is another one now.
    """

    who: str
    submitted: str
    recommendation: int | None
    recommendation_words: str
    first: int | None
    first_words: str
    reason: str
    strengths: str
    gaps: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of mind after submission; ``opened``: when the cards were on the table already."""

    who: str
    said: str
    reason: str
    opened: bool
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something that was said in the debrief; ``answers`` only where it is a question."""

    who: str
    said: str
    text: str
    subject: str | None = None
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Whose card is in which state, without a word of what is in it."""

    who: str
    state: str
    asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What people judged, as far as whoever asked for the report may see it.

    Attributes:
        sealed: Why cards and debrief are not told; None where they are.
        waiting: Everybody's card, while they are sealed.
        missing: Whose cards were not in when they were opened.
        decision: What it came to, in the words of the recommendations, and why.
        recommendation_spread: How far recommendations are apart; None with fewer than two.

    """

    sealed: str | None
    waiting: tuple[Waiting, ...] = ()
    missing: str = ""
    opened: str | None = None
    cards: tuple[Card, ...] = ()
    competencies: tuple[Competency, ...] = ()
    changes: tuple[Change, ...] = ()
    decision: Said | None = None
    decision_words: str = ""
    recommendation_spread: int | None = None
    questions: tuple[Said, ...] = ()
    next_steps: tuple[Said, ...] = ()
    minutes: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How it was recorded, by what, and what is missing.

    Attributes:
        verdict: As `jumpseat session verify` says it: intact, cut-off, altered, ...
        program: What recorded it; ``format`` is the recording's version.
        exercise_sha256: Of the plan as the journal keeps it (JSON, sorted keys, no blanks).
        rules_sha256: Of the signals' definitions; ``models`` of each model: kind and digest.
        gaps: What is missing, a line each.

    """

    verdict: str
    verified: tuple[str, ...]
    signer: str | None
    signed: str | None
    program: str
    format: int
    consent: str
    made_by: str
    exercise_sha256: str | None = None
    rules_sha256: str | None = None
    models: tuple[tuple[str, str], ...] = ()
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A moment that is worth a picture: what is said of it, and by how many it was pointed at."""

    t: float
    terminal: str
    caption: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All of it.

    Attributes:
        made: When, in UTC.
        made_for: Who asked for it; None in a candidate's copy.
        blind: Why the machine's tags are not told; None where they are.
        summary: Whole sentences, facts only.

    """

    copy: Copy
    made: str
    made_for: str | None
    session: Session
    provenance: Provenance
    summary: tuple[str, ...]
    tasks: tuple[Task, ...]
    commands: tuple[Command, ...]
    format: int = FORMAT
    blind: str | None = None
    not_reached: tuple[str, ...] = ()
    timeline: tuple[Event, ...] = ()
    work: tuple[Stretch, ...] = ()
    periods: tuple[Period, ...] = ()
    topics: tuple[Topic, ...] = ()
    probes: tuple[Probe, ...] = ()
    judged: Judged | None = None
    scenes: tuple[Scene, ...] = ()
