"""Whether a line that a terminal showed is what a pattern describes.

Only lines that `analyzer.signals.hearing` points to are looked at.
"""

from __future__ import annotations

from collections import OrderedDict

from analyzer.commands.run import Run
from analyzer.records import Evidence
from analyzer.signals.expressions import Expressions, Names, compiled, plain
from analyzer.signals.facts import Line
from analyzer.signals.found import Match, cited
from analyzer.signals.patterns import OutputPattern
from analyzer.signals.schema import Rules

_OWN = 0.95
"""Confidence in a line that a known program printed."""
_ANYBODY = 0.8
"""Confidence in a line that anything may have printed, ``echo`` included."""
_REMEMBERED = 64
"""Commands whose output is remembered, where several lines are wanted."""


class OutputMatcher:
    """One prepared output pattern, and which of its lines were seen of which command."""

    def __init__(self, pattern: OutputPattern, rules: Rules) -> None:
        self.sources = plain(pattern.text, rules)
        self._text: Expressions = compiled(pattern.text, rules)
        self._of = Names(pattern.of, rules)
        self._not_of = Names(pattern.not_of, rules)
        self._seen: OrderedDict[str, dict[int, Line]] = OrderedDict()

    def match(self, line: Line, run: Run | None) -> Match | None:
        """Return what was printed, once a line of the same command fits each expression."""
        if self.obstacle(run) is not None:
            return None
        fits = [n for n, each in enumerate(self._text) if each.search(line.text)]
        if not fits or self._repeats(line, run):
            return None
        if len(self._text) == 1:
            return self._found(line, run, [line])
        place = _belongs_to(line)
        seen = self._seen.setdefault(place, {})
        self._seen.move_to_end(place)
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        for n in fits:
            seen.setdefault(n, line)
        if len(seen) < len(self._text):
            return None
        return self._found(line, run, sorted(seen.values(), key=lambda each: each.t))

    def obstacle(self, run: Run | None) -> str | None:
        """Return the first key of the pattern that does not fit, the text aside."""
        simple = run.simple if run is not None else ()
        if self._of.given and not any(map(self._of.has, simple)):
            return "of"
        return "not-of" if simple and all(map(self._not_of.has, simple)) else None

    def _repeats(self, line: Line, run: Run | None) -> bool:
        """Whether a line is what one of the programs that do not count was told to print."""
        said = [each for each in run.simple if self._not_of.has(each)] if run is not None else []
        words = line.text.strip()
        return any(words in " ".join(each.argv) for each in said)

    def _found(self, line: Line, run: Run | None, lines: list[Line]) -> Match:
        terminal = {"connection": line.connection, "channel": line.channel}
        evidence = [
            Evidence(kind="output", t=each.t, text=cited(each.text), **terminal)
            for each in {each.place: each for each in lines}.values()
        ]
        if run is not None:
            text = cited(run.command.text)
            evidence.insert(0, Evidence(kind="command", t=run.command.t, text=text, **terminal))
        believed = run.command.confidence if run is not None else 1.0
        return Match(
            t=line.t,
            start=lines[0].t,
            place=_belongs_to(line),
            outcome="ok",
            confidence=believed * (_OWN if self._of.given else _ANYBODY),
            evidence=tuple(evidence),
            text=line.text,
            program=run.simple[0].program if run is not None and run.simple else "",
        )


def _belongs_to(line: Line) -> str:
    """Return the place of what the line is part of: its command, or itself."""
    return f"output-{line.place if line.screen or line.command is None else line.command}"
