"""Measures a kind by all that there is to measure it on, each told apart by where it comes from.

Cross-validation on the examples, then one model of all of them on scenes that were held out and on
recordings whose truth is known. Made-up sessions never share a row with real ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from analyzer.models.kinds import Entry
from analyzer.models.labels import LabelledSession
from analyzer.models.trained.evaluation import Split, judge, judge_others
from analyzer.models.trained.kinds import Sources, Tell, kind_of, part
from analyzer.models.trained.training import SEED, examples_of

HELD_OUT = "held-out families"
RECORDINGS = "recordings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What came out for one kind of model."""

    entry: Entry
    examples: int
    splits: Sequence[Split]
    thresholds: dict[str, float]


def measured(
    entry: Entry,
    sources: Sources,
    recordings: Sequence[LabelledSession] = (),
    tell: Tell | None = None,
) -> Measured:
    """Measure a kind on the sources' examples, on what is held out, and on recordings.

    Raises:
        ModelError: There are too few examples or groups.

    """
    kind = kind_of(entry)
    with threadpool_limits(1):
        examples = examples_of(entry, kind, sources, part(tell, 0.0, 0.4))
        judged = judge(kind, examples, SEED, part(tell, 0.4, 0.8))
        splits = list(judged.splits)
        for name, sessions in ((HELD_OUT, sources.held_out), (RECORDINGS, lambda: recordings)):
            others = kind.examples(Sources(data=sources.data, sessions=sessions), None)
            if len(others):
                splits.append(judge_others(kind, name, examples, others, judged.thresholds, SEED))
    if tell is not None:
        tell(1.0)
    return Measured(
        entry=entry, examples=len(examples), splits=splits, thresholds=judged.thresholds
    )
