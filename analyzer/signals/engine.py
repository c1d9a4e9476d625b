"""Finds the occurrences of signals in what is seen of a session.

Synchronous and pure: facts come in order, time is the recording's, tags go out. The same tag comes
again, under the same id, when more is known of it. No signal is known here by name. What a fact
means for the signals is `analyzer.signals.holding`'s to find.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from analyzer.asked import asked_by
from analyzer.commands.run import Greeting, Run
from analyzer.edits.record import FileEdit
from analyzer.records import Tag
from analyzer.signals.connections import Connections
from analyzer.signals.expressions import first_words
from analyzer.signals.facts import Ended, Fact, Line, LoginTried, Printed, Probed
from analyzer.signals.holding import Holding, Near, Told
from analyzer.signals.kinds.account import Owner
from analyzer.signals.logins import Login
from analyzer.signals.pastes import Pastes
from analyzer.signals.printed_logins import printed_attempts
from analyzer.signals.running import Running
from analyzer.signals.schema import Rules
from analyzer.signals.silences import Silences
from analyzer.signals.timers import Timers
from analyzer.signals.unobserved import needed, undetermined
from recorder.recording.events import Input, Logged
from recorder.recording.journal import (
    ChannelClosed,
    ChannelOpened,
    ExerciseChosen,
    Imported,
    Probe,
    SessionClosed,
)


@dataclass(frozen=True, slots=True)
class _Expiry:
    """A signal's timer."""

    watch: int
    place: str


