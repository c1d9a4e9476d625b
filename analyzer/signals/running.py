"""The commands that run now: whose a line is, and which patterns one more line may settle.

Part of `analyzer.signals.engine`. Bounded: of very many that run at once, the oldest are forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from analyzer.commands.run import Run
from analyzer.signals.facts import Line
from analyzer.signals.found import Match
from analyzer.signals.kinds.account import Owner
from analyzer.signals.prepared import Index, Prepared
from analyzer.signals.turns import Turns

_MOST = 256
"""Commands that run at once, of which lines are still believed to be theirs."""

_NOTHING: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Open:
    """A command that runs, and the patterns that one of its lines may settle."""

    run: Run
    waiting: list[Prepared]
    turns: Turns
    listens: frozenset[int]
    """The expressions by which a line may settle them."""


class Running:
    """The commands of a session that were started and have not ended."""

    def __init__(self, index: Index, begins: Mapping[str, re.Pattern[str]]) -> None:
        """Begin; ``begins`` are the first words of programs, by each of their names."""
        self._index = index
        self._begins = begins
        self._open: dict[str, _Open] = {}

    def start(self, run: Run, owner: Owner) -> None:
        """Take in a command that begins, or of which more is known."""
        waiting = [
            each
            for each in self._index.candidates(run)
            if each.command and each.command.can_settle and each.command.waits(run, owner)
        ]
        listens = self._index.settlers(waiting)
        turns = Turns(run, self._begins)
        self._open[run.command.id] = _Open(run, waiting, turns, listens)
        if len(self._open) > _MOST:
            del self._open[next(iter(self._open))]

    def ended(
        self, line: Line, owner: Callable[[Run], Owner]
    ) -> list[tuple[Prepared, Match | None]]:
        """Hold patterns against those commands of a line that a printed line shows to be done."""
        if line.screen:
            run = self.of(line)
            known = self._open.get(run.command.id) if run else None
        else:
            known = self._open.get(line.command) if line.command is not None else None
        if known is None or known.turns.over:
            return []
        found: list[tuple[Prepared, Match | None]] = []
        for turn in known.turns.screen() if line.screen else known.turns.line(line.text):
            for each in self._index.candidates(known.run):
                if each.command is not None:
                    match = each.command.ended(known.run, turn, line.t, owner(known.run))
                    found.append((each, match))
        return found

    def end(self, run: Run) -> None:
        """Forget a command that has ended."""
        self._open.pop(run.command.id, None)

    def of(self, line: Line) -> Run | None:
        """Return the command that a line belongs to."""
        if line.command is not None:
            known = self._open.get(line.command)
            return known.run if known else None
        if not line.screen:
            return None
        place = (line.connection, line.channel)
        runs = [each.run for each in self._open.values()]
        here = [each for each in runs if (each.command.connection, each.command.channel) == place]
        return here[-1] if here else None

    def settling(self, line: Line) -> list[Prepared]:
        """Return the patterns about a printed line's command that it may settle."""
        if line.command is None or line.screen:
            return []
        known = self._open.get(line.command)
        if known is None or not known.waiting:
            return []
        possible = self._index.settling(line.text)
        return [each for each in known.waiting if each in possible]

    def listens(self, command: str | None) -> frozenset[int]:
        """Return the expressions by which a printed line of a command may settle a pattern."""
        known = self._open.get(command) if command is not None else None
        return known.listens if known is not None else _NOTHING

    def follows(self, command: str | None) -> bool:
        """Whether all that a command prints is to be told, as it is one of several in a line."""
        known = self._open.get(command) if command is not None else None
        return known is not None and not known.turns.over

    def settled(self, line: Line, done: Collection[Prepared]) -> None:
        """Note which patterns a line has settled: the next lines need not."""
        if line.command is not None and done:
            known = self._open[line.command]
            known.waiting = [each for each in known.waiting if each not in done]
            known.listens = self._index.settlers(known.waiting)
