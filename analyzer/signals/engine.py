"""Finds the occurrences of signals in what is seen of a session.

Synchronous and pure: facts come in order, time is the recording's, tags go out. The same tag comes
again, under the same id, when more is known of it. No signal is known here by name. Patterns are
held against facts in `analyzer.signals.prepared`, rules worked out in `analyzer.signals.watch`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from analyzer.commands.run import Greeting, Run
from analyzer.edits.record import FileEdit
from analyzer.records import Tag
from analyzer.signals.connections import Connections
from analyzer.signals.expressions import first_words
from analyzer.signals.facts import Ended, Fact, Line, LoginTried, Noticed, Printed, Probed
from analyzer.signals.found import Match, better
from analyzer.signals.hearing import Hearing
from analyzer.signals.kinds.account import Owner
from analyzer.signals.kinds.login import login_found
from analyzer.signals.logins import Login
from analyzer.signals.pastes import Pastes
from analyzer.signals.prepared import Index, Place, Prepared, Surroundings
from analyzer.signals.printed_logins import printed_attempts
from analyzer.signals.running import Running
from analyzer.signals.schema import ROLES, Role, Rules, expanded
from analyzer.signals.silences import Silences
from analyzer.signals.timers import Timers
from analyzer.signals.unobserved import needed, undetermined
from analyzer.signals.watch import Watch
from recorder.recording.events import Input, Logged
from recorder.recording.journal import (
    ChannelClosed,
    ChannelOpened,
    Imported,
    Probe,
    SessionClosed,
)

Told = Callable[[str, float, str], None]
"""Takes a signal's id, a moment and what its rule made of it then."""

Near = Callable[
    [Fact, Iterable[tuple[Prepared, Match | None]], Surroundings],
    Iterable[tuple[int, float, str]],
]
"""Says in words what came of holding patterns against a fact."""


@dataclass(frozen=True, slots=True)
class _Expiry:
    """A signal's timer."""

    watch: int
    place: str


