"""What the replay takes in: a feed that is asked, and the immutable values that it answers with.

The app knows no files and no database, so that tests and the live view give it the same values.
Nothing of Textual belongs here, and no implementation: see `tui.seat.recording_feed`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from analyzer.activity import Activity
from analyzer.cells import Frame
from analyzer.search.find import Found
from analyzer.search.query import Matcher
from recorder.store.noted import Note, Noting

if TYPE_CHECKING:
    from pathlib import Path

    from analyzer.judgements import Verdict
    from analyzer.records import Command, Phase, Tag
    from recorder.recording.journal import JournalEntry
    from recorder.transcripts.values import SpokenLine
    from tui.seat.card.edits import Step
    from tui.seat.card.folder import Folder


@dataclass(frozen=True, slots=True, order=True)
class TerminalKey:
    """Which terminal of a session: connection and channel, both from 1."""

    connection: int
    channel: int

    def __str__(self) -> str:
        """Return it as the recording's files are named: ``c1-2``."""
        return f"c{self.connection}-{self.channel}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """One terminal; times are seconds since the session's start, ``closed`` None while open."""

    key: TerminalKey
    opened: float
    closed: float | None = None
    command: str | None = None
    user: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskWords:
    """One task of the session's exercise: its id, what lists call it, what is read out of it.

    ``text`` is what the candidate gets in writing, ``topics`` what work serves it.
    """

    id: str
    title: str
    say: str = ""
    text: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The session as far as it was read; ``duration`` in seconds is its end, or its present.

    ``slow`` tells that far jumps take their time for now, as `Feed.settle` has work to do.
    ``tasks`` and ``announcements`` (at so many minutes left, the first to be made first) are those
    of the exercise that it was recorded with; none where it names no exercise.
    """

    session: str
    candidate: str | None = None
    target: str = ""
    started: datetime | None = None
    live: bool = False
    duration: float = 0.0
    terminals: tuple[Terminal, ...] = ()
    slow: bool = False
    tasks: tuple[TaskWords, ...] = ()
    announcements: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One terminal's screen at a moment, and the outputs on both sides of that moment.

    ``terminal`` and ``frame`` are None where no terminal had been opened yet. ``previous`` is the
    last output at or before ``t``, ``following`` the first one after it; None where there is none.
    """

    t: float
    terminal: TerminalKey | None
    frame: Frame | None
    previous: float | None = None
    following: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A phase of the exercise's clock: introduction, work, review; seconds since the start."""

    start: float
    until: float
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Tags and commands as far as they are known, each ordered by time; titles by signal.

    ``judged`` is what the viewer said of tags, by their ids: another's word would colour theirs.
    ``questions`` are those that signals suggest, by signal.
    ``notes`` are everybody's that stand, by time; those of ``viewer`` are one's own. ``last_note``
    is the number of the last that was ever kept, taken back or not: up to it the notes are known.
    ``late`` is by how many seconds they are behind the recording, 0 where nobody would notice;
    ``preliminary`` that they were stored by who knows which version: the next ones are sure.
    ``untraced`` is why the trace does not tell of this look yet; empty where it does.
    ``phases`` are stretches of work without gaps, ``periods`` the clock's once it was started.
    ``spoken`` is what transcripts tell, in the order of `recorder.transcripts.values.in_order`.
    ``hidden`` that there are no tags because the viewer judges without them until their card is in.
    """

    tags: tuple[Tag, ...] = ()
    commands: tuple[Command, ...] = ()
    titles: dict[str, str] = field(default_factory=dict)
    judged: dict[str, Verdict] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    questions: dict[str, str] = field(default_factory=dict)
    last_note: int = 0
    viewer: str = ""
    late: int = 0
    preliminary: bool = False
    untraced: str = ""
    phases: tuple[Phase, ...] = ()
    periods: tuple[Period, ...] = ()
    spoken: tuple[SpokenLine, ...] = ()
    hidden: bool = False


HIDDEN = "tags are hidden until your card is in"
"""Said wherever there would be tags, to those who judge without them."""


def without_tags(findings: Findings) -> Findings:
    """Return findings as somebody sees them who judges without the machine's tags.

    Commands, notes and what was worked on stay, as `tui.unjudged` says.
    """
    from tui.unjudged import without_kinds  # noqa: PLC0415 - once something is hidden

    return replace(
        findings,
        tags=(),
        judged={},
        questions={},
        titles={},
        phases=without_kinds(findings.phases),
        hidden=True,
    )


class Feed(Protocol):
    """Where a session comes from.

    `findings` and `settle` may be called from a second thread, `search` from a third, `judge`
    and `note` from a fourth, `card` from a fifth; everything else is called from one thread only.
    """

    def open(self) -> Overview:
        """Read the recording as far as it goes; may take seconds.

        Raises:
            JumpseatError: The recording cannot be read.

        """
        ...

    def refresh(self) -> Overview:
        """Take in what a live session has grown by; called many times a second.

        Where nothing is new but the time, it costs next to nothing and returns a new value once a
        second. After an error it is called again, also of a session that has ended: it may be back.

        Raises:
            JumpseatError: The recording cannot be read now.

        """
        ...

    def news(self) -> tuple[JournalEntry, ...]:
        """Return what the journal tells since it was asked last, in its order; at first all of it.

        Raises:
            JumpseatError: The journal cannot be read.

        """
        ...

    def start_clock(self) -> None:
        """Start the session's clock, as `jumpseat session start` does.

        May be called from any thread, and takes as long as the answer of `serve`.

        Raises:
            JumpseatError: It runs already, or nobody is there who could start it.

        """
        ...

    def picture(self, t: float, terminal: TerminalKey | None) -> Picture:
        """Return what was to be seen at ``t`` seconds; None is the terminal active at that time.

        Raises:
            JumpseatError: The recording cannot be read now; `refresh` tells when it can.

        """
        ...

    def step(self, t: float, terminal: TerminalKey | None, steps: int) -> float:
        """Return the moment so many outputs after ``t``, or before it where negative.

        It stops at the first and the last output; with none at all it returns ``t``.
        """
        ...

    def activity(self) -> Activity:
        """Return how much happened when, as far as it was read; of a live session asked again."""
        ...

    def findings(self) -> Findings:
        """Return tags and commands; of a finished session this may take as long as its analysis.

        Called many times a second while the session is live: where nothing is new it costs next to
        nothing. After an error it is called again, as what was missing may be back.

        Raises:
            JumpseatError: They cannot be had now.

        """
        ...

    def settle(self) -> None:
        """Make whatever makes a session that has ended quick to move in; may take seconds.

        Called once, after the last `findings`.

        Raises:
            JumpseatError: It cannot be made; everything works without.

        """
        ...

    def search(self, matcher: Matcher, limit: int, cancelled: Callable[[], bool]) -> Found:
        """Return where and when something was to be seen, at most ``limit`` hits by time.

        May take seconds, once. ``cancelled`` is asked now and then whether to give up.

        Raises:
            SearchCancelledError: ``cancelled`` said so.
            JumpseatError: It cannot be searched.

        """
        ...

    def judge(self, tag: str, verdict: Verdict, label: str | None = None) -> None:
        """Keep what the viewer says of a tag that `findings` gave, named by its id.

        Args:
            tag: Its id.
            verdict: What they say.
            label: Of a relabelled tag, the signal that it should be.

        Raises:
            JumpseatError: It cannot be kept.

        """
        ...

    def note(self, noting: Noting) -> Note:
        """Keep what the viewer notes, and return it as it was kept.

        Raises:
            JumpseatError: It cannot be kept.

        """
        ...

    def card(self, steps: Sequence[Step]) -> Folder:
        """Take steps on the viewer's own card, and return how it stands then.

        They are edits, of which all are kept or none, or one order. `findings` are hidden or shown
        accordingly from then on.

        Raises:
            UsageError: A step makes no sense.
            JumpseatError: They cannot be kept, or the card cannot be read.

        """
        ...

    def close(self) -> None:
        """Let go of the recording; `findings` that are on their way in a thread fail soon."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """How a session that has ended stands, and the screen that its replay begins with."""

    directory: Path
    overview: Overview
    picture: Picture

    def answers(self, t: float, terminal: TerminalKey | None) -> bool:
        """Whether its screen can stand for that of ``t``: no output and no terminal came since."""
        opened = (each.opened for each in self.overview.terminals)
        following = self.picture.following
        news = (*opened, *(() if following is None else (following,)))
        return (
            terminal is None
            and self.picture.t <= t
            and not any(self.picture.t < each <= t for each in news)
        )


class Start(Protocol):
    """What is shown of a session while its feed is still on its way.

    Asked for each of both once, in threads; either waits until it is there, or is not to be had.
    """

    def beginning(self) -> Beginning | None:
        """Return how it stands; None where only the feed can say, as of a live session."""
        ...

    def findings(self) -> Findings | None:
        """Return what its feed will find, as it was stored; None where only the feed can say."""
        ...

    def close(self) -> None:
        """Let whoever waits here go on with nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Opening:
    """A feed that is still to be found: ``make`` is called in the thread that reads.

    What it needs to import and to open takes longer than the first picture may. ``start`` is what
    can be shown before.
    """

    make: Callable[[], Feed]
    start: Start | None = None
