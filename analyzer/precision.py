"""How often each signal was right, by what people said of its tags.

Only what was judged counts, and of each tag only the last judgement. Tags that are gone since then
say nothing of the signal as it is now: they are counted apart. No figure is given for a handful.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Engine, and_, select

from analyzer.judgements import Judgement, judgement_of, standing
from analyzer.tables import JudgementRow, TagRow
from recorder.store.engine import store_errors

LEAST = 5
"""Judged tags below which a share would say more than is known."""

_Z = 1.96
"""Standard deviations on either side of what holds in 95 of 100 cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalPrecision:
    """What people said of a signal's tags.

    Attributes:
        signal: The signal's id.
        confirmed: Tags that stand and were called right.
        rejected: Tags that stand and were called wrong, without a word for what it was.
        relabelled: Tags that stand and were called another signal.
        missed: Tags of other signals, and stretches, that were called this one.
        orphaned: Judged tags that are gone, since rules or models changed.
        disputed: Tags of which different people said different things.
        of_models: The confirmed and all judged tags among those that a model gave.

    """

    signal: str
    confirmed: int = 0
    rejected: int = 0
    relabelled: int = 0
    missed: int = 0
    orphaned: int = 0
    disputed: int = 0
    of_models: tuple[int, int] = (0, 0)

    @property
    def judged(self) -> int:
        """Tags that stand and were judged."""
        return self.confirmed + self.rejected + self.relabelled

    @property
    def precision(self) -> float | None:
        """The share that was right, from 0 to 1; None below `LEAST`."""
        return None if self.judged < LEAST else self.confirmed / self.judged

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval of that share at 95%; None below `LEAST`."""
        return None if self.judged < LEAST else wilson(self.confirmed, self.judged)


def wilson(hits: int, cases: int) -> tuple[float, float]:
    """Return Wilson's 95% score interval of a share, each end from 0 to 1; ``cases`` above 0."""
    share, square = hits / cases, _Z * _Z / cases
    middle = share + square / 2
    spread = _Z * math.sqrt(share * (1 - share) / cases + square / (4 * cases))
    return (
        max(0.0, (middle - spread) / (1 + square)),
        min(1.0, (middle + spread) / (1 + square)),
    )


@dataclass(slots=True)
class _Judged:
    """All judgements of one session, and the detectors of its tags that stand."""

    said: list[Judgement] = field(default_factory=list)
    detectors: dict[str, str] = field(default_factory=dict)


def precisions(engine: Engine) -> tuple[SignalPrecision, ...]:
    """Return what the store's judgements say of each signal, in order of their ids.

    Raises:
        StoreError: The store cannot be read.

    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for judged in _judged(engine).values():
        _count(judged, counts)
    return tuple(_precision(signal, counts[signal]) for signal in sorted(counts))


def _judged(engine: Engine) -> dict[str, _Judged]:
    stands = and_(
        TagRow.session == JudgementRow.session,
        TagRow.id == JudgementRow.tag,
        TagRow.state != "withdrawn",
    )
    query = (
        select(JudgementRow.__table__, TagRow.detector)
        .outerjoin(TagRow, stands)
        .order_by(JudgementRow.session, JudgementRow.number)
    )
    found: dict[str, _Judged] = defaultdict(_Judged)
    with store_errors(engine), engine.connect() as connection:
        for row in connection.execute(query).mappings():
            judged = found[row["session"]]
            judged.said.append(judgement_of(dict(row)))
            if row["tag"] is not None and row["detector"] is not None:
                judged.detectors[row["tag"]] = row["detector"]
    return found


def _count(judged: _Judged, counts: dict[str, Counter[str]]) -> None:
    for each in standing(judged.said):
        # A stretch's label may be a topic and an activity; those are no signals.
        if each.label is not None and (each.tag is not None or "/" not in each.label):
            counts[each.label]["missed"] += 1
        if each.tag is None or each.signal is None:
            continue
        detector = judged.detectors.get(each.tag)
        own = counts[each.signal]
        own["orphaned" if detector is None else each.verdict] += 1
        if detector == "model":
            own["model"] += 1
            own["model right"] += each.verdict == "confirmed"
        own["disputed"] += _is_disputed(each, judged.said)


def _is_disputed(judgement: Judgement, said: Iterable[Judgement]) -> bool:
    """Whether the last words of different people on a subject differ."""
    last = {
        each.who: (each.verdict, each.label) for each in said if each.subject == judgement.subject
    }
    return len({words for words in last.values() if words[0] != "withdrawn"}) > 1


def _precision(signal: str, counts: Counter[str]) -> SignalPrecision:
    return SignalPrecision(
        signal=signal,
        confirmed=counts["confirmed"],
        rejected=counts["rejected"],
        relabelled=counts["relabelled"],
        missed=counts["missed"],
        orphaned=counts["orphaned"],
        disputed=counts["disputed"],
        of_models=(counts["model right"], counts["model"]),
    )
