"""What a human, or a generator that knows it, says of examples: the answers models learn from.

Only values. Where they come from is told apart, so that figures can be: made up, played, confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analyzer.models.words import Activity, Topic, Trouble
from analyzer.signals.transcript import Happening

Origin = Literal["generated", "played", "confirmed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledLine:
    """A command line and what it is for; ``program`` groups lines for splits."""

    text: str
    topic: Topic
    activity: Activity
    intent: str
    program: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPhase:
    """A stretch of a session and what it was; times are seconds since the session's start."""

    start: float
    until: float
    topic: Topic
    activity: Activity


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledTrouble:
    """A stretch in which somebody was stuck or in a rabbit hole."""

    kind: Trouble
    start: float
    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSession:
    """A session whose truth is known.

    Attributes:
        name: Unique among the examples.
        groups: What splits keep together: kind of group to name, such as persona, family.
        origin: Where it comes from.
        happenings: Its events; what `analyzer.analysis.Pipeline` takes.
        phases: In order; gapless where ``whole``.
        troubles: In order.
        refuted: Stretches of which a person said that they were no such trouble, in order.
        whole: Whether all of it is labelled. Else nothing is known outside of these stretches:
            that no trouble is named there does not mean that there was none.

    """

    name: str
    groups: dict[str, str]
    origin: Origin
    happenings: tuple[Happening, ...]
    phases: tuple[LabelledPhase, ...]
    troubles: tuple[LabelledTrouble, ...]
    refuted: tuple[LabelledTrouble, ...] = ()
    whole: bool = True
