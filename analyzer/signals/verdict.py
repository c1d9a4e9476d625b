"""What a program's own words say of how it went, by the expressions of a pattern."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from analyzer.commands.outcome import never_ran
from analyzer.shell import SimpleCommand
from analyzer.signals.expressions import Expressions, compiled
from analyzer.signals.hearing import Heard, Hearing
from analyzer.signals.patterns import Pattern
from analyzer.signals.schema import Rules

Verdict = Literal["ok", "unknown", "failed", "pending"]


class Words:
    """The prepared expressions of one pattern that are held against output."""

    def __init__(self, pattern: Pattern, rules: Rules, hearing: Hearing) -> None:
        self._hearing = hearing
        self.silent: Verdict = pattern.silent
        self._settled = compiled(pattern.settled, rules)
        self._says: tuple[tuple[Verdict, Expressions], ...] = (
            ("pending", compiled(pattern.pending, rules)),
            ("failed", compiled(pattern.failed, rules)),
            ("ok", compiled((*pattern.ok, *pattern.settled), rules)),
        )
        sources = [each.pattern for _, patterns in self._says for each in patterns]
        self._mine = frozenset(hearing.add(sources))
        self._broad = any(map(hearing.is_broad, sources))

    @property
    def can_settle(self) -> bool:
        """Whether one line of output may be enough."""
        return bool(self._settled)

    def settles(self, line: str) -> bool:
        """Whether a line is enough, whatever follows."""
        return any(pattern.search(line) for pattern in self._settled)

    def verdict(
        self, lines: tuple[str, ...], *, own: bool, command: SimpleCommand | None = None
    ) -> tuple[Verdict | None, str | None]:
        """Return what the lines say and the line that decided; None where they say nothing.

        ``own``: nothing else that the pattern could mean wrote among the lines.
        """
        mine = self._mine
        if own and self._settled:
            for each in self._heard(lines):
                if not mine.isdisjoint(each.hits) and self.settles(each.line):
                    return "ok", each.line
        for each in self._heard(lines):
            line = each.line
            if each.start and command is not None and never_ran(command, line):
                return "failed", line
            if mine.isdisjoint(each.hits):
                continue
            for verdict, patterns in self._says:
                if any(pattern.search(line) for pattern in patterns):
                    return verdict, line
        return None, None

    def _heard(self, lines: tuple[str, ...]) -> Iterable[Heard]:
        """Return, last one first, the lines that may decide."""
        if self._broad:
            return self._hearing.all_output(lines, self._mine)
        return self._hearing.output(lines, self._mine)
