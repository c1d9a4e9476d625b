"""Which sessions are like one, and what makes them alike: for those who calibrate their judgement.

A session is what was noticed in it and how its time was spent. Both are vectors; likeness is the
mean of their cosines, so each feature's part in it can be told. Nothing is learned, nothing random.
No figure here says that a session is good or bad. Reading profiles out of the store is `profiles`'.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["signal", "topic", "activity"]
Feature = tuple[Kind, str]

SHARE_OF_SIGNALS = 0.6
"""What signals weigh in a likeness where both sessions have phases; phases weigh the rest."""

FEW = 0.2
"""The share of other sessions up to which a signal is rare."""

LEAST_OTHERS = 5
"""Other sessions below which nothing is called rare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A session as numbers.

    Attributes:
        session: Its id.
        signals: How often each signal was noticed.
        topics: Seconds on each topic; empty where no phases are known.
        activities: Seconds of each activity; likewise.

    """

    session: str
    signals: Mapping[str, int] = field(default_factory=dict)
    topics: Mapping[str, float] = field(default_factory=dict)
    activities: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One feature's part in a likeness, or in a difference.

    ``here`` and ``there`` are the two sessions' own values: counts of a signal, shares of the time
    (0 to 1) of a topic or an activity. ``weight`` is what it adds to the likeness, or, of a
    difference, how far apart the weighted values are.
    """

    kind: Kind
    name: str
    here: float
    there: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Another session: ``likeness`` from 0 to 1, what made them alike, where they differ most."""

    session: str
    likeness: float
    alike: tuple[Part, ...]
    different: tuple[Part, ...]
    by_phases: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rare:
    """A signal that few other sessions have: ``elsewhere`` of ``others`` have it."""

    signal: str
    count: int
    elsewhere: int
    others: int


def most_alike(
    profile: Profile, others: Iterable[Profile], *, limit: int = 5, parts: int = 4
) -> tuple[Alike, ...]:
    """Return the sessions most like one, the most alike first; sessions with nothing shared never.

    Signals are weighed by how few of all these sessions have them: what everybody does makes nobody
    alike. ``parts`` is how many features are told on either side.
    """
    compared = [each for each in others if each.session != profile.session]
    weights = _weights([profile, *compared])
    found = [_compare(profile, other, weights, parts) for other in compared]
    found = [each for each in found if each.likeness > 0]
    return tuple(sorted(found, key=lambda each: (-each.likeness, each.session))[:limit])


def rare_signals(profile: Profile, others: Iterable[Profile]) -> tuple[Rare, ...]:
    """Return what one session has and few others, the rarest first; nothing among too few."""
    compared = [each for each in others if each.session != profile.session]
    if len(compared) < LEAST_OTHERS:
        return ()
    have = Counter(signal for each in compared for signal in each.signals)
    found = [
        Rare(signal=signal, count=count, elsewhere=have[signal], others=len(compared))
        for signal, count in profile.signals.items()
        if have[signal] <= FEW * len(compared)
    ]
    return tuple(sorted(found, key=lambda each: (each.elsewhere, -each.count, each.signal)))


def _weights(profiles: Sequence[Profile]) -> dict[str, float]:
    """Return each signal's weight: the rarer, the heavier, and never nothing."""
    have = Counter(signal for each in profiles for signal in each.signals)
    return {
        signal: math.log((1 + len(profiles)) / (1 + count)) + 0.1 for signal, count in have.items()
    }


def _compare(here: Profile, there: Profile, weights: Mapping[str, float], parts: int) -> Alike:
    by_phases = bool(here.topics and there.topics)
    share = SHARE_OF_SIGNALS if by_phases else 1.0
    left, right = _signals(here, weights, share), _signals(there, weights, share)
    if by_phases:
        for kind in ("topic", "activity"):
            left |= _times(here, kind, (1 - share) / 2)
            right |= _times(there, kind, (1 - share) / 2)
    shared = {each: left[each] * right[each] for each in left.keys() & right.keys()}
    apart = {
        each: abs(left.get(each, 0.0) - right.get(each, 0.0)) for each in left.keys() | right.keys()
    }
    return Alike(
        session=there.session,
        likeness=min(1.0, round(sum(shared.values()), 6)),
        alike=_parts(here, there, shared, parts),
        different=_parts(here, there, apart, parts),
        by_phases=by_phases,
    )


def _signals(profile: Profile, weights: Mapping[str, float], share: float) -> dict[Feature, float]:
    values: dict[Feature, float] = {
        ("signal", signal): math.log1p(count) * weights[signal]
        for signal, count in profile.signals.items()
    }
    return _scaled(values, share)


def _times(
    profile: Profile, kind: Literal["topic", "activity"], share: float
) -> dict[Feature, float]:
    seconds = profile.topics if kind == "topic" else profile.activities
    return _scaled({(kind, name): value for name, value in seconds.items()}, share)


def _scaled(values: Mapping[Feature, float], share: float) -> dict[Feature, float]:
    """Return a vector whose product with another one of its kind is the share times the cosine."""
    length = math.sqrt(sum(value * value for value in values.values()))
    if not length:
        return {}
    return {each: value / length * math.sqrt(share) for each, value in values.items() if value}


def _parts(
    here: Profile, there: Profile, weighed: Mapping[Feature, float], most: int
) -> tuple[Part, ...]:
    order = sorted(weighed, key=lambda each: (-weighed[each], each))
    return tuple(
        Part(
            kind=kind,
            name=name,
            here=_own(here, kind, name),
            there=_own(there, kind, name),
            weight=round(weighed[kind, name], 6),
        )
        for kind, name in order[:most]
        if weighed[kind, name] > 0
    )


def _own(profile: Profile, kind: Kind, name: str) -> float:
    if kind == "signal":
        return float(profile.signals.get(name, 0))
    seconds = profile.topics if kind == "topic" else profile.activities
    whole = sum(seconds.values())
    return round(seconds.get(name, 0.0) / whole, 4) if whole else 0.0
