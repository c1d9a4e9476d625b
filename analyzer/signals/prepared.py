"""One pattern of any kind, prepared, and the list of those that may match a given fact.

So that the cost of a fact does not grow with the rules, commands are looked up by the programs in
them, printed lines by one automaton, and everything else by its kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from analyzer.commands.run import Greeting, Run
from analyzer.edits.record import FileEdit
from analyzer.signals.facts import Ended, Fact, Line, LoginTried, Noticed, Pasted, Probed, Quiet
from analyzer.signals.found import Match
from analyzer.signals.hearing import Hearing
from analyzer.signals.kinds import moments
from analyzer.signals.kinds.account import Owner
from analyzer.signals.kinds.command import CommandMatcher
from analyzer.signals.kinds.edit import EditMatcher
from analyzer.signals.kinds.greeting import GreetingMatcher
from analyzer.signals.kinds.login import LoginMatcher
from analyzer.signals.kinds.output import OutputMatcher
from analyzer.signals.kinds.probe import ProbeMatcher
from analyzer.signals.logins import Login
from analyzer.signals.patterns import Pattern
from analyzer.signals.schema import Role, Rules


class Surroundings(Protocol):
    """What a pattern may ask about, beyond the fact itself."""

    def owner(self, run: Run) -> Owner:
        """Return who is behind the terminal that a command ran on."""
        ...

    def running(self, line: Line) -> Run | None:
        """Return the command that a line belongs to."""
        ...

    def beside(self, login: Login, since: float) -> Login | None:
        """Return an earlier connection that has had a channel open since then."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pattern stands: the position of its signal, its role there, and which it is."""

    watch: int
    role: Role
    number: int


class Prepared:
    """One pattern, ready to be held against facts."""

    def __init__(self, pattern: Pattern, rules: Rules, place: Place, hearing: Hearing) -> None:
        self.pattern = pattern
        self.place = place
        self.kind = pattern.kinds()[0]
        command, edit = pattern.command, pattern.edit
        self.command = CommandMatcher(pattern, command, rules, hearing) if command else None
        self.edit = EditMatcher(pattern, edit, rules) if edit else None
        self.greeting = GreetingMatcher(pattern, rules, hearing) if pattern.greeting else None
        self.login = LoginMatcher(pattern.login) if pattern.login else None
        self.output = OutputMatcher(pattern.output, rules) if pattern.output else None
        self.probe = ProbeMatcher(pattern.probe, rules) if pattern.probe else None

    def match(self, fact: Fact, around: Surroundings, since: float) -> Match | None:
        """Hold it against a fact of its kind; ``since`` is when the signal's `after` was seen."""
        found: Match | None = None
        if isinstance(fact, Run) and self.command:
            found = self.command.match(fact, around.owner(fact))
        elif isinstance(fact, Line) and self.output:
            found = self.output.match(fact, around.running(fact))
        elif isinstance(fact, Line) and self.command:
            run = around.running(fact)
            if run is not None:
                found = self.command.settled(run, fact.text, fact.t, around.owner(run))
        elif isinstance(fact, FileEdit) and self.edit:
            found = self.edit.match(fact)
        elif isinstance(fact, Greeting) and self.greeting:
            found = self.greeting.match(fact)
        elif isinstance(fact, LoginTried) and self.login:
            found = self.login.match(fact, around.beside(fact.login, since))
        elif isinstance(fact, Probed) and self.probe:
            found = self.probe.match(fact)
        else:
            found = self._moment(fact)
        return replace(found, freely=True) if found and self.pattern.without_after else found

    def _moment(self, fact: Fact) -> Match | None:
        pattern = self.pattern
        if isinstance(fact, Pasted) and pattern.paste:
            return moments.paste_found(pattern.paste, fact)
        if isinstance(fact, Quiet) and pattern.silence:
            return moments.silence_found(pattern.silence, fact)
        if isinstance(fact, Noticed) and pattern.signal:
            return moments.noticed_found(pattern, fact)
        if isinstance(fact, Ended) and pattern.end:
            return moments.end_found(fact)
        return None


