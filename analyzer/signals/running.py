"""The commands that run now: whose a line is, and which patterns one more line may settle.

Part of `analyzer.signals.engine`. Bounded: of very many that run at once, the oldest are forgotten.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from analyzer.commands.run import Run
from analyzer.signals.facts import Line
from analyzer.signals.kinds.account import Owner
from analyzer.signals.prepared import Index, Prepared

_MOST = 256
"""Commands that run at once, of which lines are still believed to be theirs."""


@dataclass(slots=True)
class _Open:
    """A command that runs, and the patterns that one of its lines may settle."""

    run: Run
    waiting: list[Prepared]


class Running:
    """The commands of a session that were started and have not ended."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._open: dict[str, _Open] = {}

    def start(self, run: Run, owner: Owner) -> None:
        """Take in a command that begins, or of which more is known."""
        waiting = [
            each
            for each in self._index.candidates(run)
            if each.command and each.command.can_settle and each.command.waits(run, owner)
        ]
        self._open[run.command.id] = _Open(run, waiting)
        if len(self._open) > _MOST:
            del self._open[next(iter(self._open))]

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

    def settled(self, line: Line, done: Collection[Prepared]) -> None:
        """Note which patterns a line has settled: the next lines need not."""
        if line.command is not None and done:
            known = self._open[line.command]
            known.waiting = [each for each in known.waiting if each not in done]
