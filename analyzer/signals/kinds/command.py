"""Whether a command that was run is what a pattern describes, and how it went."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from analyzer.commands.outcome import never_ran
from analyzer.commands.run import Run
from analyzer.directories import directory, path
from analyzer.records import Evidence
from analyzer.signals.arguments import split
from analyzer.signals.expressions import Expressions, Names, compiled, plain
from analyzer.signals.found import DOUBT, RANK, Match, cited
from analyzer.signals.hearing import Hearing
from analyzer.signals.kinds.account import Owner, is_owners
from analyzer.signals.patterns import CommandPattern, Outcome, Pattern
from analyzer.signals.schema import Rules
from analyzer.signals.turns import EndedTurn
from analyzer.signals.verdict import Verdict, Words

_NOTHING_RAN = re.compile(r"^\[sudo\] password for |^Sorry, try again\.$|^\^C$")
_NOT_STARTED = frozenset({126, 127})
"""Exit statuses of a shell that found no program, or one that it may not run."""
_PIPES = frozenset({"|", "|&"})

_Share = tuple[tuple[str, ...], bool]
"""Lines that may be a command's, and whether none of them is another's alike."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A command of a line that is meant; ``line`` is the output that decided."""

    index: int
    outcome: Outcome
    line: str | None


class CommandMatcher:
    """One prepared command pattern."""

    def __init__(
        self, pattern: Pattern, command: CommandPattern, rules: Rules, hearing: Hearing
    ) -> None:
        self._command = command
        self._words = Words(pattern, rules, hearing)
        self.settled_by = plain(pattern.settled, rules)
        """The expressions of which one line is enough."""
        self._outcomes = frozenset(pattern.outcomes)
        self._program = Names(command.program, rules)
        self._wrappers = Names(command.wrapped_by, rules)
        self._from = Names(command.operator_from, rules)
        self._verb = compiled(command.verb, rules)
        self._arguments = compiled(command.arguments, rules)
        self._without_arguments = compiled(command.without_arguments, rules)
        self._files = compiled(command.files, rules)
        self._destination = compiled(command.destination, rules)
        self._options = compiled(command.options, rules)
        self._without = compiled(command.without_options, rules)
        self._writes = compiled(command.writes, rules)
        self._text = compiled(command.text, rules)
        self._divided: tuple[Run, dict[int, _Share]] | None = None
        """The run that was divided last: a line may hold thousands of commands."""

    @property
    def names(self) -> frozenset[str]:
        """The programs that it is about; none where any program may be meant."""
        return self._program.names

    @property
    def can_settle(self) -> bool:
        """Whether one line of output may be enough."""
        return self._words.can_settle and "ok" in self._outcomes

    def match(self, run: Run, owner: Owner) -> Match | None:
        """Return how the run went if any of its commands is meant, None otherwise.

        Of several that are meant, the one that went best counts.
        """
        best: _Seen | None = None
        for index in self._meant(run, owner):
            verdict, line = self._judge(run, index)
            if verdict == "pending" or verdict not in self._outcomes:
                continue
            # Who asks for a program asks for what it did; who asks for none, for any failure.
            named = self._program.given
            if verdict == "failed" and named and _never_began(run, index, line):
                continue
            if best is None or RANK[verdict] < RANK[best.outcome]:
                best = _Seen(index, verdict, line)
        return None if best is None else _found(run, best)

    def waits(self, run: Run, owner: Owner) -> bool:
        """Whether a line that this run has yet to print may settle it."""
        return self._is_alone(run) and next(self._meant(run, owner), None) is not None

    def settled(self, run: Run, line: str, t: float, owner: Owner) -> Match | None:
        """Return the run as done, where a line that it has just printed says so."""
        if not self._words.settles(line):
            return None
        index = next(self._meant(run, owner), None)
        return None if index is None else _found(run, _Seen(index, "ok", line), t)

    def ended(self, run: Run, turn: EndedTurn, t: float, owner: Owner) -> Match | None:
        """Return a command of a line that still runs as done, where its turn is over and was so."""
        if "ok" not in self._outcomes or self.obstacle(run, turn.index, owner) is not None:
            return None
        meant = run.simple[turn.index]
        verdict, line = self._words.verdict(turn.lines, own=True, command=meant)
        done = verdict == "ok" or (verdict is None and turn.certain and self._words.silent == "ok")
        return _found(run, _Seen(turn.index, "ok", line), t) if done else None

    def verdict(self, run: Run, owner: Owner, hide: Callable[[str], str]) -> str:
        """Say in words why this run is not found, for `jumpseat signals explain`.

        ``hide`` takes a line that decided, as it was printed, and returns it without secrets.
        """
        reasons: list[str] = []
        for index in self._places(run):
            obstacle = self.obstacle(run, index, owner)
            if obstacle is None:
                verdict, line = self._judge(run, index)
                return f"{verdict}" + (f" by its line {hide(line)!r}" if line else "")
            # A pattern that any program may fit would else come near with every command.
            if self._program.given and self._program.has(run.simple[index]):
                reasons.append(f"{obstacle} does not fit")
        return "; ".join(dict.fromkeys(reasons))

    def _places(self, run: Run) -> range:
        """Return the positions of a line's commands; -1 stands for a line that is no command."""
        return range(len(run.simple)) if run.simple else range(-1, 0)

    def _meant(self, run: Run, owner: Owner) -> Iterator[int]:
        """Yield the positions of the commands that the pattern describes."""
        if self._line_obstacle(run) is None:
            for index in self._places(run):
                if self._own_obstacle(run, index, owner) is None:
                    yield index

    def obstacle(self, run: Run, index: int, owner: Owner) -> str | None:
        """Return the first key of the pattern that does not fit; None where all do."""
        return self._line_obstacle(run) or self._own_obstacle(run, index, owner)

    def _own_obstacle(self, run: Run, index: int, owner: Owner) -> str | None:
        """Look at what concerns one command of the line."""
        if index < 0:
            given = self._program.given or self._wrappers.given or self._from.given
            asked = (self._command.options, self._command.verb, self._command.arguments)
            paths = (self._command.files, self._command.destination, self._command.writes)
            return "program" if given or any((*asked, *paths)) else None
        command = run.simple[index]
        if command.elsewhere is not None:
            # On another host, or in a container: not what the candidate does to this one.
            return "program"
        if self._program.given and not self._program.has(command):
            return "program"
        if self._wrappers.given and not self._wrappers.any_of(command.wrappers):
            return "wrapped-by"
        if self._from.given and not self._is_fed(run, index):
            return "operator-from"
        words = split(command, self._program.valued)
        if found := self._word_obstacle(words.operands, words.options):
            return found
        if found := self._path_obstacle(run, index, words.operands):
            return found
        pattern, valued = self._command, self._program.valued
        return None if is_owners(pattern, valued, run, index, owner) else "account"

    def _line_obstacle(self, run: Run) -> str | None:
        """Look at what concerns the whole line."""
        kind = self._command.kind or (None if self._text and not self.names else "command")
        if kind is not None and run.command.kind != kind:
            return "kind"
        wanted = self._command.depth_opened
        if wanted and (run.opened is None or (wanted == "root" and run.opened != "root")):
            return "depth-opened"
        if not all(each.search(run.command.text) for each in self._text):
            return "text"
        return None

    def _word_obstacle(self, operands: tuple[str, ...], options: tuple[str, ...]) -> str | None:
        if self._verb and not _any_match(self._verb, operands[:1]):
            return "verb"
        if not all(_any_match([pattern], operands) for pattern in self._arguments):
            return "arguments"
        if _any_match(self._without_arguments, operands):
            return "without-arguments"
        if self._options and not _any_match(self._options, options):
            return "options"
        return "without-options" if _any_match(self._without, options) else None

    def _path_obstacle(self, run: Run, index: int, operands: tuple[str, ...]) -> str | None:
        """Whether the paths that the pattern asks for are named."""
        if not (self._files or self._destination or self._writes):
            return None
        here = directory(run, index)
        if not operands and self._program.lists_directory(run.simple[index]):
            operands = (".",)
        paths = tuple(path(word, here) for word in operands)
        redirects = run.simple[index].redirects
        written = tuple(path(each.target, here) for each in redirects if each.writes)
        if not all(_any_match([pattern], paths) for pattern in self._files):
            return "files"
        if self._destination and not _any_match(self._destination, paths[-1:]):
            return "destination"
        return "writes" if self._writes and not _any_match(self._writes, written) else None

    def _is_fed(self, run: Run, index: int) -> bool:
        """Whether a pipe brings it what one of the wanted programs writes."""
        while index > 0 and run.simple[index].operator in _PIPES:
            index -= 1
            if self._from.has(run.simple[index]):
                return True
        return False

    def _judge(self, run: Run, index: int) -> tuple[Verdict, str | None]:
        if run.opened is not None and self._command.depth_opened:
            return "ok", None
        command = run.simple[index] if index >= 0 else None
        lines, own = self._share(run, index)
        verdict, line = self._words.verdict(lines, own=own, command=command)
        status = run.command.exit_status
        if status is not None and len(run.simple) == 1:
            if status:
                return "failed", None
            return ("ok", line) if verdict is None else (verdict, line)
        return (self._silence(run, index), None) if verdict is None else (verdict, line)

    def _is_alone(self, run: Run) -> bool:
        return sum(self._program.has(each) for each in run.simple) <= 1

    def _share(self, run: Run, index: int) -> _Share:
        """Return the output that may be the command's, and whether none of it is another's alike.

        Where a program runs several times in a line and says so each time, it is divided.
        """
        known = self._divided
        if known is None or known[0] is not run:
            known = self._divided = run, self._division(run)
        return known[1].get(index, (run.output, True))

    def _division(self, run: Run) -> dict[int, _Share]:
        """Return the shares of those commands beside which another one is alike."""
        alike = [n for n, each in enumerate(run.simple) if self._program.has(each)]
        if len(alike) <= 1:
            return {}
        begins = self._program.begins
        output = run.output
        starts = [n for n, line in enumerate(output) if begins.search(line)] if begins else []
        if len(starts) != len(alike):
            return dict.fromkeys(alike, (output, False))
        if alike[0] == 0:
            # What updates lists prints its first words behind what it fetched.
            starts[0] = 0
        bounds = pairwise([*starts, len(output)])
        return {n: (output[start:end], True) for n, (start, end) in zip(alike, bounds, strict=True)}

    def _silence(self, run: Run, index: int) -> Verdict:
        """Judge a command whose output says nothing by how its whole line went."""
        silent = self._words.silent
        last = index == len(run.simple) - 1
        operator = run.simple[index].operator if index > 0 else ""
        outcome = run.command.outcome
        alone = len(run.simple) <= 1
        doubt: Verdict = "failed" if silent == "failed" else "unknown"
        if outcome == "interrupted":
            began = any(not _NOTHING_RAN.search(line) for line in run.output)
            if not began:
                return "pending"
            return "failed" if last else doubt
        if outcome == "failed":
            if alone:
                return doubt if self._names_more(run, index) else "failed"
            if operator == "&&":
                return "failed" if last else doubt
        elif operator == "||":
            return doubt
        if run.state == "cut":
            return doubt
        # bash goes on behind && only where what stands before it went well.
        went_well = outcome == "ok" and (
            alone or {each.operator for each in run.simple[index + 1 :]} == {"&&"}
        )
        return "ok" if went_well and silent == "unknown" else silent

    def _names_more(self, run: Run, index: int) -> bool:
        """Whether the command is also about something else, which may be what failed."""
        if not self._arguments or index < 0:
            return False
        known = [*self._verb, *self._arguments]
        operands = split(run.simple[index], self._program.valued).operands
        return not all(_any_match(known, (word,)) for word in operands)