_KINDS: dict[type, str] = {
    FileEdit: "edit",
    Greeting: "greeting",
    LoginTried: "login",
    Probed: "probe",
    Pasted: "paste",
    Quiet: "silence",
    Noticed: "signal",
    Ended: "end",
}


class Index:
    """All prepared patterns, found by what they may match."""

    def __init__(self, patterns: Iterable[Prepared], hearing: Hearing) -> None:
        self._hearing = hearing
        self._by_kind: dict[str, list[Prepared]] = {}
        self._by_program: dict[str, list[Prepared]] = {}
        self._any_program: list[Prepared] = []
        self._printed: dict[int, list[Prepared]] = {}
        self._settles: dict[int, frozenset[int]] = {}
        """By the `id` of a pattern about commands, the numbers of what settles it."""
        self._settled: dict[int, list[Prepared]] = {}
        for each in patterns:
            if each.command is None:
                self._by_kind.setdefault(each.kind, []).append(each)
            elif each.command.names:
                for name in each.command.names:
                    self._by_program.setdefault(name, []).append(each)
            else:
                self._any_program.append(each)
            if each.output is not None:
                self._listen(each, each.output.sources, self._printed)
            if each.command is not None:
                numbers = self._listen(each, each.command.settled_by, self._settled)
                self._settles[id(each)] = frozenset(numbers)
        self.telling = frozenset(self._printed)
        """The numbers of the expressions of output patterns."""

    def _listen(
        self, prepared: Prepared, sources: Iterable[str], told: dict[int, list[Prepared]]
    ) -> list[int]:
        numbers = self._hearing.add(sources)
        for number in numbers:
            told.setdefault(number, []).append(prepared)
        return numbers

    def candidates(self, fact: Fact) -> Sequence[Prepared]:
        """Return the patterns that may match, in an order that does not change."""
        if isinstance(fact, Run):
            return self._for_run(fact)
        if isinstance(fact, Line):
            if not self._printed:
                return ()
            found = self._heard(fact.text, self._printed)
            return _ordered(found) if found else ()
        return self._by_kind.get(_KINDS[type(fact)], ())

    def heard(self, texts: Sequence[str]) -> frozenset[int]:
        """Take in printed lines; return the numbers of all expressions that any of them may match.

        Those that are broad, which match nearly every line, are among them.
        """
        self._hearing.read(texts)
        return self._hearing.any_of(texts) | self._hearing.broad

    def tells(self, text: str, listens: frozenset[int] = frozenset()) -> bool:
        """Whether a printed line may be what an output pattern describes, or settle its command.

        ``listens`` are the expressions by which it would do that (`settlers`).
        """
        hits, broad = self._hearing.sure(text), self._hearing.broad
        return any(
            not (hits.isdisjoint(asked) and broad.isdisjoint(asked))
            for asked in (self.telling, listens)
        )

    def settlers(self, prepared: Iterable[Prepared]) -> frozenset[int]:
        """Return the numbers of the expressions by which a line settles some patterns."""
        return frozenset().union(*(self._settles[id(each)] for each in prepared))

    def settling(self, text: str) -> list[Prepared]:
        """Return the patterns about commands that a line may settle."""
        return self._heard(text, self._settled)

    def _heard(self, text: str, told: dict[int, list[Prepared]]) -> list[Prepared]:
        hits = self._hearing.of(text, told)
        return [each for n in hits if n in told for each in told[n]] if hits else []

    def _for_run(self, run: Run) -> list[Prepared]:
        found = list(self._any_program)
        for command in run.simple:
            for name in {command.program, command.argv[0]}:
                found += self._by_program.get(name, ())
        return _ordered(found)


def _ordered(found: Iterable[Prepared]) -> list[Prepared]:
    alone = {id(each): each for each in found}
    return sorted(
        alone.values(), key=lambda each: (each.place.watch, each.place.role, each.place.number)
    )
