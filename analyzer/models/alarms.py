"""When a model's probabilities are an alarm: one signal's stretch, as a tag that grows and ends.

A band lies between what raises an alarm and what ends it: in it nothing new is said. Where a rule
has tagged the stretch, the model adds nothing. What a window holds is not known here.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from analyzer.models.linear import Row
from analyzer.models.reasons import reasons_of
from analyzer.models.windows import SHORT, Window
from analyzer.records import Tag
from analyzer.signals.schema import Signal
from analyzer.signals.tagging import tag_id

SHARE = 0.5
"""Of the newest window in what is believed; the rest is what was believed before."""
APART = 300.0
"""Seconds by which two stretches differ: what comes sooner goes on with the one before."""
SOON = 60.0
"""Seconds after an alarm in which progress takes it back: it was about to come."""
PATIENCE = {"rabbit-hole": 3}
"""Looks in a row that must be sure, where it is not one: a digression is no rabbit hole."""
_EPISODES = 32
"""Stretches that the rule may still turn out to tell of."""
_RULES = 64
"""Tags of the rule that are remembered."""


class Scorer(Protocol):
    """What gives a look its probability, such as `analyzer.models.linear.Linear`."""

    @property
    def high(self) -> float:
        """From this probability on something is said."""

    @property
    def low(self) -> float:
        """Below this it is over."""

    def probability(self, row: Row, /) -> float:
        """Return the calibrated probability of a look's features, 0 to 1."""

    def parts(self, row: Row, /) -> dict[str, float]:
        """Return what each feature adds, for the reasons."""


@dataclass(slots=True)
class _Episode:
    """A stretch that is told of: its tag, and what is believed of it at most."""

    tag: Tag
    last: float


class Alarm:
    """One signal that a model helps with, over one session."""

    def __init__(self, signal: Signal, scorer: Scorer) -> None:
        self.signal = signal
        self.scorer = scorer
        self._belief = 0.0
        self._sure = 0
        self._patience = PATIENCE.get(signal.model or "", 1)
        self._episodes: deque[_Episode] = deque(maxlen=_EPISODES)
        self._rules: OrderedDict[str, tuple[float, float]] = OrderedDict()

    @property
    def belief(self) -> float:
        """What is believed now, 0 to 1."""
        return self._belief

    def ruled(self, tags: Iterable[Tag]) -> list[Tag]:
        """Take in tags of the rule; return what of the model's they take the place of."""
        for tag in tags:
            if tag.signal != self.signal.id or tag.detector == "model":
                continue
            if tag.state == "withdrawn":
                self._rules.pop(tag.id, None)
                continue
            start = min([tag.t, *(each.t for each in tag.evidence)])
            self._rules[tag.id] = (start, max(tag.t, tag.until or tag.t))
            while len(self._rules) > _RULES:
                self._rules.popitem(last=False)
        return [
            tag
            for episode in self._episodes
            if self._is_ruled(episode.tag.t - SHORT, episode.last)
            for tag in _withdrawn(episode)
        ]

    def look(self, t: float, window: Window | None) -> list[Tag]:
        """Take in a look; return the tag that it makes or changes."""
        score = self._believe(window)
        episode = self._episodes[-1] if self._episodes else None
        if episode is not None and t - episode.last <= APART:
            return self._go_on(episode, t, window, score)
        self._sure = self._sure + 1 if score >= self.scorer.high else 0
        if window is None or not window.lively or self._sure < self._patience:
            return []
        if self._is_ruled(t - SHORT, t):
            return []
        tag = self._tag(t, window, score)
        self._episodes.append(_Episode(tag, t))
        return [tag]

    def _believe(self, window: Window | None) -> float:
        """Return what is believed now: quiet lets it sink, and never rise."""
        if window is None:
            # However many such looks there are, live or later: the answer is one.
            self._belief = 0.0
            return 0.0
        mixed = SHARE * self.scorer.probability(window.row) + (1 - SHARE) * self._belief
        self._belief = mixed if window.lively else min(mixed, self._belief)
        return self._belief

    def _go_on(self, episode: _Episode, t: float, window: Window | None, score: float) -> list[Tag]:
        tag = episode.tag
        if window is None or tag.state == "withdrawn":
            return []
        if t - tag.t <= SOON and window.facts["progress-age"] * 60 < t - tag.t:
            return _withdrawn(episode)
        if score < self.scorer.low or not window.lively:
            return []
        episode.last = t
        episode.tag = replace(tag, until=t, confidence=max(tag.confidence, round(score, 3)))
        return [episode.tag]

    def _is_ruled(self, start: float, until: float) -> bool:
        return any(
            first <= until + SHORT and last >= start - APART for first, last in self._rules.values()
        )

    def _tag(self, t: float, window: Window, score: float) -> Tag:
        return Tag(
            id=tag_id(self.signal.id, f"model-{t:012.0f}"),
            signal=self.signal.id,
            topic=self.signal.topic,
            t=t,
            until=t,
            outcome="unknown",
            confidence=round(score, 3),
            detector="model",
            evidence=reasons_of(window, self.scorer.parts(window.row)),
        )


def _withdrawn(episode: _Episode) -> list[Tag]:
    """Take a stretch's tag back, unless it is."""
    if episode.tag.state == "withdrawn":
        return []
    episode.tag = replace(episode.tag, state="withdrawn")
    return [episode.tag]
