"""The tags of one signal as they were given last: made, refined, continued, withdrawn.

Bounded: only the youngest can still change. When a tag is due is `analyzer.signals.watch`'s.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, replace

from analyzer.records import Tag
from analyzer.signals.found import RANK, Match
from analyzer.signals.schema import Signal

_REMEMBERED = 512
"""Tags of a signal that can still change."""
_ID_MOST = 64
"""Characters of an id, as the store has them."""


@dataclass(frozen=True, slots=True)
class Fired:
    """A tag as it was given last, what came before it, and what it was."""

    tag: Tag
    before: Match | None
    found: Match


class Tags:
    """What was tagged for one signal."""

    def __init__(self, signal: Signal) -> None:
        self.signal = signal
        self._fired: OrderedDict[str, Fired] = OrderedDict()
        self.any_stands = False
        """Whether one was ever given that was not taken back."""

    def __getitem__(self, place: str) -> Fired:
        return self._fired[place]

    def get(self, place: str) -> Fired | None:
        """Return the tag at a place, if there is one."""
        return self._fired.get(place)

    def places(self) -> list[str]:
        """Return the places of all that can still change."""
        return list(self._fired)

    def make(self, found: Match, before: Match | None) -> list[Tag]:
        """Give a tag for the first time."""
        inferred = found.inferred or (before is not None and before.inferred)
        confidence = min(found.confidence, before.confidence if before else 1.0)
        tag = Tag(
            id=tag_id(self.signal.id, found.place),
            signal=self.signal.id,
            topic=self.signal.topic,
            t=found.t,
            until=found.until,
            outcome=found.outcome,
            confidence=round(confidence, 3),
            detector="inferred" if inferred else "rule",
            evidence=(*(before.evidence if before else ()), *found.evidence),
            state="established" if found.certain else "undetermined",
        )
        return self._keep(found.place, Fired(tag, before, found))

    def refine(self, found: Match) -> list[Tag]:
        """Say more of a tag; an outcome that was seen is not unseen, and its moment stays."""
        known = self._fired[found.place]
        if known.tag.state != "established":
            return []
        tag = known.tag
        if RANK[found.outcome] <= RANK[tag.outcome] and tag.outcome != "ok":
            before = known.before
            tag = replace(
                tag,
                outcome=found.outcome,
                confidence=round(min(found.confidence, before.confidence if before else 1.0), 3),
                evidence=(*(before.evidence if before else ()), *found.evidence),
            )
        elif found.beside is not None or is_login(found) or _is_paste(found):
            tag = replace(
                tag, evidence=(*(known.before.evidence if known.before else ()), *found.evidence)
            )
        if found.until is not None:
            tag = replace(tag, until=found.until)
        if tag == known.tag:
            return []
        return self._keep(found.place, Fired(tag, known.before, found))

    def withdraw(self, place: str) -> list[Tag]:
        """Take a tag back."""
        known = self._fired[place]
        if known.tag.state == "withdrawn":
            return []
        tag = replace(known.tag, state="withdrawn")
        self._keep(place, replace(known, tag=tag))
        self.any_stands = any(each.tag.state == "established" for each in self._fired.values())
        return [tag]

    def _keep(self, place: str, fired: Fired) -> list[Tag]:
        self._fired[place] = fired
        self.any_stands = self.any_stands or fired.tag.state == "established"
        while len(self._fired) > _REMEMBERED:
            self._fired.popitem(last=False)
        return [fired.tag]


def is_login(found: Match) -> bool:
    """Whether it is a login, of which more may become known."""
    return any(each.kind == "login" for each in found.evidence)


def _is_paste(found: Match) -> bool:
    """Whether it is a paste, which may be longer than was known."""
    return any(each.kind == "input" for each in found.evidence)


def tag_id(signal: str, place: str) -> str:
    """Return a tag's id, which the signal and the place decide."""
    found = f"{signal}-{place}"
    if len(found) <= _ID_MOST:
        return found
    digest = hashlib.sha256(found.encode()).hexdigest()[:12]
    return f"{found[: _ID_MOST - 13]}-{digest}"