class Engine:
    """All signals of some rules over one session."""

    def __init__(self, rules: Rules, tell: Told | None = None, near: Near | None = None) -> None:
        """Begin; ``tell`` and ``near`` are for `jumpseat signals explain` only."""
        self._timers: Timers[_Expiry | float] = Timers()
        self._holding = Holding(rules, self, self._wait, tell, near)
        self._index = self._holding.index
        self.connections = Connections()
        self._pastes = Pastes()
        self._silences = Silences(self._holding.silences, self._timers.at)
        self._running = Running(self._index, first_words(rules))
        self._imported: dict[int, str | None] = {}
        self._now = 0.0
        self._last = 0.0
        self._needed = [needed(rules, signal) for signal in rules.in_order()]
        self._observed: set[str] = set()
        self._closed: SessionClosed | None = None

    # What comes in

    def observe(self, event: Logged | Input) -> list[Tag]:
        """Take in a line of the journal, or what was typed."""
        tags = self.advance(event.t)
        self._last = max(self._last, event.t)
        if isinstance(event, Input):
            key = (event.connection, event.channel)
            place = f"{event.place.file.removesuffix('.cast')}-{event.place.offset:012d}"
            tags += self._feed_all(self._silences.pressed(key, event.t, place))
            return tags + self._feed_all(self._pastes.observe(event))
        return tags + self._journal(event)

    def observe_run(self, run: Run) -> list[Tag]:
        """Take in a command, each time that more is known of it."""
        tags = self.advance(run.t)
        self.connections.learn(run)
        if run.state != "started":
            self._running.end(run)
            return tags + self._feed(run)
        self._running.start(run, self.owner(run))
        return tags if run.opened is None else tags + self._feed(run)

    def observe_greeting(self, greeting: Greeting) -> list[Tag]:
        """Take in what a terminal showed before its first prompt."""
        tags = self.advance(greeting.t)
        number = greeting.place[0]
        if number in self._imported:
            for attempt in printed_attempts(greeting, self._imported[number]):
                tried = self.connections.tried(attempt, inferred=True)
                tags += self._login(replace(tried, ended=not greeting.prompted))
        return tags + self._feed(greeting)

    def observe_edit(self, edit: FileEdit) -> list[Tag]:
        """Take in a file that was written, each time that more is known of it."""
        return self.advance(edit.t) + self._feed(edit)

    def observe_line(self, line: Line) -> list[Tag]:
        """Take in a line that a terminal showed."""
        tags = self.advance(line.t)
        self._last = max(self._last, line.t)
        if self._index.candidates(line):
            tags += self._feed(line)
        if asked := self._running.settling(line):
            held = [(each, self._holding.hold(each, line)) for each in asked]
            self._running.settled(line, [each for each, match in held if match is not None])
            tags += self._holding.take(held)
        if done := self._running.ended(line, self.owner):
            tags += self._holding.take(done)
        return tags

    def observe_rows(self, rows: Sequence[Line]) -> list[Tag]:
        """Take in rows that were drawn, in order of time."""
        tags: list[Tag] = []
        if rows:
            self._index.heard([row.text for row in rows])
        for row in rows:
            tags += self.advance(row.t)
            self._last = max(self._last, row.t)
            run = self._running.of(row)
            follows = run is not None and self._running.follows(run.command.id)
            if follows or self._index.tells(row.text):
                tags += self.observe_line(row)
        return tags

    def observe_printed(self, printed: Printed) -> list[Tag]:
        """Take in the lines that were printed at one moment, in order."""
        tags = self.advance(printed.t)
        self._last = max(self._last, printed.t)
        # Lines are many, and hardly any of them means something.
        heard = self._index.heard([text for _, _, text in printed.lines])
        commands = {command for _, command, _ in printed.lines}
        asked = self._index.telling.union(*map(self._running.listens, commands))
        if heard.isdisjoint(asked) and not any(map(self._running.follows, commands)):
            return tags
        for number, (_, command, text) in enumerate(printed.lines):
            follows = self._running.follows(command)
            if follows or self._index.tells(text, self._running.listens(command)):
                tags += self.observe_line(printed.line(number))
        return tags

    def observe_tags(self, tags: list[Tag]) -> list[Tag]:
        """Take in tags that a model made; return them and those that rest on them."""
        return self._holding.spread(tags)

    def advance(self, t: float) -> list[Tag]:
        """Let ring what lies before ``t``: all that happened before it was observed."""
        if t <= self._now:
            return []
        self._now = t
        return self._ring(t, at_end=False) if self._timers.next < t else []

    def finish(self) -> list[Tag]:
        """End with the recording."""
        # Live, the clock may have gone on after the last event; later nobody knows that.
        end = self._last
        tags = self._ring(end, at_end=True)
        tags += self._feed_all(self._silences.finish(end))
        complete = self._closed is not None and self._closed.reason == "closed"
        tags += self._feed(Ended(t=end, place="end", complete=complete))
        for watch in self._holding.watches:
            tags += self._holding.spread(watch.finish(end))
        return tags + self._unobserved(end) if complete else tags

    def _unobserved(self, end: float) -> list[Tag]:
        """Tell of what this recording could not show at all."""
        return [
            tag
            for watch, kinds in zip(self._holding.watches, self._needed, strict=True)
            if kinds and not watch.muted
            if not kinds & self._observed and not watch.tags.places()
            for tag in watch.tags.make(undetermined(kinds, end), None)
        ]

    # What patterns may ask

    def owner(self, run: Run) -> Owner:
        """Return who is behind the terminal that a command ran on."""
        return self.connections.owner(run)

    def running(self, line: Line) -> Run | None:
        """Return the command that a line belongs to."""
        return self._running.of(line)

    def beside(self, login: Login, since: float) -> Login | None:
        """Return an earlier connection that has had a channel open since then."""
        return self.connections.logins.beside(login, since)

    # What is made of it

    def _ring(self, t: float, *, at_end: bool) -> list[Tag]:
        tags: list[Tag] = []
        for moment, key in self._timers.due(t, at_end=at_end):
            if isinstance(key, _Expiry):
                tags += self._holding.spread(
                    self._holding.watches[key.watch].expire(key.place, moment)
                )
            else:
                tags += self._feed_all(self._silences.ring(moment, key))
        return tags

    def _journal(self, event: Logged) -> list[Tag]:
        entry = event.entry
        place = f"session-{event.place.offset:012d}"
        match entry:
            case ExerciseChosen():
                self._holding.ask(asked_by(entry))
            case Imported(connection=number, command=command):
                self._imported[number] = command
            case Probe():
                self._observed.add("probe")
                return self._feed(Probed(t=entry.t, place=place, entry=entry))
            case SessionClosed():
                self._closed = entry
            case ChannelOpened(file=str()):
                if entry.connection not in self._imported or self._silences.heard:
                    key = (entry.connection, entry.channel)
                    self._silences.opened(key, entry.t, place)
            case ChannelClosed():
                key = (entry.connection, entry.channel)
                self._pastes.close(key)
                return self._feed_all(self._silences.closed(key, entry.t))
            case _:
                pass
        tried = self.connections.observe(event)
        return [] if tried is None else self._login(tried)

    def _wait(self, watch: int, t: float, place: str) -> None:
        self._timers.at(t, _Expiry(watch, place))

    def _feed(self, fact: Fact) -> list[Tag]:
        self._last = max(self._last, fact.t)
        return self._holding.feed(fact)

    def _login(self, tried: LoginTried) -> list[Tag]:
        self._observed.add("login")
        return self._holding.login(tried)

    def _feed_all(self, facts: Iterable[Fact]) -> list[Tag]:
        return [tag for fact in facts for tag in self._feed(fact)]
