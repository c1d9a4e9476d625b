"""Whether what a terminal showed before its first prompt is what a pattern describes."""

from __future__ import annotations

from analyzer.commands.run import Greeting
from analyzer.records import Evidence
from analyzer.signals.expressions import compiled
from analyzer.signals.found import DOUBT, KEPT_MOST, Match
from analyzer.signals.hearing import Hearing
from analyzer.signals.patterns import Pattern
from analyzer.signals.schema import Rules
from analyzer.signals.verdict import Words
from recorder.recording.redaction import redact

_SURE = 0.95
"""Confidence in what a login's greeting says: the account is the one that logs in."""


class GreetingMatcher:
    """One prepared greeting pattern."""

    def __init__(self, pattern: Pattern, rules: Rules, hearing: Hearing) -> None:
        self._outcomes = frozenset(pattern.outcomes)
        self._greeting = compiled(pattern.greeting, rules)
        self._words = Words(pattern, rules, hearing)

    def match(self, greeting: Greeting) -> Match | None:
        """Return what a greeting says, None where it is another or its verdict does not count."""
        if not all(any(map(each.search, greeting.lines)) for each in self._greeting):
            return None
        verdict, line = self._words.verdict(greeting.lines, own=True)
        outcome = verdict or self._words.silent
        if outcome == "pending" or outcome not in self._outcomes:
            return None
        connection, channel = greeting.place
        text = redact(line or next(iter(greeting.lines[-1:]), ""))[:KEPT_MOST]
        return Match(
            t=greeting.t,
            start=greeting.t,
            place=f"greeting-{connection}-{channel}",
            outcome=outcome,
            confidence=_SURE * (DOUBT if outcome == "unknown" else 1.0),
            evidence=(
                Evidence(
                    kind="output",
                    t=greeting.t,
                    text=text,
                    connection=connection,
                    channel=channel,
                ),
            ),
            text=text,
        )
