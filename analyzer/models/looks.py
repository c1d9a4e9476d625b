"""Looks whose truth is known: what models of troubles learn from, and are measured on.

A session runs through the real pipeline once, and each of its looks is kept with what the truth
says of it. How one learns from them is `analyzer.models.trained.trouble`'s.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analyzer.analysis import Collected, Pipeline
from analyzer.models.labels import LabelledSession, LabelledTrouble
from analyzer.models.troubles import Troubles
from analyzer.models.windows import SHORT, Window
from analyzer.models.words import Trouble
from analyzer.records import Tag
from analyzer.signals.schema import Rules

INSIDE = 0.5
"""Share of a window that has to lie in a trouble for it to count as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look; ``window`` is None where nothing was run for long."""

    t: float
    window: Window | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A session that was looked at: its looks, the tags of its rules, and its truth."""

    name: str
    groups: dict[str, str]
    origin: str
    looks: tuple[Look, ...]
    tags: tuple[Tag, ...]
    troubles: tuple[LabelledTrouble, ...]
    refuted: tuple[LabelledTrouble, ...] = ()
    whole: bool = True

    @property
    def hours(self) -> float:
        """How long it was, in hours."""
        return self.looks[-1].t / 3600 if self.looks else 0.0

    def of(self, kind: Trouble) -> tuple[LabelledTrouble, ...]:
        """Return the troubles of a kind."""
        return tuple(each for each in self.troubles if each.kind == kind)

    def answer(self, kind: Trouble, t: float) -> bool | None:
        """Say whether the window that ends at ``t`` is one; None where it is neither nor."""
        refuted = _overlap((each for each in self.refuted if each.kind == kind), t)
        if refuted >= INSIDE * SHORT:
            return False
        inside = _overlap(self.of(kind), t)
        if inside >= INSIDE * SHORT:
            return True
        return None if inside > 0 or refuted > 0 or not self.whole else False


def looked(session: LabelledSession, rules: Rules) -> Looked:
    """Run one session through the pipeline, with rules alone, and keep what there was to see."""
    looks: list[Look] = []
    troubles = Troubles(rules, {}, lambda t, window: looks.append(Look(t=t, window=window)))
    pipeline, found = Pipeline(rules, troubles=troubles), Collected()
    for event in session.happenings:
        found.add(pipeline.observe(event))
    found.add(pipeline.finish())
    return Looked(
        name=session.name,
        groups=session.groups,
        origin=session.origin,
        looks=tuple(looks),
        tags=tuple(found.tags.values()),
        troubles=session.troubles,
        refuted=session.refuted,
        whole=session.whole,
    )


def _overlap(stretches: Iterable[LabelledTrouble], t: float) -> float:
    """Return how many seconds of the window that ends at ``t`` lie in some stretches."""
    return sum(max(0.0, min(t, each.until) - max(t - SHORT, each.start)) for each in stretches)
