"""How often, and how long: counts and stretches of one signal's matches.

Each takes matches in order and says which of them is established with what before it. Bounded: a
count remembers what it can still need, a stretch its beginning and its last matches.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

from analyzer.records import Evidence
from analyzer.signals.found import Match
from analyzer.signals.schema import Count, Stretch

_KEYS = 256
"""Different texts that a count tells apart."""
_CITED = 20
"""Pieces of evidence that a tag holds at most."""


@dataclass(frozen=True, slots=True)
class Established:
    """A match with all that it stands for; ``again``: it goes on with a tag that is there."""

    match: Match
    again: bool = False


class Counter:
    """The matches of a count; those that complete it and go on are one tag."""

    def __init__(self, rule: Count) -> None:
        self._rule = rule
        self._groups: OrderedDict[str, list[Match]] = OrderedDict()
        self._full: dict[str, Match] = {}

    def reset(self) -> None:
        """Start again."""
        self._groups.clear()
        self._full.clear()

    def add(self, match: Match) -> Established | None:
        """Take in a match; return what it completes, if anything."""
        key = getattr(match, self._rule.same) if self._rule.same else ""
        group = [each for each in self._groups.get(key, ()) if self._is_near(each, match)]
        if self._rule.distinct:
            kind = getattr(match, self._rule.distinct)
            group = [each for each in group if getattr(each, self._rule.distinct) != kind]
        group = [*(each for each in group if each.place != match.place), match]
        if not group[:-1]:
            self._full.pop(key, None)
        self._keep(key, group[-self._rule.at_least :])
        if len(group) < self._rule.at_least:
            return None
        if (first := self._full.get(key)) is not None:
            return Established(first, again=True)
        self._full[key] = found = _joined(group, match)
        return Established(found)

    def _is_near(self, earlier: Match, match: Match) -> bool:
        within = self._rule.within
        return within is None or match.t - earlier.t <= within

    def _keep(self, key: str, group: list[Match]) -> None:
        self._groups[key] = group
        self._groups.move_to_end(key)
        while len(self._groups) > _KEYS:
            gone, _ = self._groups.popitem(last=False)
            self._full.pop(gone, None)


class Lasting:
    """The matches of a stretch."""

    def __init__(self, rule: Stretch) -> None:
        self._rule = rule
        self._first: Match | None = None
        self._matches: list[Match] = []
        self._found: Match | None = None
        self._last = 0.0
        self._number = 0

    def reset(self) -> None:
        """End the stretch: what comes next begins another."""
        self._first, self._found, self._matches, self._number = None, None, [], 0

    def add(self, match: Match, at_least: int) -> Established | None:
        """Take in a match; return the stretch once it has lasted long enough and as it goes on.

        ``at_least``: so many matches must lie in it.
        """
        if self._first is None or match.start - self._last > self._rule.gap:
            self.reset()
            self._first = match
        known = any(each.place == match.place for each in self._matches)
        self._number += not known
        self._last = max(self._last, match.t)
        self._matches = [*self._matches[: _CITED - 1], match]
        if match.t - self._first.start < self._rule.at_least or self._number < at_least:
            return None
        if self._found is None:
            joined = _joined(self._matches, match)
            self._found = replace(joined, place=self._first.place, start=self._first.start)
            return Established(replace(self._found, until=match.t))
        return Established(replace(self._found, until=self._last), again=True)


class Stretches:
    """The stretches of one signal: one, or one for each thing in which matches are alike."""

    def __init__(self, rule: Stretch, count: Count | None) -> None:
        self._rule = rule
        self._same = count.same if count else None
        self._at_least = count.at_least if count else 1
        self._stretches: OrderedDict[str, Lasting] = OrderedDict()

    def reset(self) -> None:
        """End them all: what comes next begins others."""
        self._stretches.clear()

    def add(self, match: Match) -> Established | None:
        """Take in a match; return its stretch once that has lasted long enough."""
        key = getattr(match, self._same) if self._same else ""
        stretch = self._stretches.setdefault(key, Lasting(self._rule))
        self._stretches.move_to_end(key)
        while len(self._stretches) > _KEYS:
            self._stretches.popitem(last=False)
        return stretch.add(match, self._at_least)


def _joined(group: list[Match], last: Match) -> Match:
    """Return the last match with the evidence of all."""
    cited: dict[Evidence, None] = {}
    for each in group:
        cited |= dict.fromkeys(each.evidence)
    return replace(
        last,
        start=group[0].start,
        outcome=max((each.outcome for each in group), key=_ORDER.__getitem__),
        confidence=min(each.confidence for each in group),
        evidence=tuple(cited)[-_CITED:],
        inferred=any(each.inferred for each in group),
        certain=all(each.certain for each in group),
    )


_ORDER = {"ok": 0, "failed": 1, "unknown": 2}
"""Of several outcomes, the one that is said of all: doubt outweighs."""
