"""Whether a look at the target from outside is what a pattern describes."""

from __future__ import annotations

from analyzer.records import Evidence
from analyzer.signals.expressions import compiled
from analyzer.signals.facts import Probed
from analyzer.signals.found import KEPT_MOST, Match
from analyzer.signals.patterns import ProbePattern
from analyzer.signals.schema import Rules
from recorder.recording.journal import Probe


class ProbeMatcher:
    """One prepared probe pattern."""

    def __init__(self, pattern: ProbePattern, rules: Rules) -> None:
        self._kind = frozenset(pattern.kind)
        self._name = compiled(pattern.name, rules)
        self._result = compiled(pattern.result, rules)

    def match(self, probed: Probed) -> Match | None:
        """Return the look if it is meant."""
        if self.obstacle(probed) is not None:
            return None
        entry = probed.entry
        text = f"{entry.probe} ({entry.place}): {' '.join(words(entry))}"[:KEPT_MOST]
        return Match(
            t=probed.t,
            start=probed.t,
            place=probed.place,
            outcome="ok",
            confidence=1.0,
            evidence=(Evidence(kind="probe", t=probed.t, text=text),),
            text=entry.probe,
        )

    def obstacle(self, probed: Probed) -> str | None:
        """Return the first key of the pattern that does not fit; None where all do."""
        if self._kind and probed.entry.kind not in self._kind:
            return "kind"
        if self._name and not any(each.fullmatch(probed.entry.probe) for each in self._name):
            return "name"
        said = words(probed.entry)
        if all(any(map(each.fullmatch, said)) for each in self._result):
            return None
        return "result"


def words(entry: Probe) -> list[str]:
    """Return what a look found, as words that a pattern's `result` is held against."""
    found: list[str] = [entry.outcome]
    if entry.status is not None:
        found.append(f"status={entry.status}")
    if entry.contains is not None:
        found.append(f"contains={str(entry.contains).lower()}")
    for name in ("auth", "methods"):
        values = getattr(entry, name)
        if values is not None:
            found.append(f"{name}={','.join(values)}")
    for name in ("server", "location", "cause"):
        value = getattr(entry, name)
        if value is not None:
            found.append(f"{name}={value}")
    return found
