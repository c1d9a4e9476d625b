"""Signals against decisions: which tags occurred where it was decided to hire, and where not.

Neither a cause nor a score: who decides has seen the tags, and tags count what was noticed. It is
for asking why, in a meeting. Fisher's exact test and the risk ratio are scipy's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analyzer.calibration.judged import HIRE, Judged

LEAST_DECIDED = 4
"""Sessions on either side of a decision, and with and without a signal: three against three, as
clearly divided as can be, still have p = 0.1 by Fisher's test; four against four have 0.03."""

WARNING = """\
This is no cause and no score: those who decided knew the tags, and of many
signals some differ by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """One signal in the sessions that were decided.

    Attributes:
        signal: Its id.
        hired: Sessions with a tag of it that were decided for hiring.
        rejected: Sessions with a tag of it that were decided against.
        ratio: The share with it among the hired over that among the rejected (risk ratio); None
            where nobody rejected had it.
        p: Fisher's exact, two-sided.
        adjusted: The same with all signals looked at (Benjamini and Hochberg 1995).

    """

    signal: str
    hired: int
    rejected: int
    ratio: float | None
    p: float
    adjusted: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearings:
    """All signals in the sessions that were decided.

    Attributes:
        hired: Sessions that were decided for hiring.
        rejected: Sessions that were decided against.
        undecided: Sessions whose debrief came to neither, or whose tags are not known.
        signals: Those with enough on every side, the smallest p first; empty where ``why``.
        left_out: Signals that occurred and have too few sessions with or without them.
        why: Why there are none; empty where there are.

    """

    hired: int
    rejected: int
    undecided: int
    signals: tuple[Bearing, ...] = ()
    left_out: int = 0
    why: str = ""


def bearings(sessions: Iterable[Judged]) -> Bearings:
    """Return how signals went with decisions."""
    known = list(sessions)
    decided = [(each.decision >= HIRE, each.signals) for each in known
               if each.decision is not None and each.signals is not None]  # fmt: skip
    hired = sum(hire for hire, _ in decided)
    rejected = len(decided) - hired
    found = Bearings(hired=hired, rejected=rejected, undecided=len(known) - len(decided))
    if min(hired, rejected) < LEAST_DECIDED:
        fewer = f"{hired} for and {rejected} against"
        return replace(found, why=f"too few: {fewer}, {LEAST_DECIDED} of each needed")
    names = sorted({name for _, signals in decided for name in signals})
    counts = {
        name: (
            sum(hire and name in signals for hire, signals in decided),
            sum(not hire and name in signals for hire, signals in decided),
        )
        for name in names
    }
    enough = {
        name: pair
        for name, pair in counts.items()
        if LEAST_DECIDED <= sum(pair) <= len(decided) - LEAST_DECIDED
    }
    tested = _tested(enough, hired, rejected)
    return replace(found, signals=tested, left_out=len(counts) - len(enough))


def _tested(counts: dict[str, tuple[int, int]], hired: int, rejected: int) -> tuple[Bearing, ...]:
    """Return the signals with their tests, the smallest p first."""
    if not counts:
        return ()
    from scipy.stats import false_discovery_control, fisher_exact  # noqa: PLC0415 - see the package

    chances = [
        float(fisher_exact([[with_, hired - with_], [without, rejected - without]]).pvalue)
        for with_, without in counts.values()
    ]
    # Rounding may carry a certain outcome past 1, which scipy would not take back.
    adjusted = false_discovery_control([min(1.0, each) for each in chances])
    found = [
        Bearing(
            signal=name,
            hired=pair[0],
            rejected=pair[1],
            ratio=(pair[0] / hired) / (pair[1] / rejected) if pair[1] else None,
            p=chance,
            adjusted=float(corrected),
        )
        for (name, pair), chance, corrected in zip(counts.items(), chances, adjusted, strict=True)
    ]
    return tuple(sorted(found, key=lambda each: (each.p, each.signal)))
