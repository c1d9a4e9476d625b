"""Holds gradient boosting against the regression that ships, on the same splits and sessions.

Both learn from the same made-up looks, with the same calibration and the same rule for thresholds.
Rows ``persona`` and ``family`` are out of fold: none of the asked group was learnt from; figures
are of single looks. Rows ``held out`` (scenes that no training sees) and ``played`` (folders with a
``truth.json``) are of one model of all that is made up, through the alarms that people would get.
Run with `python -m bench.learners [DIRECTORY...] [--made-up N]` from the repository's root; it
takes some minutes. Asserts nothing.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from threadpoolctl import threadpool_limits

from analyzer.models.alarms import Scorer
from analyzer.models.looks import Looked
from analyzer.models.measured import alarms_of
from analyzer.models.trained import trouble
from analyzer.models.trained.evaluation import judge, judge_others
from analyzer.models.trained.kinds import Examples, Kind
from analyzer.models.trained.sources import sources_of
from analyzer.models.trained.store import Estimator
from analyzer.models.trained.training import SEED
from analyzer.models.words import Trouble
from analyzer.signals.loader import shipped_rules
from bench.corpus import HERE
from bench.support.boosting import Boosted, histograms, small_trees
from bench.trouble import Doubts, Score, made_up, played

_KINDS: Mapping[Trouble, Kind] = {"stuck": trouble.STUCK, "rabbit-hole": trouble.RABBIT_HOLE}

Fit = Callable[[Examples, int], Estimator]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Sessions that learners are asked about."""

    title: str
    sessions: list[Looked]
    doubts: Doubts


@dataclass(frozen=True, slots=True)
class Booster:
    """A booster as alarms take one; it gives no reasons."""

    model: Boosted
    high: float
    low: float

    def probability(self, row: Mapping[str, float], /) -> float:
        """Return the probability of trouble at a look."""
        return self.model.probability(row)

    def parts(self, _row: Mapping[str, float], /) -> dict[str, float]:
        """Return nothing: trees add up no features."""
        return {}


def learners(kind: Trouble) -> dict[str, Fit]:
    """Return what learns a kind of trouble, by name."""
    return {
        "regression": _KINDS[kind].fit,
        "histograms": lambda found, seed: Boosted(kind, histograms, found, seed),
        "small trees": lambda found, seed: Boosted(kind, small_trees, found, seed),
    }


def compare(kind: Trouble, name: str, fit: Fit, learnt: Examples, asked: list[Asked]) -> None:
    """Print the figures of one learner."""
    begun = time.process_time()
    measured = replace(_KINDS[kind], fit=fit)
    judged = judge(measured, learnt, SEED)
    for split in judged.splits:
        _print(kind, name, split.by, split.model, split.model["PR-AUC"], "")
    model = fit(learnt, SEED)
    scorer = _scorer(model, judged.thresholds)
    for each in asked:
        looks = trouble.looks_of(kind, each.sessions)
        split = judge_others(measured, each.title, learnt, looks, judged.thresholds, SEED)
        score = _score(kind, scorer, each)
        found = f"{score.alarms.found}/{score.alarms.troubles}"
        figures = {**split.model, "false alarms an hour": score.alarms.false_an_hour}
        figures |= {"delay": score.alarms.delay} if score.alarms.delay is not None else {}
        _print(kind, name, each.title, figures, score.area, found)
    print(f"{kind:12} {name:12} took {time.process_time() - begun:.0f} s of a processor")


def _scorer(model: Estimator, thresholds: Mapping[str, float]) -> Scorer:
    if not isinstance(model, Boosted):
        return trouble.plain(model, thresholds)
    high = max(thresholds.values())
    return Booster(model, high, high * trouble.BAND)


def _score(kind: Trouble, scorer: Scorer, asked: Asked) -> Score:
    signal = next(each for each in shipped_rules().signal if each.id == kind)
    score = Score()
    for session in asked.sessions:
        unsure = [each for each in asked.doubts.get(session.name, ()) if each.kind == kind]
        tags, beliefs = alarms_of(session, signal, scorer)
        score.add(session, kind, tags, beliefs, unsure)
    return score


def _print(
    kind: str, name: str, by: str, figures: Mapping[str, float], area: float | None, found: str
) -> None:
    cells = [area, *(figures.get(each) for each in (
        "coverage at 0.9", "calibration error", "delay", "false alarms an hour"))]  # fmt: skip
    shown = " ".join("        -" if each is None else f"{each:9.3f}" for each in cells)
    print(f"{kind:12} {name:12} {by:9} {shown} {found:>8}", flush=True)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path, nargs="*", default=[HERE])
    parser.add_argument("--made-up", type=int, default=48, metavar="N", help="sessions; 0 for none")
    options = parser.parse_args()
    sessions, doubts = played(options.directory)
    asked = [
        Asked(title="held out", sessions=made_up(options.made_up), doubts={}),
        Asked(title="played", sessions=sessions, doubts=doubts),
    ]
    asked = [each for each in asked if each.sessions]
    titles = ("PR-AUC", "cover .9", "calibr.", "delay s", "false/h", "found")
    print(f"{'':35} " + " ".join(f"{each:>9}" for each in titles))
    with threadpool_limits(1):
        for kind in get_args(Trouble):
            learnt = _KINDS[kind].examples(sources_of("shipped"), None)
            for name, fit in learners(kind).items():
                compare(kind, name, fit, learnt, asked)


if __name__ == "__main__":
    main()
