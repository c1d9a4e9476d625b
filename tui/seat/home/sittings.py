"""What home takes in: one frozen value a session, and the feed that gives them.

The app knows no files, no database and no socket, so that tests give it the same values. Nothing of
Textual belongs here, and no implementation: see `tui.seat.home.stored`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from recorder.control.messages import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTag:
    """The youngest tag of a session; ``t`` in seconds since the session's start."""

    title: str
    t: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPhase:
    """A stretch of the exercise's clock; ``works``: what the clock is given more goes to it."""

    title: str
    seconds: float
    works: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One session as home lists it.

    Attributes:
        id: The session's id.
        state: live, closed, cut-off, failed, or unreadable.
        candidate: Who sits, None where nobody was named.
        target: What they work on.
        started: With its zone.
        duration: Seconds, None while it goes on or where it is not known.
        exercise: Its name, None without one.
        listen: ADDR:PORT for the candidate.
        clock_started: Seconds since the start, None while the clock stands.
        clock_length: Seconds that the clock has in all.
        phases: The exercise's clock, of live sessions.
        topics: Tags by topic, the most first.
        last: The youngest tag.
        words: More to find it by: titles of its tags.
        problem: Why it cannot be read.
        hidden: Its tags are not shown: the viewer judges without them until their card is in.

    """

    id: str
    state: str
    started: datetime
    candidate: str | None = None
    target: str = ""
    duration: float | None = None
    exercise: str | None = None
    listen: str | None = None
    clock_started: float | None = None
    clock_length: float | None = None
    phases: tuple[PlannedPhase, ...] = ()
    topics: tuple[tuple[str, int], ...] = ()
    last: LastTag | None = None
    words: str = ""
    problem: str = ""
    hidden: bool = False

    @property
    def live(self) -> bool:
        """Whether it can be followed now."""
        return self.state == "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What home says of the marked session besides its row.

    ``exercise`` is the exercise's title; ``connections`` how many are open now, and ``users`` whose
    they are; ``notes`` how many notes and marks stand.
    """

    id: str
    exercise: str = ""
    connections: int = 0
    users: tuple[str, ...] = ()
    notes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseChoice:
    """An exercise that a new session can have; ``minutes`` is its clock's length."""

    name: str
    title: str
    minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was typed into the form of a new session; kept until a session came of it."""

    candidate: str = ""
    exercise: str = ""
    target: str = ""
    address: str = ""
    minutes: str = ""
    consent: str = "banner"
    listen: str = ""
    relay: str = ""
    force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A new session: its id, what to tell, and what did not work although it was opened."""

    id: str
    words: str
    problem: str = ""


class DraftError(Exception):
    """A draft cannot become a session; ``faults`` says why, by the field's name.

    The empty name stands for the draft as a whole. ``plausible`` is false where the address is one
    that can be insisted on.
    """

    def __init__(self, faults: dict[str, str], *, plausible: bool = True) -> None:
        super().__init__("; ".join(faults.values()))
        self.faults = faults
        self.plausible = plausible


class HomeFeed(Protocol):
    """Where sessions come from, and where orders go; every method is called in a thread."""

    def sittings(self) -> Sequence[Sitting]:
        """Return all sessions; called about once a second, so it must be cheap.

        Raises:
            JumpseatError: They cannot be listed now.

        """
        ...

    def detail(self, session: str) -> Detail:
        """Return more of one session.

        Raises:
            JumpseatError: It cannot be had now.

        """
        ...

    def exercises(self) -> Sequence[ExerciseChoice]:
        """Return the exercises that can be read.

        Raises:
            JumpseatError: Where they lie cannot be read.

        """
        ...

    def order(self, request: Request) -> str:
        """Give an order to the running `serve`, and return what it came to, for a person.

        Raises:
            JumpseatError: It could not be done, or no `serve` runs.

        """
        ...

    def open(self, draft: Draft) -> Opened:
        """Open a session.

        Raises:
            DraftError: Something in the draft is wrong; nothing was opened.

        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What home looked at, so that it is there again after a session was shown.

    ``sort`` is the name of an order in `tui.seat.home.rows`; ``beside`` the session that waits for
    another one to be shown beside it.
    """

    marked: str | None = None
    query: str = ""
    sort: str = "started"
    beside: str | None = None
    rows: tuple[Sitting, ...] = field(default=(), repr=False)
    draft: Draft = Draft()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What somebody wants opened: one session, or two side by side; ``view`` to come back to.

    ``debrief`` says that all cards of the session are meant, and not its screen.
    """

    sessions: tuple[Sitting, ...]
    view: View
    debrief: bool = False
