"""Home's feed: sessions out of recordings and store, orders over the control socket.

Cheap enough to be asked every second: journals are read where they were left off, tags are counted
anew only of sessions that can have got some, and of all others now and then. What is missing is not
computed here; the analyzer does that.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine, func, select

from analyzer.signals.loader import active_rules
from analyzer.tables import TagRow
from recorder.control.messages import Request
from recorder.errors import JumpseatError, StoreError
from recorder.exercise.loader import ExerciseError, exercise_files, read_exercise
from recorder.exercise.recorded import followed
from recorder.exercise.schema import Exercise
from recorder.home import Home
from recorder.store.catalogue import Catalogue, SessionSummary
from recorder.store.engine import store_errors
from recorder.store.migrations import prepare
from recorder.store.notes import notes_of, standing
from recorder.store.rows import in_utc
from recorder.store.tables import ConnectionRow
from tui.orders import done_words, give
from tui.person import person
from tui.seat.home.blind import Blindness
from tui.seat.home.sittings import (
    Detail,
    Draft,
    ExerciseChoice,
    LastTag,
    Opened,
    PlannedPhase,
    Sitting,
)

RELIST = 10.0
"""Seconds after which all sessions are looked at again; until then, those that are open."""

RECOUNT = 30.0
"""Seconds after which the tags of all sessions are counted again: somebody may analyse one."""

_LOOKS = 4
"""Looks at all sessions once there is a new one: its journal comes a moment after its directory."""

_MOST_AT_ONCE = 500
"""Sessions that one query names; databases bound how many values it may have."""


@dataclass(slots=True)
class Tally:
    """The tags of one session."""

    topics: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    titles: set[str] = field(default_factory=set)
    last: LastTag | None = None

    def add(self, topic: str, title: str, count: int, t: float) -> None:
        """Count so many tags of one signal, the last of them at ``t``."""
        self.topics[topic] += count
        self.titles.add(title)
        if self.last is None or t > self.last.t:
            self.last = LastTag(title=title, t=t)

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """Topics and their counts, the most first."""
        return tuple(sorted(self.topics.items(), key=lambda each: (-each[1], each[0])))


class StoredHome:
    """Reads for home; each method may be called in any thread, `sittings` in one only."""

    def __init__(
        self,
        engine: Engine,
        home: Home,
        *,
        clock: Callable[[], float] = time.monotonic,
        viewer: str | None = None,
    ) -> None:
        """Take the store and the home.

        Args:
            engine: The store, prepared.
            home: Where recordings lie, and which `serve` is asked.
            clock: Seconds; the zero does not matter.
            viewer: Who looks; whoever sits here without it.

        """
        self._engine = engine
        self._home = home
        self._clock = clock
        self._catalogue = Catalogue(engine, home)
        self._tallies: dict[str, Tally] = {}
        self._recounted: float | None = None
        self._were_open: set[str] = set()
        self._rows: dict[str, Sitting] = {}
        self._damaged: list[Sitting] = []
        self._listed: float | None = None
        self._stamp = 0
        self._looks = 0
        self._plans: dict[str, tuple[str, tuple[PlannedPhase, ...]]] = {}
        self._blindness = Blindness(home, person() if viewer is None else viewer)
        self._hidden: set[str] = set()

    def sittings(self) -> Sequence[Sitting]:
        """Return all sessions.

        Raises:
            JumpseatError: They cannot be listed now; the store is tried anew the next time.

        """
        try:
            self._look_for_file()
            self._look()
        except StoreError:
            self._begin_anew()
            raise
        return [*self._rows.values(), *self._damaged]

    def _look(self) -> None:
        """Take in what is new: of all sessions now and then, else of those that are open."""
        everything = self._is_due()
        summaries = self._catalogue.list(None if everything else self._were_open)
        self._count(summaries, everything=everything)
        tagged = {each.id for each in summaries if each.id in self._tallies}
        tagged = {name for name in tagged if self._tallies[name].topics}
        self._hidden = self._blindness.hidden(self._engine, tagged)
        rows = {each.id: self._sitting(each) for each in summaries}
        if not everything:
            gone = self._were_open - rows.keys()
            rows = {name: row for name, row in self._rows.items() if name not in gone} | rows
        else:
            unreadable = self._catalogue.unreadable.items()
            self._damaged = [self._unreadable(name, why) for name, why in unreadable]
        self._rows = rows
        self._were_open = {name for name, row in rows.items() if row.live}

    def _is_due(self) -> bool:
        """Return whether all sessions are to be looked at."""
        try:
            stamp = self._home.recordings.stat().st_mtime_ns
        except OSError:
            stamp = 0
        if stamp != self._stamp:
            self._stamp, self._looks = stamp, _LOOKS
        now = self._clock()
        if self._looks == 0 and self._listed is not None and now - self._listed < RELIST:
            return False
        self._looks = max(self._looks - 1, 0)
        self._listed = now
        return True

    def _look_for_file(self) -> None:
        """Notice that SQLite's file is gone: whoever has it open reads on, what nobody keeps.

        Raises:
            StoreError: It is.

        """
        name = self._engine.url.database
        if self._engine.dialect.name != "sqlite" or not name or name == ":memory:":
            return
        if not Path(name).exists():
            raise StoreError(
                f"the database {name} is not there any more",
                "put it back; if it is lost, any other verb of `jumpseat` begins a new one",
            )

    def _begin_anew(self) -> None:
        """Let go of broken connections, and make tables that are missing, if that can be done."""
        self._recounted = self._listed = None
        self._engine.dispose()
        try:
            self._look_for_file()
            prepare(self._engine)
        except JumpseatError:
            return
        self._catalogue = Catalogue(self._engine, self._home)

    def _count(self, summaries: Sequence[SessionSummary], *, everything: bool) -> None:
        """Count the tags of sessions that may have new ones, now and then of all."""
        now = self._clock()
        if everything and (self._recounted is None or now - self._recounted >= RECOUNT):
            found = self._tags_of(None)
            self._tallies = {each.id: found.get(each.id) or Tally() for each in summaries}
            self._recounted = now
            return
        new = {each.id for each in summaries if each.state == "live"}
        new |= {each.id for each in summaries} - self._tallies.keys()
        new |= self._were_open
        found = self._tags_of(new)
        self._tallies |= {name: found.get(name) or Tally() for name in new}

    def _tags_of(self, sessions: set[str] | None) -> dict[str, Tally]:
        if sessions is None:
            return self._tags_in(None)
        found: dict[str, Tally] = {}
        names = sorted(sessions)
        for start in range(0, len(names), _MOST_AT_ONCE):
            found |= self._tags_in(names[start : start + _MOST_AT_ONCE])
        return found

    def _tags_in(self, sessions: Sequence[str] | None) -> dict[str, Tally]:
        """Count by session and signal, in one query."""
        query = (
            select(TagRow.session, TagRow.topic, TagRow.signal, func.count(), func.max(TagRow.t))
            .where(TagRow.state == "established")
            .group_by(TagRow.session, TagRow.topic, TagRow.signal)
        )
        if sessions is not None:
            query = query.where(TagRow.session.in_(sessions))
        with store_errors(self._engine), self._engine.connect() as connection:
            rows = connection.execute(query).all()
        found: dict[str, Tally] = defaultdict(Tally)
        for session, topic, signal, count, t in rows:
            title = self._titles.get(signal) or signal.replace("-", " ")
            found[session].add(topic, title, count, t)
        return dict(found)

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {signal.id: signal.title for signal in active_rules().signal}

    def _sitting(self, summary: SessionSummary) -> Sitting:
        hidden = summary.id in self._hidden
        # The one place where home's tags are cut out, as the feed's are in the seat.
        tally = Tally() if hidden else self._tallies.get(summary.id) or Tally()
        live = summary.state == "live"
        return Sitting(
            id=summary.id,
            state=summary.state,
            started=in_utc(summary.started),
            candidate=summary.candidate,
            target=summary.target,
            duration=summary.duration,
            exercise=summary.exercise,
            listen=summary.listen,
            clock_started=summary.clock_started,
            clock_length=summary.clock_length,
            phases=self._plan(summary.directory)[1] if live and summary.exercise else (),
            topics=tally.counts,
            last=tally.last,
            words="\n".join(sorted(tally.titles)),
            hidden=hidden,
        )

    def _plan(self, directory: Path) -> tuple[str, tuple[PlannedPhase, ...]]:
        """Return title and phases of a session's exercise, which never changes."""
        name = directory.name
        if name not in self._plans:
            found = followed(directory)
            if found is None:
                return "", ()
            plan = found.plan
            phases = () if plan is None else _phases(plan)
            self._plans[name] = (found.name if plan is None else plan.title, phases)
        return self._plans[name]

    def _unreadable(self, name: str, why: str) -> Sitting:
        try:
            seconds = (self._home.recordings / name).stat().st_mtime
        except OSError:
            seconds = 0.0
        return Sitting(
            id=name,
            state="unreadable",
            started=datetime.fromtimestamp(seconds, UTC),
            problem=why,
        )

    def detail(self, session: str) -> Detail:
        """Return more of one session.

        Raises:
            StoreError: The store cannot be read.

        """
        query = (
            select(ConnectionRow.user)
            .where(ConnectionRow.session == session, ConnectionRow.closed.is_(None))
            .order_by(ConnectionRow.number)
        )
        with store_errors(self._engine), self._engine.connect() as connection:
            users = connection.scalars(query).all()
        notes = [
            each
            for each in standing(notes_of(self._engine, session))
            if each.kind in {"mark", "note", "question"}
        ]
        return Detail(
            id=session,
            exercise=self._plan(self._home.recording(session))[0],
            connections=len(users),
            users=tuple(dict.fromkeys(user for user in users if user)),
            notes=len(notes),
        )

    def exercises(self) -> Sequence[ExerciseChoice]:
        """Return the exercises that can be read; `jumpseat exercise check` tells of the others.

        Raises:
            ExerciseError: Where they lie cannot be read.

        """
        return list(_choices(self._home, exercise_files(self._home).values()))

    def order(self, request: Request) -> str:
        """Give an order, and return what it came to.

        Raises:
            JumpseatError: It could not be done.

        """
        return done_words(request, give(self._home, request))

    def open(self, draft: Draft) -> Opened:
        """Open a session.

        Raises:
            DraftError: Something in the draft is wrong; nothing was opened.

        """
        from tui.seat.home.opening import open_draft  # noqa: PLC0415 - loads the SSH library

        return open_draft(self._home, draft)


def _phases(plan: Exercise) -> tuple[PlannedPhase, ...]:
    phases = plan.clock.phase
    works = next((number for number, each in enumerate(phases) if each.tasks), len(phases) - 1)
    return tuple(
        PlannedPhase(title=each.title, seconds=each.minutes * 60.0, works=number == works)
        for number, each in enumerate(phases)
    )


def _choices(home: Home, paths: Iterable[Path]) -> Iterable[ExerciseChoice]:
    for path in paths:
        try:
            found = read_exercise(home, path)
        except ExerciseError:
            continue
        yield ExerciseChoice(
            name=found.name, title=found.plan.title, minutes=found.plan.clock.minutes
        )
