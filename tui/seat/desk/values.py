"""What the panels draw: frozen values, with times in seconds since the session's start.

Text from outside is harmless already when it gets here (`analyzer.visible.plain`), and never
markup. How a value comes about, and what it looks like, does not belong here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseSpan:
    """A phase of the exercise's clock and when it is; ``tasks`` whether it is the one of work."""

    id: str
    title: str
    start: float
    until: float
    say: str = ""
    tasks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What is said when ``left`` minutes are left, which is at ``t``; ``made`` when it was."""

    left: int
    t: float
    say: str
    made: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The session's clock as of ``now``.

    Attributes:
        now: The moment.
        length: Seconds that it has in all, extensions included; None where nobody said.
        started: When it was started, None before.
        spans: The exercise's phases; before the start as if it began at ``now``.
        announcements: Those of the exercise; without times that can be relied on before the start.
        ended: When it ran out and closed the session, or the session ended otherwise.

    """

    now: float = 0.0
    length: float | None = None
    started: float | None = None
    spans: tuple[PhaseSpan, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    ended: float | None = None

    @property
    def running(self) -> bool:
        """Whether it was started, and nothing has ended yet."""
        return self.started is not None and self.ended is None

    @property
    def ends(self) -> float | None:
        """When it runs out."""
        if self.started is None or self.length is None:
            return None
        return self.started + self.length

    @property
    def left(self) -> float | None:
        """Seconds that are left; negative where it has run over."""
        return None if self.ends is None else self.ends - self.now

    @property
    def phase(self) -> PhaseSpan | None:
        """The phase that it is in; after the end the last one."""
        if self.started is None or not self.spans:
            return None
        found = [span for span in self.spans if span.start <= self.now and span.start < span.until]
        return found[-1] if found else self.spans[0]

    @property
    def following(self) -> PhaseSpan | None:
        """The phase that comes next."""
        coming = [span for span in self.spans if span.start > self.now and span.start < span.until]
        return coming[0] if coming and self.started is not None else None

    @property
    def due(self) -> Announcement | None:
        """The announcement to be made now: of several, the one that is still true."""
        if not self.running:
            return None
        come = [each for each in self.announcements if each.t <= self.now]
        return come[-1] if come and come[-1].made is None else None

    @property
    def coming(self) -> Announcement | None:
        """The announcement that comes next."""
        if not self.running:
            return None
        return next((each for each in self.announcements if each.t > self.now), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task of the exercise, and what became of it.

    Attributes:
        number: From 1, in the order in which they are read out.
        say: What is read out.
        text: What they get in writing if they ask.
        touched: When the first work on it was seen, None where there was none.
        current: Whether the latest work served it.
        ticked: When somebody ticked it.
        ticked_by: Who did.

    """

    number: int
    id: str
    title: str
    say: str = ""
    text: str = ""
    touched: float | None = None
    current: bool = False
    ticked: float | None = None
    ticked_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How the target looks from outside.

    Attributes:
        words: What it does, in few words: ``answers``, ``down``, ``publickey, password``.
        since: When that began to be seen; None where nobody has looked yet.
        answers: Whether anything answered there.
        alarm: Whether an interviewer should know at once.
        detail: Why, or more about it.

    """

    id: str
    title: str
    words: str
    since: float | None = None
    answers: bool = False
    alarm: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """One try to log in; ``words`` how it came out, ``methods`` what the target offered."""

    t: float
    user: str
    method: str
    outcome: Literal["accepted", "partial", "refused", "error"]
    words: str
    methods: tuple[str, ...] = ()
    detail: str = ""

    @property
    def failed(self) -> bool:
        """Whether it got nobody any further."""
        return self.outcome in {"refused", "error"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A connection, open or tried, as of a moment; ``logins`` the newest first.

    ``channels`` are words for what was opened on it, the newest first.
    """

    number: int
    peer: str
    opened: float
    client: str = ""
    closed: float | None = None
    reason: str = ""
    accepted: Login | None = None
    logins: tuple[Login, ...] = ()
    channels: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether somebody is logged in on it."""
        return self.closed is None and self.accepted is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedAway:
    """Somebody who was not let in, ``times`` in all since the journal said so last."""

    t: float
    peer: str
    why: str
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TagLine:
    """A tag as the desk shows it, with the question that it suggests."""

    id: str
    t: float
    topic: str
    words: str
    outcome: str
    question: str = ""
    judged: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question that the candidate asked, as somebody noted it."""

    t: float
    text: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What must not be missed; ``words`` say it, ``joint`` leads to its time.

    ``loud``: it waits for the interviewer to do something.
    """

    t: float
    words: str
    joint: Literal["since", "at", ""] = "since"
    loud: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All of it, as of ``now``.

    Attributes:
        now: The moment, in seconds since the session's start.
        started: What time of day that start was; None while nobody knows.
        live: Whether the session goes on.
        title: The exercise's title, empty where it follows none.
        say: What is read out before the clock starts.
        tried: How many connections there were in all.
        refused: How many logins failed in all.
        closing: The closing questions.
        information: What they may be told when they ask: about what, and the words.
        alarms: The most important first.
        hidden: No tags are shown: the viewer judges without them until their card is in.

    """

    now: float = 0.0
    started: datetime | None = None
    live: bool = False
    title: str = ""
    say: str = ""
    clock: Clock = Clock()
    tasks: tuple[Task, ...] = ()
    tags: tuple[TagLine, ...] = ()
    probes: tuple[Probe, ...] = ()
    connections: tuple[Connection, ...] = ()
    turned_away: tuple[TurnedAway, ...] = ()
    tried: int = 0
    refused: int = 0
    asked: tuple[Asked, ...] = ()
    closing: tuple[str, ...] = ()
    information: tuple[tuple[str, str], ...] = ()
    alarms: tuple[Alarm, ...] = ()
    hidden: bool = False