def _never_began(run: Run, index: int, line: str | None) -> bool:
    """Whether a command that failed was not even started, so that nobody ran it."""
    if run.command.exit_status in _NOT_STARTED and len(run.simple) == 1:
        return True
    lines = (line,) if line is not None else run.output if len(run.simple) == 1 else ()
    return index >= 0 and any(never_ran(run.simple[index], each) for each in lines)


def _found(run: Run, seen: _Seen, t: float | None = None) -> Match:
    command = run.command
    place = {"connection": command.connection, "channel": command.channel}
    moment = run.t if t is None else t
    evidence = [Evidence(kind="command", t=command.t, text=cited(command.text), **place)]
    if seen.line is not None:
        line = cited(seen.line)
        evidence.append(Evidence(kind="output", t=moment, text=line, **place))
    meant = run.simple[seen.index] if seen.index >= 0 else None
    return Match(
        t=moment,
        start=command.t,
        place=command.id,
        index=max(0, seen.index),
        outcome=seen.outcome,
        confidence=command.confidence * (DOUBT if seen.outcome == "unknown" else 1.0),
        evidence=tuple(evidence),
        text=" ".join(meant.argv) if meant else command.text,
        program=meant.program if meant else "",
    )


def _any_match(patterns: Expressions, words: tuple[str, ...]) -> bool:
    return any(pattern.fullmatch(word) for pattern in patterns for word in words)