class Engine:
    """All signals of some rules over one session."""

    def __init__(self, rules: Rules, tell: Told | None = None, near: Near | None = None) -> None:
        """Begin; ``tell`` and ``near`` are for `jumpseat signals explain` only."""
        self._tell = tell
        self._near = near
        signals = rules.in_order()
        self._timers: Timers[_Expiry | float] = Timers()
        self.watches = [
            Watch(
                signal,
                _timer_of(self._timers, number),
                *(() if tell is None else (_teller_of(tell, signal.id),)),
            )
            for number, signal in enumerate(signals)
        ]
        hearing = Hearing()
        prepared = [
            Prepared(pattern, rules, Place(number, role, position), hearing)
            for number, signal in enumerate(signals)
            for role in ROLES
            for position, pattern in enumerate(expanded(rules, signal.patterns(role)))
        ]
        self._index = Index(prepared, hearing)
        self._cited = {name for each in prepared for name in each.pattern.signal}
        self._followers = _followers(prepared)
        self.connections = Connections()
        self._pastes = Pastes()
        lengths = [p.pattern.silence.at_least for p in prepared if p.pattern.silence]
        self._silences = Silences(lengths, self._timers.at)
        self._running = Running(self._index, first_words(rules))
        self._imported: dict[int, str | None] = {}
        self._now = 0.0
        self._last = 0.0
        self._needed = [needed(rules, signal) for signal in signals]
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
            held = [(each, self._hold(each, line)) for each in asked]
            self._running.settled(line, [each for each, match in held if match is not None])
            tags += self._take(held)
        if done := self._running.ended(line, self.owner):
            tags += self._take(done)
        return tags

    def observe_rows(self, rows: Sequence[Line]) -> list[Tag]:
        """Take in rows that were drawn, in order of time."""
        tags: list[Tag] = []
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
        return self._spread(tags)

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
        for watch in self.watches:
            tags += self._spread(watch.finish(end))
        return tags + self._unobserved(end) if complete else tags

    def _unobserved(self, end: float) -> list[Tag]:
        """Tell of what this recording could not show at all."""
        return [
            tag
            for watch, kinds in zip(self.watches, self._needed, strict=True)
            if kinds and not kinds & self._observed and not watch.tags.places()
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
                tags += self._spread(self.watches[key.watch].expire(key.place, moment))
            else:
                tags += self._feed_all(self._silences.ring(moment, key))
        return tags

    def _journal(self, event: Logged) -> list[Tag]:
        entry = event.entry
        place = f"session-{event.place.offset:012d}"
        match entry:
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

    def _feed_all(self, facts: Iterable[Fact]) -> list[Tag]:
        return [tag for fact in facts for tag in self._feed(fact)]

    def _feed(self, fact: Fact) -> list[Tag]:
        """Hold a fact against all that it may match; return the tags that come of it."""
        self._last = max(self._last, fact.t)
        held = [(each, self._hold(each, fact)) for each in self._index.candidates(fact)]
        self._explain(fact, held)
        tags = self._take(held)
        if isinstance(fact, Run | FileEdit):
            tags += self._taken_back(fact, held)
        return tags

    def _login(self, tried: LoginTried) -> list[Tag]:
        """Hold a login against patterns; once it was tagged, only more is told of it."""
        self._observed.add("login")
        held: list[tuple[Prepared, Match | None]] = []
        for each in self._index.candidates(tried):
            known = self.watches[each.place.watch].tags.get(tried.login.place)
            if known is not None and each.place.role == "when":
                held.append((each, login_found(tried, known.found.t, known.found.beside)))
            else:
                held.append((each, self._hold(each, tried)))
        self._explain(tried, held)
        return self._take(held)

    def _explain(self, fact: Fact, held: list[tuple[Prepared, Match | None]]) -> None:
        if self._tell is not None and self._near is not None:
            for number, t, words in self._near(fact, held, self):
                self._tell(self.watches[number].signal.id, t, words)

    def _hold(self, prepared: Prepared, fact: Fact) -> Match | None:
        return prepared.match(fact, self, self.watches[prepared.place.watch].since)

    def _take(self, held: Iterable[tuple[Prepared, Match | None]]) -> list[Tag]:
        """Let each signal take what was found for it, before those that rest on it do."""
        tags: list[Tag] = []
        for number, roles in sorted(_by_watch(held).items()):
            tags += self._spread(self.watches[number].take(roles))
        return tags

    def _taken(self, held: Iterable[tuple[Prepared, Match | None]]) -> list[Tag]:
        """Let each signal take what was found for it."""
        return [
            tag
            for number, roles in sorted(_by_watch(held).items())
            for tag in self.watches[number].take(roles)
        ]

    def _taken_back(
        self, fact: Run | FileEdit, held: list[tuple[Prepared, Match | None]]
    ) -> list[Tag]:
        """Withdraw what was tagged in doubt, and now turns out not to have happened."""
        place = fact.command.id if isinstance(fact, Run) else fact.id
        asked = {each.place.watch for each, _ in held if each.place.role == "when"}
        stands = {each.place.watch for each, match in held if match and each.place.role == "when"}
        tags: list[Tag] = []
        for number in sorted(asked - stands):
            known = self.watches[number].tags.get(place)
            if known is not None and known.tag.outcome == "unknown":
                tags += self._spread(self.watches[number].withdraw(place))
        return tags

    def _spread(self, tags: list[Tag]) -> list[Tag]:
        """Let the signals that rest on these tags see them; return all tags."""
        out: list[Tag] = []
        waiting = deque(tags)
        while waiting:
            tag = waiting.popleft()
            out.append(tag)
            if tag.signal not in self._cited:
                continue
            place = tag.id.removeprefix(f"{tag.signal}-")
            if tag.state == "withdrawn":
                for number in self._followers[tag.signal]:
                    waiting += self.watches[number].withdraw(place)
            noticed = Noticed(t=tag.t, place=place, tag=tag)
            held = [(each, self._hold(each, noticed)) for each in self._index.candidates(noticed)]
            self._explain(noticed, held)
            waiting += self._taken(held)
        return out


def _by_watch(
    held: Iterable[tuple[Prepared, Match | None]],
) -> dict[int, dict[Role, Match]]:
    """Return what was found for each signal, its roles together."""
    found: dict[int, dict[Role, Match]] = {}
    for prepared, match in held:
        if match is not None:
            roles = found.setdefault(prepared.place.watch, {})
            role = prepared.place.role
            roles[role] = better(roles.get(role), match)
    return found


def _followers(prepared: Iterable[Prepared]) -> dict[str, list[int]]:
    """Return, for each signal, those that are established by it."""
    found: dict[str, list[int]] = {}
    for each in prepared:
        for name in each.pattern.signal:
            found.setdefault(name, []).append(each.place.watch)
    return found


def _timer_of(timers: Timers[_Expiry | float], number: int) -> Callable[[float, str], None]:
    return lambda t, place: timers.at(t, _Expiry(number, place))


def _teller_of(tell: Told, signal: str) -> Callable[[float, str], None]:
    return lambda t, words: tell(signal, t, words)
