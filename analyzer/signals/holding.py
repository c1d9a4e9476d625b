"""Holds facts against the patterns of all signals, and lets each signal take what is found for it.

What a signal makes of it may concern others, those that rest on its tags: they see them here, too.
What happens in a session, and which facts that makes, is `analyzer.signals.engine`'s; how a rule is
worked out `analyzer.signals.watch`'s.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from analyzer.asked import NOTHING, Asked
from analyzer.commands.run import Run
from analyzer.edits.record import FileEdit
from analyzer.records import Tag
from analyzer.signals.facts import Fact, LoginTried, Noticed
from analyzer.signals.found import Match, better
from analyzer.signals.hearing import Hearing
from analyzer.signals.kinds.login import login_found
from analyzer.signals.prepared import Index, Place, Prepared, Surroundings
from analyzer.signals.schema import ROLES, Role, Rules, expanded
from analyzer.signals.watch import Watch

Told = Callable[[str, float, str], None]
"""Takes a signal's id, a moment and what its rule made of it then."""

Near = Callable[
    [Fact, Iterable[tuple[Prepared, Match | None]], Surroundings],
    Iterable[tuple[int, float, str]],
]
"""Says in words what came of holding patterns against a fact."""

Timer = Callable[[int, float, str], None]
"""Takes a signal's position, and with what its watch's `expire` wants to be called: when, where."""


class Holding:
    """All signals of some rules, and their patterns.

    Attributes:
        watches: The signals, in the order of the rules.
        index: Their patterns, found by what they may match.
        silences: The lengths of silence that patterns ask for, in seconds.

    """

    def __init__(
        self,
        rules: Rules,
        around: Surroundings,
        timer: Timer,
        tell: Told | None,
        near: Near | None,
    ) -> None:
        """Begin; ``tell`` and ``near`` are for `jumpseat signals explain` only."""
        self._around = around
        self._tell = tell
        self._near = near
        self._asked = NOTHING
        signals = rules.in_order()
        self.watches = [
            Watch(
                signal,
                _timer_of(timer, number),
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
        self.index = Index(prepared, hearing)
        self.silences = [p.pattern.silence.at_least for p in prepared if p.pattern.silence]
        self._cited = {name for each in prepared for name in each.pattern.signal}
        self._followers = _followers(prepared)

    def ask(self, asked: Asked) -> None:
        """Learn what the exercise asks for: signals about tasks that it has not are to rest."""
        self._asked = asked
        for watch in self.watches:
            watch.muted = not asked.has_tasks_for(watch.signal.with_tasks)
            if watch.muted and self._tell is not None:
                words = f"the exercise has no task for {' and '.join(watch.signal.with_tasks)}"
                self._tell(watch.signal.id, 0.0, f"it rests: {words}")

    def feed(self, fact: Fact) -> list[Tag]:
        """Hold a fact against all that it may match; return the tags that come of it."""
        held = [(each, self.hold(each, fact)) for each in self.index.candidates(fact)]
        self._explain(fact, held)
        tags = self.take(held)
        if isinstance(fact, Run | FileEdit):
            tags += self._taken_back(fact, held)
        return tags

    def login(self, tried: LoginTried) -> list[Tag]:
        """Hold a login against patterns; once it was tagged, only more is told of it."""
        held: list[tuple[Prepared, Match | None]] = []
        for each in self.index.candidates(tried):
            known = self.watches[each.place.watch].tags.get(tried.login.place)
            if known is not None and each.place.role == "when":
                held.append((each, login_found(tried, known.found.t, known.found.beside)))
            else:
                held.append((each, self.hold(each, tried)))
        self._explain(tried, held)
        return self.take(held)

    def _explain(self, fact: Fact, held: list[tuple[Prepared, Match | None]]) -> None:
        if self._tell is not None and self._near is not None:
            for number, t, words in self._near(fact, held, self._around):
                self._tell(self.watches[number].signal.id, t, words)

    def hold(self, prepared: Prepared, fact: Fact) -> Match | None:
        """Hold one pattern against a fact."""
        unasked = self.watches[prepared.place.watch].signal.unasked
        if unasked and prepared.place.role == "when" and self._is_asked_for(fact):
            return None
        return prepared.match(fact, self._around, self.watches[prepared.place.watch].since)

    def _is_asked_for(self, fact: Fact) -> bool:
        """Whether a command, or the file that was written, is what the exercise's tasks name."""
        if isinstance(fact, Run):
            return self._asked.is_named_in(fact.command.text)
        return isinstance(fact, FileEdit) and self._asked.is_named_in(fact.path)

    def take(self, held: Iterable[tuple[Prepared, Match | None]]) -> list[Tag]:
        """Let each signal take what was found for it, before those that rest on it do."""
        tags: list[Tag] = []
        for number, roles in sorted(_by_watch(held).items()):
            tags += self.spread(self.watches[number].take(roles))
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
            if self.watches[number].doubts(place):
                tags += self.spread(self.watches[number].withdraw(place))
        return tags

    def spread(self, tags: list[Tag]) -> list[Tag]:
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
                    waiting += self.watches[number].unsee(place)
            noticed = Noticed(t=tag.t, place=place, tag=tag)
            held = [(each, self.hold(each, noticed)) for each in self.index.candidates(noticed)]
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


def _timer_of(timer: Timer, number: int) -> Callable[[float, str], None]:
    return lambda t, place: timer(number, t, place)


def _teller_of(tell: Told, signal: str) -> Callable[[float, str], None]:
    return lambda t, words: tell(signal, t, words)
