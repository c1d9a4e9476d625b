"""Takes in a session's journal, entry by entry, and keeps it so that any moment can be looked up.

An entry costs the same however many came before. In how many portions they come makes no
difference. What the entries mean for an interviewer is said by the modules beside this one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from recorder.exercise.recorded import plan_of
from recorder.exercise.schema import Exercise
from recorder.recording.journal import (
    ChannelOpened,
    ClockEnded,
    ClockExtended,
    ClockStarted,
    ConnectionClosed,
    ConnectionOpened,
    ConnectionRefused,
    ExerciseChosen,
    ForwardOpened,
    JournalEntry,
    LoginAttempt,
    Probe,
    ProbingStopped,
    SessionClosed,
    SessionOpened,
)
from recorder.recording.moments import moment_of
from tui.seat.desk.history import History
from tui.seat.desk.outside import Seen, seen_of


@dataclass(slots=True)
class Knock:
    """One connection, as its entries come in; times in seconds since the session's start."""

    number: int
    opened: float
    peer: str = ""
    client: str = ""
    closed: ConnectionClosed | None = None
    attempts: History[LoginAttempt] = field(default_factory=History)
    channels: History[ChannelOpened | ForwardOpened] = field(default_factory=History)
    accepted: LoginAttempt | None = None


class Chronicle:
    """A session's journal, as far as the desk needs it.

    Attributes:
        started: What time of day second 0 was, None while nobody has said.
        plan: The exercise, None where there is none that can be read.
        began: When its clock was started and how long it had then.
        extensions: What it was given more.
        probes: What was seen, by the probe's id.
        stopped: When nobody looked any more.
        knocks: Connections as they came.
        inside: Connections as somebody got in.
        failures: Logins that failed.
        turned_away: Who was not let in.
        ended: When the clock ran out, or the session ended.
        revision: Grows with every entry.

    """

    def __init__(self) -> None:
        self.started: datetime | None = None
        self.plan: Exercise | None = None
        self.began: ClockStarted | None = None
        self.extensions: History[ClockExtended] = History()
        self.probes: dict[str, History[Seen]] = {}
        self.stopped: ProbingStopped | None = None
        self.knocks: History[Knock] = History()
        self.inside: History[Knock] = History()
        self.failures: History[LoginAttempt] = History()
        self.turned_away: History[ConnectionRefused] = History()
        self.ended: float | None = None
        self.revision = 0
        self._by_number: dict[int, Knock] = {}

    def fold(self, entries: Iterable[JournalEntry]) -> None:
        """Take in what the journal tells next."""
        for entry in entries:
            self.revision += 1
            self._take(entry)

    def _take(self, entry: JournalEntry) -> None:
        match entry:
            case SessionOpened():
                self.started = moment_of(entry.started)
            case ExerciseChosen() if self.plan is None:
                self.plan = plan_of(entry)
            case ClockStarted() if self.began is None:
                self.began = entry
            case ClockExtended():
                self.extensions.add(entry.t, entry)
            case ClockEnded() | SessionClosed() if self.ended is None:
                self.ended = entry.t
            case Probe():
                self._look(entry)
            case ProbingStopped() if self.stopped is None:
                self.stopped = entry
            case ConnectionRefused():
                self.turned_away.add(entry.t, entry)
            case _:
                self._connect(entry)

    def _look(self, entry: Probe) -> None:
        history = self.probes.setdefault(entry.probe, History())
        history.add(entry.t, seen_of(entry, history.last))

    def _connect(self, entry: JournalEntry) -> None:
        match entry:
            case ConnectionOpened():
                self._knock(entry)
            case LoginAttempt():
                self._attempt(entry)
            case ChannelOpened() | ForwardOpened():
                self._known(entry.connection, entry.t).channels.add(entry.t, entry)
            case ConnectionClosed():
                knock = self._known(entry.connection, entry.t)
                knock.closed = knock.closed or entry
            case _:
                pass

    def _knock(self, entry: ConnectionOpened) -> None:
        knock = Knock(
            number=entry.connection, opened=entry.t, peer=entry.peer, client=entry.client or ""
        )
        self._by_number[entry.connection] = knock
        self.knocks.add(entry.t, knock)

    def _attempt(self, entry: LoginAttempt) -> None:
        knock = self._known(entry.connection, entry.t)
        knock.attempts.add(entry.t, entry)
        if entry.outcome == "accepted" and knock.accepted is None:
            knock.accepted = entry
            self.inside.add(entry.t, knock)
        elif entry.outcome in {"refused", "error"} and entry.method != "none":
            # Every client asks with "none" first, to learn what is offered.
            self.failures.add(entry.t, entry)

    def _known(self, number: int, t: float) -> Knock:
        knock = self._by_number.get(number)
        if knock is None:
            # The line about its opening is damaged: what is known of it is still told.
            knock = self._by_number[number] = Knock(number=number, opened=t)
            self.knocks.add(t, knock)
        return knock
